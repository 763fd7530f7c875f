"""Whom a study is about: numbers of patients, ages, lines, diseases, and how long they were followed."""

from __future__ import annotations

import pytest

from extractors.ages import ages, median_age
from extractors.annotation import annotate
from extractors.candidates import candidate_features, candidates
from extractors.document import Document
from extractors.follow_up import follow_up
from extractors.prior_lines import median_prior_lines
from extractors.sizes import size_features, sizes
from tests.studies import annotated, fields_of


def test_a_dose_in_a_name_is_no_size() -> None:
    """The number behind a drug's name is its dose, unless patients follow."""
    document = annotate(Document("t", "Melphalan 100 conditioning in adults", "After axi-cel 30 patients died of 64."))
    assert [size.value for size in sizes(document)] == [30, 64]


def test_features_of_a_total_and_its_parts() -> None:
    """A number that the next ones add up to is told from one beside another group's."""
    document = annotated("In total 62 patients, 22 with a sibling and 40 with an unrelated donor, were grafted.")
    found = sizes(document)
    rows = dict(zip((s.value for s in found), size_features(document, found), strict=True))
    assert "the sum of those behind it" in rows[62]
    assert "the sum of those behind it" not in rows[22]
    assert "behind: another group" in rows[22]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("The median age was 41 years (range, 18-65).", 41),
        ("They were aged 4 to 83 years (median 56).", 56),
        ("The patients were 32 years old in the median.", 32),
        ("Median age was 18 months.", 1.5),
        ("BuFlu: median age 37 years; BuCy: median age 35 years.", None),
        ("The median survival was 12 months.", None),
    ],
)
def test_median_age(text: str, age: float | None) -> None:
    """In years, of the whole study: two arms' ages are none."""
    found = median_age(text)
    assert (found and found[0]) == age


def test_ages_are_bounds() -> None:
    """Ranges, lower and upper bounds and single ages are told apart."""
    kinds = {
        (a.kind, a.low, a.high)
        for a in ages("patients aged 18 to 65 years; those older than 60 years; a 22-year-old man")
    }
    assert {("between", 18.0, 65.0), ("from", 60.0, 120.0), ("at", 22.0, 22.0)} <= kinds


def test_a_title_settles_age_and_status() -> None:
    """What the title says plainly of the patients holds, whatever the models make of the rest."""
    people = fields_of("The outcome was good.", "Transplantation in children with newly diagnosed lymphoma").population
    assert "pediatric" in people.age_group
    assert "newly-diagnosed" in people.disease_status


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a median of 3 prior lines of therapy", 3),
        ("They had had a median of two earlier lines.", 2),
        ("The median number of previous lines was four (range 1–11).", 4),
        ("a median of 3 cycles", None),
    ],
)
def test_prior_lines(text: str, lines: float | None) -> None:
    """Digits and words; cycles aren't lines."""
    found = median_prior_lines(text)
    assert (found and found[0]) == lines


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("At a median follow-up of 21.1 months, survival was 78%.", (21.1, None, None, "month")),
        ("With 38.1 months of median follow-up (range, 0.5-62.8), OS was 71%.", (38.1, 0.5, 62.8, "month")),
        ("Median follow-up, 33 months; range, 4.3-42.1.", (33, 4.3, 42.1, "month")),
        ("Survivors were followed for a median of 45 months (range 9–160 months).", (45, 9, 160, "month")),
        ("Median follow-up: 55.0 months (IQR, 46.5-69.0).", (55, None, None, "month")),
        ("Followed for 2.3 to 13.4 years (median, 6.9 years), all are alive.", (6.9, 2.3, 13.4, "year")),
        ("They were followed for a median of 11.8, 8.1, and 4.2 years, respectively.", (None, None, None, None)),
        ("Survival at 12 months was 70%.", (None, None, None, None)),
    ],
)
def test_follow_up_in_its_wordings(text: str, stated: tuple[float | None, ...]) -> None:
    """Medians and ranges are read in any order; interquartile ranges and lists over arms aren't."""
    found, anchors = follow_up(annotated(text))
    assert (found.median, found.min, found.max, found.unit) == stated
    assert set(anchors) == {
        f"follow_up.{k}" for k, v in zip(("median", "min", "max"), stated, strict=False) if v is not None
    }


def test_an_antigen_is_no_disease() -> None:
    """`CLL-1` is an antigen and `HLH-2004` a protocol; a candidate's features name what it's a kind of."""
    document = annotated("CLL-1 CAR T cells were given for acute myeloid leukemia after the HLH-2004 protocol.")
    found = candidates(document, "condition")
    assert [c.name for c in found] == ["acute myeloid leukemia"]
    assert any(name.startswith("under ") for name in candidate_features(document, found)[0])
