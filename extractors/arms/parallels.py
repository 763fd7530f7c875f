"""Parallel places: `58% with A, 57% with B`; `A (n = 20), B (n = 31)`; `A 35%, B 44%`.

What stands there is set side by side.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from extractors.joining import Figure

_BEHIND = re.compile(
    r"^\s*(?:\([^()]{0,80}\)\s*)?(?:(?:of|in) (?:the )?\d+ )?"
    r"(?:(?:patients|children|adults|those|recipients|cases)\s+)?"
    r"(in|with|for|after|among|of|under|on|from|following|to|given|receiving|without)\s+"
    r"(?:(?:the|a|an|those|patients|children|recipients|in|with|of|\d+)\s+){0,4}",
    re.IGNORECASE,
)
_SIZE = re.compile(r"^(?:\s+\w+){0,1}\s*[\[(]\s*[nN]\s*=\s*\d")
_DIRECT = re.compile(r"^(?:\s+(?:group|arm|cohort|patients|recipients|HSCT|HCT))?\s*[:,(\[]?\s*$")
_NEAR = 25


class Parallels:
    """Counts, for a place in the text, how many others of its sentence stand in the same frame."""

    def __init__(self, text: str, sentences: Sequence[tuple[int, int]], figures: Sequence[Figure]) -> None:
        self._text = text
        self._starts = [start for start, _ in sentences]
        self._figures = [(f.start, f.end) for f in figures]
        self._figure_starts = [f.start for f in figures]
        self._figure_sentences = [self._sentence(f.start) for f in figures]
        self._frames: dict[int, tuple[int, str]] = {}
        for _, end in self._figures:
            match = _BEHIND.match(text[end : end + 120])
            if match:
                self._frames[end + match.end()] = (self._sentence(end), match[1].lower())
        self._alike = Counter(self._frames.values())
        self._sizes = Counter(self._sentence(m.start()) for m in re.finditer(r"[\[(]\s*[nN]\s*=\s*\d", text))

    def _sentence(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def counts(self, start: int, end: int) -> tuple[int, int, int]:
        """Return how many places of the sentence share the frame behind a figure, a size behind, a figure behind."""
        frame = self._frames.get(start)
        framed = self._alike[frame] if frame else 0
        sized = self._sizes[self._sentence(start)] if _SIZE.match(self._text[end : end + 40]) else 0
        return framed, sized, self._before_figure(end)

    def _before_figure(self, end: int) -> int:
        """Return the figures of the sentence, where one follows directly."""
        at = bisect_left(self._figure_starts, end)
        if at == len(self._figures) or self._figure_starts[at] - end > _NEAR:
            return 0
        if not _DIRECT.match(self._text[end : self._figure_starts[at]]):
            return 0
        return max(0, bisect_right(self._figure_sentences, self._sentence(end)) - at)
