"""Records to RDF."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.evidence import EvidenceRecord
from kg.iris import Names, assertion, provenance
from kg.mapping import to_quads
from kg.rdf import canonical
from kg.sources import Source
from ontology import terms

CG = terms.CG


def record(**facts: object) -> EvidenceRecord:
    """Return a record with these facts."""
    base = {"id": "pmid:1", "title": "A trial", "text": "Response was 50%. No severe CRS.", "citation": {"pmid": "1"}}
    return EvidenceRecord.model_validate_json(json.dumps(base | facts))


def outcome(**facts: object) -> dict[str, object]:
    """Return an outcome with these facts."""
    base = {
        "measure": "complete-response",
        "statistic": "proportion",
        "value": 50,
        "unit": "%",
        "quote": "Response was 50%",
    }
    return base | facts


def text(term: object) -> str:
    """Return the text of a term: an IRI or a literal's value."""
    return str(getattr(term, "value", term))


def objects(quads: list[ox.Quad], predicate: str, subject: str | None = None) -> set[str]:
    """Return the objects of a predicate as text."""
    return {text(q.object) for q in quads if q.predicate.value == predicate and subject in (None, text(q.subject))}


def test_the_same_record_gives_the_same_bytes(gold: Path, records: list[EvidenceRecord], root: Path) -> None:
    """Canonical N-Quads of a record are byte-identical, in another process with another hash seed too."""
    code = (
        "import sys, json; from kg.mapping import to_quads; from kg.rdf import canonical; "
        "from extractors.evidence import from_json; "
        "sys.stdout.buffer.write(canonical(to_quads(from_json(sys.stdin.buffer.read()))))"
    )
    first = records[3]
    result = subprocess.run(
        [sys.executable, "-c", code], input=first.to_json().encode(), cwd=root, capture_output=True, check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert result.stdout == canonical(to_quads(first))


def test_nothing_is_said_twice_or_blank(records: list[EvidenceRecord]) -> None:
    """Within a graph no statement repeats, and no node is blank."""
    for one in records[:40]:
        quads = to_quads(one)
        assert all(isinstance(q.subject, ox.NamedNode) and not isinstance(q.object, ox.BlankNode) for q in quads)
        assert max(Counter(str(q) for q in quads if not text(q.graph_name).endswith("/shared")).values()) == 1


def test_every_outcome_has_an_iri_of_its_own(records: list[EvidenceRecord]) -> None:
    """Outcomes of one report never share an IRI, even when their figures are the same."""
    twice = record(outcomes=[outcome(), outcome()])
    for one in [*records, twice]:
        quads = [q for q in to_quads(one) if q.predicate.value == terms.HAS_OUTCOME]
        assert len({q.object for q in quads}) == len(one.outcomes)


def test_an_outcome_keeps_its_iri_when_others_come_before_it() -> None:
    """An outcome's IRI depends on its figure and words, not on its place."""
    alone = to_quads(record(outcomes=[outcome()]))
    after = to_quads(record(outcomes=[outcome(value=0, measure="mortality", quote="No severe CRS"), outcome()]))
    assert objects(alone, terms.HAS_OUTCOME) < objects(after, terms.HAS_OUTCOME)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"citation": {"pmid": "34891224", "doi": "10.1/X"}}, "pmid-34891224"),
        ({"id": "x", "citation": {"doi": "10.1056/NEJMoa1"}}, "doi-10.1056/nejmoa1"),
        ({"id": "nct:NCT03391466", "citation": {}}, "nct-NCT03391466"),
    ],
)
def test_reports_are_named_by_what_they_are_known_by(facts: dict[str, object], key: str) -> None:
    """A report is named by PMID, else DOI, else registry number."""
    assert Names().report(record(**facts)) == terms.BASE + "report/" + key


def test_a_report_without_any_number_is_named_by_its_text() -> None:
    """Title and text, levelled, name what has no number: spacing and case don't matter."""
    one, other = record(citation={}, id="a"), record(citation={}, id="b", title="a  TRIAL")
    assert Names().report(one) == Names().report(other)
    assert Names().report(one).startswith(terms.BASE + "report/sha256-")


def test_another_base_moves_the_data_and_not_the_vocabulary() -> None:
    """An installation may keep its data under its own address."""
    quads = to_quads(record(outcomes=[outcome()]), names=Names("https://example.org/kg/"))
    assert all(
        text(q.subject).startswith("https://example.org/kg/")
        for q in quads
        if text(q.graph_name).endswith("/assertion")
    )
    assert objects(quads, terms.MEASURE) == {terms.CGV + "measure/complete-response"}


def test_figures_become_numbers() -> None:
    """Value, interval, p, time and grade are numbers, beside what was printed."""
    quads = to_quads(
        record(outcomes=[outcome(ci=[18.7, 81.3], p="<0.001", grade=">=3", time={"value": 1, "unit": "year"})])
    )  # fmt: skip
    found = {
        p: objects(quads, CG + p) for p in ("value", "ciLow", "pRelation", "pValue", "timeMonths", "gradeMin", "grade")
    }
    assert found == {
        "value": {"50"}, "ciLow": {"18.7"}, "pRelation": {"<"}, "pValue": {"0.001"}, "timeMonths": {"12"},
        "gradeMin": {"3"}, "grade": {">=3"},
    }  # fmt: skip
    assert objects(quads, CG + "gradeMax") == set()


