"""The words around a figure, as features of a linear model: which words, on which side, how near; and that model.

Words are levelled (`extractors.levelling`), so that spellings of one word agree; numbers become `#`.
"""

from __future__ import annotations

import base64
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.joining import Figure
from extractors.levelling import Word
from extractors.linking.layout import Layout

_FAR, _NEAR = 12, 3


class Wording:
    """The words of one document, to be asked for the features of its figures."""

    def __init__(self, layout: Layout, levelled: Sequence[Word], title: Sequence[Word]) -> None:
        self._layout = layout
        self._words = ["#" if w.lower.isdigit() else w.lower for w in levelled]
        self._starts = [w.start for w in levelled]
        self._title = sorted({"T:" + w.lower for w in title if w.lower.isalpha()})

    def features(self, figure: Figure) -> list[str]:
        """Return the feature names of `figure`, each once, in a fixed order."""
        lay = self._layout
        first, last = lay.sentences[lay.sentence_index(figure.start)]
        a, b = bisect_left(self._starts, first), bisect_left(self._starts, last)
        left = self._words[a : bisect_left(self._starts, figure.start)]
        right = self._words[bisect_left(self._starts, figure.end) : b]
        near_left, near_right = left[-_FAR:], right[:_FAR]
        found = [f"K:{figure.kind}"]
        found += [f"S:{w}" for w in (*left, *right) if w != "#"]
        found += [f"L:{w}" for w in near_left] + [f"R:{w}" for w in near_right]
        found += [f"l{min(k, 2)}:{w}" for k, w in enumerate(reversed(near_left[-_NEAR:]))]
        found += [f"r{min(k, 2)}:{w}" for k, w in enumerate(near_right[:_NEAR])]
        found += [f"LL:{x} {y}" for x, y in pairwise(near_left)]
        found += [f"RR:{x} {y}" for x, y in pairwise(near_right)]
        found += self._heading(figure, first)
        return list(dict.fromkeys(found))

    def _heading(self, figure: Figure, sentence_start: int) -> list[str]:
        """Return the words of the line's opening (a heading or bullet) and of the sentence before."""
        line = self._layout.text.rfind("\n", 0, figure.start) + 1
        a = bisect_left(self._starts, line)
        opening = [f"H:{w}" for w in self._words[a : a + 4]]
        b = bisect_left(self._starts, sentence_start)
        return opening + [f"P:{w}" for w in self._words[max(0, b - 15) : b] if w != "#"]


@dataclass(frozen=True)
class Linear:
    """A multinomial logistic model over named features: `weights` has a row a feature and a column a class."""

    classes: tuple[str, ...]
    index: dict[str, int]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def margins(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the classes' scores for each row of feature names (shape: rows x classes)."""
        known = [[k for k in map(self.index.get, row) if k is not None] for row in rows]
        sums = np.zeros((len(rows), len(self.classes)))
        some = [r for r, found in enumerate(known) if found]
        if some:
            starts = list(accumulate((len(known[r]) for r in some[:-1]), initial=0))
            sums[some] = np.add.reduceat(self.weights[list(chain.from_iterable(known))], starts, axis=0)
        return self.bias + sums

    def probabilities(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the classes' probabilities for each row of feature names (shape: rows x classes); rows sum to 1."""
        margins = self.margins(rows)
        margins -= margins.max(axis=1, keepdims=True, initial=-1e9)
        raised = np.exp(margins)
        return np.asarray(np.round(raised / raised.sum(axis=1, keepdims=True), 6))

    def yes(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the probability of the one class of a binary model for each row (shape: rows)."""
        return np.asarray(np.round(1.0 / (1.0 + np.exp(-self.margins(rows)[:, 0])), 6))


def to_dict(model: Linear) -> dict[str, Any]:
    """Return the model as plain data: names in the order of the rows, weights as compressed half floats."""
    return {
        "classes": list(model.classes),
        "features": list(model.index),
        "bias": [round(float(b), 5) for b in model.bias],
        "weights": base64.b64encode(zlib.compress(model.weights.astype("<f2").tobytes(), 9)).decode("ascii"),
    }


def from_dict(data: dict[str, Any]) -> Linear:
    """Return the model that `to_dict` made."""
    raw = np.frombuffer(zlib.decompress(base64.b64decode(data["weights"])), dtype="<f2").astype(np.float64)
    return Linear(
        classes=tuple(data["classes"]),
        index={name: k for k, name in enumerate(data["features"])},
        weights=raw.reshape(len(data["features"]), len(data["classes"])),
        bias=np.array(data["bias"], dtype=np.float64),
    )
