"""Where figures and spans stand: their sentence, their place among their like, and their run of coordinated ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.levelling import lowered
from extractors.linking.layout import Layout

_RUN_GAP = re.compile(
    r"^[-\s,;:()\[\]%/]*"
    r"(?:and|or|versus|vs?\.?|to|against|but|plus|compared (?:with|to)|as (?:compared|opposed) (?:with|to))?"
    r"[\s,;()\[\]]*"
    r"(?:(?:the|of|in|for|a|an|at|with|after|by|from|median|estimated|rates?|was|were|had)\s+){0,2}$"
)
_VERSUS = 3
_SHORT_FORM = re.compile(r"^\s*[\[(][^()\[\]]{1,12}[\])]")
_COMPARISON = re.compile(r"\bv(?:s|ersus)?\b|against|compared|opposed")
_CONJUNCTION = re.compile(r"\b(?:and|or|plus)\b|/")

Numbers = NDArray[np.intp]


class Places(NamedTuple):
    """Where items stand, a column each: sentence, number there among their like, run of coordinated neighbours, place
    in the run, its length, the innermost open bracket's offset.

    `before` and `after` are the separators beside an item within its run, `versus` how many of the run's are
    comparisons.
    """

    sentence: Numbers
    nth: Numbers
    run: Numbers
    run_place: Numbers
    run_length: Numbers
    bracket: Numbers
    before: Numbers
    after: Numbers
    versus: Numbers

    def take(self, chosen: Numbers) -> Places:
        """Return the places of the chosen items."""
        return Places(*(column[chosen] for column in self))


def places(layout: Layout, text: str, spans: Sequence[tuple[int, int, str]]) -> Places:
    """Return the places of spans (start, end, family) in the levelled `text`, which are sorted by their start."""
    lower = lowered(text)
    sentences = [layout.sentence_index(start) for start, _, _ in spans]
    seen: Counter[tuple[int, str]] = Counter()
    rows: list[tuple[int, ...]] = []
    for number, run in enumerate(_runs(lower, spans, sentences)):
        gaps = [slice(spans[x][1], spans[y][0]) for x, y in pairwise(run)]
        between = [_separator(text[gap], lower[gap]) for gap in gaps]
        beside = [0, *between, 0]
        for place, i in enumerate(run):
            key = (sentences[i], spans[i][2])
            rows.append(
                (
                    sentences[i], seen[key], number, place, len(run), layout.bracket(spans[i][0]),
                    beside[place], beside[place + 1], between.count(_VERSUS),
                )
            )  # fmt: skip
            seen[key] += 1
    return Places(*np.array(rows, dtype=np.intp).reshape(-1, len(Places._fields)).T)


def _runs(lower: str, spans: Sequence[tuple[int, int, str]], sentences: Sequence[int]) -> list[list[int]]:
    """Return the runs of coordinated spans of one family and sentence."""
    runs: list[list[int]] = []
    for i, (start, _, family) in enumerate(spans):
        alike = i > 0 and sentences[i] == sentences[i - 1] and family == spans[i - 1][2]
        if alike and _coordinated(lower, spans[i - 1][1], start):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _separator(gap: str, lower: str) -> int:
    """Return what separates two coordinated items: 1 a comma or nothing, 2 `and`, 3 a comparison, 4 a semicolon."""
    if _COMPARISON.search(lower):
        return _VERSUS
    if ";" in gap:
        return 4
    return 2 if _CONJUNCTION.search(gap) else 1


def _coordinated(lower: str, start: int, end: int) -> bool:
    if end - start > 60:
        return False
    gap = lower[start:end]
    short = _SHORT_FORM.match(gap)
    return bool(_RUN_GAP.match(gap) or (short and _RUN_GAP.match(gap[short.end() :])))
