"""Which names in a text stand for which arm of its reference record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.arms import ArmFound, Key, alike, arm_key, same_arm

_ALIKE = 0.5


def names_of_arms(labels: Sequence[str], names: Sequence[Key], shorts: Mapping[Key, Key]) -> dict[str, frozenset[Key]]:
    """Return for each reference label the candidate names that stand for it.

    A name that is one label's very words stands for no other. A label in other words than the text's has the name that
    shares most words with it, if these are half of all.
    """
    exact = {arm_key(x): x for x in labels}
    found = {x: frozenset(n for n in names if same_arm(arm_key(x), n, shorts) and exact.get(n, x) == x) for x in labels}
    taken = frozenset().union(*found.values())
    return {x: own or _most_alike(arm_key(x), [n for n in names if n not in taken]) for x, own in found.items()}


def _most_alike(key: Key, names: Sequence[Key]) -> frozenset[Key]:
    likeness, best = max(((alike(key, n), n) for n in names), default=(0.0, ()))
    return frozenset([best]) if likeness >= _ALIKE else frozenset()


def labels_meant(arm: ArmFound, meant: Mapping[str, frozenset[Key]]) -> list[str]:
    """Return the reference labels that a discovered arm stands for."""
    return [x for x, names in meant.items() if not names.isdisjoint(arm.keys)]
