"""Numbers as they are printed: what rounding allows, how they're worded, when and of which grade a figure is."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from extractors.evidence import Outcome, TimePoint, TimeUnit
from extractors.numbers import NUMBER, WORDS, level, parse

_MONTHS_IN: Final[dict[TimeUnit, float]] = {"day": 1 / 30.4375, "week": 7 / 30.4375, "month": 1.0, "year": 12.0}
_PRINTED: Final = re.compile(rf"{NUMBER}|{WORDS}", re.IGNORECASE)
_GRADES: Final = range(1, 6)
_WORDS_OF_GRADE: Final = ("mild", "moderate", "severe")


def step(*values: float | None) -> float:
    """Return the unit of the last printed place of the coarsest value: 1 for 68, 0.1 for 67.9, 0.01 for 0.68."""
    places = [len(repr(v).partition(".")[2]) for v in values if v is not None and v != int(v)]
    whole = any(v is not None and v == int(v) for v in values)
    return 1.0 if whole or not places else 10.0 ** -min(places)


def shown(value: float) -> str:
    """Return a number as it's printed, without trailing zeros; no more than four places."""
    return f"{round(value, 4):.12g}"


def percent(value: float) -> str:
    """Return a share as it's printed: `67.9%`."""
    return f"{shown(value)}%"


def printed(quote: str) -> Counter[float]:
    """Return all numbers that a passage prints in digits or words, and how often."""
    return Counter(parse(m.group()) for m in _PRINTED.finditer(level(quote)))


def months(time: TimePoint | None) -> float | None:
    """Return a time point in months, so rounded that `12 months`, `1 year` and `52 weeks` are the same."""
    return None if time is None else round(time.value * _MONTHS_IN[time.unit], 1)


def at(time: TimePoint | None) -> str:
    """Return ` at 12 months`, or nothing where no time is stated."""
    if time is None:
        return ""
    return f" at {shown(time.value)} {time.unit}" + ("" if time.value == 1 else "s")


def name(outcome: Outcome) -> str:
    """Return the measure in words with its grade: `cytokine release syndrome of grade >=3`."""
    words = (outcome.label or outcome.measure).replace("-", " ")
    return words if outcome.grade is None else f"{words} of grade {outcome.grade}"


def where(outcome: Outcome) -> str:
    """Return ` (arm; subgroup)` as far as they're stated."""
    parts = [x for x in (None if outcome.arm == "all" else outcome.arm, outcome.subgroup) if x]
    return f" ({'; '.join(parts)})" if parts else ""


def grades(grade: str | None) -> frozenset[str]:
    """Return the single grades that a grade comprises; all of both scales where it's `any` or not stated.

    Empty for a grade that stands on no scale.
    """
    if grade is None or grade == "any":
        return frozenset([*map(str, _GRADES), *_WORDS_OF_GRADE, "extensive"])
    if all(word in (*_WORDS_OF_GRADE, "extensive") for word in grade.split("-")):
        return frozenset(grade.split("-"))
    found = re.fullmatch(r"(>=|<=)?([1-5])(?:-([1-5]))?", grade)
    if not found:
        return frozenset()
    relation, low, high = found.group(1), int(found.group(2)), int(found.group(3) or found.group(2))
    first, last = (1 if relation == "<=" else low), (5 if relation == ">=" else high)
    return frozenset(str(g) for g in _GRADES if first <= g <= last)
