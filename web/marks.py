"""Where extracted items stand in a text, as flat pieces that a page can show one after the other.

Quotes overlap, figures lie inside quotes and several items may share one figure. `paragraphs` cuts a text at every
border, so that each piece knows all the items it belongs to and no element has to close inside another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["figure", "quote", "fact"]
_LABEL = re.compile(r"[A-Z][A-Za-z ,/&'’-]{2,60}:(?=\s)")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """An extracted item at `text[start:end]`: `item` is the id of its row; a quote without own figure is `alone`."""

    item: str
    kind: Kind
    start: int
    end: int
    alone: bool = False
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same marks.

    `figures` and `facts` are the items whose own words these are, `quotes` the items that cite them, `passages` those
    of them that have no closer words, `begins` the items whose words start here (each gets an anchor), `label` tells
    a section's printed label.
    """

    start: int
    end: int
    text: str
    figures: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    flagged: bool = False
    label: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """All items that this piece belongs to, those with the closest claim first."""
        return tuple(dict.fromkeys(self.figures + self.facts + self.quotes))

    @property
    def strong(self) -> tuple[str, ...]:
        """The items that a click on this piece leads to."""
        return self.figures or self.facts or self.passages


def paragraphs(text: str, marks: Iterable[Mark]) -> list[list[Piece]]:
    """Return the text's non-empty lines, each as its pieces in order; the pieces' texts join to the line."""
    placed = sorted(_inside(text, marks), key=lambda m: (m.start, m.end))
    begins = _beginnings(placed)
    return [list(_pieces(text, line.start(), line.end(), placed, begins)) for line in _LINE.finditer(text)]


def _inside(text: str, marks: Iterable[Mark]) -> Iterator[Mark]:
    return (m for m in marks if 0 <= m.start < m.end <= len(text))


def _beginnings(marks: list[Mark]) -> dict[int, tuple[str, ...]]:
    """Map an offset to the items that start there: at their figure if they have one, else at their quote."""
    first: dict[str, Mark] = {}
    for mark in marks:
        known = first.get(mark.item)
        if known is None or (known.kind == "quote" and mark.kind != "quote"):
            first[mark.item] = mark
    starts: dict[int, tuple[str, ...]] = {}
    for item, mark in first.items():
        starts[mark.start] = (*starts.get(mark.start, ()), item)
    return starts


def _pieces(text: str, low: int, high: int, marks: list[Mark], begins: dict[int, tuple[str, ...]]) -> Iterator[Piece]:
    touching = [m for m in marks if m.start < high and m.end > low]
    label = _LABEL.match(text, low, high)
    cuts = {low, high, *(m.start for m in touching), *(m.end for m in touching)}
    if label:
        cuts.add(label.end())
    for start, end in pairwise(sorted(c for c in cuts if low <= c <= high)):
        covering = [m for m in touching if m.start <= start and m.end >= end]
        yield Piece(
            start,
            end,
            text[start:end],
            figures=tuple(m.item for m in covering if m.kind == "figure"),
            quotes=tuple(m.item for m in covering if m.kind == "quote"),
            facts=tuple(m.item for m in covering if m.kind == "fact"),
            passages=tuple(m.item for m in covering if m.alone),
            begins=begins.get(start, ()),
            flagged=any(m.flagged for m in covering if m.kind == "figure" or m.alone),
            label=label is not None and end <= label.end(),
        )
