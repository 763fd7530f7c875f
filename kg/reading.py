"""What can be asked of a store, wherever it is."""

from __future__ import annotations

import contextlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

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


@dataclass(frozen=True, slots=True)
class Question:
    """A SPARQL query and how it is meant: see `Reading.query`."""

    text: str
    bindings: Mapping[str, Term]
    union: bool = True
    base: str | None = None
    dataset: Dataset | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What quads have in common; None is anything."""

    graph: str | None = None
    subject: str | None = None
    predicate: str | None = None
    target: Term | None = None


class Reading(ABC):
    """What can be asked of a database, whoever holds it; `figures` is the index beside it, where there is one."""

    figures: Figures | None = None

    def __init__(self, root: Path | str, names: Names) -> None:
        self.root = root
        self.names = names

    @abstractmethod
    def _answer(self, question: Question) -> Answer:
        """Return the answer to a question."""

    @abstractmethod
    def _matching(self, pattern: Pattern) -> Iterator[ox.Quad]:
        """Yield the quads that match a pattern."""

    @abstractmethod
    def close(self) -> None:
        """Let the database go."""

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        union: bool = True,
        base: str | None = None,
        dataset: Dataset | None = None,
    ) -> Answer:
        """Return the answer to a SPARQL query: solutions, a boolean or triples; read lazily where the store is here.

        The default graph is the union of all graphs (unless `union` is false), and the usual prefixes are declared.
        `dataset` names the graphs to ask instead, whatever the query says. With `union`, FROM counts for nothing.
        `bindings` give values to projected variables. Raises QueryError with the parser's message and position.
        """
        return self._answer(Question(text, bindings or {}, union, base, dataset))

    def quads(
        self,
        graph: str | None = None,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches everything."""
        return self._matching(Pattern(graph, subject, predicate, target))

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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
