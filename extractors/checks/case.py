"""The record as the checks see it, and the kinds of flags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from extractors.evidence import Arm, Design, Flag, Outcome, Population

Kind = Literal[
    "fraction-not-percentage",
    "numerator-above-denominator",
    "percentage-out-of-range",
    "value-outside-interval",
    "interval-reversed",
    "interval-asymmetric",
    "p-against-interval",
    "survival-rises",
    "incidence-falls",
    "survival-above-overall",
    "response-above-whole",
    "exclusive-shares-above-100",
    "grade-above-any-grade",
    "group-above-whole",
    "arms-above-total",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
"""All kinds of flags."""

_POOLED: Final = frozenset({"meta-analysis", "systematic-review"})
DOUBTFUL: Final = 0.5
"""A figure of lower confidence isn't held against others: rather its reading is wrong than the text."""
REACH: Final = 120
"""Figures that stand further apart (in characters) aren't held against each other."""


class Share(NamedTuple):
    """A proportion with its index among the record's outcomes."""

    place: int
    outcome: Outcome
    value: float


@dataclass(frozen=True, slots=True)
class Case:
    """What one record's checks look at."""

    outcomes: tuple[Outcome, ...]
    arms: tuple[Arm, ...]
    population: Population
    design: Design

    def shares(self) -> Iterator[Share]:
        """Yield the proportions that may be held against each other; none where they're pooled over studies."""
        if self.design.type in _POOLED:
            return
        for k, o in enumerate(self.outcomes):
            sure = o.confidence is None or o.confidence >= DOUBTFUL
            if o.statistic == "proportion" and o.value is not None and sure:
                yield Share(k, o, o.value)

    def grouped(self, key: Callable[[Outcome], Hashable | None]) -> Iterator[list[Share]]:
        """Yield the proportions of each key, in the order of first figures; the key None is left out."""
        groups: dict[Hashable, list[Share]] = defaultdict(list)
        for share in self.shares():
            found = key(share.outcome)
            if found is not None:
                groups[found].append(share)
        yield from groups.values()


def flag(kind: Kind, message: str, *indices: int) -> Flag:
    """Return the flag, its outcomes in the order of the record."""
    return Flag(kind=kind, outcomes=tuple(sorted(set(indices))), message=message)


def one_each(group: Sequence[Share]) -> bool:
    """Return whether each measure has one figure only; more are of patients that the record can't tell apart."""
    return len({s.outcome.measure for s in group}) == len(group)


def comparable(a: Outcome, b: Outcome, reach: int = REACH) -> bool:
    """Return whether two figures may be of the same patients.

    Their denominators don't tell otherwise, and they stand together, as far as it's known where they stand: further on
    a text often turns to other patients, in words that the record may have missed.
    """
    same = a.N is None or b.N is None or a.N == b.N
    return same and (a.figure is None or b.figure is None or abs(a.figure[0] - b.figure[0]) <= reach)
