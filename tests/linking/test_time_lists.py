"""Rows of figures that take their time points from a list before them; one figure for several time points."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.linking.spans import time_candidates
from extractors.linking.time_lists import follow_lists, follow_rows, same_times
from extractors.outcome_links import Found


@pytest.mark.parametrize(
    ("row", "groups", "times"),
    [
        ("PFS was 68%, 47% and 31% at the same time points.", 0, ["2 year", "5 year", "10 year"]),
        ("PFS was 68%, 47% and 31%, respectively.", 0, ["2 year", "5 year", "10 year"]),
        ("PFS was 68%, 47% and 31%, respectively.", 3, [None, None, None]),
        ("PFS was 68%, 47% and 31% in the three groups.", 0, [None, None, None]),
        ("PFS was 68% and 47%, respectively.", 0, [None, None]),
    ],
)
def test_a_row_follows_the_list_of_times(row: str, groups: int, times: list[str | None]) -> None:
    """A row as long as the list of times before it takes them in order where its sentence says so."""
    text = f"OS at 2, 5, and 10 years was 89%, 70% and 55%. {row}"
    a_scene = scene(annotate(Document(id="t", title="Transplantation", text=text)))
    start = text.index("PFS")
    found = [
        Found(i, f, "progression-free-survival", None, 0.9)
        for i, f in enumerate(a_scene.figures)
        if f.start > start and f.unit == "%"
    ]
    follow_lists(a_scene, found, time_candidates(a_scene), groups)
    assert [f.time and f.time.name for f in found] == times


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Survival was 94% (90% CI, 88-100) at both 1 and 2 years.", ["1 year", "2 year"]),
        ("Survival was 92% (95% CI, 83-100) at 1, 2, and 3 years.", ["1 year", "2 year", "3 year"]),
        ("Survival was 70% at 1 year and the same at 2 years.", ["1 year", "2 year"]),
        ("Survival was 61% (45% to 82%) both 100 days and 6 months after infusion.", ["100 day", "6 month"]),
        ("One-year and 2-year survival was high (94% at both time points).", ["1 year", "2 year"]),
        ("Survival was the same, 94% in either group, at 1 and at 2 years.", ["1 year", "2 year"]),
        ("Survival was 94% at both time points.", []),
        ("Survival was 70% at 1 year.", []),
        ("Survival was 70% and 60% at 1 and 2 years.", []),
        ("Survival was 70% at 1 year; relapse was 12% at 2 years.", []),
    ],
)
def test_a_figure_said_of_several_times_has_each(text: str, names: list[str]) -> None:
    """A single figure before a list of time points is of each of them; figures that share the list are not."""
    of = scene(annotate(Document("t", "", text)))
    last = max(i for i, f in enumerate(of.figures) if f.unit == "%" and f.value != 12)
    times = same_times(of, Found(last, of.figures[last], "overall-survival", None, 1.0), time_candidates(of))
    assert [t.name for t in times] == names


@pytest.mark.parametrize(
    ("second", "times"),
    [
        ("The respective overall survival figures were 43% and 38%.", ["1 year", "2 year"]),
        ("Overall survival figures were 43% and 38%.", [None, None]),  # of two groups, it may be
        ("The respective overall survival figures were 43%, 38% and 30%.", [None, None, None]),
        ("; OS was 43% and 38%.", ["1 year", "2 year"]),
        ("The respective figures for OS were 8.5 months, 43% and 38%.", ["1 year", "2 year"]),
        ("; OS was 43% and 38% at 3 years.", [None, None]),
    ],
)
def test_a_row_takes_the_times_of_the_row_before(second: str, times: list[str | None]) -> None:
    """A row in the sentence, and `the respective figures` in the next, have the times of the row before, if as many."""
    joined = second if second.startswith(";") else f". {second}"
    of = scene(annotate(Document("t", "", f"PFS was 45% at 1 year and 29% at 2 years{joined}")))
    shares = [i for i, f in enumerate(of.figures) if f.unit == "%"]
    found = [
        Found(i, of.figures[i], "progression-free-survival" if k < 2 else "overall-survival", None, 1.0)
        for k, i in enumerate(shares)
    ]
    found += [Found(i, f, "overall-survival", None, 1.0) for i, f in enumerate(of.figures) if f.value == 8.5]
    candidates = time_candidates(of)
    named = {t.name: t for t in candidates}
    found[0].time, found[1].time = named["1 year"], named["2 year"]
    follow_rows(of, found, candidates)
    assert [f.time.name if f.time else None for f in found[2:] if f.figure.unit == "%"] == times
