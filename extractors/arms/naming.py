"""Arms as the rest of the text speaks of them: with the words that stand for them and with their sizes."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.annotation import Annotated
from extractors.arms.grouping import ArmFound
from extractors.arms.referring import referred
from extractors.arms.sizes import sized
from extractors.numbers import level


def named(arms: Sequence[ArmFound], annotated: Annotated) -> list[ArmFound]:
    """Return the arms with all their places in the text and with their sizes."""
    return referred(sized(arms, annotated), level(annotated.document.text))
