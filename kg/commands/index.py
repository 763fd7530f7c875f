"""`cartograph index`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import store_option
from kg.figures.upkeep import discard
from kg.layout import Layout
from kg.store import Writer


@click.command()
@store_option(servers=False)
def index(store: Path) -> None:
    """Make the store's index of figures anew.

    Comparing and the named questions read the index; it is made from the graph alone and kept up to date by ingest, so
    this is only for a store that lost it. Until then the graph answers, slowly where there is much.
    """
    layout = Layout(store)
    layout.check()
    with Writer(layout.root) as writer:
        discard(layout)
        writer.finish()
