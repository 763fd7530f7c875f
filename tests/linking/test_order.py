"""Lists of figures keep the order of the list they follow."""

from __future__ import annotations

import numpy as np

from extractors.linking.features import PAIR_FEATURES
from extractors.linking.order import in_list_order
from extractors.linking.pairs import Pairs

_ALIGNED, _PLACE = PAIR_FEATURES.index("aligned"), PAIR_FEATURES.index("figure run place")


def _table() -> Pairs:
    pairs, rows = Pairs(), []
    for figure in range(3):
        for span, name in enumerate(("overall-survival", "relapse", "non-relapse-mortality")):
            row = [0.0] * len(PAIR_FEATURES)
            row[_ALIGNED], row[_PLACE] = float(figure == span), float(figure)
            pairs.add(figure, span, name, [])
            rows.append(row)
    pairs.rows = np.array(rows)
    return pairs


def test_the_odd_figure_of_a_list_follows_the_others() -> None:
    """Where two of three figures take the span at their own place, the third does so too."""
    scores = np.array([0.9, 0.1, 0.1, 0.1, 0.4, 0.8, 0.1, 0.1, 0.9])
    lifted = in_list_order(_table(), scores)
    assert [int(np.argmax(lifted[k : k + 3])) for k in (0, 3, 6)] == [0, 1, 2]


def test_a_list_that_agrees_nowhere_is_left_alone() -> None:
    """Where no figure takes the span at its own place, order is no evidence and the scores stay."""
    scores = np.array([0.1, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1])
    assert in_list_order(_table(), scores).tolist() == scores.tolist()


def test_an_impossible_pair_is_not_lifted() -> None:
    """A pair that the model rules out stays out, whatever the order says."""
    scores = np.array([0.9, 0.1, 0.1, 0.1, 0.001, 0.8, 0.1, 0.1, 0.9])
    assert in_list_order(_table(), scores)[4] == 0.001
