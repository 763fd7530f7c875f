"""Figures of one measure along time, and survival measures beside each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import combinations, permutations
from typing import Final

from extractors.checks.case import Case, Kind, Share, comparable, flag, one_each
from extractors.checks.fractions import SURVIVAL
from extractors.checks.reading import at, months, name, percent, shown, where
from extractors.evidence import Flag, Outcome, TimePoint

INCIDENCES: Final = frozenset(
    {
        "relapse", "non-relapse-mortality", "mortality", "acute-gvhd", "chronic-gvhd", "graft-versus-host-disease",
        "neutrophil-engraftment", "platelet-engraftment", "second-malignancy",
    }
)  # fmt: skip
STRICTER: Final = {
    "progression-free-survival": ("overall-survival",),
    "event-free-survival": ("overall-survival",),
    "failure-free-survival": ("overall-survival",),
    "gvhd-free-relapse-free-survival": (
        "overall-survival", "progression-free-survival", "disease-free-survival", "relapse-free-survival",
    ),
}  # fmt: skip
"""Survival measures whose events comprise those of others, counted from the same day: they can't lie above them."""
ROUNDING: Final = 1.0
"""Percentage points that two rounded figures may contradict each other by."""


def survival_rises(case: Case) -> Iterator[Flag]:
    """Yield where a survival curve of one arm and subgroup is higher later on."""
    for earlier, later in _along_time(case, SURVIVAL):
        if later.value > earlier.value + ROUNDING:
            yield _turned("survival-rises", earlier, later, "higher", "a share still free of the event can't rise")


def incidence_falls(case: Case) -> Iterator[Flag]:
    """Yield where a cumulative incidence of one arm and subgroup is lower later on."""
    for earlier, later in _along_time(case, INCIDENCES):
        if later.value < earlier.value - ROUNDING:
            yield _turned("incidence-falls", earlier, later, "lower", "a share that had the event can't fall")


def survival_above_overall(case: Case) -> Iterator[Flag]:
    """Yield where a measure of more events (PFS, EFS, GRFS) is above one of fewer (OS) of the same patients."""
    for group in case.grouped(lambda o: _patients(o) if o.measure in SURVIVAL else None):
        for strict, wide in permutations(_told_apart(group), 2):
            same_time = months(strict.outcome.time) == months(wide.outcome.time)
            if same_time and _above(strict, wide) and strict.value > wide.value + ROUNDING:
                yield _higher(strict, wide, percent(strict.value), percent(wide.value))
    for group in _medians(case):
        for strict, wide in permutations(group, 2):
            if _above(strict, wide) and strict.value > 1.05 * wide.value:
                yield _higher(strict, wide, f"a median of {_length(strict)}", _length(wide))


def _along_time(case: Case, measures: frozenset[str]) -> Iterator[tuple[Share, Share]]:
    """Yield pairs of one measure's shares, the earlier first, of every group that has one value only at each time.

    Two values at one time, or one without time, tell that the figures may be of different patients in a way that the
    record doesn't know.
    """
    for group in case.grouped(lambda o: (o.measure, *_patients(o)) if o.measure in measures else None):
        ordered = sorted(_told_apart(group), key=lambda s: months(s.outcome.time) or 0.0)
        yield from ((a, b) for a, b in combinations(ordered, 2) if comparable(a.outcome, b.outcome))


def _told_apart(group: list[Share]) -> list[Share]:
    """Return the figures of measures that have one figure at each time, and none without time."""
    times: dict[str, list[float | None]] = {}
    for s in group:
        times.setdefault(s.outcome.measure, []).append(months(s.outcome.time))
    clear = {m for m, found in times.items() if None not in found and len(set(found)) == len(found)}
    return [s for s in group if s.outcome.measure in clear]


def _patients(o: Outcome) -> tuple[Hashable, ...]:
    return o.label, o.arm, o.comparator, o.subgroup, o.grade


def _above(strict: Share, wide: Share) -> bool:
    return wide.outcome.measure in STRICTER.get(strict.outcome.measure, ()) and comparable(strict.outcome, wide.outcome)


def _medians(case: Case) -> Iterator[list[Share]]:
    """Yield the median survival times of the same patients, in months."""
    groups: dict[Hashable, list[Share]] = {}
    for k, o in enumerate(case.outcomes):
        if o.statistic == "median" and o.measure in SURVIVAL and o.value is not None and o.unit and o.unit != "%":
            length = months(TimePoint(value=o.value, unit=o.unit)) or 0.0
            groups.setdefault(_patients(o), []).append(Share(k, o, length))
    yield from filter(one_each, groups.values())


def _length(s: Share) -> str:
    return f"{shown(s.outcome.value or 0.0)} {s.outcome.unit}s"


def _turned(kind: Kind, earlier: Share, later: Share, direction: str, why: str) -> Flag:
    a, b = earlier.outcome, later.outcome
    message = (
        f"{name(b)}{where(b)} is {percent(earlier.value)}{at(a.time)} and {percent(later.value)}{at(b.time)}: "
        f"{direction} by {shown(round(abs(later.value - earlier.value), 2))} percentage points, but {why}"
    )
    return flag(kind, message, earlier.place, later.place)


def _higher(strict: Share, wide: Share, first: str, second: str) -> Flag:
    a, b = strict.outcome, wide.outcome
    message = (
        f"{name(a)}{where(a)}{at(a.time)} is {first}, above {name(b)} with {second}, "
        "but whoever is free of the first event is free of the second"
    )
    return flag("survival-above-overall", message, strict.place, wide.place)
