"""The embedded store: the only module that knows pyoxigraph's Store.

One writer at a time changes a live database and publishes snapshots of it; readers open the newest snapshot and never
see half a report. A report's graphs are replaced in one transaction. `docs/decisions/store.md` gives the reasons.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyoxigraph as ox

from kg.figures.database import Figures
from kg.figures.upkeep import Upkeep
from kg.iris import Names, assertion, provenance
from kg.layout import Layout, Snapshot, WriteLock, hold_current, new_snapshot
from kg.rdf import Term, by_graph, iri
from kg.vocabulary_graph import vocabulary_quads, vocabulary_version
from ontology import terms
from ontology.errors import QueryError, StoreError

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_DATABASE = "rdf"
_RDF_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One report to write: all that its graphs hold from now on, as N-Triples for each graph."""

    report: str
    graphs: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, report: str, quads: Iterable[ox.Quad]) -> Change:
        """Return the change that makes `quads` the content of a report's graphs (and adds to the shared graph)."""
        return cls(report, by_graph(quads))

    def plus(self, quads: Iterable[ox.Quad]) -> Change:
        """Return this change with more quads."""
        graphs = dict(self.graphs)
        for graph, data in by_graph(quads).items():
            graphs[graph] = graphs.get(graph, b"") + data
        return Change(self.report, graphs)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs to ask, by IRI: those merged into the default graph, and those that GRAPH finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Reading:
    """What can be asked of a database, whoever holds it; `figures` is the index beside it, where there is one."""

    figures: Figures | None = None

    def __init__(self, root: Path, database: ox.Store, names: Names) -> None:
        self.root = root
        self.names = names
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
        """Return the answer to a SPARQL query: solutions, a boolean or triples, read lazily.

        The default graph is the union of all graphs (unless `union` is false), and the usual prefixes are declared.
        `dataset` names the graphs to ask instead, whatever the query says. With `union`, FROM counts for nothing.
        `bindings` give values to projected variables. Raises QueryError with the parser's message and position.
        """
        substitutions = {ox.Variable(name): value for name, value in (bindings or {}).items()}
        with _told(self.root, "read"):
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

    def select(self, text: str, bindings: Mapping[str, Term] | None = None) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows of a SELECT query as tuples, in the order of its projection; an unbound variable is None."""
        answer = self.query(text, bindings)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("not a SELECT query")
        names = answer.variables
        with _told(self.root, "read"):
            for solution in answer:
                yield tuple(solution[name] for name in names)

    def quads(
        self,
        graph: str | None = None,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches everything."""
        with _told(self.root, "read"):
            yield from self._database.quads_for_pattern(
                iri(subject) if subject else None,
                iri(predicate) if predicate else None,
                target,
                iri(graph) if graph else None,
            )

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

    def graphs(self) -> list[str]:
        """Return the IRIs of all named graphs, sorted."""
        with _told(self.root, "read"):
            return sorted(g.value for g in self._database.named_graphs())

    def dump(self, output: IO[bytes], format: str = "nquads", graph: str | None = None) -> None:
        """Write all graphs, or one, to `output` in `nquads`, `trig`, `ntriples`, `turtle` or `jsonld`, as a stream."""
        with _told(self.root, "read"):
            self._database.dump(
                output,
                format=_RDF_FORMATS[format],
                from_graph=iri(graph) if graph else None,
                prefixes=dict(terms.PREFIXES) if format in ("trig", "turtle") else None,
            )

    def __len__(self) -> int:
        """Return the number of quads."""
        with _told(self.root, "read"):
            return len(self._database)


