"""The grammar of quantities: its passes in the order in which they read a text, from the most to the least specific."""

from __future__ import annotations

from extractors.numbers import level
from extractors.quantities import bounds, effects, grades, labels, shares, singles, times
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Pass, Reading

PASSES: tuple[Pass, ...] = (
    bounds.P_VALUES,
    *bounds.INTERVALS,
    *grades.GRADES,
    *bounds.RANGES,
    shares.SPREAD_PERCENTAGES,
    times.SPREAD_DURATIONS,
    bounds.SPREADS,
    *effects.EFFECTS,
    shares.SIZES,
    shares.MONEY,
    *labels.DOSES,
    *times.AGES,
    *times.DATES_IN_DIGITS,
    *labels.LABELS,
    *times.WITHOUT_UNIT,
    *shares.FRACTIONS,
    *shares.PERCENTAGES,
    *times.LISTED_DURATIONS,
    *times.TIMES,
    times.DURATIONS,
    times.DATES,
    *shares.WORDED,
    *singles.SINGLES,
    shares.BARE,
)


def quantities(text: str) -> list[Quantity]:
    """Return the typed quantities of `text` in the order of their offsets; no two overlap."""
    reading = Reading(level(text))
    found = [quantity for step in PASSES for quantity in reading.found(step)]
    return sorted(found, key=lambda q: q.start)
