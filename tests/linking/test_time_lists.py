"""Rows of figures that take their time points from a list before them."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.linking.spans import time_candidates
from extractors.linking.time_lists import follow_lists
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
