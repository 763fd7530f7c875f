"""Lists of grades that figures follow, words that bound a grade, and words that refer to one named before."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.features import Candidate
from extractors.linking.grade_lists import follow_grade_lists
from extractors.linking.grade_words import bounded, of_others
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import grade_candidates
from extractors.outcome_links import Found


def _scene(text: str) -> Scene:
    return scene(annotate(Document("t", "", text)))


def _found(of: Scene, grade: Candidate | None = None, kinds: tuple[str, ...] = ("percent", "number")) -> list[Found]:
    return [
        Found(i, f, "acute-gvhd", None, 1.0, grade=grade)
        for i, f in enumerate(of.figures)
        if f.kind in kinds or f.unit == "%"
    ]


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("Grade II-IV and III-IV acute GVHD was seen in 31% and 12%.", ["2-4", "3-4"]),
        ("Grade 2-4 and 3-4 GVHD was 31% vs 22% and 12% vs 9%.", ["2-4", "2-4", "3-4", "3-4"]),
        ("Grade II-IV and III-IV GVHD was 31% and 12%, compared with 22% and 9%.", ["2-4", "3-4", "2-4", "3-4"]),
        ("Grade II-IV/III-IV aGVHD: 31%/12% with PBSC, 22%/9% with marrow.", ["2-4", "3-4", "2-4", "3-4"]),
        ("GVHD of grades II, III and IV arose in 40%, 12% and 3%.", ["2", "3", "4"]),
        ("Grade II-IV and III-IV GVHD was seen in 31%, 22% and 12%.", [None, None, None]),
        ("Grade II-IV GVHD was 31%, grade III-IV 12% and 9%.", [None, None, None]),
    ],
)
def test_figures_follow_a_list_of_grades(text: str, grades: list[str | None]) -> None:
    """Figures of one measure take the grades of the list before them in order, and again where turns are contrasted."""
    of = _scene(text)
    found = _found(of)
    follow_grade_lists(of, found, grade_candidates(of))
    assert [f.grade and f.grade.name for f in found] == grades


def test_a_list_is_of_the_first_measure_behind_it() -> None:
    """Figures of another measure don't follow the list, and don't disturb it."""
    of = _scene("Grade II-IV and III-IV acute GVHD was seen in 31% and 12%, chronic GVHD in 40%.")
    found = _found(of)
    found[-1].measure = "chronic-gvhd"
    follow_grade_lists(of, found, grade_candidates(of))
    assert [f.grade and f.grade.name for f in found] == ["2-4", "3-4", None]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("CRS arose in 40%, never above grade 2.", "<=2"),
        ("CRS arose in 40% and did not exceed grade 1.", "1"),
        ("CRS arose in 40% (no worse than grade 2).", "<=2"),
        ("CRS arose in 40%, none of them beyond grade 1.", "1"),
        ("CRS arose in 40%, all of grade 1 or 2.", "1-2"),
        ("CRS arose in 40% and was of grade 1 or 2 without exception.", "1-2"),
        ("CRS arose in 40%, all of grade 1 but for one event.", None),
        ("CRS arose in 40%, in two patients above grade 2.", None),
        ("CRS arose in 40%; there were no infusion reactions above grade 2.", None),
    ],
)
def test_words_behind_a_figure_bound_its_grade(text: str, grade: str | None) -> None:
    """What never exceeded a grade, or was of one throughout, is of the grades that this allows."""
    of = _scene(text)
    found = _found(of)[:1]
    bounded(of, found, grade_candidates(of))
    assert [f.grade and f.grade.name for f in found] == [grade]


def test_a_bound_taken_for_the_grade_is_turned_round() -> None:
    """`Never above grade 2` is grade 3 or more for nobody, and grade 1-2 for those who had it."""
    of = _scene("CRS, never above grade 2, arose in 40%.")
    (stated,) = grade_candidates(of)
    assert stated.name == ">=3"
    found = _found(of, stated, kinds=("none", "percent"))
    bounded(of, found, [stated])
    assert [(f.figure.kind, f.grade and f.grade.name) for f in found] == [("none", ">=3"), ("percent", "<=2")]


def test_words_behind_the_name_bound_the_grade_too() -> None:
    """A clause that hangs on the measure's name speaks of its figures, wherever they stand."""
    of = _scene("In 40% there was CRS, which never exceeded grade 1.")
    found = _found(of)[0]
    found.span = (of.text.index("CRS"), of.text.index(", which"))
    bounded(of, [found], grade_candidates(of))
    assert found.grade and found.grade.name == "1"


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Rates were 20% for grade 2-4 acute GVHD and {34%} for chronic GVHD.", None),
        ("There was grade 3 neutropenia in 20% and {34%} had chronic GVHD.", None),
        ("Of moderate or severe degree, {34%} had chronic GVHD.", "moderate-severe"),
    ],
)
def test_a_grade_before_another_measure_is_that_measures(text: str, grade: str | None) -> None:
    """A figure whose own measure follows it has no grade that stands before the name of another."""
    of = _scene(text.replace("{", "").replace("}", ""))
    found = next(f for f in _found(of, grade_candidates(of)[0]) if f.figure.start == text.index("{"))
    found.measure, found.links["grade"] = "chronic-gvhd", "link-model"
    found.span = (of.text.index("chronic"), len(of.text) - 1)
    of_others(of, [found])
    assert (found.grade and found.grade.name) == grade


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CRS of grade 3 or more occurred in 9%, ICANS of the same severity in 4%.", [">=3", ">=3"]),
        ("Grade 3-4 anemia was seen in 40%, neutropenia of like degree in 70%.", ["3-4", "3-4"]),
        ("CRS was of any grade in 80% and of grade 3 in 9%; these grades of ICANS are rare.", ["any", "3"]),
        ("ICANS of the same severity occurred in 4%.", []),
    ],
)
def test_words_refer_to_the_grade_before(text: str, names: list[str]) -> None:
    """`Of the same severity` stands for the grade named last before; without one it stands for none."""
    assert [g.name for g in grade_candidates(_scene(text))] == names
