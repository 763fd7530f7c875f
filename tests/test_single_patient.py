"""A case report's outcomes are what happened to its one patient, told without a number: 1 of 1."""

from __future__ import annotations

import pytest

from extractors import pipeline
from extractors.document import Document
from extractors.evidence import EvidenceRecord, Outcome

_TITLE = "CD19 CAR T cells in a woman with refractory lymphoma: case report"
_OPENING = (
    "Refractory lymphoma seldom remits. A 48-year-old woman with diffuse large B-cell lymphoma, refractory to three "
    "lines of therapy, was infused with CD19 CAR T cells. "
)


def _record(told: str, title: str = _TITLE, opening: str = _OPENING) -> EvidenceRecord:
    return pipeline.load_fast().extract(Document(id="case", title=title, text=opening + told))


def _events(record: EvidenceRecord) -> list[Outcome]:
    return [o for o in record.outcomes if o.links.get("figure") == "single-patient"]


def _told(record: EvidenceRecord) -> set[tuple[str, str | None, str | None]]:
    return {(o.measure, f"{o.time.value:g} {o.time.unit}" if o.time else None, o.grade) for o in _events(record)}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("Grade 2 cytokine release syndrome called for tocilizumab.", ("cytokine-release-syndrome", None, "2")),
        ("She developed ICANS of grade 3 on day 6.", ("neurotoxicity", None, "3")),
        ("Mild skin GVHD came and went.", ("graft-versus-host-disease", None, "mild")),
        ("PET on day 30 showed a complete metabolic response.", ("complete-response", "30 day", None)),
        ("She has been in remission for 2 years.", ("complete-response", "2 year", None)),
        ("Minimal residual disease turned negative.", ("mrd-negativity", None, None)),
        ("She died of septic shock on day 41.", ("mortality", "41 day", None)),
        ("Seven months later the lymphoma recurred.", ("relapse", None, None)),
    ],
)
def test_what_happened_to_the_patient_is_an_outcome(told: str, wanted: tuple[str, str | None, str | None]) -> None:
    """A mention of a measure that is told as a fact is one of one, with its grade, and the time of a response."""
    record = _record(told)
    assert _told(record) == {wanted}
    (event,) = _events(record)
    assert (event.statistic, event.value, event.n, event.N, event.arm) == ("proportion", 100.0, 1, 1, "all")
    assert event.start is not None and record.text[event.start : event.end] == event.quote
    assert event.confidence is not None and event.confidence > 0.5


@pytest.mark.parametrize(
    "told",
    [
        "Neurotoxicity wasn't seen.",
        "Neither fever nor ICANS followed.",
        "Levetiracetam was given for prevention of neurotoxicity.",
        "Sepsis was suspected, but cultures were sterile.",
        "Cytokine release syndrome is a common complication.",
        "Complete remission may be reached in most patients.",
        "Of the nine cases in the literature two died.",
        "She was then transplanted in second complete remission.",
        "Residual disease stayed positive.",
        "Her father had died of leukemia.",
        "The following year passed without fever, rash or infection.",
        "Acute GVHD of grade 2 arose in three of eight.",
    ],
)
def test_what_is_denied_feared_or_general_is_none(told: str) -> None:
    """What didn't happen, was only feared or prevented, is said of others or was the state before is no event."""
    assert _told(_record(told)) == set()


def test_the_history_before_the_treatment_is_no_result() -> None:
    """Remissions and relapses that led to the treatment aren't its outcomes."""
    opening = (
        "A 48-year-old woman with lymphoma achieved complete remission with chemotherapy and developed sepsis. "
        "She relapsed after a year and was infused with CD19 CAR T cells. "
    )
    assert _told(_record("She died on day 77.", opening=opening)) == {("mortality", "77 day", None)}


def test_comments_are_no_results() -> None:
    """What stands behind a heading for comments is said in general."""
    told = "She died on day 77. Comment. Severe neurotoxicity called for steroids."
    assert _told(_record(told)) == {("mortality", "77 day", None)}


def test_a_patient_introduced_in_the_background_is_told_of_there() -> None:
    """Where a text goes on from its background to the patient without a heading, the results are read."""
    opening = "Background: Lymphoma seldom remits. We report a 48-year-old woman who received CD19 CAR T cells. "
    assert _told(_record("She developed ICANS of grade 3.", opening=opening)) == {("neurotoxicity", None, "3")}


def test_a_relapse_that_the_title_names_is_what_the_treatment_was_for() -> None:
    """Where the title tells of a relapse, that is the indication, not an outcome."""
    title = "CD19 CAR T cells for late relapse of lymphoma in a woman: case report"
    assert _told(_record("The lymphoma had relapsed in the marrow. The disease relapsed.", title)) == set()


def test_an_event_told_twice_is_entered_once() -> None:
    """A repeated event is one entry, the one that says more; a remission that lasts is another than its beginning."""
    told = (
        "Cytokine release syndrome set in. The cytokine release syndrome was of grade 1. She had a complete response. "
    )
    assert _told(_record(told + "At 2 years she is in remission.")) == {
        ("cytokine-release-syndrome", None, "1"),
        ("complete-response", None, None),
        ("complete-response", "2 year", None),
    }


def test_a_count_of_something_else_gives_way() -> None:
    """`CRS called for one dose` counts doses: the syndrome itself is 1 of 1."""
    record = _record("Grade 2 cytokine release syndrome called for one dose of tocilizumab.")
    assert [(o.measure, o.statistic, o.n, o.N) for o in record.outcomes] == [
        ("cytokine-release-syndrome", "proportion", 1, 1)
    ]


def test_the_cause_of_a_death_is_its_subgroup() -> None:
    """Mortality says what the patient died of."""
    for told in ("She died of septic shock on day 41.", "Death from septic shock ensued on day 41."):
        (event,) = _events(_record(told))
        assert event.subgroup == "due to septic shock"


def test_a_drugfree_remission_of_an_autoimmune_disease_is_a_clinical_one() -> None:
    """Only of a malignant disease is a remission without treatment a complete response."""
    opening = "A 30-year-old woman with systemic lupus erythematosus was infused with CD19 CAR T cells. "
    told = "She is in drug-free remission at 1 year."
    title = "CD19 CAR T cells in a woman with systemic lupus erythematosus: case report"
    assert _told(_record(told, title, opening)) == {("clinical-remission", "1 year", None)}
    assert _told(_record("She is in treatment-free remission at 1 year.")) == {("complete-response", "1 year", None)}


@pytest.mark.parametrize(
    "title",
    [
        "CD19 CAR T cells in two sisters with lymphoma: case report",
        "CD19 CAR T cells: a retrospective cohort of 50 women",
    ],
)
def test_of_several_patients_nothing_is_entered(title: str) -> None:
    """Without a number it isn't known how many of several patients an event is told of."""
    assert _told(_record("She died on day 77.", title)) == set()