def test_an_outcome_points_at_its_words() -> None:
    """Position and quotation select the words in the report's text."""
    quads = to_quads(record(outcomes=[outcome(start=0, end=16)]))
    assert objects(quads, terms.EXACT) == {"Response was 50%"}
    assert (objects(quads, terms.START), objects(quads, terms.END)) == ({"0"}, {"16"})
    assert objects(quads, terms.SUFFIX) == {". No severe CRS."}


def test_an_unknown_treatment_gets_a_concept_of_its_own() -> None:
    """A CAR T product that the vocabulary lacks becomes a labelled concept under CAR T-cell therapy."""
    name = "CD999 CAR T-cell therapy"
    quads = to_quads(record(interventions=[{"name": name, "category": "car-t", "targets": ["CD999"]}]))
    minted = terms.CGV + "intervention/cd999-car-t-cell-therapy"
    assert objects(quads, terms.INTERVENTION) == {minted}
    assert objects(quads, terms.PREF_LABEL, minted) == {name}
    assert terms.CGV + "intervention/car-t-cell-therapy" in objects(quads, terms.WITHIN, minted)
    assert objects(quads, terms.DIRECTED_AGAINST, minted) == {terms.CGV + "antigen/cd999"}
    assert {text(q.graph_name) for q in quads if text(q.subject) == minted} == {Names().shared}


TWO = [
    {"name": "axicabtagene ciloleucel", "category": "car-t", "role": "experimental"},
    {"name": "standard of care", "category": "other", "role": "comparator"},
]
AXI = terms.CGV + "intervention/axicabtagene-ciloleucel"


def test_a_figure_belongs_to_what_its_arm_was_given() -> None:
    """Where the arm's treatments are known, the figure is put down to them and nothing else."""
    arms = [
        {"label": "A", "role": "experimental", "interventions": ["axicabtagene ciloleucel"]},
        {"label": "B", "role": "comparator", "interventions": ["standard of care"]},
    ]
    quads = to_quads(record(interventions=TWO, arms=arms, outcomes=[outcome(arm="A")]))
    assert objects(quads, terms.ARM_INTERVENTION) == {AXI}
    assert objects(quads, terms.STUDY_INTERVENTION) == set()


def test_a_comparator_is_never_put_down_to_the_treatment_under_study() -> None:
    """A comparator whose treatments aren't known stays without any."""
    arms = [{"label": "A", "role": "experimental"}, {"label": "B", "role": "comparator"}]
    quads = to_quads(record(interventions=TWO, arms=arms, outcomes=[outcome(arm="B")]))
    assert objects(quads, terms.ARM_INTERVENTION) | objects(quads, terms.STUDY_INTERVENTION) == set()


def test_what_was_not_given_never_counts() -> None:
    """A treatment that the text says was left out is data, but no figure is put down to it."""
    withheld = [{**TWO[0], "used": False}]
    quads = to_quads(record(interventions=withheld, outcomes=[outcome()]))
    assert objects(quads, terms.USED) == {"false"}
    assert objects(quads, terms.STUDY_INTERVENTION) == set()


def test_an_unknown_arm_among_several_treatments_stays_unknown() -> None:
    """With two treatments under study and two arms that aren't told apart, no figure is put down to either."""
    both = [TWO[0], {**TWO[0], "name": "tisagenlecleucel"}]
    quads = to_quads(record(interventions=both, arms=[{"label": "A"}, {"label": "B"}], outcomes=[outcome(arm="A")]))
    assert objects(quads, terms.STUDY_INTERVENTION) == set()


def test_provenance_stands_apart() -> None:
    """Versions, digest, file and record are in the provenance graph, and no time of day anywhere."""
    made = {"extractor": "1.2", "vocabulary": "v3", "digest": "abc"}
    quads = to_quads(record(extraction=made), source=Source("a.xml", 7, ("old",)))
    graph = provenance(Names().report(record()))
    there = [q for q in quads if text(q.graph_name) == graph]
    assert objects(there, terms.SOURCE_DIGEST) == {"abc"}
    assert objects(there, terms.SOURCE_FILE) == {"a.xml"}
    assert objects(there, terms.SUPERSEDED_DIGEST) == {"old"}
    assert objects(there, terms.METHOD) == {terms.ECO_STRING_MATCHING, terms.ECO_REGULAR_EXPRESSION}
    assert not [q for q in quads if "dateTime" in str(q)]
    assert {text(q.graph_name) for q in quads} == {graph, assertion(Names().report(record())), Names().shared}


@settings(max_examples=80, deadline=None)
@given(strange=st.text(min_size=1).filter(str.strip))
def test_no_name_breaks_an_iri(strange: str) -> None:
    """Whatever a source calls things (a DOI, a trial, an arm), the statements can be written and read back."""
    facts: dict[str, object] = {
        "citation": {"doi": strange}, "design": {"registry_ids": [strange]},
        "population": {"conditions": [strange], "antigens": [strange]},
        "interventions": [{"name": f"{strange} CAR T-cell therapy", "category": "car-t"}],
        "arms": [{"label": strange}], "outcomes": [outcome(arm=strange, label=strange, measure="other")],
    }  # fmt: skip
    quads = to_quads(record(id="x", **facts))
    assert set(ox.parse(canonical(quads), format=ox.RdfFormat.N_QUADS)) == set(quads)
