"""What can be asked of a store, wherever it is, and how a database in this process answers it."""

from __future__ import annotations

import contextlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.figures.database import Figures
from kg.iris import Names
from kg.rdf import Term, iri
from ontology import terms
from ontology.errors import QueryError, StoreError

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
RDF_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs to ask, by IRI: those merged into the default graph, and those that GRAPH finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Reading(ABC):
    """What can be asked of a database, whoever holds it; `figures` is the index beside it, where there is one."""

    figures: Figures | None = None

    def __init__(self, root: Path | str, names: Names) -> None:
        self.root = root
        self.names = names

    @abstractmethod
    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        union: bool = True,
        base: str | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """Return the answer to a SPARQL query: solutions, a boolean or triples, read lazily.

        The default graph is the union of all graphs (unless `union` is false), and the usual prefixes are declared.
        `dataset` names the graphs to ask instead, whatever the query says. With `union`, FROM counts for nothing.
        `bindings` give values to projected variables. Raises QueryError with the parser's message and position.
        """

    @abstractmethod
    def quads(
        self,
        graph: str | None = None,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches everything."""

    @abstractmethod
    def graphs(self) -> list[str]:
        """Return the IRIs of all named graphs, sorted."""

    @abstractmethod
    def dump(self, output: IO[bytes], format: str = "nquads", graph: str | None = None) -> None:
        """Write all graphs, or one, to `output` in `nquads`, `trig`, `ntriples`, `turtle` or `jsonld`, as a stream."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of quads."""

    def select(self, text: str, bindings: Mapping[str, Term] | None = None) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows of a SELECT query as tuples, in the order of its projection; an unbound variable is None."""
        answer = self.query(text, bindings)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("not a SELECT query")
        names = answer.variables
        with told(self.root, "read"):
            for solution in answer:
                yield tuple(solution[name] for name in names)

    def value(self, graph: str, subject: str, predicate: str) -> str | None:
        """Return the text of the one object there is, or None."""
        found = next(self.quads(graph, subject, predicate), None)
        return found.object.value if found and not isinstance(found.object, ox.Triple) else None

    def values(self, graph: str, subject: str, predicate: str) -> list[str]:
        """Return the texts of all objects, sorted."""
        return sorted(
            q.object.value for q in self.quads(graph, subject, predicate) if not isinstance(q.object, ox.Triple)
        )

    def reports(self) -> list[str]:
        """Return the IRIs of all reports that aren't withdrawn, sorted."""
        found = self.quads(predicate=terms.RDF_TYPE, target=iri(terms.REPORT))
        return sorted(q.subject.value for q in found if isinstance(q.subject, ox.NamedNode))


class Embedded(Reading):
    """A database in this process."""

    def __init__(self, root: Path, database: ox.Store, names: Names) -> None:
        super().__init__(root, names)
        self._database = database

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        union: bool = True,
        base: str | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """See `Reading`."""
        substitutions = {ox.Variable(name): value for name, value in (bindings or {}).items()}
        with told(self.root, "read"):
            try:
                return self._database.query(
                    text,
                    base_iri=base,
                    prefixes=dict(terms.PREFIXES),
                    use_default_graph_as_union=union and dataset is None,
                    default_graph=[iri(g) for g in dataset.default] if dataset else None,
                    named_graphs=[iri(g) for g in dataset.named] if dataset else None,
                    substitutions=substitutions,
                )
            except (SyntaxError, ValueError, RuntimeError) as error:
                raise QueryError(" ".join(str(error).split())) from error

    def quads(
        self,
        graph: str | None = None,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
    ) -> Iterator[ox.Quad]:
        """See `Reading`."""
        with told(self.root, "read"):
            yield from self._database.quads_for_pattern(
                iri(subject) if subject else None,
                iri(predicate) if predicate else None,
                target,
                iri(graph) if graph else None,
            )

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


@contextlib.contextmanager
def told(root: Path | str, doing: str) -> Iterator[None]:
    """Turn what the database and the system raise into one clear line."""
    try:
        yield
    except OSError as error:
        reason = " ".join((error.strerror or str(error)).split())
        raise StoreError(f"{root}: can't {doing} the store: {reason}") from error
    except RuntimeError as error:
        raise StoreError(f"{root}: can't {doing} the store: {' '.join(str(error).split())}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{root}: can't {doing} the index of figures: {error}") from error
