"""The document's own abbreviations, `complete response (CR)`, by the algorithm of Schwartz and Hearst (2003).

Own code because the libraries that hold it either bring a large model stack along (scispaCy, medspaCy) or aren't kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]\n]{1,80})[)\]]")
_SHORT_END = re.compile(r"\s*[;,:=]\s*|\s+(?:or|and|hereafter|henceforth)\s+")
_SHORT = re.compile(r"(?=.*[A-Za-z])(?=.{0,11}[A-Z])[A-Za-z0-9][\w/+.αβγδκλ-]{0,14}(?: [A-Z][\w+-]{0,6}| cells?)?$")
_JOINING = re.compile(r"(?:and|or|of|the|an?|in|with|for|by|to|as|at)\b", re.I)  # no term begins so
_WORD = re.compile(r"\S+")
_CLAUSE = re.compile(r"[.;:!?()\[\]\n](?=\s|$)|\n|[()\[\]]")

_SURVIVAL_FREE = re.compile(  # survival free of severe chronic GVHD (cGFS): the letters stand in another order
    r"\b(?P<long>survival free (?:of|from) [^.;:()\[\]\n]{3,100}?)\s*$", re.I
)


class Definition(NamedTuple):
    """`long` stands at `long_start`..`long_end`, `short` at `start`..`end`, mostly in brackets behind it."""

    short: str
    long: str
    long_start: int
    long_end: int
    start: int
    end: int


@lru_cache(maxsize=8)
def definitions(text: str) -> tuple[Definition, ...]:
    """Return the abbreviations that `text` defines, in order of their place."""
    return tuple(_definitions(text))


def _definitions(text: str) -> Iterator[Definition]:
    for match in _PARENTHESIS.finditer(text):
        inner = _SHORT_END.split(match[1], maxsplit=1)[0].strip(" \"'“”‘’")
        start = match.start(1) + match[1].find(inner)
        found = _before(text, inner, start, match.start()) if _SHORT.match(inner) else _reversed(text, match)
        if found:
            yield found


def abbreviations(title: str, text: str) -> Mapping[str, str]:
    """Return short form -> long form as title and text define them; the first definition of a short form holds."""
    found: dict[str, str] = {}
    for part in (title, text):
        for definition in definitions(part):
            found.setdefault(definition.short, definition.long)
    return found


def _before(text: str, short: str, start: int, bracket: int) -> Definition | None:
    """Return the definition of `short`, the content of the bracket at `bracket`, by the words before it."""
    letters = sum(char.isalnum() for char in short)
    if letters < 2:
        return None
    window_start = _window(text, bracket, min(letters + 5, letters * 2))
    window = text[window_start:bracket].rstrip()
    free = _SURVIVAL_FREE.search(text, max(0, bracket - 160), bracket) if short.endswith("FS") else None
    if free is not None:
        return Definition(short, free["long"], *free.span("long"), start, start + len(short))
    at = _long_form(short.removesuffix("s") if short[:-1].isupper() else short, window)
    if at is None or len(window) - at <= len(short) or short in window[at:].split():
        return None
    if _JOINING.match(window, at):
        return None
    return Definition(short, window[at:], window_start + at, window_start + len(window), start, start + len(short))


def _reversed(text: str, match: re.Match[str]) -> Definition | None:
    """Return the definition where the long form stands in the brackets: `NRM (non-relapse mortality)`."""
    word = re.search(r"([A-Za-z][\w/+-]{1,9})\s*$", text[max(0, match.start() - 14) : match.start()])
    long = match[1].strip()
    if word is None or sum(char.isupper() for char in word[1]) < 2 or len(long.split()) > len(word[1]) + 4:
        return None
    if _long_form(word[1], long) != 0:
        return None
    end = match.start() - (len(word[0]) - len(word[1]))
    return Definition(word[1], long, match.start(1), match.end(1), end - len(word[1]), end)


def _window(text: str, end: int, words: int) -> int:
    """Return where the last `words` words of the clause that ends at `end` begin."""
    start = max(0, end - 160)
    for stop in _CLAUSE.finditer(text, start, end):
        start = stop.end()
    starts = [match.start() for match in _WORD.finditer(text, start, end)]
    return starts[-words] if len(starts) > words else (starts[0] if starts else end)


def _long_form(short: str, window: str) -> int | None:
    """Return where the long form begins: the letters of `short` met from the right, the first at a word's start."""
    at = len(window)
    for k in range(len(short) - 1, -1, -1):
        char = short[k].lower()
        if not char.isalnum():
            continue
        at -= 1
        while at >= 0 and not (window[at].lower() == char and (k > 0 or at == 0 or not window[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return at
