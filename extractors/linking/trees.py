"""Gradient-boosted trees as plain numbers: read from a small file, evaluated with numpy alone.

Comparisons and additions in a fixed order, in 64-bit floats: the same rows give the same scores on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """An ensemble: flat node arrays of all trees one after another; leaves point at themselves.

    `feature`, `threshold`, `left`, `right`, `value` have one entry a node; `roots` the trees' first nodes; `depth` the
    longest path; `names` the features' names in the order of the columns.
    """

    names: tuple[str, ...]
    base: float
    feature: NDArray[np.int32]
    threshold: Rows
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Rows
    roots: NDArray[np.int32]
    depth: int
    scale: float = 1.0
    shift: float = 0.0

    @cached_property
    def _child(self) -> NDArray[np.intp]:
        """The right and the left child of each node, one after another."""
        return np.column_stack([self.right, self.left]).astype(np.intp).ravel()

    def margins(self, rows: Rows) -> Rows:
        """Return the log-odds of each row (shape: rows)."""
        count, width = rows.shape
        if count == 0:
            return np.zeros(0)
        values, first = rows.ravel(), (np.arange(count) * width)[:, None]  # flat: `take` is much faster than indexing
        node = np.broadcast_to(self.roots, (count, len(self.roots)))
        for _ in range(self.depth):
            goes_left = values.take(self.feature.take(node) + first) <= self.threshold.take(node)
            node = self._child.take(2 * node + goes_left)
        terms = np.column_stack([np.full(count, self.base), self.value.take(node)])
        return np.asarray(
            np.cumsum(terms, axis=1)[:, -1]
        )  # one after another, so that the rounding is the same everywhere

    def probabilities(self, rows: Rows) -> Rows:
        """Return the calibrated probability of each row (shape: rows)."""
        margin = self.margins(rows) * self.scale + self.shift
        return np.asarray(np.round(1.0 / (1.0 + np.exp(-margin)), 6))


def from_dict(data: dict[str, Any]) -> Trees:
    """Return the ensemble that `data` (as `to_dict` in `extractors.training` wrote it) describes."""
    nodes = data["nodes"]
    return Trees(
        names=tuple(data["features"]),
        base=float(data["base"]),
        feature=np.array(nodes["feature"], dtype=np.int32),
        threshold=np.array(nodes["threshold"], dtype=np.float64),
        left=np.array(nodes["left"], dtype=np.int32),
        right=np.array(nodes["right"], dtype=np.int32),
        value=np.array(nodes["value"], dtype=np.float64),
        roots=np.array(data["roots"], dtype=np.int32),
        depth=int(data["depth"]),
        scale=float(data.get("scale", 1.0)),
        shift=float(data.get("shift", 0.0)),
    )
