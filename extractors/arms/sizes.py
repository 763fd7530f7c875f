"""Sizes of arms, where the text states them beside an arm's name: `haplo (n = 48)`, `48 patients received haplo`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.arms.grouping import ArmFound

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)"
_SIZE_BEHIND = re.compile(
    r"^(?:\s+(?:group|arm|cohort|recipients?|patients|donors?|therapy|alone))?\s*[\[(,:]\s*(?:[nN]\s*=\s*)?"
    + _NUMBER
    + r"(?:\s*(?:patients|pts|children))?\s*(?:[\]),;]|\s*$)"
)
_SIZE_AHEAD = re.compile(
    r"(?<![\d.,/-])"
    + _NUMBER
    + r"\s+(?:(?:patients|children|adults|recipients|pts|cases)\s+)?"
    + r"(?:(?:were |was |had |have |who )?(?:randomly )?"
    + r"(?:received|given|assigned|allocated|randomized|randomised|transplanted|treated|went|in|to|on|with|from"
    + r"|underwent|got|by|under)\s+){0,3}"
    + r"(?:to\s+|with\s+|from\s+|on\s+)?(?:the\s+|a\s+|an\s+)?$"
)


def sized(arms: Sequence[ArmFound], text: str) -> list[ArmFound]:
    """Return the arms with their sizes, where `text` (levelled) states them beside an arm's name."""
    return [replace(arm, size=_size(arm, text)) for arm in arms]


def _size(arm: ArmFound, text: str) -> int | None:
    for _, end in arm.mentions:
        behind = _SIZE_BEHIND.match(text[end : end + 45])
        if behind and not text[end : end + 45][behind.end(1) :].lstrip().startswith("%"):
            return int(behind[1].replace(",", ""))
    for start, _ in arm.mentions:
        ahead = _SIZE_AHEAD.search(text[max(0, start - 60) : start])
        if ahead:
            return int(ahead[1].replace(",", ""))
    return None
