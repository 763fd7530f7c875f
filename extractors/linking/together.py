"""Whose figures are all together: neighbours are weighed two by two, then the groups of all figures chosen at once.

What a figure's own words leave open its neighbours often settle: `52% v 30%` are of two groups, `52% alive, 30% free of
progression` of one, and `65% and 50% at 2 years, 60% and 41% at 5` takes turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.arms import ArmFound
from extractors.linking.chains import between
from extractors.linking.contrasts import Told, contrasts
from extractors.linking.pairs import Ranked
from extractors.linking.scene import Scene

Neighbours = dict[tuple[int, int], tuple[float, ...]]
"""The features of two figures, by their indices."""

_BETWEEN = tuple(
    "and or but while whereas versus vs v against than compared rather with without in for of at by to from after among"
    " was were is are had not no non a an the that which it these this corresponding one two three other others"
    " former latter first second respectively both either all whole any more less including group groups arm arms"
    " cohort patients recipients those controls p median month months year years day days grade overall complete hazard"
    " ratio odds hr ; : , . / + • \n".split(" ")
)
_BEHIND = tuple("and versus vs v compared than with without in group arm respectively".split())
_BEFORE = tuple("with without in for after among of group arm cohort others former latter overall all both".split())
_TOKEN = re.compile(r"[a-z]+|[;:,./+•\n]")
_REACH = 60

_REPORT_COLUMNS = (
    "told alike", "measure alike", "measures' group alike", "time alike", "grade alike", "family alike", "unit alike",
    "value alike", "total alike", "row alike", "first is ratio", "second is ratio",
)  # fmt: skip
_PLACE_COLUMNS = (
    "apart", "sentences apart", "characters between", "words between", "first's place", "figures", "reports",
    "first's sentence's figures", "second's sentence's figures", "first's alike here", "second's alike here",
    "first's place among alike", "second's place among alike", "first's alike anywhere", "second's alike anywhere",
    "first's way into sentence", "second's way into sentence",
)  # fmt: skip
_BESIDE_COLUMNS = (
    "one between alike first", "one between alike second", "one between measures first", "one between measures second",
    "one before alike first", "one before alike second", "one behind alike first", "one behind alike second",
)  # fmt: skip
_NAME_COLUMNS = (
    "arms", "arms here", "names between", "arms between", "names before", "names behind", "before is between",
    "before isn't between", "behind is between", "behind isn't between", "before is behind", "arms change between",
    "name behind first", "name before second", "name before first", "name behind second",
)  # fmt: skip
TOGETHER_COLUMNS = (
    *_REPORT_COLUMNS, *_PLACE_COLUMNS, *_BESIDE_COLUMNS, *_NAME_COLUMNS, *(f"between: {w!r}" for w in _BETWEEN),
    *(f"behind: {w}" for w in _BEHIND), *(f"before: {w}" for w in _BEFORE),
)  # fmt: skip

_WEIGHTS = (0.5, 0.25)
"""What the odds of two figures next to each other, and next but one, count beside a figure's own, which know some of
the same."""
_SPREAD = 0.5
"""The power of the number of other arms that what speaks for different arms is divided by."""
_FLOOR, _SUREST = 0.01, 0.999


def neighbours(scene: Scene, reports: Mapping[int, Told], arms: Sequence[ArmFound]) -> Neighbours:
    """Return the features (TOGETHER_COLUMNS) of all figures in `reports` that stand next to each other or next but one.

    `reports` tells what each figure, by its index, reports.
    """
    row = _Row(scene, reports, arms)
    return {(row.order[p], row.order[q]): row.features(p, q) for p, q in _near(len(row.order))}


def settled(ranked: Ranked, alike: Mapping[tuple[int, int], float]) -> dict[int, str]:
    """Return the arm of each figure, by its index, so that all together are likeliest.

    `ranked` has each figure's possible arms with their shares, `alike` the probability that two figures next to each
    other, or next but one, are of one arm.
    """
    figures = sorted(ranked)
    shares = [{name: share for share, name, _ in ranked[i]} for i in figures]
    names = sorted({name for own in shares for name in own})
    if not names:
        return {}
    likely = _log(np.array([[own.get(name, 0.0) for name in names] for own in shares]) + _FLOOR)
    next_to, over_one = (
        [weight * _ties(alike[pair], len(names)) for pair in zip(figures, figures[k:], strict=False)]
        for k, weight in enumerate(_WEIGHTS, start=1)
    )
    return {i: names[k] for i, k in zip(figures, _path(likely, next_to, over_one), strict=True)}


def _near(count: int) -> Iterator[tuple[int, int]]:
    return ((p, q) for p in range(count) for q in range(p + 1, min(p + len(_WEIGHTS), count - 1) + 1))


def _ties(alike: float, count: int) -> NDArray[np.float64]:
    """Return what each pair of arms of two figures counts (arms x arms): on the diagonal both are of one."""
    sure = min(max(alike, 1 - _SUREST), _SUREST)
    return _log(np.where(np.eye(count, dtype=bool), sure, (1 - sure) / max(1, count - 1) ** _SPREAD))


def _log(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logarithms without their last digits, which aren't the same on every processor."""
    return np.asarray(np.round(np.log(shares), 9))


