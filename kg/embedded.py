"""How a database in this process answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.iris import Names
from kg.rdf import iri
from kg.reading import RDF_FORMATS, Answer, Pattern, Question, Reading, told
from ontology import terms
from ontology.errors import QueryError


class Embedded(Reading):
    """A database in this process."""

    def __init__(self, root: Path, database: ox.Store, names: Names) -> None:
        super().__init__(root, names)
        self._database = database

    def _answer(self, question: Question) -> Answer:
        dataset = question.dataset
        with told(self.root, "read"):
            try:
                return self._database.query(
                    question.text,
                    base_iri=question.base,
                    prefixes=dict(terms.PREFIXES),
                    use_default_graph_as_union=question.union and dataset is None,
                    default_graph=[iri(g) for g in dataset.default] if dataset else None,
                    named_graphs=[iri(g) for g in dataset.named] if dataset else None,
                    substitutions={ox.Variable(name): value for name, value in question.bindings.items()},
                )
            except (SyntaxError, ValueError, RuntimeError) as error:
                raise QueryError(" ".join(str(error).split())) from error

    def _matching(self, pattern: Pattern) -> Iterator[ox.Quad]:
        subject, predicate, graph = (iri(x) if x else None for x in (pattern.subject, pattern.predicate, pattern.graph))
        with told(self.root, "read"):
            yield from self._database.quads_for_pattern(subject, predicate, pattern.target, graph)

    def graphs(self) -> list[str]:
        """See `Reading`."""
        with told(self.root, "read"):
            return sorted(g.value for g in self._database.named_graphs())

    def dump(self, output: IO[bytes], format: str = "nquads", graph: str | None = None) -> None:
        """See `Reading`."""
        with told(self.root, "read"):
            self._database.dump(
                output,
                format=RDF_FORMATS[format],
                from_graph=iri(graph) if graph else None,
                prefixes=dict(terms.PREFIXES) if format in ("trig", "turtle") else None,
            )

    def __len__(self) -> int:
        """See `Reading`."""
        with told(self.root, "read"):
            return len(self._database)
