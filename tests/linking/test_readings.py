"""Readings: the statistic, value and unit of a linked figure, by its form and the words around it."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.outcome_links import Found
from extractors.readings import reading


@pytest.mark.parametrize(
    ("text", "words", "measure", "read"),
    [
        ("OS was better (HR 0.40; 95% CI, 0.31-0.51).", "0.40", "overall-survival", ("hazard-ratio", 0.4, None)),
        (
            "Odds ratios were lower for CRS (odds ratio, 0.08 and 0.16); HR for OS 0.9.",
            "0.16", "cytokine-release-syndrome", ("odds-ratio", 0.16, None),
        ),
        (
            "Donor (HR 4.3, 95% CI 2.6-7.3) counted. RIC was inferior (1.97, 1.15-3.36; p=0.013).",
            "1.97", "event-free-survival", ("hazard-ratio", 1.97, None),
        ),
        (
            "LFS (HR = 0.15). MRD-negative patients gained in OS (0.57, 95% CI, 0.33-0.99, P = 0.045).",
            "0.57", "overall-survival", ("hazard-ratio", 0.57, None),
        ),
        (
            "The probability of relapse-free survival was 0.58 with 12 Gy.",
            "0.58", "relapse-free-survival", ("proportion", 58.0, "%"),
        ),
        (
            "Probabilities of relapse were 0.25 with 12 Gy and 0.00 with 15 Gy.",
            "0.00", "relapse", ("proportion", 0.0, "%"),
        ),
        ("Hazard ratios were 2.21 for MDS and 1.31 (0.96-1.79) for others.", "1.31", "relapse",
         ("hazard-ratio", 1.31, None)),
        ("The hazard of death was 1.24 (0.93-1.66) in the middle group.", "1.24", "mortality",
         ("hazard-ratio", 1.24, None)),
        ("Late referral multiplied the odds of death by 3.12 (2.52-3.86).", "3.12", "mortality",
         ("odds-ratio", 3.12, None)),
        ("Cox regression was used. CBV was worse for PFS (1.37, 95% CI, 1.01-1.86).", "1.37",
         "progression-free-survival", ("hazard-ratio", 1.37, None)),
        ("Hazard ratios for PFS: TP53, 2.0 (1.2-3.5).", "2.0", "progression-free-survival",
         ("hazard-ratio", 2.0, None)),
        ("Nonrelapse mortality was lower too (-6.3; 95% CI, -10.2 to -2.6).", "6.3", "non-relapse-mortality",
         ("difference", -6.3, None)),
        ("Mean scores fell to 52.0 points.", "52.0", "quality-of-life", ("mean", 52.0, None)),
        ("After a median follow-up of 48 months, 79 deaths were seen.", "79", "mortality", ("count", 79.0, None)),
        ("Four died: three of lymphoma, between two and eight months.", "three", "mortality", ("count", 3.0, None)),
        ("NRM 14%, with no difference in relapse (25% vs 24%).", "25", "relapse", ("proportion", 25.0, "%")),
        ("There was no difference in relapse (25% and 24%).", "25", "relapse", ("proportion", 25.0, "%")),
        ("The difference in relapse (19%) was significant.", "19", "relapse", ("difference", 19.0, "%")),
        ("CR 25% v 12% (19% difference by the same method).", "19%", "complete-response", ("difference", 19.0, "%")),
        (
            "an estimated difference, on adjusted analysis, of 23%",
            "23%", "overall-survival", ("difference", 23.0, "%"),
        ),
        ("Neutrophils engrafted after 11.7±1.8 days.", "11.7", "neutrophil-engraftment", ("mean", 11.7, "day")),
        (
            "Neutrophils engrafted after a median of 11.7±1.8 days.",
            "11.7", "neutrophil-engraftment", ("median", 11.7, "day"),
        ),
        (
            "Events (median follow-up 33.8 months): progression 1, relapse 3, death 9.",
            "3, death", "relapse", ("count", 3.0, None),
        ),
        (
            "During a median follow-up of 5.5 months, 11 patients remained free of relapse.",
            "11", "relapse-free-survival", ("count", 11.0, None),
        ),
        ("The stay was 4.4 v 13.3 days.", "4.4", "hospitalization", ("median", 4.4, "day")),
        ("The mean score fell to 95.46 at week 2.", "95.46", "quality-of-life", ("mean", 95.46, None)),
        ("The mean cost was $20,500.", "20,500", "cost", ("mean", 20500.0, None)),
        ("Through day 100 the median cost was $20,500.", "20,500", "cost", ("median", 20500.0, None)),
        ("BeEAM saved $21,200 per transplant.", "21,200", "cost", ("difference", 21200.0, None)),
        ("CAR T cells gained 1.73 QALYs.", "1.73", "quality-of-life", ("difference", 1.73, None)),
        ("A patient could expect 4.7 QALYs.", "4.7", "quality-of-life", ("mean", 4.7, None)),
        ("at an additional cost of $166,643", "166,643", "cost", ("difference", 166643.0, None)),
    ],
)  # fmt: skip
def test_figures_are_read_by_the_words_around_them(
    text: str, words: str, measure: str, read: tuple[str, float | None, str | None]
) -> None:
    """Ratios take the nearest name, differences and means their words; counts stay counts beside lengths of time."""
    of = scene(annotate(Document("t", "", text)))
    index = next(i for i, f in enumerate(of.figures) if of.text[f.head.start :].startswith(words))
    assert reading(of, Found(index, of.figures[index], measure, None, 1.0)) == read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Mortality fell (risk difference: -6.5%, 95% CI -10.7 to -2.3).", -6.5),
        ("The between-group difference was 6.5%.", 6.5),
        ("The groups differed, the between-group difference being -6.82 (95% CI, -13.48 to -0.16).", -6.82),
    ],
)
def test_differences_keep_their_sign(text: str, value: float) -> None:
    """A minus before a difference is its sign."""
    of = scene(annotate(Document("t", "", text)))
    assert reading(of, Found(0, of.figures[0], "mortality", None, 1.0))[:2] == ("difference", value)
