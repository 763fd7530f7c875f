"""A figure that is said of a whole list belongs to each measure or arm of it."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.arms import ArmFound
from extractors.document import Document
from extractors.linking.scene import Scene, scene
from extractors.outcome_links import Found
from extractors.sharing import shared


def _scene(text: str) -> Scene:
    return scene(annotate(Document(id="t", title="CAR T cells", text=text)))


def _found(a_scene: Scene, words: str, measure: str, arm: str = "all") -> Found:
    figure = next(f for f in a_scene.figures if words in a_scene.text[f.head.start : f.head.end])
    mention = next(m for m in a_scene.measures if m.name == measure)
    return Found(a_scene.figures.index(figure), figure, measure, (mention.start, mention.end), confidence=0.9, arm=arm)


@pytest.mark.parametrize(
    ("text", "words", "measure", "wanted"),
    [
        ("No CRS or ICANS was seen.", "No", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("No grade ≥3 CRS, ICANS or infection.", "No", "neurotoxicity", {"cytokine-release-syndrome", "infection"}),
        ("CRS and ICANS each had an incidence of 13.2%.", "13.2", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("Both PFS and OS were 19.7 months in the median.", "19.7", "overall-survival", {"progression-free-survival"}),
        ("Median OS and DFS were not reached.", "not reached", "overall-survival", {"disease-free-survival"}),
    ],
)  # fmt: skip
def test_a_figure_of_a_list_is_of_each_measure(text: str, words: str, measure: str, wanted: set[str]) -> None:
    """Where one figure is said of listed measures, each further one gets a copy with its own span."""
    a_scene = _scene(text)
    made = shared(a_scene, [_found(a_scene, words, measure)], [])
    assert {f.measure for f in made} - {measure} == wanted
    assert all(f.span is not None and f.figure is made[0].figure for f in made)


@pytest.mark.parametrize(
    ("text", "words", "measure"),
    [
        ("OS and PFS were 68% and 55%.", "68", "overall-survival"),
        ("CRS and neurotoxicity were common; OS was 68%.", "68", "overall-survival"),
        ("CRS occurred in 13%, and ICANS was rare.", "13", "cytokine-release-syndrome"),
    ],
)
def test_a_figure_of_one_measure_stays_alone(text: str, words: str, measure: str) -> None:
    """Without a word that says so, a figure beside a list is of one measure."""
    a_scene = _scene(text)
    assert len(shared(a_scene, [_found(a_scene, words, measure)], [])) == 1


def test_a_figure_of_either_group_is_of_both_arms() -> None:
    """`14% in either group` is entered for each of the two arms."""
    a_scene = _scene("Deaths were equally frequent, at 14% in either group.")
    arms = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral")]
    found = _found(a_scene, "14", "mortality", "oral")
    assert [f.arm for f in shared(a_scene, [found], arms)] == ["oral", "parenteral"]
