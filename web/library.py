"""The store as the pages see it: the newest snapshot and its catalogue, renewed when an ingest has published."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from web import data
from web.catalogue import Catalogue

_LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A store at one moment: the graph to ask, the catalogue to search, and the version that tells it from others."""

    graph: data.Graph
    catalogue: Catalogue
    version: str


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

    def snapshot(self) -> Snapshot:
        """Return the newest snapshot that has been read; raises StoreError while there is none."""
        current = self._current
        if current is not None:
            is_fresh = time.monotonic() - self._looked < _LOOK_AGAIN_SECONDS
            if is_fresh or not self._reading.acquire(blocking=False):
                return current
        else:
            self._reading.acquire()
        try:
            return self._renewed()
        finally:
            self._looked = time.monotonic()
            self._reading.release()

    def _renewed(self) -> Snapshot:
        current = self._current
        if current is None:
            graph = data.open_graph(self.store)
        elif current.graph.store.refresh():
            graph = current.graph
        else:
            return current
        self._current = Snapshot(graph, Catalogue(data.entries(graph), data.broader), graph.store.version)
        return self._current


def snapshot() -> Snapshot:
    """Return the snapshot that the current request reads."""
    library: Library = current_app.extensions["library"]
    return library.snapshot()
