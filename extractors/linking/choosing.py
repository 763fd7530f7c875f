"""Choosing the arms of several figures together: how likely a choice is, and what it makes of their ranking."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from extractors.linking.pairs import VIRTUAL, Ranked

_FLOOR = 0.01

ArmShares = Mapping[int, Mapping[str, float]]
"""For each figure, by its index, the share of each arm."""


def shares_of(figures: Iterable[int], ranked: Ranked) -> tuple[ArmShares, list[str]]:
    """Return the shares of the figures' arms, and the names of all these arms in order."""
    shares = {i: {name: score for score, name, _ in ranked[i]} for i in figures}
    return shares, sorted({name for own in shares.values() for name in own})


def likeliness(shares: ArmShares, chosen: Mapping[int, str]) -> float:
    """Return how likely a choice of arms is for figures; in logarithms."""
    return sum(math.log(shares[i].get(name, 0.0) + _FLOOR) for i, name in chosen.items())


def in_front(ranked: Ranked, chosen: Mapping[int, str]) -> Ranked:
    """Return the ranking of the figures chosen for, what was chosen in front of their other arms."""
    return {i: [(1.0, name, VIRTUAL), *(x for x in ranked[i] if x[1] != name)] for i, name in chosen.items()}
