"""What the neighbours say: features of a pair from the first scores of the other pairs around it.

Figures and spans compete: a span that another figure claims more strongly, or a figure that another span fits better,
is told so here, and lists show in that one figure's best span follows upon the one before's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.linking.pairs import Pairs

Rows = NDArray[np.float64]

NEIGHBOUR_COLUMNS: tuple[str, ...] = (
    "first score", "rank among the figure's", "best other of the figure's", "best of the span's other figures",
    "span's rank for figures", "name's score for figure before", "name's score for figure after",
    "figure before's best is this span", "figure before's best is the span before",
    "figure after's best is this span", "figure after's best is the span after",
    "figure before's best has this name", "figure after's best has this name",
    "best score before", "best score after", "same name's best",
)  # fmt: skip


def circle_columns(circles: Sequence[str]) -> list[str]:
    """Return the names of the columns that tell the opinions of circles."""
    return [f"{opinion} score of {circle}" for circle in circles for opinion in ("mean", "highest")]


class _Figure(NamedTuple):
    """One figure's pairs: their scores, rising; each name's best score, and those scores, falling; the best pair."""

    scores: list[float]
    names: dict[str, float]
    falling: list[float]
    score: float
    name: str
    candidate: int

    def beside(self, name: str, candidate: int, step: int) -> tuple[float, ...]:
        """Return what it tells a pair of the figure `step` before or behind: `name`'s score, and of its best pair."""
        return (
            self.names.get(name, 0.0), candidate >= 0 and self.candidate == candidate,
            candidate >= 0 and self.candidate == candidate + step, self.name == name, self.score,
        )  # fmt: skip


_NONE = _Figure([], {}, [], 0.0, "", -3)


def neighbour_rows(pairs: Pairs, scores: Rows) -> Rows:
    """Return for each pair the features that its neighbours' first `scores` give.

    Their shape is pairs x NEIGHBOUR_COLUMNS; then two columns for each of the figure's circles: the mean and the
    highest score of the pair's name among them.
    """
    if not pairs.figure:
        return np.zeros((0, len(NEIGHBOUR_COLUMNS)))
    values = scores.tolist()
    of_figure: dict[int, list[int]] = defaultdict(list)
    of_span: dict[tuple[int, str], list[float]] = defaultdict(list)
    for k, (figure, candidate, name) in enumerate(zip(pairs.figure, pairs.candidate, pairs.name, strict=True)):
        of_figure[figure].append(k)
        of_span[candidate, name].append(values[k])
    for claims in of_span.values():
        claims.sort()
    order = sorted(of_figure)
    told = [_NONE, *(_figure(pairs, values, of_figure[figure]) for figure in order), _NONE]
    place = {figure: k for k, figure in enumerate(order, 1)}
    rows = []
    for figure, candidate, name, score in zip(pairs.figure, pairs.candidate, pairs.name, values, strict=True):
        k = place[figure]
        row = _row(candidate, name, score, of_span[candidate, name], told[k - 1 : k + 2])
        circles = pairs.circles.get(figure, ())
        rows.append(
            row + tuple(x for circle in circles for x in _opinion(name, [told[place[i]] for i in circle if i in place]))
        )
    return np.array(rows, dtype=np.float64)


def _opinion(name: str, figures: Sequence[_Figure]) -> tuple[float, float]:
    """Return the mean and the highest score that figures give a name, -1 where there are none."""
    scores = [figure.names.get(name, 0.0) for figure in figures]
    return (sum(scores) / len(scores), max(scores)) if scores else (-1.0, -1.0)


def _figure(pairs: Pairs, values: Sequence[float], mine: Sequence[int]) -> _Figure:
    names: dict[str, float] = {}
    for k in mine:
        names[pairs.name[k]] = max(names.get(pairs.name[k], 0.0), values[k])
    top = max(mine, key=lambda k: (values[k], -k))
    return _Figure(
        sorted(values[k] for k in mine), names, sorted(names.values(), reverse=True),
        values[top], pairs.name[top], pairs.candidate[top],
    )  # fmt: skip


def _row(
    candidate: int, name: str, score: float, claims: Sequence[float], figures: Sequence[_Figure]
) -> tuple[float, ...]:
    """Return the row of a pair; `claims` are its span's rising scores, `figures` the one before, its own, the next.

    The best of the others is the best of all, or the second best where the pair's own is the best.
    """
    before, own, after = figures
    a0, a1, a2, a3, a4 = before.beside(name, candidate, -1)
    b0, b1, b2, b3, b4 = after.beside(name, candidate, 1)
    best = own.names[name]
    other = own.falling[0] if own.falling[0] > best else own.falling[1] if len(own.falling) > 1 else 0.0
    rival = claims[-1] if claims[-1] > score else claims[-2] if len(claims) > 1 else 0.0
    return (
        score, len(own.scores) - bisect_right(own.scores, score), other, rival,
        len(claims) - bisect_right(claims, score),
        a0, b0, a1, a2, b1, b2, a3, b3, a4, b4, best,
    )  # fmt: skip
