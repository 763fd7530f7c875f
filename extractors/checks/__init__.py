"""Contradiction flags: figures of one record that contradict themselves or each other.

    case.py        the record as the checks see it, and the kinds of flags
    reading.py     numbers as printed: tolerances, wording, time points, grades
    fractions.py   n, N and percentage of one figure
    intervals.py   value, confidence interval and p of one figure
    curves.py      figures of one measure along time, and survival measures beside each other
    nesting.py     shares that are parts of other shares, or exclude one another
    sizes.py       groups, arms and the study

A flag never mends a figure: it shows the arithmetic and leaves the judgement to the reader. The checks are made to be
silent on correct abstracts; what they let pass isn't thereby right. `docs/flags.md` lists all kinds and tolerances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from extractors.checks.case import KINDS, Case
from extractors.checks.curves import incidence_falls, survival_above_overall, survival_rises
from extractors.checks.fractions import (
    fraction_not_percentage,
    numerator_above_denominator,
    percentage_out_of_range,
)
from extractors.checks.intervals import asymmetric, p_against_interval, reversed_interval, value_outside
from extractors.checks.nesting import exclusive_grades, exclusive_shares, grade_above_any_grade, response_above_whole
from extractors.checks.sizes import arms_above_total, group_above_whole
from extractors.evidence import Arm, Design, EvidenceRecord, Flag, Outcome, Population

__all__ = ["KINDS", "flagged", "flags"]

_UNKNOWN: Final = Design()
_CHECKS: Final[tuple[Callable[[Case], Iterator[Flag]], ...]] = (
    fraction_not_percentage,
    numerator_above_denominator,
    percentage_out_of_range,
    value_outside,
    reversed_interval,
    asymmetric,
    p_against_interval,
    survival_rises,
    incidence_falls,
    survival_above_overall,
    response_above_whole,
    exclusive_shares,
    exclusive_grades,
    grade_above_any_grade,
    group_above_whole,
    arms_above_total,
)


def flags(
    outcomes: Sequence[Outcome], arms: Sequence[Arm], population: Population, design: Design = _UNKNOWN
) -> tuple[Flag, ...]:
    """Return the contradictions among the figures, ordered by the first outcome that they name.

    Arms are only held against the study's size in a randomized trial, since others may overlap or stand outside of it;
    figures that are pooled over studies aren't held against each other. Flags about arms alone name no outcome and come
    first.
    """
    case = Case(tuple(outcomes), tuple(arms), population, design)
    found = {flag for check in _CHECKS for flag in check(case)}
    return tuple(sorted(found, key=lambda f: (f.outcomes, KINDS.index(f.kind), f.message)))


def flagged(record: EvidenceRecord) -> EvidenceRecord:
    """Return the record with its flags; all else stays as it is."""
    found = flags(record.outcomes, record.arms, record.population, record.design)
    return record.model_copy(update={"flags": found})
