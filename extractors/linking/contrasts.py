"""Figures that report the same thing are contrasts: `OS was 65% with A and 50% with B`, of two groups or two times.

Where a row of figures tells several measures or time points, all may be of one group; where it tells one thing several
times, each is of another group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractors.joining import Figure
from extractors.linking.features import figure_family
from extractors.linking.scene import Scene


class Told(NamedTuple):
    """What a figure reports, its arm apart; `group` is the number of its measure's group."""

    measure: str
    group: float
    family: str
    time: str
    grade: str


def told(figure: Figure, measure: str, group: float, time: object, grade: object) -> Told:
    """Return what a figure reports; times and grades only have to be equal where they are the same."""
    return Told(measure, group, figure_family(figure), str(time), str(grade))


CONTRAST_COLUMNS = (
    "alike in sentence", "place among alike", "alike in document", "run's outcomes", "run's different outcomes",
    "tells as figure before", "tells as figure after", "measure as figure before", "time as figure before",
    "sentence's outcomes", "sentence's measures",
)  # fmt: skip


class Contrast(NamedTuple):
    """A figure among those that report the same: how many in its sentence, its place there, and CONTRAST_COLUMNS."""

    alike: int
    place: int
    told: Told
    row: tuple[float, ...]


CIRCLES = ("contrasts", "parallels in sentence", "parallels anywhere", "others in sentence")
"""Figures to which a figure may look for its group: those that report the same in its sentence, those at its place of
other contrasts, in its sentence and anywhere, and those of its sentence that report something else."""


def circles(scene: Scene, found: Mapping[int, Contrast]) -> dict[int, tuple[list[int], ...]]:
    """Return for each figure the figures of each of CIRCLES."""
    sentence = scene.figure_table.places.sentence.tolist()
    by_sentence = _members(sorted(found), sentence)
    at_place: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, contrast in found.items():
        at_place[contrast.alike, contrast.place].append(i)
    made: dict[int, tuple[list[int], ...]] = {}
    for i, own in found.items():
        near = [k for k in by_sentence[sentence[i]] if k != i]
        parallel = [k for k in at_place[own.alike, own.place] if k != i] if own.alike > 1 else []
        made[i] = (
            [k for k in near if found[k].told == own.told],
            [k for k in parallel if sentence[k] == sentence[i]],
            parallel,
            [k for k in near if found[k].told != own.told],
        )
    return made


def contrasts(scene: Scene, outcomes: Mapping[int, Told]) -> dict[int, Contrast]:
    """Return for each figure in `outcomes` (by index) how it stands among those that report the same thing."""
    places = scene.figure_table.places
    sentence, run = places.sentence.tolist(), places.run.tolist()
    order = sorted(outcomes)
    here: dict[tuple[int, Told], int] = defaultdict(int)
    place: dict[int, int] = {}
    for i in order:
        place[i] = here[sentence[i], outcomes[i]]
        here[sentence[i], outcomes[i]] += 1
    anywhere = Counter(outcomes.values())
    rows, sentences = _members(order, run), _members(order, sentence)
    beside = _beside(order, outcomes, sentence)
    found = {}
    for i in order:
        alike = here[sentence[i], outcomes[i]]
        mates, fellows = rows[run[i]], sentences[sentence[i]]
        row = (
            alike, place[i], anywhere[outcomes[i]], len(mates), len({outcomes[k] for k in mates}), *beside[i],
            len(fellows), len({outcomes[k].measure for k in fellows}),
        )  # fmt: skip
        found[i] = Contrast(alike, place[i], outcomes[i], tuple(map(float, row)))
    return found


def _members(order: Sequence[int], number: Sequence[int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for i in order:
        members[number[i]].append(i)
    return members


def _beside(
    order: Sequence[int], outcomes: Mapping[int, Told], sentence: Sequence[int]
) -> dict[int, tuple[bool, bool, bool, bool]]:
    """Return whether the figure before and the one after in the sentence tell the same; then measure and time alone."""
    before = {b: a for a, b in pairwise(order) if sentence[a] == sentence[b]}
    after = {a: b for b, a in before.items()}
    found = {}
    for i in order:
        own, last, following = outcomes[i], outcomes.get(before.get(i, -1)), outcomes.get(after.get(i, -1))
        found[i] = (
            own == last,
            own == following,
            last is not None and own.measure == last.measure,
            last is not None and own.time == last.time,
        )
    return found
