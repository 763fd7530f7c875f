"""N-Quads parts: reports that wait on disk until they are loaded all at once, the fastest way that a store has.

A part is written whole or not at all, and stays until it is loaded: what a killed run leaves is loaded by the next.
Loading twice does no harm, since a statement is in a graph or isn't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.layout import write_whole
from kg.opening import AnyWriter
from kg.store import Change
from ontology.errors import StoreError

_REPORTS = 200  # in a part; some megabytes
_MARK = b"# "


class Parts:
    """The parts of one writer's store."""

    def __init__(self, writer: AnyWriter) -> None:
        self._writer = writer
        self._folder = writer.folder / "parts"
        self._waiting: list[Change] = []
        self._reports: set[str] = set()
        self._named: set[str] = set()

    def resume(self) -> None:
        """Load what a killed run left; a part that it didn't finish is dropped."""
        for draft in self._folder.glob(".tmp-*"):
            draft.unlink()
        parts = self._paths()
        if parts:
            self._load(parts, {report for part in parts for report in _reports_in(part)})

    def concerns(self, reports: Iterable[str]) -> bool:
        """Return whether one of the reports waits here, or is named by one that does."""
        return any(report in self._reports or report in self._named for report in reports)

    def add(self, change: Change, named: Iterable[str] = ()) -> None:
        """Let a report wait that the store doesn't hold; `named` are others that it says something of."""
        self._waiting.append(change)
        self._reports.add(change.report)
        self._named.update(named)
        if len(self._waiting) >= _REPORTS:
            self._write()

    def load(self) -> None:
        """Load all that waits."""
        if self._reports:
            self._write()
            self._load(self._paths(), self._reports)
            self._reports, self._named = set(), set()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.nq"))

    def _load(self, parts: list[Path], reports: set[str]) -> None:
        self._writer.load_parts(parts, reports)
        for part in parts:
            part.unlink()

    def _write(self) -> None:
        if not self._waiting:
            return
        try:
            self._folder.mkdir(exist_ok=True)
            number = len(self._paths()) + 1
            write_whole(self._folder / f"{number:06d}.nq", b"".join(map(_as_part, self._waiting)))
        except OSError as error:
            raise StoreError(f"{self._folder}: can't be written: {error.strerror}") from error
        self._waiting = []


def _as_part(change: Change) -> bytes:
    quads = (line for graph, triples in change.graphs.items() for line in _quads(graph, triples))
    return _MARK + change.report.encode() + b"\n" + b"".join(quads)


def _quads(graph: str, triples: bytes) -> Iterator[bytes]:
    end = f" <{graph}> .\n".encode()
    for line in triples.splitlines():
        yield line.removesuffix(b" .") + end


def _reports_in(part: Path) -> Iterator[str]:
    with part.open("rb") as file:
        for line in file:
            if line.startswith(_MARK):
                yield line.removeprefix(_MARK).decode().strip()
