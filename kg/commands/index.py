"""`cartograph index`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import store_option
from kg.endpoint import address
from kg.figures.upkeep import discard
from kg.layout import Layout
from kg.place import Place, is_url
from kg.store import Writer
from ontology.errors import StoreError


@click.command()
@store_option()
def index(store: Place) -> None:
    """Make the store's index of figures anew.

    Comparing and the named questions read the index; it is made from the graph alone and kept up to date by ingest, so
    this is only for a store that lost it. Until then the graph answers, slowly where there is much.
    """
    if is_url(store):
        raise StoreError(f"{address(str(store))}: a server's store has no index of figures")
    layout = Layout(Path(store))
    layout.check()
    with Writer(layout.root) as writer:
        discard(layout)
        writer.finish()
