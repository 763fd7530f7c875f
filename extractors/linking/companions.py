"""Figures that stand or fall together: `38% with A and 25% with B`, `1.7, 1.9 and 1.4 months`, `between 9% and 67%`.

Of neighbours of one kind that a sentence sets against each other or lists, either all are outcomes or none is (97 pairs
in 100 of the training texts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.linking.chains import between, chains
from extractors.linking.enumerations import CONTRAST
from extractors.linking.scene import Scene
from extractors.odds import Shares, log_odds, probability

_LISTED = re.compile(r"\s*(?:,|/|-|to|(?:,\s*)?(?:and|or))\s*")
_EACH_WITH_ITS_OWN = re.compile(r"\s*(?:in|for|with|after|of|at|by)\b[^,.;]{0,25}(?:,|,?\s+and)\s+")
_NEAR = 60
_DRAWN = 0.5
"""How far a figure's log-odds are drawn to the mean of its companions."""


def drawn_together(scene: Scene, entered: Shares) -> Shares:
    """Return the probabilities of the figures, those of companions drawn together; in the order of the figures."""
    odds = log_odds(entered)
    for row in _companions(scene):
        odds[row] += _DRAWN * (odds[row].mean() - odds[row])
    return probability(odds)


def _companions(scene: Scene) -> Iterator[list[int]]:
    """Yield the figures (by index, in order) that stand or fall together."""
    for row in chains(range(len(scene.figures)), lambda i, j: _together(scene, i, j)):
        if len(row) > 1:
            yield row


def _together(scene: Scene, i: int, j: int) -> bool:
    one, other, sentence = scene.figures[i], scene.figures[j], scene.layout.sentence_index
    if one.unit is None or one.unit != other.unit or other.start - one.end > _NEAR:
        return False
    if sentence(one.start) != sentence(other.start):
        return False
    gap = between(scene, one.end, other.start)
    return bool(_LISTED.fullmatch(gap) or CONTRAST.search(gap) or _EACH_WITH_ITS_OWN.fullmatch(gap))
