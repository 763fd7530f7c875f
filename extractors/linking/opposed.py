"""Figures set against each other, `65% with A v 50% with B`: they report the same, of different arms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations

from extractors.linking.arm_pairs import ALL
from extractors.linking.enumerations import CONTRAST, between
from extractors.linking.pairs import VIRTUAL, Ranked
from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_NEAR, _MOST = 60, 3
_FLOOR = 0.01


def set_against(scene: Scene, figures: Iterable[int]) -> Iterator[list[int]]:
    """Yield the figures (of the given ones, by index, in order) that a sentence sets against each other."""
    group: list[int] = []
    ordered = sorted(figures)
    for a, b in pairwise(ordered):
        if _against(scene, a, b):
            group = [*group, b] if group else [a, b]
        elif group:
            yield group
            group = []
    if group:
        yield group


def _against(scene: Scene, a: int, b: int) -> bool:
    one, other = scene.figures[a], scene.figures[b]
    if one.unit != other.unit or one.kind == "ratio" or other.start - one.end > _NEAR:
        return False
    same = scene.layout.sentence_index(one.start) == scene.layout.sentence_index(other.start)
    return same and CONTRAST.search(between(scene, one.end, other.start)) is not None


def of_different_arms(scene: Scene, found: Sequence[Found], ranked: Ranked) -> Ranked:
    """Return the figures' arms, likeliest first; figures set against each other get the likeliest different ones."""
    made = dict(ranked)
    by_index = {f.index: f for f in found}
    for group in set_against(scene, by_index):
        if len(group) <= _MOST and len({_report(by_index[i]) for i in group}) == 1:
            made |= _apart(group, ranked)
    return made


def _report(f: Found) -> tuple[str, str | None, str | None]:
    return f.measure, f.time.name if f.time else None, f.grade.name if f.grade else None


def _apart(group: Sequence[int], ranked: Ranked) -> Ranked:
    """Return the likeliest different arms of a group, in front of their others; nothing where everybody is likelier."""
    shares = {i: {name: score for score, name, _ in ranked[i]} for i in group}
    names = sorted({name for own in shares.values() for name in own} - {ALL})
    if len(names) < len(group):
        return {}
    best = max(
        permutations(names, len(group)), key=lambda chosen: _likeliness(shares, dict(zip(group, chosen, strict=True)))
    )
    chosen = dict(zip(group, best, strict=True))
    if _likeliness(shares, chosen) <= _likeliness(shares, dict.fromkeys(group, ALL)):
        return {}
    return {i: [(1.0, name, VIRTUAL), *(x for x in ranked[i] if x[1] != name)] for i, name in chosen.items()}


def _likeliness(shares: Mapping[int, Mapping[str, float]], chosen: Mapping[int, str]) -> float:
    return sum(math.log(shares[i].get(name, 0.0) + _FLOOR) for i, name in chosen.items())
