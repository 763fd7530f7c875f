"""Arms as the rest of the text speaks of them: with the words that stand for them and with their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.annotation import Annotated
from extractors.arms.designations import REST
from extractors.arms.grouping import ArmFound
from extractors.arms.referring import referred
from extractors.arms.sizes import sized
from extractors.numbers import level


def named(arms: Sequence[ArmFound], annotated: Annotated) -> list[ArmFound]:
    """Return the arms with all their places in the text and with their sizes."""
    return _told_apart(referred(sized(arms, annotated), level(annotated.document.text)))


def _told_apart(arms: Sequence[ArmFound]) -> list[ArmFound]:
    """Return the arms; those who aren't in the only other group are named after it."""
    if len(arms) != 2:
        return list(arms)
    return [replace(a, label=f"no {b.label}") if a.label == REST else a for a, b in (arms, arms[::-1])]