class Reader(Reading):
    """The newest published snapshot, held open; `refresh` goes on to a newer one. Safe to use from several threads."""

    def __init__(self, path: str | Path, names: Names | None = None) -> None:
        """Open the store at `path`; raises StoreError where there's none, or it's damaged or can't be read."""
        self._layout = Layout(Path(path))
        self._layout.check()
        self._previous: Snapshot | None = None
        self._snapshot, database = self._open()
        super().__init__(self._layout.root, database, names or Names())
        self.figures = Figures.of(self._snapshot.folder)

    def _open(self) -> tuple[Snapshot, ox.Store]:
        snapshot = hold_current(self._layout)
        try:
            with _told(self._layout.root, "read"):
                return snapshot, ox.Store.read_only(str(snapshot.folder / _DATABASE))
        except StoreError:
            snapshot.release()
            raise

    @property
    def version(self) -> str:
        """The name of the snapshot in hand: it changes whenever the data did."""
        return self._snapshot.name

    def refresh(self) -> bool:
        """Go on to the newest snapshot; returns whether there was a newer one.

        Answers begun before stay as they are: the snapshot that they read is held until the refresh after this one.
        """
        if self._layout.current.read_text(encoding="utf-8").strip() == self._snapshot.name:
            return False
        if self._previous:
            self._previous.release()
        self._previous = self._snapshot
        self._snapshot, self._database = self._open()
        self.figures = Figures.of(self._snapshot.folder)
        return True

    def close(self) -> None:
        """Let the snapshot go."""
        for snapshot in (self._previous, self._snapshot):
            if snapshot:
                snapshot.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Writer(Reading):
    """The one writer of a store. Changes are durable in order; readers see them once `publish` was called."""

    def __init__(self, path: str | Path, names: Names | None = None, wait: float = 0.0) -> None:
        """Open the store at `path` for writing, making it where there's none.

        Waits up to `wait` seconds for another writer, then raises StoreLockedError that names it; StoreError where the
        directory can't be written, is no store, or is damaged. The vocabulary is loaded unless its version is there.
        """
        self._layout = Layout(Path(path))
        self._layout.create()
        self._layout.check()
        self._lock = WriteLock(self._layout, wait)
        try:
            with _told(self._layout.root, "write"):
                database = ox.Store(str(self._layout.data))
            super().__init__(self._layout.root, database, names or Names())
            self._index = Upkeep(self._layout)
            self._load_vocabulary()
            if not self._layout.current.exists():
                self.publish()
        except BaseException:
            self._lock.release()
            raise

    def _load_vocabulary(self) -> None:
        held = self.value(self.names.vocabulary, terms.CGV.rstrip("/"), terms.VOCABULARY_VERSION)
        if held == vocabulary_version():
            return
        quads = vocabulary_quads(self.names)
        if held is None:
            self.load(quads)
        else:
            self._replace([self.names.vocabulary, self.names.closure], by_graph(quads).items())

    def write(self, changes: Sequence[Change]) -> None:
        """Replace the graphs of the given reports, all in one transaction."""
        reports = [change.report for change in changes]
        if len(set(reports)) < len(reports):
            raise ValueError("a report stands twice in one transaction")
        self._index.note(reports)
        graphs = [graph for report in reports for graph in (assertion(report), provenance(report))]
        self._replace(graphs, [part for change in changes for part in change.graphs.items()])

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, some ten times as fast as `write`: for reports that the store doesn't hold yet."""
        with _told(self.root, "write"):
            self._layout.unpublished.touch()
            self._database.bulk_extend(self._index.watched(quads))

    def tidy(self) -> None:
        """Remove from the shared graph what no report speaks of any more, and all labels of a concept but one."""
        shared = iri(self.names.shared)
        orphaned = f"""DELETE {{ GRAPH {shared} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {shared} {{ ?s ?p ?o }}
            FILTER NOT EXISTS {{ GRAPH ?other {{ ?x ?q ?s }} FILTER(?other != {shared}) }}
            FILTER NOT EXISTS {{ GRAPH {shared} {{ ?kept {iri(terms.DIRECTED_AGAINST)} ?s }} }} }}"""
        label = iri(terms.PREF_LABEL)
        doubled = f"""DELETE {{ GRAPH {shared} {{ ?s {label} ?later }} }} WHERE {{ GRAPH {shared} {{
            ?s {label} ?first, ?later }} FILTER(STR(?first) < STR(?later)) }}"""
        self._update(f"{orphaned};\n{orphaned};\n{doubled}")

    def publish(self) -> None:
        """Make all that was written visible to readers, at once; does nothing where there's nothing new.

        The index of figures is brought up to date in the same snapshot, or made anew where the last one has none.
        """
        if not self._layout.unpublished.exists() and self._index.last() is not None:
            return
        with _told(self.root, "write"):
            with new_snapshot(self._layout) as folder:
                self._database.flush()
                self._database.backup(str(folder / _DATABASE))
                self._index.write(self, folder)
            self._layout.unpublished.unlink(missing_ok=True)
        self._index.done()

    def finish(self) -> None:
        """Tidy up and publish; also what a run left that was killed. Does nothing where there's nothing new."""
        if self._layout.unpublished.exists():
            self.tidy()
        self.publish()

    def _replace(self, graphs: Iterable[str], parts: Iterable[tuple[str, bytes]]) -> None:
        """Empty `graphs` and add N-Triples to graphs, in one transaction.

        N-Triples are the serialiser's, so that nothing in a text can end the statement that it stands in.
        """
        drops = "".join(f"DROP SILENT GRAPH {iri(graph)};\n" for graph in graphs)
        data = "".join(f"GRAPH {iri(graph)} {{\n{triples.decode()}}}\n" for graph, triples in parts)
        self._update(f"{drops}INSERT DATA {{\n{data}}}")

    def _update(self, text: str) -> None:
        with _told(self.root, "write"):
            self._layout.unpublished.touch()
            self._database.update(text)

    def close(self) -> None:
        """Write what is still in memory, and let another writer in."""
        try:
            with _told(self.root, "write"):
                self._database.flush()
        finally:
            del self._database
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextlib.contextmanager
def _told(root: Path, doing: str) -> Iterator[None]:
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
