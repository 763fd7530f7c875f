"""Keeping the index of figures in step with the graph: which reports changed, and the index of the next snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.figures.build import FILE, Source, build, is_current
from kg.iris import assertion
from kg.layout import Layout

_ASSERTION = assertion("")


class Upkeep:
    """What a writer has changed since its store's last snapshot; all of it unknown where a writer before was killed."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._changed: set[str] | None = None if layout.unpublished.exists() else set()

    def note(self, reports: Iterable[str]) -> None:
        """Take down reports that are being written."""
        if self._changed is not None:
            self._changed.update(reports)

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
        build(source, folder / FILE, self.last(), self._changed)

    def done(self) -> None:
        """Start anew after a snapshot."""
        self._changed = set()


def discard(layout: Layout) -> None:
    """Remove the index of the current snapshot: the next publication makes one anew. Needs the right to write."""
    if layout.current.exists():
        (layout.snapshots / layout.current.read_text(encoding="utf-8").strip() / FILE).unlink(missing_ok=True)
