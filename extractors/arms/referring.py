"""Words that stand for an arm named just before: `the former`, `the latter`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.arms.grouping import ArmFound

_WORDS = re.compile(r"\b(?:the (former|latter)|the (first|second)-(?:named|mentioned))\b", re.IGNORECASE)
_REACH = 400


def referred(arms: Sequence[ArmFound], text: str) -> list[ArmFound]:
    """Return the arms with the places where `the former` or `the latter` stands for them: the last two named before."""
    more: dict[str, list[tuple[int, int]]] = {}
    for match in _WORDS.finditer(text):
        pair = _last_two(arms, match.start())
        if pair is not None:
            second = (match[1] or match[2]).lower() in ("latter", "second")
            more.setdefault(pair[second], []).append(match.span())
    return [replace(a, mentions=tuple(sorted((*a.mentions, *more.get(a.label, ()))))) for a in arms]


def _last_two(arms: Sequence[ArmFound], offset: int) -> tuple[str, str] | None:
    """Return the labels of the last two different arms named before `offset`, in the order of the text."""
    named = sorted(
        ((start, a.label) for a in arms for start, end in a.mentions if offset - _REACH <= start and end <= offset),
        reverse=True,
    )
    last = next((label for _, label in named), None)
    other = next((label for _, label in named if label != last), None)
    return None if last is None or other is None else (other, last)
