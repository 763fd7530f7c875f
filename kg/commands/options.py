"""Options and small habits that commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from kg.place import is_url

Command = TypeVar("Command", bound=Callable[..., Any])


class _Place(click.ParamType[Path | str]):
    """A folder, or a server's URL, whose slashes a path would lose."""

    name = "place"

    def __init__(self, servers: bool) -> None:
        self._servers = servers

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Return a URL as it is, anything else as a path; a URL isn't told of, since it may hold a password."""
        if not is_url(str(value)):
            return Path(str(value))
        return str(value) if self._servers else self.fail(_FOLDERS_ALONE, param, ctx)


_FOLDERS_ALONE = (
    "a folder is needed here, not a server's URL: pages and the index of figures are made from a folder's snapshots. "
    "`query`, `compare`, `export`, `check` and `status` read a server; for the pages, ingest the same files into a "
    "folder."
)


def store_option(default: str = "cartograph-store", servers: bool = True) -> Callable[[Command], Command]:
    """Return the option that names the store's place; gives a Path, or the text of a URL where `servers` may be."""
    return click.option(
        "--store",
        type=_Place(servers),
        envvar="CARTOGRAPH_STORE",
        default=Path(default),
        show_default=True,
        show_envvar=True,
        help="Directory of the store, or URL of a SPARQL server." if servers else "Directory of the store.",
    )


def fast_option() -> Callable[[Command], Command]:
    """Return the flag that leaves the encoder out."""
    return click.option(
        "--fast", is_flag=True, help="Extract without the encoder: about twice as fast, less often right."
    )


def format_option(choices: tuple[str, ...]) -> Callable[[Command], Command]:
    """Return the option that names the output's format; the first choice is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="Format of the output.",
    )


def sources_argument() -> Callable[[Command], Command]:
    """Return the argument for files, folders, archives, or `-` for standard input."""
    return click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")


def talk(message: str) -> None:
    """Say something to the person at the terminal."""
    click.echo(message, err=True)


def binary_output() -> IO[bytes]:
    """Return standard output for bytes."""
    return sys.stdout.buffer


def shown(progress: bool | None) -> bool:
    """Return whether to draw a progress bar: as asked, else when standard error is a terminal."""
    return sys.stderr.isatty() if progress is None else progress
