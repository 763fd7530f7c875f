"""Retractions: what a notice of retraction does to the report that it names, whichever of the two comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from kg.iris import assertion, provenance
from kg.rdf import iri, literal
from kg.store import Change, Reading
from ontology import terms

_PUBMED = "/report/pmid-"
_KIND = "retracted"


def notices_against(store: Reading, report: str) -> list[str]:
    """Return the IRIs of the stored notices that retract a report, sorted."""
    found = store.quads(predicate=terms.RETRACTS, target=iri(report))
    return sorted(q.subject.value for q in found if isinstance(q.subject, ox.NamedNode))


def retracted(change: Change, notices: Sequence[str]) -> Change:
    """Return the change of a report with what the notices say of it: that it is retracted, and by which record."""
    if not notices:
        return change
    quads = [quad for graph, data in change.graphs.items() for quad in _parsed(graph, data)]
    return Change.of(change.report, _marked(change.report, quads, notices))


def retracted_in(store: Reading, report: str, notices: Sequence[str]) -> Change | None:
    """Return the change that marks a stored report as retracted; None where it isn't there or is marked already."""
    said = list(store.quads(assertion(report)))
    quads = [*said, *store.quads(provenance(report))]
    marked = _marked(report, quads, notices)
    return Change.of(report, marked) if said and set(marked) != set(quads) else None


def _parsed(graph: str, data: bytes) -> Iterable[ox.Quad]:
    name = iri(graph)
    return (ox.Quad(q.subject, q.predicate, q.object, name) for q in ox.parse(data, format=ox.RdfFormat.N_TRIPLES))


def _marked(report: str, quads: Sequence[ox.Quad], notices: Sequence[str]) -> list[ox.Quad]:
    subject, graph = iri(report), iri(assertion(report))
    unmarked = ox.Quad(subject, iri(terms.RETRACTED), literal(False), graph)
    marks = [
        ox.Quad(subject, iri(terms.RETRACTED), literal(True), graph),
        ox.Quad(subject, iri(terms.NOTICE), literal(_KIND), graph),
    ]
    kept = [_noted(quad, notices) for quad in quads if quad != unmarked and quad not in marks]
    return [*kept, *marks]


def _noted(quad: ox.Quad, notices: Sequence[str]) -> ox.Quad:
    """Return a quad as it is, or, where it holds the record, with the notices added to it."""
    if quad.predicate.value != terms.RECORD_JSON or not isinstance(quad.object, ox.Literal):
        return quad
    record = json.loads(quad.object.value)
    for notice in notices:
        new = {"kind": _KIND, "reference": notice.partition(_PUBMED)[2] or None}
        if new not in record["notices"]:
            record["notices"].append(new)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return ox.Quad(quad.subject, quad.predicate, literal(text), quad.graph_name)
