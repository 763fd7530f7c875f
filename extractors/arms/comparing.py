"""A group alone is no comparison: where the text speaks of whoever isn't in the only one found, they're the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.arms.candidates import ArmCandidate
from extractors.arms.designations import REST
from extractors.arms.grouping import ArmFound, arms_of
from extractors.arms.names import Key, arm_key

_REST = arm_key(REST)


def compared_arms(
    candidates: Sequence[ArmCandidate], scores: Sequence[float], shorts: Mapping[Key, Key], threshold: float
) -> list[ArmFound]:
    """Return the arms among the candidates, in the order of the text; beside one alone also the rest, if told of."""
    found = arms_of(candidates, scores, shorts, threshold)
    if len(found) != 1:
        return found
    raised = [max(s, threshold) if c.key == _REST else s for c, s in zip(candidates, scores, strict=True)]
    return arms_of(candidates, raised, shorts, threshold)
