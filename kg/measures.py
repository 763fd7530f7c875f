"""Reported values as numbers that can be compared: months, grade bounds, p values.

A month is 30.4375 days (a Julian year of 365.25 days in twelve), a week seven days. Months are rounded to two decimals,
half to even, so `12 months` and `1 year` are 12, and `day 100` is 3.29.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

DAYS_PER_MONTH = Decimal("30.4375")
_MONTHS_IN = {
    "day": 1 / DAYS_PER_MONTH,
    "week": 7 / DAYS_PER_MONTH,
    "month": Decimal(1),
    "year": Decimal(12),
}
_UNITS = {
    "d": "day", "day": "day", "days": "day", "w": "week", "wk": "week", "week": "week", "weeks": "week",
    "m": "month", "mo": "month", "mos": "month", "month": "month", "months": "month",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year",
}  # fmt: skip
_TIME = re.compile(r"(\d+(?:\.\d+)?)[\s-]*([a-z]+)")
_TIME_UNIT_FIRST = re.compile(r"([a-z]+)\s*\+?(\d+(?:\.\d+)?)")
_BOUND = re.compile(r"(>=|<=|>|<|≥|≤)\s*([0-5])")
_RANGE = re.compile(r"([0-5])\s*(?:-|–|to)\s*([0-5])")
_P = re.compile(r"(?:p\s*)?(<=|>=|<|>|=|≤|≥)?\s*(\d*\.?\d+(?:e-?\d+)?)", re.IGNORECASE)
_ASCII = {"≤": "<=", "≥": ">="}


class Bounds(NamedTuple):
    """An interval of grades; None is an open end."""

    low: int | None
    high: int | None

    def holds(self, other: Bounds) -> bool:
        """Return whether `other` lies wholly within this interval."""
        low_fits = self.low is None or (other.low is not None and other.low >= self.low)
        return low_fits and (self.high is None or (other.high is not None and other.high <= self.high))


class PValue(NamedTuple):
    """A p value: `relation` is one of `<`, `=`, `>`, `<=`, `>=`."""

    relation: str
    value: Decimal


def decimal(number: float) -> Decimal:
    """Return the decimal that `number` is printed as, without trailing zeros: 15.0 is 15, 0.1 is 0.1."""
    exact = Decimal(repr(number))
    return Decimal(int(exact)) if exact == exact.to_integral_value() else exact.normalize()


def months(value: float, unit: str) -> Decimal:
    """Return a length of time in months, to two decimals; raises KeyError for a unit that isn't one of time."""
    exact = Decimal(repr(value)) * _MONTHS_IN[unit]
    return decimal(float(exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)))


def parse_time(text: str) -> Decimal:
    """Return the months that `12mo`, `1 year`, `day 100` or `24` (months) stand for; raises ValueError otherwise."""
    said = text.strip().casefold()
    if re.fullmatch(r"\d+(?:\.\d+)?", said):
        return months(float(said), "month")
    if match := _TIME.fullmatch(said):
        value, unit = match.groups()
    elif match := _TIME_UNIT_FIRST.fullmatch(said):
        unit, value = match.groups()
    else:
        raise ValueError(f"not a time: {text!r}; write it as 12mo, 1y or 'day 100'")
    if unit not in _UNITS:
        raise ValueError(f"not a unit of time: {unit!r}; use days, weeks, months or years")
    return months(float(value), _UNITS[unit])


def time_window(time: Decimal) -> tuple[Decimal, Decimal]:
    """Return the months within which a time counts as the time point `time`: 0.05 months or 2% either way."""
    slack = max(Decimal("0.05"), time / 50)
    return max(Decimal(0), time - slack), time + slack


def grade_bounds(grade: str) -> Bounds | None:
    """Return the bounds of `>=3`, `1-2`, `4`; None for a grade in words (`severe`, `any`)."""
    said = grade.strip().casefold().removeprefix("grade").strip()
    if match := _RANGE.fullmatch(said):
        low, high = sorted(map(int, match.groups()))
        return Bounds(low, high)
    if match := _BOUND.fullmatch(said):
        relation, level = _ASCII.get(match[1], match[1]), int(match[2])
        return {
            ">=": Bounds(level, None), ">": Bounds(level + 1, None),
            "<=": Bounds(None, level), "<": Bounds(None, level - 1),
        }[relation]  # fmt: skip
    return Bounds(int(said), int(said)) if re.fullmatch(r"[0-5]", said) else None


def parse_p(text: str) -> PValue | None:
    """Return relation and number of a p value as reported (`<0.001`, `0.03`, `P = .03`); None where there's none."""
    match = _P.fullmatch(text.strip())
    if not match:
        return None
    relation = match[1] or "="
    return PValue(_ASCII.get(relation, relation), decimal(float(match[2])))
