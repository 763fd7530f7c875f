"""The comparison."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from extractors.evidence import EvidenceRecord
from kg.compare import COLUMNS, Row, Selection, compare
from kg.iris import Names
from kg.mapping import to_quads
from kg.store import Change, Reader, Writer
from ontology.errors import QueryError, VocabularyError


def figure(text: str, quote: str, **facts: object) -> dict[str, object]:
    """Return a percentage of patients with a complete response."""
    assert quote in text
    return {"measure": "complete-response", "statistic": "proportion", "unit": "%", "quote": quote} | facts


TEXT = "CR was 58% with axi-cel and 32% with standard care at 12 months; 50% at day 100. Severe CRS: 11%."
TRIAL = {
    "id": "pmid:1", "title": "A randomised trial", "text": TEXT, "citation": {"pmid": "1", "year": 2022},
    "design": {"type": "randomized-controlled-trial"}, "population": {"conditions": ["large B-cell lymphoma"]},
    "interventions": [
        {"name": "axicabtagene ciloleucel", "category": "car-t", "role": "experimental"},
        {"name": "standard of care", "category": "other", "role": "comparator"},
        {"name": "bridging therapy", "category": "bridging", "role": "experimental", "used": False},
    ],
    "arms": [
        {"label": "axi-cel", "n": 180, "role": "experimental", "interventions": ["axicabtagene ciloleucel"]},
        {"label": "SOC", "n": 179, "role": "comparator", "interventions": ["standard of care"]},
    ],
    "outcomes": [
        figure(TEXT, "CR was 58%", value=58, n=104, N=180, arm="axi-cel", time={"value": 1, "unit": "year"}),
        figure(TEXT, "32% with standard care", value=32, N=179, arm="SOC", time={"value": 12, "unit": "month"}),
        figure(TEXT, "50% at day 100", value=50, arm="all", time={"value": 100, "unit": "day"}),
        figure(TEXT, "Severe CRS: 11%", value=11, measure="cytokine-release-syndrome", grade=">=3", arm="axi-cel"),
    ],
    "flags": [{"kind": "proportion", "outcomes": [0], "message": "104/180 = 57.8%"}],
}  # fmt: skip
OTHER = {
    "id": "pmid:2", "title": "A single arm", "text": "Complete response: 70%.", "citation": {"pmid": "2", "year": 2024},
    "population": {"conditions": ["multiple myeloma"]},
    "interventions": [{"name": "CD999 CAR T-cell therapy", "category": "car-t", "role": "experimental"}],
    "outcomes": [figure("Complete response: 70%.", "Complete response: 70%", value=70, subgroup="high risk")],
}  # fmt: skip


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of two made-up reports."""
    folder = tmp_path_factory.mktemp("two") / "store"
    records = [EvidenceRecord.model_validate_json(json.dumps(facts)) for facts in (TRIAL, OTHER)]
    with Writer(folder) as writer:
        writer.write([Change.of(Names().report(r), to_quads(r)) for r in records])
        writer.finish()
    return folder


def rows(store: Path, **chosen: str) -> list[Row]:
    """Return the rows of a comparison."""
    with Reader(store) as reader:
        return compare(reader, Selection(**chosen))


def values(store: Path, **chosen: str) -> list[int]:
    """Return the values of a comparison's rows, in order."""
    return [int(row.value or 0) for row in rows(store, **chosen)]


def test_a_row_holds_all_that_is_known(two: Path) -> None:
    """A figure's row has its study, its numbers, its words and its flags, with canonical names."""
    row = next(r for r in rows(two, outcome="complete-response") if r.value == 58)
    assert (row.design, row.condition, row.intervention, row.arm, row.basis) == (
        "randomized-controlled-trial", "large B-cell lymphoma", "axicabtagene ciloleucel", "axi-cel", "arm",
    )  # fmt: skip
    assert (row.statistic, row.unit, row.n, row.N, row.time_months) == ("proportion", "%", 104, 180, Decimal(12))
    assert (row.year, row.flags, row.quote, row.start) == (2022, "proportion", "CR was 58%", 0)


