"""A pass over a text: one pattern, what it makes of a match, and where it need not look at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from extractors.levelling import lowered
from extractors.numbers import starts
from extractors.quantities.kinds import Kind, Quantity

Match = re.Match[str]
Maker = Callable[[Match], Quantity | None]


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass: `make` turns a match into a quantity, or None where it's none after all.

    A pass `at_numbers` has a pattern that begins with a number and is tried only where one stands. A pass with `needs`
    is left out where the text holds none of these strings; those in lower case are looked for in any case. A pass that
    is `caseless` has a pattern in lower case for the text in lower case: faster than a pattern that ignores case.
    """

    pattern: re.Pattern[str]
    make: Maker
    at_numbers: bool = False
    needs: tuple[str, ...] = ()
    caseless: bool = False


class Reading:
    """A levelled text while it's being read: where numbers begin and which passages are taken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = lowered(text)
        self._taken = bytearray(len(text))
        self._starts = starts(self._lower)

    def found(self, step: Pass) -> Iterator[Quantity]:
        """Yield what a pass finds in the free text and take those passages."""
        if step.needs and not any(s in self._text or s in self._lower for s in step.needs):
            return
        match = self._next(step, 0)
        while match is not None:
            quantity = step.make(match)
            behind = self._behind(match, quantity)
            if quantity is not None and self._free(quantity):
                self._taken[quantity.start : quantity.end] = b"\x01" * (quantity.end - quantity.start)
                yield self._trimmed(quantity)
            match = self._next(step, behind)

    def _next(self, step: Pass, at: int) -> Match | None:
        if not step.at_numbers:
            return step.pattern.search(self._lower if step.caseless else self._text, at)
        for k in range(bisect_left(self._starts, at), len(self._starts)):
            start = self._starts[k]
            if not self._taken[start]:
                match = step.pattern.match(self._text, start)
                if match is not None:
                    return match
        return None

    def _free(self, q: Quantity) -> bool:
        return self._taken.find(1, q.start, q.end) < 0

    def _behind(self, match: Match, q: Quantity | None) -> int:
        """Return where to go on: behind the match, or behind the taken passage that it ran into."""
        blocked = -1 if q is None else self._taken.rfind(1, q.start, q.end)
        return blocked + 1 if blocked >= match.start() else max(match.end(), match.start() + 1)

    def _trimmed(self, q: Quantity) -> Quantity:
        printed = self._text[q.start : q.end]
        if printed == printed.strip():
            return q
        start = q.start + len(printed) - len(printed.lstrip())
        return replace(q, start=start, end=q.start + len(printed.rstrip()))


def plain(kind: Kind) -> Maker:
    """Return a maker of quantities that have a kind and a place, and no value that anybody asks for."""
    return lambda m: Quantity(kind, m.start(), m.end())
