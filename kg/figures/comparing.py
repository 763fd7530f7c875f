"""The comparison from the index of figures: the same rows in the same order as from the graph, and pages of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kg.figures.database import Figures
from kg.figures.rows import PLACES
from kg.measures import decimal

_SEPARATOR = "\x1f"
_WHOLE = """SELECT f.id, r.iri AS report, r.title, r.year, r.design, a.label AS arm, f.measure, f.statistic, f.value,
  f.unit, f.events, f.patients, f.ci_low, f.ci_high, f.months, f.grade, f.subgroup, w.quote, f.not_reached, f.ci_level,
  f.p,
  (SELECT label FROM arm c WHERE c.report = f.report AND c.number = f.comparator) AS comparator, f.label,
  r.retracted, w.start, w.stop, w.local,
  (SELECT GROUP_CONCAT(intervention) FROM figure_given g WHERE g.figure = f.id AND g.basis = 0) AS given,
  (SELECT GROUP_CONCAT(intervention) FROM figure_given g WHERE g.figure = f.id AND g.basis = 1) AS studied,
  (SELECT GROUP_CONCAT(concept) FROM about b WHERE b.report = f.report AND b.kind = 'condition') AS conditions,
  (SELECT GROUP_CONCAT(kind, char(31)) FROM flag_figure x JOIN flag y ON y.report = x.report AND y.number = x.flag
    WHERE x.figure = f.id) AS flags FROM"""
_JOINS = """CROSS JOIN report r ON r.id = f.report CROSS JOIN words w ON w.id = f.id
  CROSS JOIN arm a ON a.report = f.report AND a.number = f.arm"""
OF_CONDITION = """SELECT DISTINCT b.report FROM within x CROSS JOIN about b ON b.kind = 'condition'
  AND b.concept = x.narrow WHERE x.wide = :condition"""
_KEYS = {"newest": "COALESCE(f.year, 0)", "value": "f.value", "patients": "COALESCE(f.patients, 0)"}
NEWEST = "COALESCE(r.year, 0) DESC, r.title_key, COALESCE(w.start, 0), r.iri, w.local"


@dataclass(slots=True)
class Conditions:
    """What figures are chosen by: where they are looked for, SQL conditions on `f` (figure), and values named there."""

    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    source: str = "figure f"

    def add(self, part: str, **values: Any) -> None:
        """Add a condition."""
        self.parts.append(part)
        self.values |= values

    @property
    def where(self) -> str:
        """All of them as a WHERE clause."""
        return "WHERE " + " AND ".join(self.parts or ["1"])


def of_measure(chosen: Conditions, concept: int) -> None:
    """Choose the figures of a measure and of narrower ones."""
    chosen.add("f.measure IN (SELECT narrow FROM within WHERE wide = :measure)", measure=concept)


def figures_of(reports: str) -> str:
    """Return where to look for the figures of reports alone; `reports` is a table or a query of them."""
    places = f"f.id > s.report * {PLACES} AND f.id < (s.report + 1) * {PLACES}"  # how figures are numbered
    return f"({reports}) s CROSS JOIN figure f ON {places}"


def of_condition(chosen: Conditions, concept: int, from_here: bool) -> None:
    """Choose the figures of studies of a condition or of a narrower one; `from_here` where no measure is chosen."""
    if from_here:
        chosen.source = figures_of(OF_CONDITION)
        chosen.values["condition"] = concept
        return
    chosen.add(
        "EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept "
        "WHERE b.report = f.report AND b.kind = 'condition')",
        condition=concept,
    )


def of_intervention(chosen: Conditions, concept: int, from_here: bool) -> None:
    """Choose the figures that belong to a treatment or a narrower one; `from_here` where nothing else is chosen by."""
    if from_here:
        part = (
            "f.id IN (SELECT g.figure FROM within x CROSS JOIN figure_given g ON g.intervention = x.narrow "
            "WHERE x.wide = :intervention)"
        )
    else:
        part = (
            "EXISTS (SELECT 1 FROM figure_given g CROSS JOIN within x ON x.wide = :intervention "
            "AND x.narrow = g.intervention WHERE g.figure = f.id)"
        )
    chosen.add(part, intervention=concept)


def all_rows(figures: Figures, chosen: Conditions, make: Callable[..., Any]) -> list[Any]:
    """Return all rows, each made by `make` from named values: newest report first, then as they stand in it."""
    order = "ORDER BY COALESCE(r.year, 0) DESC, r.iri, COALESCE(w.start, 0), w.local"
    return _made(figures, f"{_WHOLE} {chosen.source} {_JOINS} {chosen.where} {order}", chosen.values, make)


@dataclass(frozen=True, slots=True)
class Size:
    """How many figures of how many reports are chosen, and between which leading keys of an order a page lies.

    `first` and `last` are those of its rows; `before` is how many figures have a key ahead of `first`.
    """

    figures: int
    studies: int
    first: int | float | None
    last: int | float | None
    before: int


_SIZE = """WITH c AS MATERIALIZED (SELECT f.report, %s AS k FROM %s %s),
    ends AS MATERIALIZED (SELECT (SELECT k FROM c ORDER BY k DESC LIMIT 1 OFFSET :skip) AS first,
      (SELECT k FROM c ORDER BY k DESC LIMIT 1 OFFSET :nth) AS last)
  SELECT COUNT(*), COUNT(DISTINCT report), first, last,
    COALESCE(SUM(CASE WHEN first IS NULL THEN k IS NOT NULL ELSE k > first END), 0) FROM c, ends"""


def size(figures: Figures, chosen: Conditions, order: str, most: int, skip: int = 0) -> Size:
    """Return the size of what is chosen, and where its `most` rows after the first `skip` lie in an order."""
    text = _SIZE % (_KEYS[order], chosen.source, chosen.where)
    return Size(*next(figures.rows(text, chosen.values | {"skip": skip, "nth": skip + most - 1})))


def page_of(
    figures: Figures, chosen: Conditions, order: str, place: tuple[int, int], within: Size, make: Callable[..., Any]
) -> list[Any]:
    """Return rows by `newest`, `value` or `patients`: `place` is how many at most, and how many come before them.

    Only rows that can be among them are read whole: those with a leading key between those of the first and the last.
    """
    key, (most, skip) = _KEYS[order], place
    parts = list(chosen.parts)
    if within.last is not None:
        parts.insert(0, f"{key} >= :last")
    if skip:
        parts.insert(0, f"{key} IS NULL" if within.first is None else f"({key} <= :first OR {key} IS NULL)")
    bounds = {"first": within.first, "last": within.last, "most": most, "skip": skip - within.before if skip else 0}
    bounded = Conditions(parts, chosen.values | bounds, chosen.source)
    return rows(figures, bounded, f"{key} DESC NULLS LAST, {NEWEST}", make)


def rows(figures: Figures, chosen: Conditions, order: str, make: Callable[..., Any]) -> list[Any]:
    """Return the `:most` rows after the first `:skip` in an order; only these are read whole."""
    ids = f"SELECT f.id FROM {chosen.source} {_JOINS} {chosen.where} ORDER BY {order} LIMIT :most OFFSET :skip"  # noqa: S608
    text = f"{_WHOLE} figure f {_JOINS} WHERE f.id IN ({ids}) ORDER BY {order}"
    return _made(figures, text, chosen.values, make)


def _made(figures: Figures, text: str, values: Mapping[str, Any], make: Callable[..., Any]) -> list[Any]:
    names = figures.names
    return [make(**_facts(row, names)) for row in figures.rows(text, values)]


def _facts(row: tuple[Any, ...], names: Mapping[int, str]) -> dict[str, Any]:
    (
        _, report, title, year, design, arm, measure, statistic, value, unit, events, patients, low, high, months,
        grade, subgroup, quote, not_reached, level, p, comparator, label, retracted, start, end, local, given, studied,
        conditions, flags,
    ) = row  # fmt: skip
    return {
        "report": report, "title": title, "year": year, "design": names[design], "arm": arm,
        "condition": _joined(conditions, names), "intervention": _joined(given or studied, names),
        "measure": names[measure], "statistic": names[statistic], "value": _exact(value),
        "unit": names[unit] if unit else "", "n": events, "N": patients, "ci_low": _exact(low),
        "ci_high": _exact(high), "time_months": _exact(months), "grade": grade or "", "subgroup": subgroup or "",
        "flags": "; ".join(sorted(set(flags.split(_SEPARATOR)))) if flags else "", "quote": quote,
        "basis": "arm" if given else "study" if studied else "", "not_reached": bool(not_reached),
        "ci_level": _exact(level), "p": p or "", "comparator": comparator or "", "label": label or "",
        "retracted": bool(retracted), "start": start, "end": end, "outcome": f"{report}/{local}",
    }  # fmt: skip


def _joined(numbers: str | int | None, names: Mapping[int, str]) -> str:
    if numbers is None:
        return ""
    found: Iterable[str] = {names[int(k)] for k in str(numbers).split(",")}
    return "; ".join(sorted(found))


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(format(decimal(value), "f"))
