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

from kg.figures.studies import Studies
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
        made = f"{self.version} {data.made_at(self.graph)} {metadata.version('cartograph-kg')}"
        return hashlib.sha256(made.encode()).hexdigest()[:20]

    @cached_property
    def words(self) -> Words:
        """All that queries can name, searchable; made when it is first needed."""
        return of_store(self.graph, self.catalogue)


class Library:
    """Gives the newest snapshot. Requests go on with the one before while the next is being read."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._current: Snapshot | None = None
        self._previous: Snapshot | None = None
        self._looked = 0.0
        self._reading = threading.Lock()

    def close(self) -> None:
        """Let the store go; the next look-up opens it anew."""
        with self._reading:
            for snapshot in (self._current, self._previous):
                if snapshot is not None:
                    snapshot.graph.close()
            self._current = self._previous = None

    def wait(self) -> None:
        """Return once the reading of a newer snapshot that has begun is done."""
        with self._reading:
            pass

    def snapshot(self) -> Snapshot:
        """Return the newest snapshot that has been read; raises StoreError while there is none."""
        current = self._current
        if current is None:
            with self._reading:
                return self._current or self._read()
        is_due = time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS
        if is_due and self._reading.acquire(blocking=False):
            self._look_again(current)
        return current

    def _look_again(self, current: Snapshot) -> None:
        """Start to read a newer snapshot if there is one; gives the lock back at once or when that is done."""
        reader = threading.Thread(target=self._read_and_release, daemon=True)
        try:
            self._looked = time.monotonic()
            if data.is_outdated(current.graph):
                reader.start()
        finally:
            if reader.ident is None:
                self._reading.release()

    def _read_and_release(self) -> None:
        try:
            self._read()
        finally:
            self._reading.release()

    def _read(self) -> Snapshot:
        """Read the newest snapshot; the one before stays open for the requests that it is answering."""
        graph = data.open_graph(self.store)
        catalogue = Catalogue(Studies(data.figures(graph)), lambda report: data.entry_of(graph, report))
        if self._previous is not None:
            self._previous.graph.close()
        self._previous = self._current
        self._current = Snapshot(graph, catalogue, graph.store.version)
        self._looked = time.monotonic()
        return self._current


def snapshot() -> Snapshot:
    """Return the snapshot that the current request reads."""
    library: Library = current_app.extensions["library"]
    return library.snapshot()
