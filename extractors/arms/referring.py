"""Words that stand for an arm named elsewhere: `the former`, `the latter`; `the earlier period`, `older patients`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.arms.grouping import ArmFound

_WORDS = re.compile(r"\b(?:the (former|latter)|the (first|second)-(?:named|mentioned))\b", re.IGNORECASE)
_REACH = 400
_FIRST_OF = {
    "years": re.compile(
        r"\b(?:earlier|former|first|initial)(?= (?:period|era|cohort|years|half|group|in\b|to\b|\())", re.I
    ),
    "ages": re.compile(r"\b(?:younger)\b", re.I),
}
_SECOND_OF = {
    "years": re.compile(r"\b(?:later|recent|latter|second)(?= (?:period|era|cohort|years|half|group|\())", re.I),
    "ages": re.compile(r"\b(?:older|elderly)\b", re.I),
}
_YEARS = re.compile(r"(?:19|20)\d\d\b.*\b(?:(?:19|20)?\d\d)$")
_BELOW, _ABOVE = re.compile(r"^[<≤]\s?\d+"), re.compile(r"^[≥>]\s?\d+")


def referred(arms: Sequence[ArmFound], text: str) -> list[ArmFound]:
    """Return the arms with the further places where words stand for them.

    `The former` and `the latter` are the last two arms named before; of two spans of years one is the earlier, of two
    age groups one the younger.
    """
    more: dict[str, list[tuple[int, int]]] = {}
    for label, pattern in _ordered(arms):
        more.setdefault(label, []).extend(m.span() for m in pattern.finditer(text))
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


def _ordered(arms: Sequence[ArmFound]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the two arms that are spans of years or ages, each with the words that tell it from the other."""
    years = sorted(a.label for a in arms if _YEARS.match(a.label))
    ages = [next((a.label for a in arms if cue.match(a.label)), None) for cue in (_BELOW, _ABOVE)]
    for kind, pair in (("years", years), ("ages", ages)):
        if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
            yield pair[0], _FIRST_OF[kind]
            yield pair[1], _SECOND_OF[kind]
