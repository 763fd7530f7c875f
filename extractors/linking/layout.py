"""The layout of a text as the link features see it: sentences, brackets, separators and cue words, by offset.

Everything is looked up by bisection in sorted offset lists that are made once per document, since each figure is
compared with each candidate span.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.numbers import level

SEPARATORS: tuple[tuple[str, str], ...] = (
    ("comma", r",(?!\d)"),
    ("semicolon", r";"),
    ("colon", r":"),
    ("open", r"[(\[]"),
    ("close", r"[)\]]"),
    ("and", r"\band\b"),
    ("versus", r"\b(?:vs?\.?|versus|against|compared|than|whereas|while|opposed|but)\b"),
    ("of", r"\bof\b"),
    ("was", r"\b(?:was|were|is|are|being|stood|came|amounted|reached|rose|fell|remained)\b"),
    ("in", r"\b(?:in|among|for|with|after|under|on)\b"),
    ("had", r"\b(?:had|have|has|having|achieved|attained|obtained|developed|experienced|showed|suffered)\b"),
    ("at", r"\b(?:at|by|within|until|through)\b"),
    (
        "verb",
        r"\b(?:occurred|occur|arose|seen|observed|reported|noted|recorded|found|died|survived|relapsed|responded|engrafted|alive)\b",
    ),
    ("which", r"\b(?:which|who|whom|whose|that|including|included|among them)\b"),
    ("median", r"\b(?:median|mean|averaged?|estimated|estimate|rates?|incidence|probability|cumulative|actuarial)\b"),
    ("not", r"\b(?:not|no|none|without|neither|nor|never)\b"),
)
"""Cues whose count between figure and span is a feature."""

_CUES = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in SEPARATORS), re.IGNORECASE)
_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"^\s*(?:[-*•‣▪◦–]|\d+[.)])?\s*")


@dataclass(frozen=True)
class Layout:
    """The layout of one text."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    cues: dict[str, list[int]]
    words: list[int]
    depth: list[tuple[int, int]]

    def sentence_index(self, offset: int) -> int:
        """Return the index of the sentence in which `offset` stands."""
        return max(0, bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1)

    def count(self, cue: str, start: int, end: int) -> int:
        """Return how often a cue stands in `text[start:end]`."""
        at = self.cues[cue]
        return bisect_left(at, end) - bisect_left(at, start)

    def words_between(self, start: int, end: int) -> int:
        """Return the number of words that start in `text[start:end]`."""
        return bisect_left(self.words, end) - bisect_left(self.words, start)

    def bracket(self, offset: int) -> int:
        """Return the offset of the innermost bracket that is open at `offset`, or -1."""
        at = bisect_right(self.depth, (offset, len(self.text) + 1)) - 1
        return self.depth[at][1] if at >= 0 else -1

    def heads_line(self, start: int, end: int) -> bool:
        """Whether a span opens its line or sentence, but for a bullet: a heading that governs what follows."""
        first, _ = self.sentences[self.sentence_index(start)]
        return not _BULLET.sub("", self.text[first:start]).strip() or self.text[end : end + 1] == ":"


def layout(text: str, sentences: Sequence[tuple[int, int]]) -> Layout:
    """Return the layout of `text`, whose sentences are the given ranges."""
    levelled = level(text)
    cues: dict[str, list[int]] = {name: [] for name, _ in SEPARATORS}
    for match in _CUES.finditer(levelled):
        cues[str(match.lastgroup)].append(match.start())
    return Layout(text, tuple(sentences), cues, [m.start() for m in _WORD.finditer(levelled)], _depths(levelled))


def _depths(text: str) -> list[tuple[int, int]]:
    """Return (offset, innermost open bracket from there on); a bracket that is never closed ends with its paragraph."""
    changes: list[tuple[int, int]] = []
    stack: list[int] = []
    for match in re.finditer(r"[()\[\]\n]", text):
        char, at = match[0], match.start()
        if char in "([":
            stack.append(at)
            changes.append((at + 1, at))
        elif char == "\n":
            stack.clear()
            changes.append((at, -1))
        elif stack:
            stack.pop()
            changes.append((at, stack[-1] if stack else -1))
    return changes
