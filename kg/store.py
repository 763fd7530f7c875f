"""The embedded store: the only module that knows pyoxigraph's Store.

One writer at a time changes a live database and publishes snapshots of it; readers open the newest snapshot and never
see half a report. A report's graphs are replaced in one transaction. `docs/decisions/0002-store.md` gives the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.figures.database import Figures
from kg.figures.upkeep import Upkeep
from kg.iris import Names, assertion, provenance
from kg.layout import Layout, Snapshot, WriteLock, hold_current, new_snapshot
from kg.rdf import by_graph, iri
from kg.reading import Answer, Dataset, Embedded, Reading, told
from kg.vocabulary_graph import vocabulary_quads, vocabulary_version
from ontology import terms
from ontology.errors import StoreError

__all__ = ["Answer", "Change", "Dataset", "Reader", "Reading", "Writer"]

_DATABASE = "rdf"


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


class Reader(Embedded):
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
            with told(self._layout.root, "read"):
                return snapshot, ox.Store.read_only(str(snapshot.folder / _DATABASE))
        except StoreError:
            snapshot.release()
            raise

    @property
    def version(self) -> str:
        """The name of the snapshot in hand: it changes whenever the data did."""
        return self._snapshot.name

    @property
    def folder(self) -> Path:
        """Where runs keep their own files: the store's directory."""
        return self._layout.root

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


class Writer(Embedded):
    """The one writer of a store. Changes are durable in order; readers see them once `publish` was called."""

    in_parts = False

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
            with told(self._layout.root, "write"):
                database = ox.Store(str(self._layout.data))
            super().__init__(self._layout.root, database, names or Names())
            self._index = Upkeep(self._layout)
            self._load_vocabulary()
            if not self._layout.current.exists():
                self.publish()
        except BaseException:
            self._lock.release()
            raise

    @property
    def folder(self) -> Path:
        """Where runs keep their own files: the store's directory."""
        return self._layout.root

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
        with told(self.root, "write"):
            self._layout.unpublished.touch()
            self._database.bulk_extend(self._index.watched(quads))

    def load_parts(self, parts: Sequence[Path], reports: Iterable[str]) -> None:
        """Add N-Quads files in the fastest way there is; `reports` are those in them, which the store didn't hold.

        What a killed run has loaded of a part may be loaded again.
        """
        self._index.note(reports)
        with told(self.root, "write"):
            self._layout.unpublished.touch()
            for part in parts:
                self._database.bulk_load(path=part, format=ox.RdfFormat.N_QUADS)

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
        with told(self.root, "write"):
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
        with told(self.root, "write"):
            self._layout.unpublished.touch()
            self._database.update(text)

    def close(self) -> None:
        """Write what is still in memory, and let another writer in."""
        try:
            with told(self.root, "write"):
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
