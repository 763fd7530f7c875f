"""Whom a clause speaks of: `31% with haplo`, `In patients with a high score, OS was 50%`, `mismatched donor, HR 1.7`.

Where words frame somebody who is no arm, a figure is hardly of the arm that stands nearest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractors.linking.features import Candidate
from extractors.linking.scene import Scene

_PEOPLE = (
    r"(?:the|an?|all|both|those|these|our|patients|children|adults|recipients|cases|individuals|of|with|who had|\d+)"
)
_FRAME = rf"(?:in|with|for|after|among|of|under|on|from|following|given|receiving|without|by)\s+(?:{_PEOPLE}\s+){{0,4}}"
_BEHIND = re.compile(rf"[)\]]?\s*(?:[(\[][^()\[\]]{{0,80}}[)\]]\s*)?(?:(?:were|was|did|had|did so)\s+)?{_FRAME}", re.I)
_CLAUSE = re.compile(r"[;:\n]\s*(?:[-•*–‣▪]\s*)?|,?\s(?:whereas|while|but)\s")
_OPENING = re.compile(rf"\s*(?:[-•*–‣▪]\s*)?(?:and\s+|but\s+)?{_FRAME}", re.I)
_PART = re.compile(r"[,;:(\[]|\s(?:and|but|versus|vs?\.?)\s", re.I)
_STOP = re.compile(r"[,;.:()\[\]]|\s(?:and|but|had|was|were|did)\s")
_REACH = 40

FRAME_COLUMNS = (
    "framed before", "framed before by it", "framed before by another",
    "framed behind", "framed behind by it", "framed behind by another",
    "clause framed", "clause framed by it", "clause framed by another",
    "in own item", "arms in own item", "measures in own item", "words in own item",
)  # fmt: skip


class Framed(NamedTuple):
    """Who is framed right before a figure, behind it and where its clause opens: an arm's label, "" for somebody else,
    None for nobody.

    `item` are the arms named between the figure before and this one, `measures` and `words` how many of these are.
    """

    before: str | None
    behind: str | None
    opening: str | None
    item: tuple[str, ...]
    measures: int
    words: int

    def row(self, name: str) -> tuple[float, ...]:
        """Return what it says of an arm, in the order of FRAME_COLUMNS."""
        return (
            *_told(self.before, name), *_told(self.behind, name), *_told(self.opening, name),
            name in self.item, len(self.item), self.measures, min(self.words, 12),
        )  # fmt: skip


def _told(framed: str | None, name: str) -> tuple[float, ...]:
    return float(framed is not None), float(framed == name), float(bool(framed) and framed != name)


def frames(scene: Scene, figures: Iterable[int], spans: Sequence[Candidate]) -> dict[int, Framed]:
    """Return for each figure (by index) whom its clause speaks of; `spans` are the arms' mentions, in order."""
    text, starts = scene.levelled, [s.start for s in spans]
    found: dict[int, Framed] = {}
    last = (-1, 0)
    for i in sorted(figures):
        figure = scene.figures[i]
        sentence = scene.layout.sentence_index(figure.start)
        start, end = scene.layout.sentences[sentence]
        item = last[1] if last[0] == sentence else start
        clause = max((m.end() for m in _CLAUSE.finditer(text, start, figure.start)), default=start)
        part = max((m.end() for m in _PART.finditer(text, item, figure.start)), default=item)
        here = spans[bisect_left(starts, item) : bisect_left(starts, figure.start)]
        found[i] = Framed(
            before=_framed(_OPENING.match(text, part, figure.start), text, figure.start, spans, starts),
            behind=_framed(_BEHIND.match(text, figure.end, end), text, end, spans, starts),
            opening=_opened(text, clause, figure.start, spans, starts),
            item=tuple(dict.fromkeys(s.name for s in here)),
            measures=sum(item <= m.start < figure.start for m in scene.measures),
            words=len(scene.tokens_in(item, figure.start)),
        )
        last = sentence, figure.end
    return found


def _framed(
    match: re.Match[str] | None, text: str, end: int, spans: Sequence[Candidate], starts: Sequence[int]
) -> str | None:
    """Return the arm that stands where a frame ends, or "" where something else does; None without a frame."""
    if match is None:
        return None
    stop = _STOP.search(text, match.end(), min(end, match.end() + _REACH))
    until = stop.start() if stop else min(end, match.end() + _REACH)
    return _first(match.end(), max(until, match.end() + 1), spans, starts) or ""


def _opened(text: str, clause: int, until: int, spans: Sequence[Candidate], starts: Sequence[int]) -> str | None:
    """Return the arm that a clause begins with, framed or as its subject."""
    match = _OPENING.match(text, clause, until)
    if match is None:
        return _first(clause, min(until, clause + _REACH // 2), spans, starts)
    return _framed(match, text, until, spans, starts)


def _first(start: int, until: int, spans: Sequence[Candidate], starts: Sequence[int]) -> str | None:
    at = bisect_left(starts, start)
    return spans[at].name if at < len(spans) and spans[at].start < until else None
