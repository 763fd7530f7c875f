"""What of the shared graph nobody speaks of any more."""

from __future__ import annotations

import pyoxigraph as ox

from kg.rdf import iri
from kg.reading import Reading
from ontology import terms


def tidied(store: Reading) -> list[ox.Quad] | None:
    """Return what is to stay of the shared graph, or None where that is all of it.

    What other graphs name stays, and the antigens that it is directed against; of several labels of a concept the first
    in the order of their characters.
    """
    held = list(store.quads(store.names.shared))
    shared = iri(store.names.shared)
    named = (
        f"SELECT DISTINCT ?s WHERE {{ GRAPH {shared} {{ ?s ?p ?o }} GRAPH ?g {{ ?x ?y ?s }} FILTER(?g != {shared}) }}"
    )
    kept = {row[0] for row in store.select(named)}
    kept |= {q.object for q in held if q.subject in kept and q.predicate.value == terms.DIRECTED_AGAINST}
    first: dict[object, str] = {}
    for quad, label in ((quad, _label(quad)) for quad in held):
        if label is not None:
            first[quad.subject] = min(label, first.get(quad.subject, label))
    stays = [q for q in held if q.subject in kept and _label(q) in (None, first.get(q.subject))]
    return stays if len(stays) < len(held) else None


def _label(quad: ox.Quad) -> str | None:
    labels = quad.predicate.value == terms.PREF_LABEL
    return quad.object.value if labels and isinstance(quad.object, ox.Literal) else None
