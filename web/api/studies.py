"""Studies: the list with its facets, and one with all that was extracted from it."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import url_for

from web import data, labels
from web.api.endpoints import paging
from web.api.models import FacetValue, Links, Study, StudyDetail, StudyList
from web.api.parameters import Nothing, StudiesQuery
from web.api.problems import problem
from web.catalogue import Entry
from web.catalogue import FacetValue as Counted
from web.search import FACETS, Search, Sort
from web.snapshots import Snapshot

MOST_VALUES = 50


def index(here: Snapshot, query: StudiesQuery, _item: str) -> StudyList:
    """Return a page of the studies asked for."""
    found = here.catalogue.search(_search(query), query.page_size, beyond=True)
    counted = found.facets.items()
    return StudyList(
        studies=[summary(entry) for entry in found.entries],
        paging=paging(found.total, query.page, query.page_size),
        facets={facet: [_value(facet, v) for v in values[:MOST_VALUES]] for facet, values in counted},
    )


def _search(query: StudiesQuery) -> Search:
    text = " ".join(query.q.split())
    picks = tuple((facet, value) for facet in FACETS for value in sorted(set(getattr(query, facet))))
    sort = query.sort or ("relevance" if text else "newest")
    return Search(
        text=text, picks=picks, year_from=query.from_, year_to=query.to, sort=cast(Sort, sort), page=query.page
    )


def _value(facet: str, value: Counted) -> FacetValue:
    return FacetValue(value=value.value, label=labels.term(facet, value.value), count=value.count, chosen=value.chosen)


def summary(entry: Entry) -> Study:
    """Return a study as lists show it."""
    return Study(
        key=entry.key,
        id=entry.id,
        title=entry.title,
        year=entry.year,
        journal=entry.journal,
        design=entry.design,
        patients=entry.patients,
        figures=entry.figures,
        contradictions=entry.contradictions,
        retracted=entry.retracted,
        conditions=list(entry.conditions),
        interventions=list(entry.interventions),
        trials=list(entry.trials),
        identifiers=list(entry.identifiers),
        links=Links(self=url_for("api.study", item=entry.key), page=url_for("studies.study", key=entry.key)),
    )


def study(here: Snapshot, _query: Nothing, item: str) -> StudyDetail:
    """Return the study that is named by its key, an identifier or the IRI of its report."""
    base = here.graph.store.names.base + "report/"
    report = item if item.startswith(base) else data.report_iri(here.graph, item)
    entry = here.catalogue.get(report) or here.catalogue.named(item)
    if entry is None:
        raise problem(HTTPStatus.NOT_FOUND, f"the store holds no study {item!r}")
    return StudyDetail(
        study=summary(entry),
        record=data.record(here.graph, entry.key),
        related=[summary(other) for other in here.catalogue.related(data.report_iri(here.graph, entry.key))],
    )
