"""An index for a snapshot that has none: made from the graph, kept as long as it's used."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from kg.figures.build import FILE, Source, build
from kg.figures.database import Figures


def stand_in(source: Source) -> Figures:
    """Return an index of `source` in a temporary folder, which is removed with it. Takes minutes for much evidence."""
    folder = Path(tempfile.mkdtemp(prefix="cartograph-index-"))
    try:
        build(source, folder / FILE)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    figures = Figures(folder / FILE)
    weakref.finalize(figures, shutil.rmtree, folder, ignore_errors=True)
    return figures
