"""Outcome figures: a list, and one outcome compared over studies."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from http import HTTPStatus

from flask import url_for

from web import comparison, data
from web.api.endpoints import paging
from web.api.models import Comparison, Figure, FigureLinks, FigureList, Group, Section
from web.api.parameters import CompareQuery, FigureQuery, OutcomesQuery
from web.api.problems import problem
from web.data import CompareRow, Graph, Selection
from web.snapshots import Snapshot

_FILTERS = ("outcome", "condition", "intervention", "time", "grade", "arm")
_LEADING = _FILTERS[:3]


def index(here: Snapshot, query: OutcomesQuery, _item: str) -> FigureList:
    """Return a page of the figures asked for, newest report first."""
    if not any(getattr(query, name).strip() for name in _LEADING):
        raise problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"name at least one of: {', '.join(_LEADING)}")
    before = (query.page - 1) * query.page_size
    found = here.graph.comparison_page(_selection(query), "newest", query.page_size, before)
    return FigureList(
        figures=[_figure(here.graph, row) for row in found.rows],
        paging=paging(found.figures, query.page, query.page_size),
    )


def compare(here: Snapshot, query: CompareQuery, _item: str) -> Comparison:
    """Return one outcome over studies: sections of one statistic and unit, rows in groups."""
    if not query.outcome.strip():
        raise problem(HTTPStatus.UNPROCESSABLE_ENTITY, "name an outcome")
    page = here.graph.comparison_page(_selection(query), query.sort, comparison.MOST_ROWS)
    found = comparison.present(here.graph, page, group=query.group)
    return Comparison(
        outcome=data.canonical("outcome", query.outcome.strip()),
        figures=found.figures,
        studies=found.studies,
        left_out=found.left_out,
        sections=[_section(here.graph, section) for section in found.sections],
    )


def _selection(query: FigureQuery) -> Selection:
    return Selection(**{name: getattr(query, name).strip() or None for name in _FILTERS})


def _section(graph: Graph, section: comparison.Section) -> Section:
    first = section.groups[0][1][0].row
    return Section(
        heading=section.heading,
        statistic=first.statistic,
        unit=first.unit or None,
        groups=[
            Group(name=name or None, figures=[_figure(graph, line.row) for line in lines])
            for name, lines in section.groups
        ],
    )


def _figure(graph: Graph, row: CompareRow) -> Figure:
    facts = {name: _plain(value) for name, value in asdict(row).items() if name not in ("report", "outcome")}
    key, local = data.study_key(graph, row.report), row.outcome.removeprefix(graph.store.names.base)
    where = FigureLinks(study=url_for("api.study", item=key), words=url_for("studies.at", local=local))
    stated = {"arm": row.arm, "title": row.title, "quote": row.quote}
    return Figure.model_validate(facts | stated | {"iri": row.outcome, "study": key, "links": where})


def _plain(value: object) -> object:
    """Return a value as JSON has it; what isn't stated is null."""
    if isinstance(value, Decimal):
        return float(value)
    return None if value == "" else value
