"""Sizes of arms, where the text states them beside an arm's name: `haplo (n = 48)`, `48 patients received haplo`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.annotation import Annotated
from extractors.arms.grouping import ArmFound
from extractors.numbers import level
from extractors.sizes import sizes

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)"
_SIZE_BEHIND = re.compile(
    r"^\)?(?:\s+(?:group|arm|cohort|recipients?|patients|donors?|therapy|conditioning|regimen|setting|transplants?"
    r"|alone))?"
    r"(?:\s*[\[(,:;]\s*(?:[nN]\s*=\s*)?|\s+(?:(?:was|were|had been) given )?(?:in|to)\s+)"
    + _NUMBER
    + r"(?:\s*(?:patients|pts|children|cases|adults))?\s*(?:[\]);]|[.,](?!\d)|\(\d+(?:\.\d+)?%\)|and\b|\s*$)"
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
_PAIR = 2


def sized(arms: Sequence[ArmFound], annotated: Annotated) -> list[ArmFound]:
    """Return the arms with their sizes, where the text states them beside an arm's name or in a list of the arms."""
    text = level(annotated.document.text)
    beside = [replace(arm, size=_size(arm, text)) for arm in arms]
    listed = _listed(beside, annotated) if any(arm.size is None for arm in beside) else {}
    return [replace(arm, size=listed.get(arm.label)) if arm.size is None else arm for arm in beside]


def _listed(arms: Sequence[ArmFound], annotated: Annotated) -> dict[str, int]:
    """Return sizes by label from sentences in which sizes and arms alternate: `56 were allocated FBA and 55 BuCy2`.

    A sentence that names an outcome or a share counts results, not groups.
    """
    found: dict[str, int] = {}
    numbers = [s for s in sizes(annotated) if s.part == "text" and s.value > 1]
    results = [m.start for m in annotated.of_kind("outcome", "text")]
    for start, end in annotated.sentences:
        words = annotated.document.text[start:end]
        if "%" in words or any(start <= at < end for at in results):
            continue
        pairs = _alternating(
            sorted((place[0], arm.label) for arm in arms for place in arm.mentions if start <= place[0] < end),
            sorted((s.start, s.value) for s in numbers if start <= s.start < end),
        )
        for label, value in pairs:
            found.setdefault(label, value)
    return found


def _alternating(named: Sequence[tuple[int, str]], counted: Sequence[tuple[int, int]]) -> list[tuple[str, int]]:
    """Return labels with numbers where two or more different labels and as many numbers take turns; else nothing.

    A first number that is the sum of the others is the whole's and is left out.
    """
    if len(counted) == len(named) + 1 and counted[0][1] == sum(value for _, value in counted[1:]):
        counted = counted[1:]
    if len(named) < _PAIR or len(named) != len(counted) or len({label for _, label in named}) != len(named):
        return []
    gaps = [a < b for (a, _), (b, _) in zip(named, counted, strict=True)]
    turns = sorted([(at, 0) for at, _ in named] + [(at, 1) for at, _ in counted])
    if len(set(gaps)) != 1 or any(a[1] == b[1] for a, b in pairwise(turns)):
        return []
    return [(label, value) for (_, label), (_, value) in zip(named, counted, strict=True)]


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
