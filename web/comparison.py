"""A comparison as its page shows it: one table and axis for each statistic and unit, rows in groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from web import labels
from web.data import ORDERS, ComparePage, CompareRow, Graph, study_key
from web.intervals import Axis, Interval, axis_for, interval

MOST_ROWS = 300
GROUPINGS = ("none", "intervention", "condition", "design", "time", "grade")
SORTS = ORDERS
_HEADINGS = {
    "proportion": "Proportions", "count": "Counts", "median": "Medians", "mean": "Means",
    "hazard-ratio": "Hazard ratios", "odds-ratio": "Odds ratios", "risk-ratio": "Risk ratios",
    "difference": "Differences",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A figure's row: the study's key, where its words are (an address path), and what the cells say.

    `treatment` is what this very group was given. It is empty where only the study's treatments are known, since the
    figure may be of the other arm: then `details` name the study's.
    """

    row: CompareRow
    treatment: str
    details: str
    key: str
    source: str
    measure: str
    figure: str
    limits: str
    counts: str
    time: str
    grade: str
    p: str
    plot: Interval | None


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one statistic and unit on one axis; `groups` are headings (empty for none) with their lines."""

    heading: str
    axis: Axis
    plots: bool
    groups: list[tuple[str, list[Line]]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found: how many figures of how many studies, of which `left_out` aren't shown."""

    sections: list[Section]
    figures: int
    studies: int
    left_out: int


def present(graph: Graph, found: ComparePage, *, group: str) -> Comparison:
    """Return the page's view of the first rows of a comparison."""
    shown = found.rows
    kinds = sorted({(row.statistic, row.unit) for row in shown}, key=lambda kind: _kind_rank(shown, kind))
    return Comparison(
        sections=[_section(graph, [r for r in shown if (r.statistic, r.unit) == kind], group) for kind in kinds],
        figures=found.figures,
        studies=found.studies,
        left_out=found.figures - len(shown),
    )


def _kind_rank(rows: list[CompareRow], kind: tuple[str, str]) -> tuple[int, str]:
    return -sum((row.statistic, row.unit) == kind for row in rows), str(kind)


def _section(graph: Graph, rows: list[CompareRow], group: str) -> Section:
    first = rows[0]
    numbers = [float(n) for row in rows for n in (row.value, row.ci_low, row.ci_high) if n is not None]
    axis = axis_for(numbers, statistic=first.statistic)
    grouped = groupby(sorted(rows, key=lambda r: _group_rank(r, group)), key=lambda r: _group_name(r, group))
    return Section(
        heading=_heading(first),
        axis=axis,
        plots=first.statistic != "count" and bool(numbers),
        groups=[(name, [_line(graph, row, axis) for row in members]) for name, members in grouped],
    )


def _heading(row: CompareRow) -> str:
    name = _HEADINGS.get(row.statistic, labels.sentence(row.statistic))
    in_unit = {"": "", "%": " (%)"}.get(row.unit, f" ({row.unit}s)")
    return name + in_unit


def _group_name(row: CompareRow, group: str) -> str:
    if group == "none":
        return ""
    if group == "time":
        return labels.months(row.time_months) or "Time not stated"
    if group == "grade":
        return labels.sentence(labels.grade(row.grade)) if row.grade else "Grade not stated"
    if group == "design":
        return labels.term("design", row.design)
    if group == "intervention" and not _is_own(row):
        return f"Arms whose own treatment isn't stated, in studies of {row.intervention or 'other treatments'}"
    return str(getattr(row, group)) or "Not stated"


def _group_rank(row: CompareRow, group: str) -> tuple[float, str]:
    by_time = float(row.time_months) if row.time_months is not None else float("inf")
    return by_time if group == "time" else 0.0, _group_name(row, group).casefold()


def _is_own(row: CompareRow) -> bool:
    """Whether the row's treatments are those of its group: stated for the arm, or the group is the whole study."""
    return row.basis == "arm" or row.arm == "all"


def _details(row: CompareRow) -> str:
    arm = "" if row.arm == "all" else row.arm
    versus = f"versus {row.comparator}" if row.comparator else ""
    studied = "" if _is_own(row) or not row.intervention else f"in a study of {row.intervention}"
    who = " ".join(part for part in (arm, versus) if part)
    return " · ".join(part for part in (who, studied, row.condition) if part)


def _line(graph: Graph, row: CompareRow, axis: Axis) -> Line:
    value, low, high = (None if n is None else float(n) for n in (row.value, row.ci_low, row.ci_high))
    has_limits = low is not None or high is not None
    ci = (low, high) if has_limits else None
    return Line(
        row=row,
        treatment=row.intervention if _is_own(row) else "",
        details=_details(row),
        key=study_key(graph, row.report),
        source=row.outcome.removeprefix(graph.store.names.base),
        measure=labels.measure(row.measure, row.label),
        figure=labels.figure(row.statistic, value, row.unit or None, row.not_reached),
        limits=labels.limits(ci),
        counts=" / ".join(labels.number(n) or "–" for n in (row.n, row.N))
        if row.n is not None or row.N is not None
        else "",
        time=labels.months(row.time_months),
        grade=labels.grade(row.grade),
        p=labels.probability(row.p),
        plot=interval(axis, value, ci),
    )
