"""The graph from Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import kg
from extractors.evidence import EvidenceRecord
from kg.graph import Graph
from ontology.errors import QueryRefusedError, StoreError, VocabularyError


@pytest.fixture
def graph(reference_store: Path) -> Iterator[Graph]:
    """Return the graph of all reference records."""
    opened = kg.open(reference_store)
    yield opened
    opened.close()


def test_outcomes_are_a_typed_frame(graph: Graph) -> None:
    """Figures of a measure come as a DataFrame whose columns have types; what isn't known is NA."""
    frame = graph.outcomes(measure="overall-survival")
    assert len(frame) > 100
    assert set(frame["measure"]) == {"overall-survival"}
    assert {c: str(frame[c].dtype) for c in ("value", "N", "year", "title", "retracted")} == {
        "value": "Float64", "N": "Int64", "year": "Int64", "title": "string", "retracted": "bool",
    }  # fmt: skip
    assert frame["ci_low"].isna().any()


def test_outcomes_can_be_narrowed(graph: Graph) -> None:
    """Condition and intervention narrow the figures, concepts below them included."""
    everything, narrowed = graph.outcomes(), graph.outcomes(condition="lymphoma", intervention="CAR T-cell therapy")
    assert 0 < len(narrowed) < len(everything)


def test_an_empty_answer_is_an_empty_frame_with_columns(graph: Graph) -> None:
    """No figures means no rows; columns and types are there all the same."""
    frame = graph.compare("icer", condition="aplastic anemia")
    assert frame.empty
    assert str(frame["value"].dtype) == "Float64"


def test_studies_are_a_frame(graph: Graph, records: list[EvidenceRecord]) -> None:
    """Each report is one row, newest first."""
    frame = graph.studies()
    assert len(frame) == frame["report"].nunique() == len({r for r, _ in graph.records()})
    assert frame["year"].dropna().is_monotonic_decreasing


def test_questions_take_parameters(graph: Graph) -> None:
    """A named question with parameters gives a frame; an unknown concept is an error."""
    frame = graph.ask("crs-by-product", grade=">=3")
    assert {"product", "value", "N"} <= set(frame.columns)
    with pytest.raises(VocabularyError):
        graph.ask("crs-by-product", measure="nonsense")


def test_sparql_gives_types(graph: Graph) -> None:
    """Integers, decimals, booleans, IRIs and missing values come as what they are; decimals exact on request."""
    rows = "(1 1.5 true report:a UNDEF) (2 2.5 false report:b 'y')"
    text = f"SELECT ?i ?d ?b ?r ?x WHERE {{ VALUES (?i ?d ?b ?r ?x) {{ {rows} }} }}"
    frame = graph.sparql(text)
    assert [str(t) for t in frame.dtypes] == ["Int64", "Float64", "boolean", "string", "string"]
    assert list(frame["r"]) == ["report:a", "report:b"]
    assert frame["x"].isna().tolist() == [True, False]
    assert graph.sparql(text, decimals=True)["d"].tolist() == [Decimal("1.5"), Decimal("2.5")]


def test_dates_are_times_in_utc(graph: Graph) -> None:
    """Dates and times with a zone become timestamps in UTC; a missing one is NaT."""
    rows = "('2026-01-02'^^xsd:date) ('2026-01-02T03:00:00+02:00'^^xsd:dateTime) (UNDEF)"
    frame = graph.sparql(f"SELECT ?d WHERE {{ VALUES (?d) {{ {rows} }} }}")
    assert str(frame["d"].dtype).startswith("datetime64")
    assert [x.isoformat() for x in frame["d"][:2]] == ["2026-01-02T00:00:00+00:00", "2026-01-02T01:00:00+00:00"]
    assert pd.isna(frame["d"][2])


def test_iris_can_have_labels_beside_them(graph: Graph) -> None:
    """With `labels`, names of concepts and titles of reports stand in a column behind the IRIs; strangers have none."""
    rows = "(measure:overall-survival) (report:pmid-35833303) (cg:nothing)"
    frame = graph.sparql(f"SELECT ?x (1 AS ?n) WHERE {{ VALUES (?x) {{ {rows} }} }}", labels=True)
    assert list(frame.columns) == ["x", "x_label", "n"]
    assert frame["x_label"].fillna("").tolist() == [
        "overall-survival", "Allogeneic transplant following CAR T-cell therapy for large B-cell lymphoma", "",
    ]  # fmt: skip
    asked = graph.ask("treatments-not-given", labels=True)
    assert asked["report_label"].tolist() == asked["title"].tolist()


def test_sparql_goes_through_the_gate(graph: Graph) -> None:
    """Calls to other servers are refused from Python too."""
    with pytest.raises(QueryRefusedError):
        graph.sparql("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize("by", ["iri", "id", "curie"])
def test_a_record_is_found_by_any_name(graph: Graph, records: list[EvidenceRecord], by: str) -> None:
    """A record is found by its report's IRI, by `pmid:...` and by `pubmed:...`."""
    record = next(r for r in reversed(records) if r.citation.pmid)
    names = {"iri": graph.store.names.report(record), "id": f"pmid:{record.citation.pmid}"}
    assert graph.record(names.get(by, f"pubmed:{record.citation.pmid}")) == record


def test_an_unknown_record_is_told(graph: Graph) -> None:
    """A report that isn't there is an error."""
    with pytest.raises(StoreError, match="no report"):
        graph.record("pmid:0")


def test_the_network_is_at_hand(graph: Graph) -> None:
    """The network of reports, trials and treatments has all reports."""
    kinds = [facts["kind"] for _, facts in graph.network().nodes(data=True)]
    assert kinds.count("report") == len(graph.studies())


def test_the_store_may_come_from_the_environment(reference_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path the store is the one that CARTOGRAPH_STORE names."""
    monkeypatch.setenv("CARTOGRAPH_STORE", str(reference_store))
    opened = kg.open()
    assert isinstance(opened.studies(), pd.DataFrame)
    opened.close()


def test_importing_kg_loads_nothing_heavy(root: Path) -> None:
    """`import kg` brings neither pandas nor spaCy nor rdflib."""
    code = "import kg, sys; print(*{'pandas', 'spacy', 'rdflib', 'networkx', 'pyoxigraph'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
