"""Cue words before a place, each within its own reach: a table look-up for each word, not a pattern for each cue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

_TOKEN = re.compile(r"[a-z\d%à-ÿ][a-z\d%à-ÿ'’]*|[≥≤<>(\[/]")
_FARTHEST = 8


class Lookback:
    """Cues by name: how many words may stand between, and the cue words; `word*` is a stem, `a_b` a phrase."""

    def __init__(self, table: Mapping[str, tuple[int, str]]) -> None:
        self._words: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, (reach, words) in table.items():
            for word in words.split():
                target = self._stems if word.endswith("*") else self._words
                target[word.rstrip("*").replace("_", " ")].append((name, reach))
        self._lengths = sorted({len(stem) for stem in self._stems})

    def find(self, before: str) -> frozenset[str]:
        """Return the names of the cues that hold at the end of `before`, lower-case words."""
        tokens = _TOKEN.findall(before)[-_FARTHEST:]
        found = set()
        for k, token in enumerate(tokens):
            distance = len(tokens) - 1 - k
            for name, reach in self._meanings(token):
                if distance <= reach:
                    found.add(name)
            if k + 1 < len(tokens):
                phrase = f"{token} {tokens[k + 1]}"
                found.update(name for name, reach in self._words.get(phrase, ()) if distance - 1 <= reach)
        return frozenset(found)

    def _meanings(self, token: str) -> list[tuple[str, int]]:
        found = list(self._words.get(token, ()))
        for length in self._lengths:
            if length > len(token):
                break
            found += self._stems.get(token[:length], ())
        return found
