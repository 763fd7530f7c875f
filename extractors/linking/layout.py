"""The layout of a text as the link features see it: sentences, brackets, separators and cue words, by offset.

Everything is looked up in sorted or running tables that are made once per document, since each figure is compared with
each candidate span.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.numbers import level

SEPARATORS: tuple[tuple[str, str], ...] = (
    ("comma", ","),
    ("semicolon", ";"),
    ("colon", ":"),
    ("open", "( ["),
    ("close", ") ]"),
    ("and", "and"),
    ("versus", "v vs versus against compared than whereas while opposed but"),
    ("of", "of"),
    ("was", "was were is are being stood came amounted reached rose fell remained"),
    ("in", "in among for with after under on"),
    ("had", "had have has having achieved attained obtained developed experienced showed suffered"),
    ("at", "at by within until through"),
    (
        "verb",
        "occurred occur arose seen observed reported noted recorded found died survived relapsed responded engrafted"
        " alive",
    ),
    ("which", "which who whom whose that including included"),
    ("median", "median mean average averaged estimated estimate rate rates incidence probability cumulative actuarial"),
    ("not", "not no none without neither nor never"),
)
"""Cues whose count between figure and span is a feature: words and signs."""

_CUE = {word: k for k, (_, words) in enumerate(SEPARATORS) for word in words.split()}
_WORD, _NOT_OPENING, _NOT_CLOSING = range(len(SEPARATORS), len(SEPARATORS) + 3)
_COLUMNS = len(SEPARATORS) + 3
_TOKEN = re.compile(r"(\w+)|,(?!\d)|[;:()\[\]]")
_OPENING, _CLOSING = [ord(c) for c in " (:,["], [ord(c) for c in " )%]([:-"]
_BULLET = re.compile(r"^\s*(?:[-*•‣▪◦–]|\d+[.)])?\s*")

Counts = NDArray[np.int32]
Offsets = NDArray[np.intp]


@dataclass(frozen=True)
class Between:
    """What stands between two offsets, for many pairs of them at once.

    `cues` (pairs x SEPARATORS) counts the cues and `words` (pairs) the words that start there; `opening` (pairs) tells
    whether there is nothing but spaces, opening brackets and commas or colons, `closing` the same of brackets, percent
    signs, colons and hyphens.
    """

    cues: Counts
    words: Counts
    opening: NDArray[np.bool_]
    closing: NDArray[np.bool_]


@dataclass(frozen=True)
class Layout:
    """The layout of one text; `running` counts for each offset what stands before it."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    running: Counts
    depth: list[tuple[int, int]]

    def sentence_index(self, offset: int) -> int:
        """Return the index of the sentence in which `offset` stands."""
        return max(0, bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1)

    def between(self, starts: Offsets, ends: Offsets) -> Between:
        """Return what stands in `text[start:end]` for each start and its end, which isn't before it."""
        found = self.running[ends] - self.running[starts]
        return Between(
            cues=found[:, : len(SEPARATORS)],
            words=found[:, _WORD],
            opening=found[:, _NOT_OPENING] == 0,
            closing=found[:, _NOT_CLOSING] == 0,
        )

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
    return Layout(text, tuple(sentences), _running(text, levelled), _depths(levelled))


def _running(text: str, levelled: str) -> Counts:
    """Return for each offset and column how many cues, words and characters of the two kinds stand before it."""
    marks = np.zeros((len(text) + 1, _COLUMNS), dtype=np.int32)
    flat: list[int] = []
    for match in _TOKEN.finditer(levelled):
        row = (match.start() + 1) * _COLUMNS
        cue = _CUE.get(match[0].lower())
        if cue is not None:
            flat.append(row + cue)
        if match.lastindex:
            flat.append(row + _WORD)
    marks.ravel()[flat] = 1
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    marks[1:, _NOT_OPENING] = ~np.isin(codes, _OPENING)
    marks[1:, _NOT_CLOSING] = ~np.isin(codes, _CLOSING)
    return np.cumsum(marks, axis=0, dtype=np.int32)


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
