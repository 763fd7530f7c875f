"""Pages of the figures of all measures, newest report first: counted report by report, read for the page alone.

A store's commonest condition has hundreds of thousands of figures; its reports are a tenth as many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from kg.figures.comparing import NEWEST, OF_CONDITION, Conditions, figures_of, rows
from kg.figures.database import Figures
from kg.figures.rows import PLACES

_OF_CONDITION = f"SELECT id, figures FROM report WHERE figures > 0 AND id IN ({OF_CONDITION})"  # noqa: S608
_GIVEN = """SELECT g.figure / %d AS report, COUNT(DISTINCT g.figure) FROM within x
  CROSS JOIN figure_given g ON g.intervention = x.narrow WHERE x.wide = :intervention %s GROUP BY 1"""


def counts(figures: Figures, chosen: Conditions) -> list[tuple[int, int]]:
    """Return how many figures each report has that are of a condition, of a treatment, or both; nothing else counts."""
    if "intervention" not in chosen.values:
        return list(figures.rows(_OF_CONDITION, chosen.values))
    both = f"AND report IN ({OF_CONDITION})" if "condition" in chosen.values else ""
    return list(figures.rows(_GIVEN % (PLACES, both), chosen.values))


def page_of(
    figures: Figures,
    chosen: Conditions,
    counted: Iterable[tuple[int, int]],
    place: tuple[int, int],
    make: Callable[..., Any],
) -> list[Any]:
    """Return rows, newest report first: `place` is how many at most, and how many come before them."""
    most, skip = place
    reports, before = _reports(figures, counted, skip, skip + most)
    source = figures_of("SELECT value AS report FROM json_each(:reports)")
    values = {"reports": json.dumps(reports), "most": most, "skip": skip - before}
    return rows(figures, Conditions(chosen.parts, chosen.values | values, source), NEWEST, make)


def _reports(figures: Figures, counted: Iterable[tuple[int, int]], start: int, end: int) -> tuple[list[int], int]:
    """Return the reports that have the figures from `start` to `end`, and how many figures come before theirs.

    Reports of one year and title share a rank: their figures may stand among one another.
    """
    ranks = figures.ranks
    found: list[int] = []
    before = passed = 0
    for _rank, same in groupby(sorted(counted, key=lambda each: ranks[each[0]]), key=lambda each: ranks[each[0]]):
        members = list(same)
        size = sum(n for _report, n in members)
        if passed + size <= start:
            before += size
        elif passed < end:
            found += (report for report, _n in members)
        passed += size
    return found, before