def _path(
    own: NDArray[np.float64], next_to: Sequence[NDArray[np.float64]], over_one: Sequence[NDArray[np.float64]]
) -> list[int]:
    """Return the columns of the best path through the rows of `own`, by Viterbi's algorithm of the second order."""
    if len(own) == 1:
        return [int(own[0].argmax())]
    best = own[0][:, None] + own[1] + next_to[0]  # by the arms of the last two figures
    back = []
    for k in range(2, len(own)):
        through = best[:, :, None] + over_one[k - 2][:, None, :]
        back.append(through.argmax(axis=0))
        best = through.max(axis=0) + next_to[k - 1] + own[k]
    last = divmod(int(best.argmax()), own.shape[1])
    path = [last[1], last[0]]
    for step in reversed(back):
        path.append(int(step[path[-1], path[-2]]))
    return path[::-1]


class _Row:
    """The figures of a document in order, with what is told of them and who is named between them."""

    def __init__(self, scene: Scene, reports: Mapping[int, Told], arms: Sequence[ArmFound]) -> None:
        self._scene, self._arms = scene, len(arms)
        self.order = sorted(reports)
        self._figures = [scene.figures[i] for i in self.order]
        self._told = [reports[i] for i in self.order]
        self._run = [int(scene.figure_table.places.run[i]) for i in self.order]
        self._sentence = [scene.layout.sentence_index(f.start) for f in self._figures]
        self._names = sorted((start, end, a.label) for a in arms for start, end in a.mentions)
        self._in_sentence = Counter(self._sentence)
        self._anywhere = Counter(self._told)
        found = contrasts(scene, reports)
        self._contrasts = [found[i] for i in self.order]

    def features(self, p: int, q: int) -> tuple[float, ...]:
        """Return TOGETHER_COLUMNS of the figures at two places of the order."""
        row = (*self._reports(p, q), *self._places(p, q), *self._beside(p, q), *self._named(p, q), *self._words(p, q))
        return tuple(map(float, row))

    def _reports(self, p: int, q: int) -> tuple[float, ...]:
        a, b, one, other = self._told[p], self._told[q], self._figures[p], self._figures[q]
        totals = one.total is not None and other.total is not None
        return (
            a == b, a.measure == b.measure, a.group == b.group, a.time == b.time, a.grade == b.grade,
            a.family == b.family, one.unit == other.unit, one.value == other.value,
            (1 if one.total == other.total else -1) if totals else 0, self._run[p] == self._run[q],
            one.kind == "ratio", other.kind == "ratio",
        )  # fmt: skip

    def _places(self, p: int, q: int) -> tuple[float, ...]:
        one, other, first, second = self._figures[p], self._figures[q], self._sentence[p], self._sentence[q]
        gap = self._scene.levelled[one.end : other.start]
        a, b = self._contrasts[p], self._contrasts[q]
        return (
            q - p, second - first, len(gap), gap.count(" "), p, len(self.order), len(self._anywhere),
            self._in_sentence[first], self._in_sentence[second], a.alike, b.alike, a.place, b.place,
            self._anywhere[a.told], self._anywhere[b.told], one.start - self._bounds(p)[0],
            other.start - self._bounds(q)[0],
        )  # fmt: skip

    def _beside(self, p: int, q: int) -> tuple[float, ...]:
        """Tell how the figures between, before and behind compare; -1 where there is none."""
        told, a, b = self._told, self._told[p], self._told[q]
        row: list[float] = []
        middle = told[p + 1] if q - p > 1 else None
        row += [-1] * 4 if middle is None else [
            middle == a, middle == b, middle.measure == a.measure, middle.measure == b.measure
        ]  # fmt: skip
        for other in (told[p - 1] if p else None, told[q + 1] if q + 1 < len(told) else None):
            row += [-1] * 2 if other is None else [other == a, other == b]
        return tuple(row)

    def _named(self, p: int, q: int) -> tuple[float, ...]:
        """Tell which arms are named before, between and behind the figures, within their sentences."""
        one, other = self._figures[p], self._figures[q]
        start, end = self._bounds(p)[0], self._bounds(q)[1]
        stop = min(end, self._figures[q + 1].start) if q + 1 < len(self.order) else end
        here = [n for n in self._names if start <= n[0] < end]
        before = [n for n in here if n[1] <= one.start]
        middle = [n for n in here if one.end <= n[0] and n[1] <= other.start]
        behind = [n for n in here if other.end <= n[0] < stop]
        last = before[-1][2] if before else None
        first, final = (middle[0][2], middle[-1][2]) if middle else (None, None)
        following = behind[0][2] if behind else None
        return (
            self._arms, len({n[2] for n in here}), len(middle), len({n[2] for n in middle}), len(before), len(behind),
            first is not None and last == first, None not in (first, last) and last != first,
            final is not None and final == following, None not in (final, following) and final != following,
            last is not None and last == following, first != final,
            middle[0][0] - one.end if middle else -1, other.start - middle[-1][1] if middle else -1,
            one.start - before[-1][1] if before else -1, behind[0][0] - other.end if behind else -1,
        )  # fmt: skip

    def _words(self, p: int, q: int) -> Iterator[float]:
        text, one, other = self._scene.levelled, self._figures[p], self._figures[q]
        start = max(self._bounds(p)[0], self._figures[p - 1].end if p else 0)
        for words, cues in (
            (between(self._scene, one.end, other.start), _BETWEEN),
            (text[other.end : min(self._bounds(q)[1], other.end + _REACH)], _BEHIND),
            (text[start : one.start], _BEFORE),
        ):
            found = set(_TOKEN.findall(words.lower()))
            yield from (cue in found for cue in cues)

    def _bounds(self, p: int) -> tuple[int, int]:
        return self._scene.layout.sentences[self._sentence[p]]
