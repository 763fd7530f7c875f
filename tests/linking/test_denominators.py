"""Denominators of shares that the text doesn't print beside them."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.denominators import Sizes, counted, denominator
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.outcome_links import Found


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("The CR rate was 90% [95% CI, 84-95%] in ALL (n = 297).", 297),
        ("The CR rate was 90% in ALL but 47% in NHL (n = 137).", 116),  # the size behind is NHL's
        ("The CR rate was 90% in all patients (n = 19).", 116),  # who responded, not who there were
    ],
)
def test_a_size_behind_the_groups_name_comes_first(text: str, total: int) -> None:
    """A size in brackets behind the group that a share is said of is its denominator, whatever the arm's is."""
    of = scene(annotate(Document("t", "", text)))
    index = next(i for i, f in enumerate(of.figures) if f.value == 90)
    found = Found(index, of.figures[index], "complete-response", None, 1.0, arm="ALL")
    assert denominator(of, found, None, 90.0, Sizes({"ALL": 116}, grouped=True)) == total


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("All patients but two responded.", (91.7, 22, 24)),
        ("CRS developed in all but one.", (95.8, 23, 24)),
        ("In the elderly cohort CRS developed in all but one.", None),  # not all of the study
        ("CRS developed in 15, and had resolved in all but one.", None),  # but one of the fifteen
        ("CRS developed in all but twenty.", None),  # hardly of 24
    ],
)
def test_all_but_some_are_counted_from_the_whole(text: str, said: tuple[float, int, int] | None) -> None:
    """All but some are N less these, where N is plain; else nothing is entered, least of all those left out."""
    of = scene(annotate(Document("t", "", text)))
    index = next(i for i, f in enumerate(of.figures) if f.left_out)
    found = Found(index, of.figures[index], "cytokine-release-syndrome", None, 1.0)
    made = [f.figure for f in counted(of, [found], Sizes(whole=(24,)))]
    assert [(f.value, f.n, f.total) for f in made] == ([] if said is None else [said])


def test_all_but_some_are_nothing_beside_their_percentage() -> None:
    """Where the sentence gives the share in percent, that is the figure."""
    of = scene(annotate(Document("t", "", "All but one had CRS, which makes 95.8%.")))
    two = [Found(i, f, "cytokine-release-syndrome", None, 1.0) for i, f in enumerate(of.figures)]
    assert [f.figure.kind for f in counted(of, two, Sizes(whole=(24,)))] == ["percent"]


def test_one_told_of_by_his_place_has_no_denominator() -> None:
    """The tenth is one of ten just told of, not of the whole study."""
    of = scene(annotate(Document("t", "", "Nine engrafted; the tenth rejected the graft.")))
    index = next(i for i, f in enumerate(of.figures) if f.head.form == "place")
    found = Found(index, of.figures[index], "graft-failure", None, 1.0)
    assert denominator(of, found, 1, None, Sizes(whole=(24,))) is None
