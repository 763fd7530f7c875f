"""The answers to the named questions: hand-checked rows, and the same from the index of figures as from the graph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from extractors.evidence import EvidenceRecord, Flag, Notice
from kg.figures import answers
from kg.iris import Names
from kg.mapping import to_quads
from kg.query import ask, ask_graph
from kg.questions import Question, question, questions
from kg.results import Table, cell
from kg.store import Reader, Writer

NAMES = [q.name for q in questions()]
OF_MARKED = {"contradictions", "retracted-sources"}  # reference records have neither flags nor notices
VARIED: tuple[tuple[str, dict[str, str]], ...] = (
    ("antigens-by-disease", {"condition": "lymphoma"}),
    ("consolidation-transplant", {"measure": "event-free-survival"}),
    ("crs-by-product", {"measure": "neurotoxicity", "grade": ">=1"}),
    ("directly-compared", {"intervention": "HSCT"}),
    ("evidence-gaps", {"measure": "acute-gvhd", "intervention": "HSCT", "reports": "1"}),
    ("figures-by-words", {"phrase": "Grade: 3-4"}),
    ("figures-by-words", {"phrase": "GVHD", "measure": "chronic-gvhd"}),
    ("figures-by-words", {"phrase": "β"}),
    ("figures-by-words", {"phrase": "\"' OR -- no such words"}),
    ("figures-by-words", {"phrase": "..."}),
    ("figures-of-subgroups", {"measure": "overall-survival", "condition": "leukemia"}),
    ("given-together", {"intervention": "HSCT", "category": "gvhd-prophylaxis"}),
    ("heavily-pretreated", {"lines": "2.5", "condition": "multiple myeloma"}),
    ("largest-studies", {"design": "retrospective-cohort", "condition": "leukemia"}),
    ("measures-reported", {"condition": "multiple myeloma"}),
    ("medians-not-reached", {"measure": "overall-survival", "condition": "lymphoma"}),
    ("mortality-by-conditioning", {"conditioning": "myeloablative conditioning", "measure": "relapse"}),
    ("negative-findings", {"measure": "measure-group:adverse-event", "patients": "1"}),
    ("never-compared", {"measure": "overall-survival", "intervention": "HSCT", "reports": "1"}),
    ("outcomes-by-disease-status", {"status": "relapsed-refractory", "condition": "lymphoma"}),
    ("response-by-product", {"measure": "measure-group:response"}),
    ("short-follow-up", {"months": "24.5", "condition": "lymphoma"}),
    ("significant-differences", {"level": "0.001", "measure": "measure-group:time-to-event"}),
    ("small-arms", {"patients": "60", "measure": "acute-gvhd"}),
    ("studies-of-age-group", {"age": "older-adult", "condition": "lymphoma"}),
    ("survival-by-transplant", {"time": "2y", "measure": "measure-group:time-to-event"}),
    ("survival-over-time", {"measure": "progression-free-survival", "condition": "lymphoma"}),
    ("toxicities-of-treatment", {"intervention": "CD19 CAR T-cell therapy"}),
    ("treatment-sequences", {"first": "HSCT", "then": "CAR T-cell therapy"}),
    ("treatments-not-given", {"category": "gvhd-prophylaxis"}),
    ("trial-reports", {"measure": "complete-response"}),
    ("wide-intervals", {"measure": "overall-survival", "points": "15"}),
)


@pytest.fixture(scope="module")
def marked(records: list[EvidenceRecord], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Return a store of twelve reference records of which some are flagged, retracted or corrected."""
    folder = tmp_path_factory.mktemp("marked") / "store"
    some = list({Names().report(r): r for r in records}.values())[:12]
    with Writer(folder) as writer:
        writer.load(quad for k, record in enumerate(some) for quad in to_quads(_marked(record, k)))
        writer.finish()
    with Reader(folder) as reader:
        yield reader


def _marked(record: EvidenceRecord, k: int) -> EvidenceRecord:
    flags = (Flag(kind="proportion", outcomes=(0,), message="3 of 5 is 60%, not 20%"),) if k % 3 == 0 else ()
    notices = {0: (Notice(kind="retracted"),), 1: (Notice(kind="erratum"),)}.get(k % 4, ())
    return record.model_copy(update={"flags": flags if record.outcomes else (), "notices": notices})


def texts(found: Table) -> list[dict[str, str]]:
    """Return the rows as a person reads them, without empty cells."""
    rows = ({c: cell(x) for c, x in zip(found.columns, row, strict=True) if x is not None} for row in found.rows)
    return list(rows)


@pytest.mark.parametrize("asked", questions(), ids=NAMES)
def test_index_and_graph_give_the_same_answer(reader: Reader, marked: Reader, asked: Question) -> None:
    """Every question has an answer, its example among it, and the index gives the graph's rows in the graph's order."""
    store = marked if asked.name in OF_MARKED else reader
    found, expected = ask(store, asked.name), ask_graph(store, asked, {})
    assert found == expected
    assert found.rows
    assert dict(asked.example) in texts(found)


@pytest.mark.parametrize(("name", "values"), VARIED)
def test_other_values_give_the_same_answer_too(reader: Reader, name: str, values: dict[str, str]) -> None:
    """With other values for the parameters, index and graph still agree."""
    assert ask(reader, name, values) == ask_graph(reader, question(name), values)


def test_every_question_is_in_the_index() -> None:
    """Each question has its SQL, with the columns of its SPARQL."""
    assert [name for name in NAMES if answers.statement(name) is None] == []


