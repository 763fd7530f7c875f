"""Which names in a text stand for which arm of its reference record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from extractors.arms import ArmFound, Key, alike, arm_key, same_arm
from extractors.arms.candidates import NEGATIONS
from extractors.arms.designations import designations
from extractors.linking.arm_pairs import ALL

_ALIKE = 0.5
_FUNCTION = frozenset("with to for in of at by on the a an from and or who those under was were had".split())


def names_of_arms(
    record: Mapping[str, Any], names: Sequence[Key], shorts: Mapping[Key, Key]
) -> dict[str, frozenset[Key]]:
    """Return for each arm of a record, by its label, the candidate names that stand for it.

    A name that is one label's very words stands for no other. A label in other words than the text's has the names that
    the record says (`names`), else the one that shares most words with it, if these are half of all.
    """
    labels = [a["label"] for a in record["arms"] if a["label"] != ALL]
    told = record.get("names", {})
    exact = {_key(x): x for x in labels} | {_key(n): x for x in labels for n in told.get(x, ())}
    found = {
        x: frozenset(n for n in names if _is_named(n, [x, *told.get(x, ())], shorts) and exact.get(n, x) == x)
        for x in labels
    }
    taken = frozenset().union(*found.values())
    return {x: own or _most_alike(_key(x), [n for n in names if n not in taken]) for x, own in found.items()}


def _is_named(name: Key, words: Sequence[str], shorts: Mapping[Key, Key]) -> bool:
    return any(same_arm(_key(w), name, shorts) for w in words)


@lru_cache(maxsize=65536)
def _key(label: str) -> Key:
    """Return a label's words as a candidate of the same group has them: `< 30 year` for `younger than 30 years`.

    `no` stands for `not` and `without`; of words such as `with` and `to` a label needs none.
    """
    whole = next((d for d in designations(label) if d.end - d.start >= len(label) - 1), None)
    key = arm_key(whole.label if whole else label)
    if len(key) > 1 and key[0] in NEGATIONS - {"non"}:  # `non-` is part of a name
        return ("no", *_content(key[1:]))
    return _content(key)


def _content(key: Key) -> Key:
    """Return the words of a name that aren't function words, or all of them if it has no others."""
    return tuple(w for w in key if w not in _FUNCTION) or key


def _most_alike(key: Key, names: Sequence[Key]) -> frozenset[Key]:
    likeness, best = max(((alike(key, n), n) for n in names), default=(0.0, ()))
    return frozenset([best]) if likeness >= _ALIKE else frozenset()


def labels_meant(arm: ArmFound, meant: Mapping[str, frozenset[Key]]) -> list[str]:
    """Return the reference labels that a discovered arm stands for."""
    return [x for x, names in meant.items() if not names.isdisjoint(arm.keys)]
