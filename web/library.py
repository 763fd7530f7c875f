"""The store as the pages see it: the newest snapshot and its catalogue, renewed when an ingest has published."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

from flask import current_app

from web import data
from web.catalogue import Catalogue
from web.words import Words, of_store

_LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Snapshot:
    """A store at one moment: the graph to ask, the catalogue to search, and the version that tells it from others."""

    graph: data.Graph
    catalogue: Catalogue
    version: str

    @cached_property
    def tag(self) -> str:
        """What changes whenever an answer may: with the store (also with another of the same version), and the program.

        Opaque; made for ETags.
        """
        made = hashlib.sha256(f"{self.version} {metadata.version('cartograph-kg')}".encode())
        for e in self.catalogue.entries:
            made.update(repr((e.key, e.title, e.figures, e.contradictions, e.headline)).encode())
        return made.hexdigest()[:20]

    @cached_property
    def words(self) -> Words:
        """All that queries can name, searchable; made when it is first needed."""
        return of_store(self.graph, self.catalogue)


class Library:
    """Gives the newest snapshot. Requests go on with the one before while the next is being read."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._current: Snapshot | None = None
        self._looked = 0.0
        self._reading = threading.Lock()

    def close(self) -> None:
        """Let the store go; the next look-up opens it anew."""
        with self._reading:
            if self._current is not None:
                self._current.graph.close()
            self._current = None

    def wait(self) -> None:
        """Return once the reading of a newer snapshot that has begun is done."""
        with self._reading:
            pass

    def snapshot(self) -> Snapshot:
        """Return the newest snapshot that has been read; raises StoreError while there is none."""
        current = self._current
        if current is None:
            with self._reading:
                return self._current or self._read(data.open_graph(self.store))
        is_due = time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS
        if is_due and self._reading.acquire(blocking=False):
            self._look_again(current)
        return current

    def _look_again(self, current: Snapshot) -> None:
        """Start to read a newer snapshot if there is one; gives the lock back at once or when that is done."""
        reader = threading.Thread(target=self._read_and_release, args=(current.graph,), daemon=True)
        try:
            self._looked = time.monotonic()
            data.refresh(current.graph)
            if current.graph.store.version != current.version:
                reader.start()
        finally:
            if reader.ident is None:
                self._reading.release()

    def _read_and_release(self, graph: data.Graph) -> None:
        try:
            self._read(graph)
        finally:
            self._reading.release()

    def _read(self, graph: data.Graph) -> Snapshot:
        self._current = Snapshot(graph, Catalogue(data.entries(graph), data.broader), graph.store.version)
        self._looked = time.monotonic()
        return self._current


def snapshot() -> Snapshot:
    """Return the snapshot that the current request reads."""
    library: Library = current_app.extensions["library"]
    return library.snapshot()
