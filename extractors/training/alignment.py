"""Which candidate figure of a text each reference outcome speaks of.

The reference says what was reported and quotes the passage; training needs the very quantity. A figure matches by value
within the quote; where several do, the last one that is still free is taken, since quotes end with their figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.joining import Figure

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
RATIOS = ("hazard-ratio", "odds-ratio", "risk-ratio")


def _near(a: float | None, b: float | None, margin: float) -> bool:
    return a is not None and b is not None and abs(a - b) <= margin


def matches(outcome: dict[str, Any], figure: Figure) -> bool:
    """Whether `figure` bears the value of the reference `outcome`."""
    statistic, value = outcome["statistic"], outcome["value"]
    if outcome.get("not_reached"):
        return figure.kind == "not-reached"
    if statistic in ("proportion", "count"):
        return _share_matches(outcome, figure)
    if statistic in RATIOS:
        return figure.kind in ("ratio", "number") and _near(value, figure.value, 0.006)
    if statistic == "difference":
        return _near(abs(value), None if figure.value is None else abs(figure.value), 0.006)
    if figure.value is None:
        return False
    if figure.kind in ("duration", "time") and figure.unit in DAYS and outcome["unit"] in DAYS:
        days = value * DAYS[outcome["unit"]]
        return _near(days, figure.value * DAYS[figure.unit], 0.01 * abs(days) + 0.01)
    return figure.kind == "number" and _near(value, figure.value, 0.006)


def _share_matches(outcome: dict[str, Any], figure: Figure) -> bool:
    n, total, value = outcome.get("n"), outcome.get("N"), outcome["value"]
    if figure.kind in ("ratio", "duration", "time", "not-reached"):
        return False
    if n is not None and figure.n == n and (not total or not figure.total or figure.total == total):
        return True
    if figure.kind == "number":
        if n is not None and figure.value == n and not figure.unit:
            return True
        fractional = figure.value is not None and 0 < figure.value < 1
        return fractional and not figure.unit and _near(value, 100 * (figure.value or 0), 0.06)
    if figure.unit != "%":
        return False
    complement = outcome["measure"] == "manufacturing-success" and _near(100 - value, figure.value, 0.6)
    return complement or _near(value, figure.value, 0.06)


def align(text: str, outcomes: Sequence[dict[str, Any]], figures: Sequence[Figure]) -> dict[int, int]:
    """Return for each reference outcome (index) the figure (index) that bears it; outcomes without one are left out."""
    options: dict[int, list[int]] = {}
    for k, outcome in enumerate(outcomes):
        at = text.find(outcome["quote"])
        end = at + len(outcome["quote"])
        inside = [i for i, f in enumerate(figures) if at >= 0 and f.start < end and f.end > at and matches(outcome, f)]
        if inside:
            options[k] = inside
    taken: set[int] = set()
    aligned: dict[int, int] = {}
    for k in sorted(options, key=lambda k: (len(options[k]), k)):
        free = [i for i in options[k] if i not in taken]
        if free:
            aligned[k] = free[-1]
            taken.add(free[-1])
    return aligned
