"""Parts: reports that are new to a store wait on disk as N-Quads, and are loaded many at once, the fastest way it has.

A report that waits survives the end of its process, however that comes: the next to open the store for writing loads
what stands in the parts, up to the first report that isn't whole. Loading twice does no harm, since a statement is in a
graph or isn't.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from kg.change import Change
from ontology.errors import StoreError

_REPORTS = 200  # in a part; some megabytes
_HEAD = re.compile(rb"# (\S+) (\d+) (\d+)\n")  # before each report: its IRI, the bytes that follow, and their CRC-32

Loader = Callable[[Sequence[Path], Mapping[str, bytes]], None]


class Parts:
    """The parts of one writer's store."""

    def __init__(self, folder: Path, load: Loader) -> None:
        """`load` takes files, and what is said in each report's assertion as N-Triples (nothing where unknown)."""
        self._folder = folder
        self._load = load
        self._file: IO[bytes] | None = None
        self._said: dict[str, bytes] = {}
        self._named: set[str] = set()

    def resume(self) -> None:
        """Load what a killed run left; a report that it didn't finish writing is dropped."""
        paths = self._paths()
        with self._told():
            reports = [report for path in paths for report in _cut(path)]
        if paths:
            self._load_all(paths, dict.fromkeys(reports, b""))

    def concerns(self, reports: Iterable[str]) -> bool:
        """Return whether one of the reports waits here, or is named by one that does."""
        return any(report in self._said or report in self._named for report in reports)

    def add(self, change: Change, named: Iterable[str] = ()) -> None:
        """Let a report wait that the store doesn't hold; `named` are others that it says something of.

        Raises StoreError where it can't be written; those that waited before still do.
        """
        with self._told():
            self._write(_record(change))
        self._said[change.report] = change.said
        self._named.update(named)
        if len(self._said) >= _REPORTS:
            self.load()

    def load(self) -> None:
        """Load all that waits."""
        self.close()
        if self._said:
            self._load_all(self._paths(), self._said)
            self._said, self._named = {}, set()

    def close(self) -> None:
        """Let the file go; what waits is loaded by the next to open the store."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.nq"))

    def _load_all(self, paths: Sequence[Path], said: Mapping[str, bytes]) -> None:
        self._load(paths, said)
        with self._told():
            for path in paths:
                path.unlink()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"{self._folder}: can't be written: {error.strerror}") from error

    def _write(self, record: bytes) -> None:
        """Append to the part all of a record or nothing."""
        if self._file is None:
            self._folder.mkdir(exist_ok=True)
            self._file = (self._folder / f"{len(self._paths()) + 1:06d}.nq").open("ab", buffering=0)
        end = self._file.tell()
        try:
            if self._file.write(record) < len(record):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            self._file.truncate(end)
            raise


def _record(change: Change) -> bytes:
    body = change.nquads()
    return b"# %b %d %d\n%b" % (change.report.encode(), len(body), zlib.crc32(body), body)


def _cut(part: Path) -> list[str]:
    """Cut a part off after its last whole report; returns its reports."""
    found = list(_whole(part))
    os.truncate(part, found[-1][1] if found else 0)
    return [report for report, _ in found]


def _whole(part: Path) -> Iterator[tuple[str, int]]:
    """Yield each report of a part and where it ends, up to the first that isn't whole."""
    with part.open("rb") as file:
        while head := _HEAD.fullmatch(file.readline()):
            body = file.read(int(head[2]))
            if len(body) < int(head[2]) or zlib.crc32(body) != int(head[3]):
                return
            yield head[1].decode(), file.tell()
