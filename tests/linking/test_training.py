"""Training material: the passages' mark-up, the alignment of reference outcomes with figures, and when labels agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractors.annotation import annotate
from extractors.arms import arm_key
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.training import passages
from extractors.training.alignment import align
from extractors.training.arms import names_of_arms
from extractors.training.corpus import examples
from extractors.training.labels import is_entered, same_grade, same_time

PASSAGES = """# Blood or marrow
@arms PBSC (118) | BM (109)
Chronic GVHD: {54%|chronic-gvhd|t=3 years|a=PBSC} v {37%|chronic-gvhd|t=3 years|a=BM}; median age 40 years.
---
# One group
{Two of nine|acute-gvhd|g=2-4} had GVHD.
---
"""


def test_a_share_of_the_passages_is_taken_from_each_file(tmp_path: Path) -> None:
    """Of every two passages one: each further file begins with another; the numbers have no gaps."""
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(PASSAGES, encoding="utf-8")
    paths = [tmp_path / "first.txt", tmp_path / "second.txt"]
    taken = list(examples(paths, every=2))
    assert [(e.number, e.record["id"]) for e in taken] == [(0, "first-0"), (1, "second-1")]
    assert len(list(examples(paths))) == 4
    assert not any(e.reference for e in taken)


def outcome(**given: Any) -> dict[str, Any]:
    """Return a reference outcome with what the alignment looks at."""
    blank: dict[str, Any] = {
        "measure": "overall-survival",
        "statistic": "proportion",
        "n": None,
        "N": None,
        "unit": "%",
    }
    return {**blank, **given}


def aligned(text: str, *outcomes: dict[str, Any]) -> dict[int, str]:
    """Return the words of the figure that each outcome was aligned with."""
    figures = scene(annotate(Document(id="a", title="", text=text))).figures
    return {k: text[figures[i].start : figures[i].end] for k, i in align(text, outcomes, figures).items()}


def test_passages_are_read_with_their_marks(tmp_path: Path) -> None:
    """A passage gives its title, its arms with sizes, its text without marks, and outcomes at their offsets."""
    path = tmp_path / "own.txt"
    path.write_text(PASSAGES, encoding="utf-8")
    first, second = passages.records(path)
    assert (first["id"], first["title"]) == ("own-0", "Blood or marrow")
    assert first["arms"] == [{"label": "PBSC", "n": 118}, {"label": "BM", "n": 109}]
    assert first["text"] == "Chronic GVHD: 54% v 37%; median age 40 years."
    assert [first["text"][o["start"] : o["end"]] for o in first["outcomes"]] == ["54%", "37%"]
    assert [o["arm"] for o in first["outcomes"]] == ["PBSC", "BM"]
    assert first["outcomes"][0]["time"] == {"value": 3.0, "unit": "year"}
    assert second["arms"] == [{"label": "all", "n": None}]
    assert second["outcomes"][0]["grade"] == "2-4"


def test_marked_figures_are_the_examples_gold(tmp_path: Path) -> None:
    """Each marked figure is known by its index; those unmarked have no outcome."""
    path = tmp_path / "own.txt"
    path.write_text(PASSAGES, encoding="utf-8")
    first, second = examples([path])
    words = {
        first.scene.text[first.scene.figures[i].start : first.scene.figures[i].end]: o for i, o in first.gold.items()
    }
    assert {w.rstrip("%"): o["arm"] for w, o in words.items()} == {"54": "PBSC", "37": "BM"}
    assert [o["measure"] for o in second.gold.values()] == ["acute-gvhd"]


def test_the_projects_own_passages_can_be_read(root: Path) -> None:
    """Every passage has a text, and marks that name a measure and stand where they say."""
    for path in sorted((root / "training" / "passages").glob("*.txt")):
        for record in passages.records(path):
            assert record["text"], record["id"]
            assert "{" not in record["text"], record["id"]
            assert all(0 <= o["start"] < o["end"] <= len(record["text"]) for o in record["outcomes"]), record["id"]


def test_outcomes_find_their_figure_in_the_quote() -> None:
    """A value is looked for in the outcome's quote alone; two outcomes never share a figure."""
    text = "At baseline 68% were men. OS was 68% and EFS 68%."
    found = aligned(
        text,
        outcome(value=68, quote="OS was 68%"),
        outcome(value=68, quote="EFS 68%", measure="event-free-survival"),
        outcome(value=12, quote="OS was 68%"),
    )
    assert sorted(found) == [0, 1]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Alive: 19 of 28 patients.", {"value": 67.9, "n": 19, "N": 28}),
        ("OS was 0.68.", {"value": 68}),
        ("Median OS was 12 months.", {"value": 1, "unit": "year", "statistic": "median"}),
        ("Hazard ratio 0.62 (95% CI, 0.4-0.9).", {"value": 0.62, "unit": None, "statistic": "hazard-ratio"}),
        ("Manufacturing failed in 5%.", {"value": 95, "measure": "manufacturing-success"}),
    ],
)
def test_one_value_has_many_prints(text: str, given: dict[str, Any]) -> None:
    """A share may stand as n of N or as a fraction, a median in another unit, success as its failures."""
    assert len(aligned(text, outcome(quote=text, **given))) == 1


