"""What words tell of a grade without naming it as a figure's own: `never above grade 2`, `all of grade 1`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_EXCEEDING = (
    r"(?:above|beyond|past|over|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|passed|in excess of"
    r"|(?:higher|worse|greater|more|severer) than)"
)
_NEVER = re.compile(
    r"\b(?:(?:never|not|n't|none|without|nowhere|in no (?:case|instance|patient|one))\b(?: [a-z]+){0,3}?"
    rf"|no(?= (?:higher|worse|greater|more|severer))) {_EXCEEDING} (?:a )?$",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|always|each|both|only|exclusively)(?: of (?:them|these|which))?(?: (?:of|were|was|being|in))*$",
    re.IGNORECASE,
)
_WITHOUT_EXCEPTION = re.compile(
    r"(?: events?| cases?)?(?: throughout| without exception| only| each|,? in (?:all|every|each))\b", re.IGNORECASE
)
_EXCEPT = re.compile(r"[^.;]{0,30}\b(?:except|but for|save|bar|apart from|other than)\b", re.IGNORECASE)
_JOINED = re.compile(
    r"[\s)\]%]*(?:patients?|children|cases|of them)?(?:[,;:(-]|\band\b|\bbut\b)?\s*"
    r"(?:it |they |which )?(?:was |were |did )?(?:of )?",
    re.IGNORECASE,
)
_BACK = 70
_NEAR = 25


def bounded(scene: Scene, found: Sequence[Found], grades: Sequence[Candidate]) -> None:
    """Give figures the grades that words behind them allow: `CRS in 12 (40%), never above grade 2` is of <=2.

    What never exceeded a grade is none of a higher one (for `none`), and of grade 1 up to it for those who had it.
    """
    told = list(_bounds(scene, grades))
    for f in found:
        if f.figure.kind in ("none", "ratio") or f.figure.value == 0:
            continue
        for phrase, stated, bound in told:
            turned_round = f.grade == stated and bound is not stated
            if turned_round or (f.grade is None and _right_behind(scene, f, phrase)):
                f.grade, f.links["grade"] = bound, "grade-bound"


def _bounds(scene: Scene, grades: Sequence[Candidate]) -> Iterator[tuple[int, Candidate, Candidate]]:
    """Yield where each phrase that bounds a grade begins, the grade as stated, and the grades that it allows."""
    for g in grades:
        before = scene.levelled[max(0, g.start - _BACK) : g.start]
        never = _NEVER.search(before)
        everyone = _ALL.search(before.rstrip())
        if never and g.name.startswith(">="):
            highest = int(g.name[2:]) - 1
            yield g.start - len(before) + never.start(), g, replace(g, name="1" if highest == 1 else f"<={highest}")
        elif everyone and not _EXCEPT.match(scene.levelled, g.end):
            yield g.start - len(before) + everyone.start(), g, g
        elif _WITHOUT_EXCEPTION.match(scene.levelled, g.end) and not _EXCEPT.match(scene.levelled, g.end):
            yield g.start, g, g


def _right_behind(scene: Scene, f: Found, offset: int) -> bool:
    """Whether nothing but a joint stands between a figure, or the name of its measure, and an offset."""
    ends = [f.figure.end, *([f.span[1]] if f.span else [])]
    return any(
        end <= offset <= end + _NEAR and _JOINED.fullmatch(scene.levelled, end, offset) is not None for end in ends
    )


def of_others(scene: Scene, found: Sequence[Found]) -> None:
    """Take from figures a grade that stands before another measure, where their own measure follows them.

    `20% for grade 2-4 acute GVHD, 34% for chronic GVHD`: the second has none.
    """
    for f in found:
        if f.grade is None or f.span is None or not f.grade.end <= f.figure.start < f.figure.end <= f.span[0]:
            continue
        named = next((m for m in scene.measures if f.grade.end <= m.start <= f.grade.end + 1), None)
        if named is None or named.name == f.measure or named.end > f.figure.start:
            continue
        if scene.layout.sentence_index(named.start) == scene.layout.sentence_index(f.figure.start):
            f.grade = None
            f.links.pop("grade")
