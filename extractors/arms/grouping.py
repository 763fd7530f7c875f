"""Candidates that the model took for arms, put together: names of one group are one arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.arms.candidates import ArmCandidate, set_beside
from extractors.arms.names import Key, arm_key

ARM_THRESHOLD = 0.1
"""The least probability of a candidate that is kept as an arm."""

_OPPOSITES = frozenset(
    "no non without not double dual single second first two post pre anti + unrelated related mis mismatched very high"
    " low early late earlier later before after since < > ≤ ≥".split()
)
_STANDING = {"other": ("no", "non"), "younger": ("<", "≤"), "older": (">", "≥"), "elderly": (">", "≥")}
"""Words that stand for a group by how the name of this begins."""


@dataclass(frozen=True, slots=True)
class ArmFound:
    """An arm of the document: `label` as the text names it, the places where it's named, its size where stated."""

    label: str
    keys: tuple[Key, ...]
    mentions: tuple[tuple[int, int], ...]
    score: float
    size: int | None = None


def short_forms(abbreviations: Mapping[str, str]) -> dict[Key, Key]:
    """Return the document's abbreviations as keys: short form to long form."""
    return {arm_key(short): arm_key(long) for short, long in abbreviations.items() if arm_key(short) and arm_key(long)}


def same_arm(a: Key, b: Key, shorts: Mapping[Key, Key]) -> bool:
    """Whether two names are of one group: equal, short and long form, one the other's beginning, or all its words."""
    if a == b or shorts.get(a) == b or shorts.get(b) == a or _stands_for(a, b) or _stands_for(b, a):
        return True
    if len(a) == len(b) == 1:
        short, long = sorted((a[0], b[0]), key=len)
        return len(short) >= 4 and long.startswith(short) and short.isalpha()
    small, large = sorted((set(a), set(b)), key=len)
    more = large - small
    return small < large and len(more) <= 1 and not more & _OPPOSITES and not any(w.isdigit() for w in more)


def alike(a: Key, b: Key) -> float:
    """Return which share of two names' words they have in common; 0 where one tells itself apart by an opposite."""
    shared, apart = set(a) & set(b), set(a) ^ set(b)
    return 0.0 if apart & _OPPOSITES else len(shared) / len(shared | apart)


def _stands_for(a: Key, b: Key) -> bool:
    """Whether `a` is but a word for such a group as `b` names: `others`, `younger`, `older`."""
    return len(a) == 1 and len(b) > 1 and b[0] in _STANDING.get(a[0], ())


def arms_of(
    candidates: Sequence[ArmCandidate], scores: Sequence[float], shorts: Mapping[Key, Key], threshold: float
) -> list[ArmFound]:
    """Return the arms among the candidates, in the order of the text.

    Names of one group are put together; a name that would fit several groups, or that stands nowhere but within the
    names of a group, is left out.
    """
    ranked = sorted(
        ((s, c) for s, c in zip(scores, candidates, strict=True) if s >= threshold),
        key=lambda x: (-x[0], -len(x[1].occurrences), x[1].key),
    )
    groups: list[list[tuple[float, ArmCandidate]]] = []
    for score, candidate in ranked:
        home = [g for g in groups if same_arm(g[0][1].key, candidate.key, shorts) and not _apart(candidate, g)]
        if len(home) == 1:
            home[0].append((score, candidate))
        elif not home and not any(_within(candidate, g) for g in groups):
            groups.append([(score, candidate)])
    found = [a for a in (_arm(g, groups) for g in groups) if a.mentions]
    return sorted(found, key=lambda a: a.mentions[0])


def _apart(candidate: ArmCandidate, group: Sequence[tuple[float, ArmCandidate]]) -> bool:
    """Whether the text sets a name side by side with one of a group's: `TT-BEAM versus BEAM` are two."""
    return any(set_beside(candidate, c) for _, c in group)


def _within(candidate: ArmCandidate, group: Sequence[tuple[float, ArmCandidate]]) -> bool:
    """Whether a name stands nowhere but within the names of a group."""
    places = [p for _, c in group for p in c.occurrences]
    return all(any(a <= start and end <= b for a, b in places) for start, end in candidate.occurrences)


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and outer != inner


def _arm(
    group: Sequence[tuple[float, ArmCandidate]], groups: Sequence[Sequence[tuple[float, ArmCandidate]]]
) -> ArmFound:
    """Return the arm of a group of names; places within a longer name of another group are that group's."""
    longer = [p for g in groups if g is not group for _, c in g for p in c.occurrences]
    own = {p for _, c in group for p in c.occurrences if not any(_holds(other, p) for other in longer)}
    places = sorted(own, key=lambda p: (p[0], -p[1]))
    outer: list[tuple[int, int]] = []
    for start, end in places:
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    score, first = group[0]
    return ArmFound(first.label, tuple(c.key for _, c in group), tuple(outer), score)
