"""Figures of a sentence that tell one result after another, `52% for OS, 30% for PFS and 6% for NRM`: of one group.

Where a sentence names no group and tells nothing twice, its figures lean to the same one (five sentences in six of the
training texts).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from extractors.arms import ArmFound
from extractors.linking.choosing import in_front, likeliness, shares_of
from extractors.linking.contrasts import Told
from extractors.linking.pairs import Ranked
from extractors.linking.scene import Scene

_LEANING = math.log(5)
"""How much likelier one group is than several; in log-odds."""


def of_one_arm(scene: Scene, reports: Mapping[int, Told], ranked: Ranked, arms: Sequence[ArmFound]) -> Ranked:
    """Return the figures' arms, likeliest first; figures told one after another get the likeliest one of them all.

    `reports` tells what each figure, by its index, reports.
    """
    made = dict(ranked)
    for row in _one_after_another(scene, reports, arms):
        if all(made.get(i) for i in row) and len({made[i][0][1] for i in row}) > 1:
            made |= _united(row, made)
    return made


def _one_after_another(scene: Scene, reports: Mapping[int, Told], arms: Sequence[ArmFound]) -> Iterator[list[int]]:
    """Yield the figures of each sentence that names no arm and tells nothing twice."""
    index = scene.layout.sentence_index
    named = {index(start) for a in arms for start, _ in a.mentions}
    sentences: dict[int, list[int]] = defaultdict(list)
    for i in sorted(reports):
        sentences[index(scene.figures[i].start)].append(i)
    for sentence, row in sentences.items():
        if sentence not in named and len({reports[i] for i in row}) == len(row):
            yield row


def _united(row: Sequence[int], ranked: Ranked) -> Ranked:
    """Return the likeliest common arm in front of the figures' others; nothing where their own are likelier by far."""
    shares, names = shares_of(row, ranked)
    together = {name: likeliness(shares, dict.fromkeys(row, name)) for name in names}
    best = max(names, key=together.__getitem__)
    own = {i: ranked[i][0][1] for i in row}
    return {} if together[best] + _LEANING <= likeliness(shares, own) else in_front(ranked, dict.fromkeys(row, best))
