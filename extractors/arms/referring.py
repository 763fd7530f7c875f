"""Words that stand for an arm named elsewhere: `the former`, `the latter`; `the earlier period`, `older patients`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.arms.grouping import ArmFound

EACH_GROUP = r"(?:each|either|both|neither)(?: of the)?(?: \w+)? (?:groups?|arms?|cohorts?)"
"""A pattern of words that stand for every arm."""

_WORDS = re.compile(r"\b(?:the (former|latter)|the (first|second)-(?:named|mentioned))\b", re.IGNORECASE)
_REACH = 400
_CODED = re.compile(
    r"(?:arm|group|cohort|regimen|period|level)s? ([A-Z](?:\s?\+\s?[A-Z])?|[1-4][ab]?|I{1,3})", re.IGNORECASE
)
_CODE_REACH = 60
_SENTENCE_END = re.compile(r"\.\s|\n")
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
    more = _coded(arms, text)
    for label, pattern in _ordered(arms):
        more.setdefault(label, []).extend(m.span() for m in pattern.finditer(text))
    for match in _WORDS.finditer(text):
        pair = _last_two(arms, match.start())
        if pair is not None:
            second = (match[1] or match[2]).lower() in ("latter", "second")
            more.setdefault(pair[second], []).append(match.span())
    return [replace(a, mentions=tuple(sorted((*a.mentions, *more.get(a.label, ()))))) for a in arms]


def _coded(arms: Sequence[ArmFound], text: str) -> dict[str, list[tuple[int, int]]]:
    """Return by arm the places where its code alone stands before a figure, beside another's: `A+I 50%, I 28%`."""
    codes = {m[1]: a.label for a in arms if (m := _CODED.fullmatch(a.label))}
    if len(codes) < 2:
        return {}
    names = "|".join(re.escape(c) for c in sorted(codes, key=len, reverse=True))
    places = list(re.finditer(rf"(?<![\w+/.,-])({names})(?=[:,]? ?\(?\d)", text))
    named = [p for a in arms for p in a.mentions]
    apart = [m for m in places if not any(start < m.end() and m.start() < end for start, end in named)]
    found: dict[str, list[tuple[int, int]]] = {}
    for m in apart:
        if any(o[1] != m[1] and _listed(text, *sorted((o.start(), m.start()))) for o in places):
            found.setdefault(codes[m[1]], []).append(m.span())
    return found


def _listed(text: str, start: int, end: int) -> bool:
    """Whether one sentence tells two places, near each other."""
    return end - start <= _CODE_REACH and not _SENTENCE_END.search(text, start, end)


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
