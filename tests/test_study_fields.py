"""Study-level fields of one document as a whole: treatments, order, negation, each with its place."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.context import contexts, not_given
from extractors.document import Document
from extractors.lookback import Lookback
from extractors.study import study_fields
from tests.studies import SEQUENTIAL, TRIAL, annotated, fields_of


def test_a_sequence_with_what_was_left_out() -> None:
    """CAR T then transplant is a sequence; conditioning and prophylaxis that weren't given say so."""
    fields = fields_of(SEQUENTIAL)
    used = {i.name: i.used for i in fields.interventions}
    assert fields.relevance == "car-t+hsct"
    assert fields.sequence == ("CD7 CAR T-cell therapy", "haploidentical HSCT")
    assert used["GVHD prophylaxis"] is False
    assert used["myeloablative conditioning"] is False
    assert fields.population.treated == 10
    assert fields.population.antigens == ("CD7",)
    assert fields.population.disease_status == ("relapsed-refractory",)
    assert (fields.follow_up.min, fields.follow_up.max, fields.follow_up.unit) == (3.1, 24.0, "month")


def test_a_trial_tells_its_design_and_population() -> None:
    """Phase, masking, centres, registry number, sizes, age, lines and follow-up are read as stated."""
    fields = fields_of(TRIAL, "Axicabtagene ciloleucel in large B-cell lymphoma: a phase 1/2 trial")
    assert fields.design.type == "single-arm-trial"
    assert (fields.design.phase, fields.design.masking, fields.design.centers) == ("1/2", "open-label", "multicenter")
    assert fields.design.registry_ids == ("NCT01234567",)
    assert (fields.population.enrolled, fields.population.treated) == (26, 24)
    assert fields.population.conditions == ("large B-cell lymphoma",)
    assert (fields.population.median_age, fields.population.median_prior_lines) == (61, 3)
    assert (fields.follow_up.median, fields.follow_up.min, fields.follow_up.max) == (15.1, 2, 30)


def test_every_anchor_points_at_words() -> None:
    """Anchors lie in the part that they name and aren't empty; each names what made it."""
    document = annotated(TRIAL, "A trial of axicabtagene ciloleucel")
    fields = study_fields(document)
    anchors = [a for found in fields.anchors.values() for a in found] + [
        a for i in fields.interventions for a in i.anchors
    ]
    assert anchors
    for anchor in anchors:
        assert document.part(anchor.part)[anchor.start : anchor.end]
        assert anchor.by


def test_the_same_document_gives_the_same_fields() -> None:
    """Extraction holds no state."""
    assert fields_of(TRIAL) == fields_of(TRIAL)


def test_an_empty_document_has_no_fields() -> None:
    """Unknown stays unknown."""
    fields = fields_of("")
    assert fields.population.treated is None
    assert fields.interventions == ()
    assert fields.follow_up.median is None
    assert fields.design.phase is None


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("They were transplanted without GVHD prophylaxis.", True),
        ("GVHD prophylaxis was not given.", True),
        ("without myeloablation or GVHD prophylaxis", True),
        ("Patients received GVHD prophylaxis.", False),
        ("with or without GVHD prophylaxis", False),
    ],
)
def test_what_was_not_given(text: str, absent: bool) -> None:
    """Negation reaches the treatment within its clause; `with or without` isn't one."""
    document = annotated(text)
    mention = next(m for m in document.of_kind("intervention") if m.name == "GVHD prophylaxis")
    assert not_given(document, mention) is absent


def test_contexts_of_a_mention() -> None:
    """Cues before and behind a mention are named."""
    document = annotated("Patients with prior autologous transplantation were excluded.")
    assert "earlier" in contexts(document, document.of_kind("intervention")[0])


def test_lookback_counts_words() -> None:
    """A cue holds within its own number of words; stems and phrases count as words do."""
    cues = Lookback({"given": (1, "receiv*"), "after": (0, "relapse_after")})
    assert cues.find("patients received oral") == {"given"}
    assert cues.find("received one two three") == frozenset()
    assert cues.find("at relapse after") == {"after"}


def test_a_document_that_says_nothing_is_of_no_kind() -> None:
    """Without a word on either therapy or on a study, relevance is `neither`, and the design isn't guessed."""
    fields = study_fields(annotate(Document(id="empty", title="Untitled", text="No abstract is available.")))
    assert fields.relevance == "neither"
    assert fields.design.type == "other"
    assert fields.population.treated is None


@pytest.mark.parametrize(
    "title",
    [
        "Autologous transplantation in double-hit multiple myeloma",
        "One-unit versus two-unit cord blood transplantation",
    ],
)
def test_what_is_double_is_not_always_a_second_transplant(title: str) -> None:
    """Double-hit disease and two units of cord blood make no sequence of transplants."""
    text = "Patients underwent autologous transplantation or cord blood transplantation and were followed for a year."
    assert fields_of(text, title).sequence == ()
