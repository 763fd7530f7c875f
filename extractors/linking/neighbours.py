"""What the neighbours say: features of a pair from the first scores of the other pairs around it.

Figures and spans compete: a span that another figure claims more strongly, or a figure that another span fits better,
is told so here, and lists show in that one figure's best span follows upon the one before's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

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


def neighbour_rows(pairs: Pairs, scores: Rows) -> Rows:
    """Return for each pair the features that its neighbours' first `scores` give (pairs x NEIGHBOUR_COLUMNS)."""
    if not pairs.figure:
        return np.zeros((0, len(NEIGHBOUR_COLUMNS)))
    values = scores.tolist()
    of_figure: dict[int, list[int]] = defaultdict(list)
    of_span: dict[tuple[int, str], list[int]] = defaultdict(list)
    for k, (figure, candidate, name) in enumerate(zip(pairs.figure, pairs.candidate, pairs.name, strict=True)):
        of_figure[figure].append(k)
        of_span[candidate, name].append(k)
    order = sorted(of_figure)
    best = {figure: max(ks, key=lambda k: (values[k], -k)) for figure, ks in of_figure.items()}
    by_name = {figure: _best_by_name(pairs, values, ks) for figure, ks in of_figure.items()}
    before = dict(zip(order[1:], order, strict=False))
    after = dict(pairwise(order))
    rows = []
    for k, figure in enumerate(pairs.figure):
        rivals = of_span[pairs.candidate[k], pairs.name[k]]
        sides = (before.get(figure), after.get(figure))
        rows.append(_row(k, pairs, values, of_figure[figure], rivals, best, by_name, *sides))
    return np.array(rows, dtype=np.float64)


def _best_by_name(pairs: Pairs, values: Sequence[float], ks: Sequence[int]) -> dict[str, float]:
    found: dict[str, float] = {}
    for k in ks:
        found[pairs.name[k]] = max(found.get(pairs.name[k], 0.0), values[k])
    return found


def _row(
    k: int, pairs: Pairs, values: Sequence[float], mine: Sequence[int], spans: Sequence[int], best: dict[int, int],
    by_name: dict[int, dict[str, float]], before: int | None, after: int | None,
) -> list[float]:  # fmt: skip
    score, name, candidate = values[k], pairs.name[k], pairs.candidate[k]
    others = [values[x] for x in mine if pairs.name[x] != name]
    rivals = [values[x] for x in spans if x != k]
    sides = []
    for side, step in ((before, -1), (after, 1)):
        if side is None:
            sides.append((0.0, 0.0, 0.0, 0.0, 0.0))
            continue
        top = best[side]
        sides.append(
            (
                by_name[side].get(name, 0.0), float(pairs.candidate[top] == candidate >= 0),
                float(candidate >= 0 and pairs.candidate[top] == candidate + step),
                float(pairs.name[top] == name), values[top],
            )
        )  # fmt: skip
    (a0, a1, a2, a3, a4), (b0, b1, b2, b3, b4) = sides
    return [
        score, sum(values[x] > score for x in mine), max(others, default=0.0), max(rivals, default=0.0),
        sum(v > score for v in rivals),
        a0, b0, a1, a2, b1, b2, a3, b3, a4, b4, by_name[pairs.figure[k]][name],
    ]  # fmt: skip
