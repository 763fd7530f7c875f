"""`cartograph export`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import binary_output, format_option, store_option
from kg.export import FORMATS
from kg.export import export as write
from kg.opening import AnyReader, open_reader
from kg.place import Place


@click.command()
@format_option(tuple(FORMATS))
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File; default: standard output.")
@click.option("--report", help="Only one report, by id (pmid:34891224) or IRI.")
@store_option()
def export(format_: str, output: Path | None, report: str | None, store: Place) -> None:
    """Write the store in an interchange format.

    nquads is canonical: the same evidence gives the same bytes. A file is written whole or not at all.
    """
    with open_reader(store) as reader:
        if output is None:
            write(reader, format_, binary_output(), report)
        else:
            write_file(reader, format_, output, report)


def write_file(reader: AnyReader, format_: str, output: Path, report: str | None) -> None:
    """Write beside `output`, then put it in place."""
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as file:
            write(reader, format_, file, report)
        draft.replace(output)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)
