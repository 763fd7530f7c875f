"""Keeping the index of figures in step with the graph: which reports changed, and the index of the next snapshot."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.figures.build import FILE, Source, build, is_current
from kg.iris import assertion
from kg.layout import Layout

_ASSERTION = assertion("")
_MOST_SAID = 5000  # reports; some 25 megabytes


class Upkeep:
    """What a writer has changed since its store's last snapshot; all of it unknown where a writer before was killed."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._changed: set[str] | None = None if layout.unpublished.exists() else set()
        self._said: dict[str, bytes] = {}

    def note(self, reports: Iterable[str]) -> None:
        """Take down reports that are being written."""
        for report in reports:
            self._said.pop(assertion(report), None)
            if self._changed is not None:
                self._changed.add(report)

    def loaded(self, said: Mapping[str, bytes]) -> None:
        """Take down new reports that are being loaded, and their statements (N-Triples), where they're known.

        Some are kept until the next snapshot, since the database is slow to give them out again.
        """
        self.note(said)
        kept = ((report, triples) for report, triples in said.items() if triples and len(self._said) < _MOST_SAID)
        for report, triples in kept:
            self._said[assertion(report)] = zlib.compress(triples, 1)

    def watched(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Yield quads, taking down the reports that they belong to."""
        graphs: set[object] = set()
        for quad in quads:
            graphs.add(quad.graph_name)
            yield quad
        names = (graph.value for graph in graphs if isinstance(graph, ox.NamedNode))
        self.note(name.removesuffix(_ASSERTION) for name in names if name.endswith(_ASSERTION))

    def last(self) -> Path | None:
        """Return the index of the current snapshot; None where there's none that this version reads."""
        if not self._layout.current.exists():
            return None
        path = self._layout.snapshots / self._layout.current.read_text(encoding="utf-8").strip() / FILE
        return path if is_current(path) else None

    def write(self, source: Source, folder: Path) -> None:
        """Write the index of a snapshot into its folder: the last one brought up to date, or a new one."""
        build(_Remembering(source, self._said), folder / FILE, self.last(), self._changed)

    def done(self) -> None:
        """Start anew after a snapshot."""
        self._changed, self._said = set(), {}


class _Remembering:
    """A database whose newest graphs are at hand."""

    def __init__(self, source: Source, said: Mapping[str, bytes]) -> None:
        self.names = source.names
        self.reports = source.reports
        self.value = source.value
        self._source = source
        self._said = said

    def quads(
        self, graph: str | None = None, subject: str | None = None, predicate: str | None = None
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; of a graph at hand, all of it, without its name."""
        packed = self._said.get(graph) if graph and not (subject or predicate) else None
        if packed is None:
            return self._source.quads(graph, subject, predicate)
        return ox.parse(zlib.decompress(packed), format=ox.RdfFormat.N_TRIPLES)


def discard(layout: Layout) -> None:
    """Remove the index of the current snapshot: the next publication makes one anew. Needs the right to write."""
    if layout.current.exists():
        (layout.snapshots / layout.current.read_text(encoding="utf-8").strip() / FILE).unlink(missing_ok=True)