def test_the_first_rows_can_be_had_alone(reader: Reader) -> None:
    """A limit gives the beginning of the answer, from the index and from the graph."""
    whole = ask(reader, "crs-by-product").rows
    assert ask(reader, "crs-by-product", most=5).rows == whole[:5]
    assert ask_graph(reader, question("crs-by-product"), {}, most=5).rows == whole[:5]


@pytest.mark.parametrize("text", ["SELECT 1", "-- columns: a\nSELECT 1", "-- columns: a float\nSELECT 1"])
def test_sql_without_its_columns_is_refused(text: str) -> None:
    """The first line names the columns and the kinds of their values."""
    with pytest.raises(ValueError, match=r"x\.sql"):
        answers.parse("x", text)


# Counted by hand in the reference records.
CHECKED: tuple[tuple[str, dict[str, str]], ...] = (
    # "in 1 of them (2.3%) grade ≥3", of 43
    ("crs-by-product", {"product": "BCMA CAR T-cell therapy", "value": "2.3", "n": "1", "N": "43"}),
    # "overall survival was 94% (90% CI, 88-100) at both 1 and 2 years", haploidentical, 37 patients
    ("survival-by-transplant", {"transplant": "haploidentical HSCT", "value": "94", "ci_low": "88", "N": "37"}),
    # CD7 CAR T, then haploidentical transplantation without myeloablation and without GVHD prophylaxis
    ("treatment-sequences", {"not_given": "GVHD prophylaxis; myeloablative conditioning"}),
    ("treatments-not-given", {"not_given": "T-cell depletion", "category_name": "GVHD prophylaxis"}),
    # "Acute GVHD of grade 2 to 4 occurred in 58% of patients on T-reg graft alone vs 8%"
    ("gvhd-by-prophylaxis", {"value": "58", "grade": "2-4", "arm": "T-reg graft alone"}),
    # "HSCT improved OS (HR = 0.34, ...)", consolidation or none
    ("consolidation-transplant", {"value": "0.34", "arm": "consolidative HSCT", "comparator": "no HSCT"}),
    # "Neither acute graft-versus-host disease of grade 2 to 4 nor ...", 23 patients
    ("negative-findings", {"event": "acute GVHD", "grade": "2-4", "N": "23"}),
    # five studies of CD7 CARs in T-cell leukaemia, two of them with disease-free but none with overall survival
    ("evidence-gaps", {"disease": "T-cell acute lymphoblastic leukemia", "studies": "5"}),
    # ZUMA-1 and SCHOLAR-1, ZUMA-7 in the elderly, subsequent therapies after ZUMA-7, a cost-effectiveness analysis
    (
        "directly-compared",
        {"compared_with": "salvage chemotherapy", "studied": "axicabtagene ciloleucel", "reports": "4"},
    ),
    ("combined-targets", {"product": "CD19/CD22 CAR T-cell therapy", "antigens": "2", "studies": "3"}),
    ("combined-targets", {"product": "CD19/CD20/CD22 CAR T-cell therapy", "antigens": "3", "studies": "1"}),
    ("studies-by-design", {"topic": "CAR T-cell therapy", "design": "single-arm trial", "reports": "40"}),
    ("antigens-by-disease", {"disease": "B-cell acute lymphoblastic leukemia", "target": "CD19", "studies": "13"}),
    # "median follow-up of 103 days (1-669)"
    ("short-follow-up", {"follow_up": "3.38", "design": "single-arm trial"}),
    # "the median overall survival (OS) was 169 days", in two reports of one registered trial
    ("trial-reports", {"trial": "CHICTR-ONC-17012829", "statistic": "median", "value": "169", "unit": "day"}),
    # "49.5% (95% CI 0.18-0.81)"
    ("wide-intervals", {"width": "63", "value": "49.5", "ci_low": "18", "ci_high": "81"}),
    # "Adverse events of grade ≥3 were recorded in 94% and 82% of axi-cel and SOC recipients"
    ("toxicities-of-treatment", {"event": "any adverse event", "grade": ">=3", "value": "94", "arm": "axi-cel"}),
    # "higher following TBI (0.91; 95% CI, 0.86 to 0.95; P < .0001)"
    ("significant-differences", {"p": "<.0001", "value": "91", "arm": "TBI"}),
    ("largest-studies", {"size": "870", "phase": "phase 3", "year": "2022"}),
    ("figures-of-subgroups", {"subgroup": "third-line treatment", "value": "44", "N": "75"}),
)


@pytest.mark.parametrize(("name", "row"), CHECKED)
def test_checked_rows_are_there(reader: Reader, name: str, row: dict[str, str]) -> None:
    """Rows that were looked up in the records by hand are in the answers, word for word."""
    assert any(row.items() <= found.items() for found in texts(ask(reader, name)))


def test_both_reports_of_a_trial_are_there(reader: Reader) -> None:
    """The trial of donor-derived CD19 CAR T cells has two reports, each with its own arm's name for the figure."""
    rows = [r for r in texts(ask(reader, "trial-reports")) if r["trial"] == "CHICTR-ONC-17012829"]
    assert {r["arm"] for r in rows if r["value"] == "169"} == {"relapse after allo-HSCT", "prior allo-HSCT"}


def test_flags_and_notices_are_all_there(marked: Reader) -> None:
    """Each flag comes with the words of its figure; of twelve reports, three are retracted and three corrected."""
    flags = texts(ask(marked, "contradictions"))
    assert {row["message"] for row in flags} == {"3 of 5 is 60%, not 20%"}
    assert all(row["quote"] for row in flags)
    notices = [row["notice"] for row in texts(ask(marked, "retracted-sources"))]
    assert notices == ["retracted"] * 3 + ["erratum"] * 3
