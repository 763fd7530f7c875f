"""Lists keep their order: where most figures of a list take the span at their own place, the others do so too.

`OS, relapse and NRM were 65%, 25% and 12%`: if 65% goes with OS and 12% with NRM, then 25% goes with relapse.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from extractors.linking.features import PAIR_FEATURES
from extractors.linking.pairs import Pairs

Scores = NDArray[np.float64]

_ALIGNED, _PLACE = PAIR_FEATURES.index("aligned"), PAIR_FEATURES.index("figure run place")
_LEAST = 0.02
_ABOVE = 1e-6


def in_list_order(pairs: Pairs, scores: Scores) -> Scores:
    """Return the scores; pairs at the same place of two lists are lifted to the top where half their list agrees."""
    if not pairs.figure:
        return scores
    best: dict[int, int] = {}
    aligned: dict[int, dict[int, int]] = defaultdict(dict)
    values = scores.tolist()
    for k, figure in enumerate(pairs.figure):
        if figure not in best or values[k] > values[best[figure]]:
            best[figure] = k
    for k in np.flatnonzero(pairs.rows[:, _ALIGNED]).tolist():
        figure = pairs.figure[k]
        aligned[figure - int(pairs.rows[k, _PLACE])][figure] = k
    lifted = scores.copy()
    for members in aligned.values():
        agreeing = sum(best[figure] == k for figure, k in members.items())
        if 2 * agreeing >= len(members):
            for figure, k in members.items():
                if best[figure] != k and scores[k] >= _LEAST:
                    lifted[k] = scores[best[figure]] + _ABOVE
    return lifted
