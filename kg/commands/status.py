"""`cartograph status`."""

from __future__ import annotations

import json

import click

from kg.commands.options import format_option, store_option
from kg.place import Place
from kg.status import Status, status_of


@click.command()
@format_option(("text", "json"))
@store_option()
def status(format_: str, store: Place) -> None:
    """Say what is in the store.

    How many reports and figures, from which files, made by which versions.
    """
    found = status_of(store)
    click.echo(json.dumps(found.as_dict(), indent=2) if format_ == "json" else _text(found))


def _text(found: Status) -> str:
    lines = [
        f"{found.store}: {found.reports} reports, {found.figures} figures, {found.quads} statements",
        f"snapshot {found.snapshot}" + (" (an unfinished run has written more)" if found.unfinished else ""),
        *(f"from {file}: {count} reports" for file, count in found.files.items()),
        *(f"made by extractor {made}: {count} reports" for made, count in found.versions.items()),
    ]
    if found.withdrawn:
        lines.append(f"{found.withdrawn} withdrawn by their source")
    if run := found.last_run:
        lines.append(f"last run ended {run['ended']}: {run['written']} written, {run['failed']} failed")
    return "\n".join(lines)