def test_the_columns_come_in_the_promised_order() -> None:
    """The first columns are those that users rely on; later ones may be added behind them."""
    promised = "report,title,year,design,condition,intervention,arm,measure,statistic,value,unit,n,N,ci_low,ci_high,"
    promised += "time_months,grade,subgroup,flags,quote"
    assert ",".join(COLUMNS).startswith(promised)


def test_rows_come_newest_first_then_as_they_stand(two: Path) -> None:
    """The order is fixed: year, report, place in the text."""
    assert values(two, outcome="complete-response") == [70, 58, 32, 50]


@pytest.mark.parametrize(
    "name", ["complete-response", "complete response", "CR", "measure:complete-response", "measure-group:response"]
)
def test_a_measure_goes_by_any_name(two: Path, name: str) -> None:
    """Canonical name, label, acronym, CURIE, and a broader concept find the same figures."""
    assert sorted(values(two, outcome=name)) == [32, 50, 58, 70]


def test_narrower_concepts_are_included(two: Path) -> None:
    """Lymphoma finds large B-cell lymphoma, CAR T-cell therapy finds axi-cel and products without an own concept."""
    assert values(two, outcome="complete-response", condition="lymphoma") == [58, 32, 50]
    assert values(two, outcome="complete-response", intervention="CAR T-cell therapy") == [70, 58, 50]
    assert values(two, outcome="complete-response", intervention="CD19 CAR T-cell therapy") == [58, 50]


def test_a_product_that_the_vocabulary_lacks_can_be_asked_for(two: Path) -> None:
    """A treatment that only a report names is found by the name that the report gives."""
    assert values(two, outcome="complete-response", intervention="CD999 CAR T-cell therapy") == [70]


def test_a_comparator_is_not_the_treatment(two: Path) -> None:
    """The comparator's figure is the comparator's; what was not given has no figures."""
    assert values(two, outcome="complete-response", intervention="standard of care") == [32]
    assert values(two, outcome="complete-response", intervention="bridging therapy") == []


def test_the_basis_tells_what_was_assumed(two: Path) -> None:
    """A figure of the whole study is put down to what the study examines, and says so."""
    assert {int(r.value or 0): r.basis for r in rows(two, outcome="complete-response")} == {
        58: "arm", 32: "arm", 50: "study", 70: "study",
    }  # fmt: skip


def test_times_in_other_units_are_the_same_time(two: Path) -> None:
    """A year and twelve months are one time point; day 100 is another."""
    assert values(two, outcome="complete-response", time="12mo") == values(
        two, outcome="complete-response", time="1 year"
    )
    assert values(two, outcome="complete-response", time="12mo") == [58, 32]
    assert values(two, outcome="complete-response", time="day 100") == [50]


def test_grades_and_arms_narrow(two: Path) -> None:
    """A grade finds what lies within it; an arm goes by its label, whatever the case."""
    assert values(two, outcome="cytokine-release-syndrome", grade=">=3") == [11]
    assert values(two, outcome="cytokine-release-syndrome", grade=">=1") == [11]
    assert values(two, outcome="cytokine-release-syndrome", grade="4") == []
    assert values(two, outcome="complete-response", arm="soc") == [32]


def test_without_a_measure_all_figures_come(two: Path) -> None:
    """No measure means all of them."""
    assert len(rows(two)) == 5


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"outcome": "complete-respons"}, VocabularyError),
        ({"outcome": "lymphoma"}, VocabularyError),
        ({"outcome": "complete-response", "time": "soon"}, QueryError),
        ({"outcome": "complete-response", "intervention": 'x" } #'}, VocabularyError),
    ],
)
def test_what_cannot_be_read_is_told(two: Path, chosen: dict[str, str], error: type[Exception]) -> None:
    """An unknown concept, one of the wrong kind, or a time that isn't one is an error, not an empty answer."""
    with pytest.raises(error):
        rows(two, **chosen)


def test_every_reference_figure_has_one_row(reader: Reader, records: list[EvidenceRecord]) -> None:
    """The whole comparison has each figure of each reference record exactly once."""
    found = compare(reader, Selection())
    latest = {Names().report(r): r for r in records}
    assert len(found) == len({row.outcome for row in found}) == sum(len(r.outcomes) for r in latest.values())
