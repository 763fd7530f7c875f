"""Lists that take their time points from a list before: `OS at 2 and 5 years: 89% and 70%. PFS: 68% and 47%`.

Figures of one measure that stand in a row without time points of their own report different times, or different
groups. Where the sentence says that they follow an order, and an earlier list of times is as long as the row, each
takes its place's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from extractors.arms.referring import EACH_GROUP
from extractors.linking.enumerations import IN_ORDER
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import TIME_EXTRAS
from extractors.outcome_links import Found

_LISTED = re.compile(r"[\s,;/]*(?:and|or|&)?[\s,;/]*(?:at |to )?", re.IGNORECASE)
_ROW = re.compile(r"[\s,;/%()]*(?:and|or|&|then|to)?[\s,;/(]*(?:\d[\d.]*\s?%?[\s,;)]*)?", re.IGNORECASE)
_SAME_TIMES = re.compile(r"\b(?:the|these|those) (?:same |corresponding )?(?:time )?(?:points|times)\b", re.IGNORECASE)
_AT = re.compile(rf"[\s)\]%]*(?:in {EACH_GROUP},? )?(?:(?:at|by) (?:both )?|both (?:at )?)", re.IGNORECASE)
_AT_ALL = re.compile(
    r"[\s)\]%]*(?:at|for) (?:both|each|all|either)(?: of (?:the|these))? (?:time ?)?(?:points?|times)\b", re.IGNORECASE
)
_SAME = re.compile(r",?\s*(?:and )?(?:was |were )?(?:the same|unchanged|identical) (?:at|by) ", re.IGNORECASE)
_FOLLOWS = re.compile(r"^[\s)\]%]*(?:,|and|or|/|vs?\.?|versus)[\s]*(?:and )?$", re.IGNORECASE)
_REACH, _BEHIND = 60, 30
_RESPECTIVE = re.compile(r"\b(?:respective|corresponding)\b", re.IGNORECASE)
_BACK = 3
_NEAR_FOLLOW_UP, _DAYS = TIME_EXTRAS.index("near follow-up"), TIME_EXTRAS.index("days")
_EARLIEST = 28


def follow_lists(scene: Scene, found: Sequence[Found], times: Sequence[Candidate], groups: int) -> None:
    """Give figures in a row the time points of the list before them; `groups` is the number of arms."""
    lists = _lists(scene, times)
    for row in _rows(scene, found):
        words = scene.sentence(row[0].figure.start)
        told = _SAME_TIMES.search(words) or (IN_ORDER.search(words) and len(row) != groups)
        if not told or len({f.time.name for f in row if f.time}) > 1:
            continue
        sentence = scene.layout.sentence_index(row[0].figure.start)
        fitting = [
            x
            for x in lists
            if len(x) == len(row)
            and x[-1].end <= row[0].figure.start
            and sentence - scene.layout.sentence_index(x[0].start) <= _BACK
        ]
        if fitting:
            for f, time in zip(row, fitting[-1], strict=True):
                f.time, f.links["time"] = time, "list-order"


def follow_rows(scene: Scene, found: Sequence[Found], times: Sequence[Candidate]) -> None:
    """Give a row of shares or ratios the time points of the row before: `PFS 76% at 1 and 49% at 3 years, OS 92%, 70%`.

    Where the row before is as long and tells a different time point of each, and this one has none of its own; in the
    next sentence, where that says so (`The respective OS figures were 43% and 38%`).
    """
    stated = [t for t in times if not any(f.figure.start <= t.start < f.figure.end for f in found)]
    for before, row in pairwise(_alike_in_sentence(scene, found)):
        if len(before) == len(row) > 1 and _goes_on(scene, before, row) and not _own_times(before, row, stated):
            for f, model in zip(row, before, strict=True):
                f.time, f.links["time"] = model.time, "list-order"


def _alike_in_sentence(scene: Scene, found: Sequence[Found]) -> list[list[Found]]:
    """Return the shares, and the ratios, of one measure that follow upon each other in a sentence."""
    kept = [f for f in found if f.figure.unit == "%" or f.figure.kind == "ratio"]
    alike = groupby(kept, lambda f: (scene.layout.sentence_index(f.figure.start), f.measure, f.figure.kind == "ratio"))
    return [list(row) for _, row in alike]


def _goes_on(scene: Scene, before: Sequence[Found], row: Sequence[Found]) -> bool:
    """Whether a row goes on with what the one before tells, each of whose figures has another time point."""
    gone = scene.layout.sentence_index(row[0].figure.start) - scene.layout.sentence_index(before[0].figure.start)
    words = scene.sentence(row[0].figure.start)
    said = _RESPECTIVE.search(words) or _SAME_TIMES.search(words) or IN_ORDER.search(words)
    told = {f.time.name for f in before if f.time}
    return len(told) == len(before) and (gone == 0 or (gone == 1 and said is not None))


def _own_times(before: Sequence[Found], row: Sequence[Found], times: Sequence[Candidate]) -> bool:
    """Whether time points of its own stand between the row before and the end of a row."""
    others = {(f.time.start, f.time.end) for f in before if f.time}
    start, end = before[-1].figure.end, row[-1].figure.end + _BEHIND
    return any(start <= t.start < end and (t.start, t.end) not in others for t in times)


def same_times(scene: Scene, f: Found, times: Sequence[Candidate]) -> list[Candidate]:
    """Return the time points that one figure is said of: `94% at both 1 and 2 years`, `70% at 1 year, the same at 2`.

    `94% at both time points` is of the list named last before it in its sentence. Empty where it's said of one only, or
    where several figures share the list.
    """
    start, end = f.figure.start, f.figure.end
    if _AT_ALL.match(scene.levelled, end):
        first, _ = scene.layout.sentences[scene.layout.sentence_index(start)]
        before = [x for x in _lists(scene, times) if first <= x[0].start and x[-1].end <= start]
        return before[-1] if before else []
    shares = any(_FOLLOWS.search(scene.levelled[g.end : start]) for g in scene.figures if start - 40 < g.end <= start)
    behind = [t for t in times if end <= t.start < end + _REACH]
    if shares or not behind or not _AT.fullmatch(scene.levelled[end : behind[0].start]):
        return []
    row = [behind[0]]
    for time in behind[1:]:
        between = scene.levelled[row[-1].end : time.start]
        if not (_LISTED.fullmatch(between) or _SAME.fullmatch(between)):
            break
        row.append(time)
    return row if len({t.name for t in row}) == len(row) > 1 else []


def _lists(scene: Scene, times: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the lists of different time points, in order."""
    made: list[list[Candidate]] = []
    for k, time in enumerate(times):
        if k and _LISTED.fullmatch(scene.levelled[times[k - 1].end : time.start]):
            made[-1].append(time)
        else:
            made.append([time])
    return [x for x in made if len({t.name for t in x}) == len(x) > 1 and not any(map(_never, x))]


def _never(time: Candidate) -> bool:
    """Whether a time is no time point of results: a follow-up, or a day of treatment."""
    return bool(time.extra[_NEAR_FOLLOW_UP]) or time.extra[_DAYS] < _EARLIEST


def _rows(scene: Scene, found: Sequence[Found]) -> list[list[Found]]:
    """Return the shares of one measure that stand side by side in one sentence."""
    return [
        row
        for row in _alike_in_sentence(scene, [f for f in found if f.figure.kind != "ratio"])
        if len(row) > 1 and all(_ROW.fullmatch(scene.levelled[a.figure.end : b.figure.start]) for a, b in pairwise(row))
    ]
