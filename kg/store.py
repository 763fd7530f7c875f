"""The embedded store: the only module that knows pyoxigraph's Store.

One writer at a time changes a live database and publishes snapshots of it; readers open the newest snapshot and never
see half a report. A report's graphs are replaced in one transaction. `docs/decisions/0002-store.md` gives the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.change import Change
from kg.embedded import Embedded
from kg.figures.database import Figures
from kg.figures.upkeep import Upkeep
from kg.iris import Names, assertion, provenance
from kg.layout import Layout, Snapshot, WriteLock, hold_current, new_snapshot
from kg.parts import Parts
from kg.rdf import iri
from kg.reading import Answer, Dataset, Reading, told
from kg.tidying import tidied
from kg.vocabulary_graph import vocabulary_quads, vocabulary_version
from ontology import terms
from ontology.errors import StoreError

__all__ = ["Answer", "Change", "Dataset", "Reader", "Reading", "Writer"]

_DATABASE = "rdf"
_FEW_BYTES = 1 << 20  # a bulk load writes new files, which isn't worth its while for less


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


class Writer(Embedded):
    """The one writer of a store. Changes are durable in order; readers see them once `publish` was called.

    `parts` takes reports that the store doesn't hold, for less than `write` does; asked, the writer doesn't know of
    those that wait there.
    """

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
            self.parts = Parts(self._layout.parts, self._load_parts)
            self.parts.resume()
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
            self._replace([self.names.vocabulary, self.names.closure], [Change.of(self.names.vocabulary, quads)])

    def write(self, changes: Sequence[Change]) -> None:
        """Replace the graphs of the given reports, all in one transaction."""
        reports = [change.report for change in changes]
        if len(set(reports)) < len(reports):
            raise ValueError("a report stands twice in one transaction")
        self._index.note(reports)
        graphs = [graph for report in reports for graph in (assertion(report), provenance(report))]
        self._replace(graphs, changes)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, some ten times as fast as `write`: for reports that the store doesn't hold yet."""
        with told(self.root, "write"):
            self._layout.mark_changed()
            self._database.bulk_extend(self._index.watched(quads))

    def _load_parts(self, parts: Sequence[Path], said: Mapping[str, bytes]) -> None:
        self._index.loaded(said)
        with told(self.root, "write"):
            self._layout.mark_changed()
            for part in parts:
                few = part.stat().st_size < _FEW_BYTES
                load = self._database.load if few else self._database.bulk_load
                load(path=part, format=ox.RdfFormat.N_QUADS)

    def tidy(self) -> None:
        """Remove from the shared graph what no report speaks of any more, and all labels of a concept but one."""
        stays = tidied(self)
        if stays is not None:
            self._replace([self.names.shared], [Change.of(self.names.shared, stays)])
        with told(self.root, "write"):
            self._layout.untidied.unlink(missing_ok=True)

    def publish(self) -> None:
        """Make all that was written visible to readers, at once; does nothing where there's nothing new.

        The index of figures is brought up to date in the same snapshot, or made anew where the last one has none.
        """
        self.parts.load()
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
        self.parts.load()
        if self._layout.untidied.exists():
            self.tidy()
        self.publish()

    def _replace(self, graphs: Iterable[str], changes: Iterable[Change]) -> None:
        """Empty `graphs` and add what the changes hold, in one transaction."""
        drops = "".join(f"DROP SILENT GRAPH {iri(graph)};\n" for graph in graphs)
        data = "".join(change.update() for change in changes)
        self._update(f"{drops}INSERT DATA {{\n{data}}}")

    def _update(self, text: str) -> None:
        with told(self.root, "write"):
            self._layout.mark_changed()
            self._database.update(text)

    def close(self) -> None:
        """Write what is still in memory, and let another writer in."""
        try:
            self.parts.close()
            with told(self.root, "write"):
                self._database.flush()
        finally:
            del self._database
            self._lock.release()
