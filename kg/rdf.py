"""Writing statements: terms, and a sheet that collects the quads of one graph.

The terms of pyoxigraph are the RDF data model of this package; its Store is known to `kg.store` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from urllib.parse import quote

import pyoxigraph as ox

from kg.measures import decimal
from ontology import terms

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | bool | int | float | Decimal
_INTEGER = ox.NamedNode(terms.XSD + "integer")
_DECIMAL = ox.NamedNode(terms.XSD + "decimal")
_BOOLEAN = ox.NamedNode(terms.XSD + "boolean")


@lru_cache(maxsize=4096)  # a report names each of its nodes and predicates many times
def iri(text: str) -> ox.NamedNode:
    """Return an IRI as a term; raises ValueError for what isn't one."""
    return ox.NamedNode(text)


def path_segment(text: str) -> str:
    """Return `text` fit to stand in the path of an IRI; `/` is kept."""
    return quote(text, safe="/")


def literal(value: Value, language: str | None = None) -> ox.Literal:
    """Return `value` as a literal: text, xsd:boolean, xsd:integer or xsd:decimal (never a float, never rounded)."""
    if isinstance(value, str):
        return ox.Literal(value, language=language)
    if isinstance(value, bool):
        return ox.Literal("true" if value else "false", datatype=_BOOLEAN)
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=_INTEGER)
    exact = value if isinstance(value, Decimal) else decimal(value)
    return ox.Literal(format(exact, "f"), datatype=_DECIMAL)


class Sheet:
    """Collects the statements of one named graph."""

    def __init__(self, graph: str) -> None:
        self.graph = graph
        self.triples: list[ox.Triple] = []

    @property
    def quads(self) -> list[ox.Quad]:
        """The statements as quads of the graph."""
        graph = iri(self.graph)
        return [ox.Quad(t.subject, t.predicate, t.object, graph) for t in self.triples]

    def ntriples(self) -> bytes:
        """Return the statements as N-Triples, in the order in which they were made."""
        return _ntriples(self.triples)

    def link(self, subject: str, predicate: str, *objects: str | None) -> None:
        """State `subject predicate object` for each object IRI that isn't None."""
        for target in objects:
            if target is not None:
                self.triples.append(ox.Triple(iri(subject), iri(predicate), iri(target)))

    def note(self, subject: str, predicate: str, *values: Value | None, language: str | None = None) -> None:
        """State `subject predicate literal` for each value that isn't None."""
        for value in values:
            if value is not None:
                self.triples.append(ox.Triple(iri(subject), iri(predicate), literal(value, language)))


def canonical(quads: Iterable[ox.Quad]) -> bytes:
    """Return canonical N-Quads: each quad once, one a line, lines in the order of their bytes.

    All resources have IRIs, so that no blank nodes need labels.
    """
    return b"".join(sorted(set(nquads(quads).splitlines(keepends=True))))


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return the quads as N-Quads, in the order given."""
    buffer = BytesIO()
    ox.serialize(quads, buffer, format=ox.RdfFormat.N_QUADS)
    return buffer.getvalue()


def by_graph(quads: Iterable[ox.Quad]) -> dict[str, bytes]:
    """Return the N-Triples of each named graph, by its IRI."""
    sorted_out: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise ValueError(f"not in a named graph: {quad}")
        sorted_out.setdefault(quad.graph_name.value, []).append(quad)
    return {graph: ntriples(own) for graph, own in sorted_out.items()}


def ntriples(quads: Iterable[ox.Quad]) -> bytes:
    """Return the triples of the quads as N-Triples, in the order given."""
    return _ntriples(q.triple for q in quads)


def _ntriples(triples: Iterable[ox.Triple]) -> bytes:
    buffer = BytesIO()
    ox.serialize(triples, buffer, format=ox.RdfFormat.N_TRIPLES)
    return buffer.getvalue()
