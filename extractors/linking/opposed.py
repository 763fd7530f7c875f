"""Figures set against each other, `65% with A v 50% with B`: they report the same, of different arms.

Two figures that a sentence has for one thing without such a word (`58% and 85%`, `38% without and in 9% with it`) lean
to different arms too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

from extractors.linking.arm_pairs import ALL
from extractors.linking.chains import between_alike, chains
from extractors.linking.choosing import in_front, likeliness, shares_of
from extractors.linking.contrasts import Told
from extractors.linking.enumerations import CONTRAST
from extractors.linking.pairs import Ranked
from extractors.linking.scene import Scene

_MOST = 3
_WITHIN = 110
_LEANING = math.log(6)
"""How much likelier two arms are than one, for two figures that a sentence has for one thing; in log-odds."""


def set_against(scene: Scene, figures: Iterable[int]) -> Iterator[list[int]]:
    """Yield the figures (of the given ones, by index, in order) that a sentence sets against each other."""
    for group in chains(sorted(figures), lambda a, b: _against(scene, a, b)):
        if len(group) > 1:
            yield group


def _against(scene: Scene, a: int, b: int) -> bool:
    gap = None if scene.figures[a].kind == "ratio" else between_alike(scene, a, b)
    return gap is not None and CONTRAST.search(gap) is not None


def of_different_arms(scene: Scene, reports: Mapping[int, Told], ranked: Ranked) -> Ranked:
    """Return the figures' arms, likeliest first; figures set against each other get the likeliest different ones.

    `reports` tells what each figure, by its index, reports.
    """
    made = dict(ranked)
    for group in set_against(scene, reports):
        if len(group) <= _MOST and len({reports[i] for i in group}) == 1:
            made |= _apart(group, ranked, dict.fromkeys(group, ALL))
    for pair in _told_twice(scene, reports):
        chosen = {i: made[i][0][1] for i in pair if made.get(i)}
        if len(chosen) == len(pair) and len(set(chosen.values())) == 1 and ALL not in chosen.values():
            made |= _apart(pair, made, chosen, _LEANING)
    return made


def _told_twice(scene: Scene, reports: Mapping[int, Told]) -> Iterator[list[int]]:
    """Yield the pairs of figures, near each other, that are all that a sentence has for one report."""
    alike: dict[tuple[int, Told], list[int]] = defaultdict(list)
    for i in sorted(reports):
        alike[scene.layout.sentence_index(scene.figures[i].start), reports[i]].append(i)
    for pair in alike.values():
        if len(pair) == 2:
            one, other = (scene.figures[i] for i in pair)
            near = other.start - one.end <= _WITHIN and (one.value, one.n) != (other.value, other.n)
            if near and one.kind != "ratio":
                yield pair


def _apart(group: Sequence[int], ranked: Ranked, instead: Mapping[int, str], leaning: float = 0.0) -> Ranked:
    """Return the likeliest different arms of a group, in front of their others; nothing where `instead` is likelier.

    `leaning` is what speaks for different arms beforehand, in log-odds.
    """
    shares, every = shares_of(group, ranked)
    names = [name for name in every if name != ALL]
    if len(names) < len(group):
        return {}
    choices = (dict(zip(group, chosen, strict=True)) for chosen in permutations(names, len(group)))
    best = max(choices, key=lambda chosen: likeliness(shares, chosen))
    if likeliness(shares, best) + leaning <= likeliness(shares, instead):
        return {}
    return in_front(ranked, best)
