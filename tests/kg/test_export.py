"""Exports, the SHACL check, and networks."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest

from extractors.evidence import EvidenceRecord
from kg.check import check_reports
from kg.export import export
from kg.iris import Names, assertion
from kg.links import comparisons, network
from kg.mapping import to_quads
from kg.rdf import canonical
from kg.store import Change, Reader, Writer
from ontology import terms
from ontology.errors import StoreError


def exported(reader: Reader, format: str, report: str | None = None) -> bytes:
    """Return an export."""
    buffer = io.BytesIO()
    export(reader, format, buffer, report)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def some_report(records: list[EvidenceRecord]) -> str:
    """Return the IRI of a report with several outcomes and a minted concept or two."""
    return Names().report(records[0])


def test_nquads_hold_the_whole_store(reader: Reader) -> None:
    """N-Quads read back are all the statements that the store has, each once, and the same every time."""
    data = exported(reader, "nquads")
    assert data == exported(reader, "nquads")
    assert len(set(data.splitlines())) == len(data.splitlines()) == len(reader)


def test_trig_says_the_same_as_nquads(reader: Reader, some_report: str) -> None:
    """TriG of a report has the same statements in the same graphs."""
    trig = set(ox.parse(exported(reader, "trig", some_report), format=ox.RdfFormat.TRIG))
    assert trig == set(ox.parse(exported(reader, "nquads", some_report), format=ox.RdfFormat.N_QUADS))
    assert len({quad.graph_name for quad in trig}) == 2


def test_turtle_and_jsonld_say_what_the_report_says(reader: Reader, some_report: str) -> None:
    """Turtle and JSON-LD read back are the report's assertion graph."""
    expected = {quad.triple for quad in reader.quads(assertion(some_report))}
    turtle = ox.parse(exported(reader, "turtle", some_report), format=ox.RdfFormat.TURTLE)
    assert {quad.triple for quad in turtle} == expected
    jsonld = ox.parse(exported(reader, "jsonld", some_report), format=ox.RdfFormat.JSON_LD)
    assert {quad.triple for quad in jsonld} == expected


def test_csv_has_a_row_for_each_figure(reader: Reader, some_report: str, records: list[EvidenceRecord]) -> None:
    """CSV has one row a figure; of one report, that report's."""
    rows = list(csv.DictReader(io.StringIO(exported(reader, "csv", some_report).decode())))
    assert [row["quote"] for row in rows] == [
        o.quote for o in sorted(records[0].outcomes, key=lambda o: records[0].text.index(o.quote))
    ]


def test_an_unknown_report_is_told(reader: Reader) -> None:
    """Asking for a report that isn't there is an error, not an empty file."""
    with pytest.raises(StoreError, match="no report pmid:0"):
        exported(reader, "turtle", "pmid:0")


def test_what_is_written_conforms(reader: Reader) -> None:
    """Graphs made from reference records conform to the shapes."""
    assert list(check_reports(reader, reader.reports()[:10])) == []


def test_what_does_not_conform_is_told(tmp_path: object, records: list[EvidenceRecord]) -> None:
    """A graph with a second title is reported with its report, node and property; its neighbours are not."""
    folder = f"{tmp_path}/store"
    good, bad = (Names().report(r) for r in records[:2])
    title = ox.Quad(
        ox.NamedNode(bad), ox.NamedNode(terms.TITLE), ox.Literal("Another title"), ox.NamedNode(assertion(bad))
    )  # fmt: skip
    with Writer(folder) as writer:
        writer.write([Change.of(good, to_quads(records[0])), Change.of(bad, [*to_quads(records[1]), title])])
        problems = list(check_reports(writer, [good, bad]))
    assert [(p.report, p.node, p.path) for p in problems] == [(bad, bad, terms.TITLE)]


def test_reports_of_a_trial_are_neighbours(reader: Reader) -> None:
    """In the network a trial is joined to its reports, and reports to what they examine."""
    graph = network(reader)
    kinds = {graph.nodes[n]["kind"] for n in graph}
    assert kinds == {"report", "trial", "intervention"}
    trials = [n for n in graph if graph.nodes[n]["kind"] == "trial"]
    assert any(graph.degree(trial) > 1 for trial in trials)
    assert all(graph.nodes[n]["label"] for n in graph)


def test_direct_comparisons_join_treatments(tmp_path: object) -> None:
    """Two treatments whose arms a ratio compares are joined in the network of evidence."""
    facts = {
        "id": "pmid:1", "title": "T", "text": "HR 0.4.",
        "arms": [
            {"label": "A", "interventions": ["axicabtagene ciloleucel"]}, {"label": "B", "interventions": ["placebo"]},
        ],
        "outcomes": [
            {"measure": "overall-survival", "statistic": "hazard-ratio", "value": 0.4, "arm": "A", "comparator": "B",
             "quote": "HR 0.4"},
        ],
    }  # fmt: skip
    record = EvidenceRecord.model_validate_json(json.dumps(facts))
    with Writer(f"{tmp_path}/store") as writer:
        writer.write([Change.of(Names().report(record), to_quads(record))])
        graph = comparisons(writer)
    assert [(graph.nodes[a]["label"], graph.nodes[b]["label"], d) for a, b, d in graph.edges(data=True)] == [
        ("axicabtagene ciloleucel", "placebo", {"reports": 1})
    ]


def test_canonical_nquads_are_sorted_and_single() -> None:
    """Canonical N-Quads have each statement once, in the order of their bytes."""
    quad = ox.Quad(ox.NamedNode("a:b"), ox.NamedNode("a:c"), ox.Literal("x"), ox.NamedNode("a:g"))
    other = ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:c"), ox.Literal("x"), ox.NamedNode("a:g"))
    assert canonical([quad, other, quad]) == b'<a:a> <a:c> "x" <a:g> .\n<a:b> <a:c> "x" <a:g> .\n'
