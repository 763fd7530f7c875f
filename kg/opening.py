"""Opening a store by its place: the folder of an embedded one, or the URL of a server's."""

from __future__ import annotations

from pathlib import Path

from kg.place import Place, is_url
from kg.server_store import ServerReader, ServerWriter
from kg.store import Reader, Writer

AnyReader = Reader | ServerReader
AnyWriter = Writer | ServerWriter


def open_reader(place: Place) -> AnyReader:
    """Return a store open for reading; raises StoreError where it can't be read."""
    return ServerReader(str(place)) if is_url(place) else Reader(Path(place))


def open_writer(place: Place, wait: float = 0.0) -> AnyWriter:
    """Return a store open for writing; raises StoreLockedError after `wait` seconds where another process writes."""
    return ServerWriter(str(place), wait=wait) if is_url(place) else Writer(Path(place), wait=wait)
