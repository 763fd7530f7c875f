"""Keep evidence as a graph and ask it: mapping to RDF, store, ingest, queries, comparison, export.

`import kg; graph = kg.open(path)` opens a store for asking; nothing heavy is loaded before it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["open"]


def open(path: str | Path | None = None) -> Graph:
    """Return the graph of the store at `path` (default: $CARTOGRAPH_STORE or ./cartograph-store), for reading.

    Raises StoreError where there's no store or it can't be read.
    """
    from kg.graph import Graph

    return Graph.open(path)