def test_times_agree_within_a_twentieth() -> None:
    """A year is twelve months; no time agrees with none alone."""
    year = {"time": {"value": 1, "unit": "year"}}
    assert same_time(year, "12 month")
    assert not same_time(year, "24 month")
    assert not same_time(year, None)
    assert same_time({"time": None}, None)


def test_grades_agree_in_any_notation() -> None:
    """Grade 3-4 is grade 3 or higher; any grade is none."""
    assert same_grade({"grade": "3-4"}, ">=3")
    assert same_grade({"grade": None}, "any")
    assert not same_grade({"grade": "3-4"}, ">=2")
    assert [is_entered(m) for m in ("relapse", "other", "none")] == [True, False, False]


def test_a_passage_may_say_what_the_study_is(tmp_path: Path) -> None:
    """The line `@study` gives the fields of a reference record, and is no part of the text."""
    path = tmp_path / "own.txt"
    path.write_text(
        '# Title\n@study {"relevance": "hsct", "design": {"type": "phase-2-trial"}}\nNobody died.', encoding="utf-8"
    )
    (record,) = passages.records(path)
    assert (record["relevance"], record["design"], record["text"]) == (
        "hsct",
        {"type": "phase-2-trial"},
        "Nobody died.",
    )


def _of(names: dict[str, list[str]], *labels: str) -> dict[str, Any]:
    return {"arms": [{"label": x} for x in ("all", *labels)], "names": names}


def test_labels_in_other_words_have_the_likest_name() -> None:
    """A reference label has the names of the same group; where there is none, that with most of its words."""
    names = [arm_key(x) for x in ("haplo", "matched unrelated donors", "unrelated", "sibling")]
    found = names_of_arms(_of({}, "haplo group", "matched unrelated or cord", "placebo"), names, {})
    assert found["haplo group"] == {arm_key("haplo")}
    assert found["matched unrelated or cord"] == {arm_key("matched unrelated donors")}
    assert found["placebo"] == frozenset()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("not bridged", "no bridged"),
        ("without bridging", "no bridging"),
        ("bridged to HSCT", "bridged"),
        ("younger than 30 years", "<30 years"),
        ("aged 30 to 45 years", "30-45 years"),
    ],
)
def test_labels_are_read_as_names_are(label: str, name: str) -> None:
    """Negations and thresholds of a label are put as those of candidates are, and function words left out."""
    names = [arm_key(name), arm_key("sibling")]
    assert names_of_arms(_of({}, label), names, {}) == {label: frozenset([arm_key(name)])}


def test_a_passage_says_by_which_words_its_arms_are_named(tmp_path: Path) -> None:
    """The line `@names` gives names of labels that the text doesn't have; such a name is of no other label."""
    path = tmp_path / "own.txt"
    path.write_text(
        "# Title\n@arms RT | watch\n@names RT = irradiated ; radiotherapy\nIn 3 irradiated of 5.", encoding="utf-8"
    )
    (record,) = passages.records(path)
    assert record["names"] == {"RT": ["irradiated", "radiotherapy"]}
    assert record["text"] == "In 3 irradiated of 5."
    names = [arm_key(x) for x in ("irradiated", "radiotherapy", "watched")]
    assert names_of_arms(record, names, {})["RT"] == set(names[:2])
