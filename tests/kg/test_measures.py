"""Months, grades and p values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.measures import Bounds, PValue, decimal, grade_bounds, months, parse_p, parse_time, time_window


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(1, "year", "12"), (12, "month", "12"), (100, "day", "3.29"), (4, "week", "0.92"), (28, "day", "0.92")],
)
def test_times_are_compared_in_months(value: float, unit: str, expected: str) -> None:
    """A year is 12 months, four weeks are 28 days, and a day a 30.4375th of a month."""
    assert months(value, unit) == Decimal(expected)


@pytest.mark.parametrize("text", ["12mo", "1y", "1 year", "12 months", "12", "12-month", "year 1"])
def test_a_time_may_be_written_in_many_ways(text: str) -> None:
    """All usual ways of writing twelve months are read."""
    assert parse_time(text) == 12


@pytest.mark.parametrize("text", ["", "soon", "12 parsecs", "-3mo", "mo"])
def test_what_is_not_a_time_is_refused(text: str) -> None:
    """Anything else is refused, never guessed."""
    with pytest.raises(ValueError, match="not a"):
        parse_time(text)


def test_near_times_are_one_time_point() -> None:
    """Day 90 counts as three months, day 100 does not; 52 weeks count as a year."""
    low, high = time_window(Decimal(3))
    assert low <= months(90, "day") <= high < months(100, "day")
    low, high = time_window(Decimal(12))
    assert low <= months(52, "week") <= high


@pytest.mark.parametrize(
    ("grade", "bounds"),
    [
        (">=3", Bounds(3, None)), ("≥3", Bounds(3, None)), (">2", Bounds(3, None)), ("<=2", Bounds(None, 2)),
        ("1-2", Bounds(1, 2)), ("4", Bounds(4, 4)), ("grade 3-4", Bounds(3, 4)), ("severe", None), ("any", None),
    ],
)  # fmt: skip
def test_grades_have_bounds(grade: str, bounds: Bounds | None) -> None:
    """A grade in numbers has bounds, a grade in words has none."""
    assert grade_bounds(grade) == bounds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<0.001", PValue("<", Decimal("0.001"))), ("0.03", PValue("=", Decimal("0.03"))),
        ("P = .03", PValue("=", Decimal("0.03"))), ("≤0.05", PValue("<=", Decimal("0.05"))), ("NS", None),
    ],
)  # fmt: skip
def test_p_values_have_a_relation(text: str, expected: PValue | None) -> None:
    """A p value keeps its relation; what is no number stays text."""
    assert parse_p(text) == expected


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_decimals_are_what_was_printed(number: float) -> None:
    """A number becomes the decimal that it is printed as: nothing is rounded, nothing added."""
    assert float(decimal(number)) == number
