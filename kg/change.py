"""A report to write: all that its graphs hold from now on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.iris import assertion
from kg.rdf import Sheet, by_graph, iri


@dataclass(frozen=True, slots=True)
class Change:
    """One report to write, as N-Triples for each graph. They are the serialiser's: one statement a line."""

    report: str
    graphs: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, report: str, quads: Iterable[ox.Quad]) -> Change:
        """Return the change that makes `quads` the content of a report's graphs (and adds to the shared graph)."""
        return cls(report, by_graph(quads))

    @classmethod
    def of_sheets(cls, report: str, sheets: Iterable[Sheet]) -> Change:
        """Return the change that makes sheets, each of another graph, the content of a report's graphs."""
        return cls(report, {sheet.graph: sheet.ntriples() for sheet in sheets if sheet.triples})

    def plus(self, quads: Iterable[ox.Quad]) -> Change:
        """Return this change with more quads."""
        graphs = dict(self.graphs)
        for graph, data in by_graph(quads).items():
            graphs[graph] = graphs.get(graph, b"") + data
        return Change(self.report, graphs)

    @property
    def said(self) -> bytes:
        """The N-Triples of what the report says; none where it is withdrawn."""
        return self.graphs.get(assertion(self.report), b"")

    def nquads(self) -> bytes:
        """Return all statements as N-Quads, one a line; no text has a bare line end in it."""
        lines = (triples.replace(b" .\n", f" {iri(graph)} .\n".encode()) for graph, triples in self.graphs.items())
        return b"".join(lines)

    def update(self) -> str:
        """Return the clause of INSERT DATA that holds all statements."""
        return "".join(f"GRAPH {iri(graph)} {{\n{triples.decode()}}}\n" for graph, triples in self.graphs.items())
