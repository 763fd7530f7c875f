"""Shares that are parts of other shares, or exclude one another."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from itertools import combinations, pairwise, permutations
from typing import Final

from extractors.checks.case import Case, Share, comparable, flag, one_each
from extractors.checks.curves import ROUNDING
from extractors.checks.reading import at, grades, months, name, percent, where
from extractors.evidence import Flag, Outcome

PARTS: Final = {
    "complete-response": "overall-response",
    "complete-response-incomplete-recovery": "overall-response",
    "partial-response": "overall-response",
    "very-good-partial-response": "overall-response",
    "stringent-complete-response": "complete-response",
}
"""Responses that count into another."""
BEST: Final = ("complete-response", "partial-response", "stable-disease", "progressive-disease")
"""What a patient's response is one of."""
COURSES: Final = (("overall-survival", "non-relapse-mortality"),)
"""What at most one of can hold for a patient at a time."""
LIST_REACH: Final = 70
"""Shares that are added up stand no further apart than the items of a list (in characters)."""
ESTIMATED: Final = 10.0
"""Percentage points that they may add up to above 100%: `1 - Kaplan-Meier` overstates a cumulative incidence.

For the same reason relapse, death without it and survival free of both aren't summed.
"""
_WORST_GRADE: Final = frozenset(
    {"cytokine-release-syndrome", "neurotoxicity", "acute-gvhd", "chronic-gvhd", "hemophagocytic-lymphohistiocytosis"}
)
_AT_LEAST: Final = re.compile(r"at least|or better|or more|minim|≥", re.IGNORECASE)


def response_above_whole(case: Case) -> Iterator[Flag]:
    """Yield where a response is above the one that it counts into: complete above overall, stringent above complete."""
    for group in _same_patients(case):
        for part, whole in permutations(group, 2):
            a, b = part.outcome, whole.outcome
            if PARTS.get(a.measure) == b.measure and comparable(a, b) and part.value > whole.value + ROUNDING:
                message = (
                    f"{name(a)}{where(a)}{at(a.time)} is {percent(part.value)}, above {name(b)} with "
                    f"{percent(whole.value)}, which comprises it"
                )
                yield flag("response-above-whole", message, part.place, whole.place)


def exclusive_shares(case: Case) -> Iterator[Flag]:
    """Yield where shares that exclude one another add up to more than 100%, beyond rounding.

    Progressive disease only counts as a response beside stable disease; elsewhere it's what happens to responders too.
    """
    for group in _same_patients(case):
        by_measure = {s.outcome.measure: s for s in group}
        best = [by_measure[m] for m in BEST if m in by_measure]
        if "stable-disease" not in by_measure:
            best = [s for s in best if s.outcome.measure != "progressive-disease"]
        if not any(_AT_LEAST.search(s.outcome.quote) for s in best):
            yield from _above_100(best, 0.5 * len(best) + 0.5)
        for course in COURSES:
            if group[0].outcome.time is not None and all(m in by_measure for m in course):
                yield from _above_100([by_measure[m] for m in course], ESTIMATED)


def grade_above_any_grade(case: Case) -> Iterator[Flag]:
    """Yield where a grade's share is above that of grades which comprise it."""
    for group in _by_grade(case):
        for part, whole in permutations(group, 2):
            a, b = part.outcome, whole.outcome
            if _comprises(whole, part) and comparable(a, b) and part.value > whole.value + ROUNDING:
                of = "any grade" if b.grade in (None, "any") else f"grade {b.grade}"
                first, second = _counted(part), _counted(whole)
                message = f"{name(a)}{where(a)}{at(a.time)} is {first}, above {of} with {second}, which comprises it"
                yield flag("grade-above-any-grade", message, part.place, whole.place)


def exclusive_grades(case: Case) -> Iterator[Flag]:
    """Yield where two grades that share no patient, as each has one worst grade, make up above 100%."""
    for group in _by_grade(case):
        for a, b in combinations(group, 2):
            first, second = grades(a.outcome.grade), grades(b.outcome.grade)
            if a.outcome.measure in _WORST_GRADE and first and second and not first & second:
                yield from _above_100([a, b], 1.5)


def _by_grade(case: Case) -> Iterator[list[Share]]:
    """Yield the shares of one event in the same arm, subgroup and time, where each grade has one value only.

    Two values for one grade are of different patients, or of different kinds of the event.
    """
    for group in case.grouped(lambda o: (o.measure, o.label, o.arm, o.subgroup, months(o.time))):
        if len({grades(s.outcome.grade) for s in group}) == len(group):
            yield group


def _comprises(whole: Share, part: Share) -> bool:
    """Return whether one figure's grades comprise the other's.

    The share of a grade may be one of the affected (`CRS in 74%, grade 1-2 in 95%`), so counts must bear the
    percentages out where they're stated, and have to be stated where the total bears no grade.
    """
    a, b = part.outcome, whole.outcome
    stated = a.n is not None and b.n is not None
    borne_out = (a.n or 0) > (b.n or 0) if stated else b.grade is not None
    return borne_out and frozenset() < grades(a.grade) < grades(b.grade)


def _counted(share: Share) -> str:
    o = share.outcome
    return percent(share.value) if o.n is None or o.N is None else f"{o.n}/{o.N} ({percent(share.value)})"


def _same_patients(case: Case) -> Iterator[list[Share]]:
    """Yield the shares without grade of the same arm, subgroup and time, where each measure has one value only."""
    for group in case.grouped(_key):
        if one_each(group):
            yield group


def _key(o: Outcome) -> Hashable | None:
    known = o.measure in _KNOWN and o.grade is None
    return (o.label, o.arm, o.subgroup, months(o.time)) if known else None


_KNOWN: Final = frozenset([*PARTS, *PARTS.values(), *BEST, *(m for course in COURSES for m in course)])


def _above_100(shares: list[Share], slack: float) -> Iterator[Flag]:
    total = sum(s.value for s in shares)
    ordered = sorted((s.outcome for s in shares), key=lambda o: o.figure or (0, 0))
    together = all(comparable(a, b, LIST_REACH) for a, b in pairwise(ordered))
    if len(shares) > 1 and total > 100 + slack and together:
        parts = " + ".join(f"{percent(s.value)} {name(s.outcome)}" for s in shares)
        o = shares[0].outcome
        message = (
            f"{parts}{where(o)}{at(o.time)} make up {percent(round(total, 2))}, but no patient can be in two of them"
        )
        yield flag("exclusive-shares-above-100", message, *(s.place for s in shares))
