"""Time points that no number beside a figure tells: words that refer to one, headings, best responses."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import time_candidates
from extractors.linking.time_words import follow_headings, without_time
from extractors.outcome_links import Found


def _scene(text: str) -> Scene:
    return scene(annotate(Document(id="t", title="Transplantation", text=text)))


def _found(of: Scene, words: str, time: str | None = None) -> Found:
    index, figure = next((i, f) for i, f in enumerate(of.figures) if words in of.text[f.start : f.end])
    found = Found(index, figure, "overall-response", None, 0.9)
    found.time = next((t for t in time_candidates(of) if t.name == time), None)
    return found


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Relapse at 3 years was 18%; survival at that time was 69%.", ["3 year", "3 year"]),
        ("By day 100 31% had GVHD. In the same period 8 died; by then 9 had relapsed.", ["100 day"] * 3),
        ("At that time survival was 69%.", []),
        ("Patients were followed for a median of 3 years. At that time 69% were alive.", []),
    ],
)
def test_words_refer_to_the_time_point_before(text: str, times: list[str]) -> None:
    """`At that time` is a candidate of its own place with the value of the time point named last before it."""
    of = _scene(text)
    assert [t.name for t in time_candidates(of)] == times
    assert [t.by for t in time_candidates(of)[1:]] == ["time-reference"] * (len(times) - 1 if times else 0)


@pytest.mark.parametrize(
    ("text", "words", "time"),
    [
        ("By day 100\n- Acute GVHD: 58%\n- Relapse: 9%", "9%", "100 day"),
        ("Month 12:\n- Survival: 93%\n- Relapse at 6 months: 9%", "93%", "12 month"),
        ("Response at day 28 was assessed by two masked readers\n- Complete: 9%", "9%", None),
        ("Response\n- Complete: 9%", "9%", None),
        ("By day 100 12% had relapsed\n- Acute GVHD: 9%", "9%", None),
    ],
)
def test_a_heading_that_is_a_time_point_holds_for_the_lines_below(text: str, words: str, time: str | None) -> None:
    """A figure without a time point has that of the heading above its line, if this is little more than that."""
    of = _scene(text)
    found = _found(of, words)
    follow_headings(of, [found], time_candidates(of))
    assert (found.time and found.time.name) == time


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("At day 28 CR was 48%; best response, 79%.", "79%", False),
        ("MRD negativity was 57% by month 6 and 64% at any time.", "64%", False),
        ("MRD negativity was 57% by month 6 and 64% at any time.", "57%", True),
        ("The best response was 79% at 6 months.", "79%", True),
        ("The best response by 6 months was 79%.", "79%", True),
        ("At day 28 CR was 48%.", "48%", True),
    ],
)
def test_a_best_response_has_no_time_point(text: str, words: str, kept: bool) -> None:
    """A figure of the best response, or of any time, keeps only a time point that stands with it."""
    of = _scene(text)
    time = time_candidates(of)[0].name
    found = _found(of, words, time)
    without_time(of, [found])
    assert (found.time is not None) == kept
