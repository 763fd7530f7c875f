"""Headings that govern lines below them: `Allogeneic HSCT: 330 patients`, then bullets that are all of this group."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_BULLET = re.compile(r"\s*(?:[-*•‣▪◦–—]|\d+[.)])\s")
_LONGEST = 160


def headings(text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, until) of each heading in order: it governs `text[end:until]`.

    A heading is a line without a bullet right above a line with one, or a short line that ends with a colon.
    """
    lines = _lines(text)
    found = []
    for k, (start, end) in enumerate(lines[:-1]):
        words = text[start:end]
        if not words.strip() or _BULLET.match(words) or end - start > _LONGEST:
            continue
        below = [text[a:b] for a, b in lines[k + 1 :]]
        if _BULLET.match(below[0]) or words.rstrip().endswith(":"):
            found.append((start, end, lines[k + _governed(below)][1]))
    return found


def _governed(below: Sequence[str]) -> int:
    """Return how many of the lines below a heading are its own: the first, and all bullets after it."""
    count = 1
    while count < len(below) and _BULLET.match(below[count]):
        count += 1
    return count


def _lines(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


class Headings:
    """The headings of a text, looked up by offset."""

    def __init__(self, text: str) -> None:
        self._found = headings(text)
        self._ends = [end for _, end, _ in self._found]

    def above(self, offset: int) -> tuple[int, int] | None:
        """Return the heading that governs the line in which `offset` stands, as start and end, or None."""
        at = bisect_right(self._ends, offset) - 1
        if at < 0 or offset > self._found[at][2]:
            return None
        return self._found[at][0], self._found[at][1]

    def within(self, offset: int) -> bool:
        """Whether `offset` stands in a heading."""
        return any(start <= offset < end for start, end, _ in self._found)

    def opened(self, offset: int) -> bool:
        """Whether a heading begins at `offset`."""
        return any(start == offset for start, _, _ in self._found)
