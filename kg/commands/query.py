"""`cartograph query`."""

from __future__ import annotations

import sys
from typing import IO

import click
import pyoxigraph as ox

from kg.commands.options import binary_output, format_option, store_option
from kg.opening import open_reader
from kg.place import Place
from kg.query import ask, run
from kg.results import FORMATS, as_answer, write


@click.command()
@click.argument("file", required=False, type=click.File(encoding="utf-8"), metavar="[FILE.rq | -]")
@click.option("--text", help="The query itself.")
@click.option("--name", help="A named question; see `cartograph questions`.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="A parameter of the named question.")
@format_option(FORMATS)
@store_option()
def query(
    file: IO[str] | None, text: str | None, name: str | None, params: tuple[str, ...], format_: str, store: Place
) -> None:
    """Ask the store a question.

    SPARQL comes from a file, standard input (-) or --text; --name asks a named question. The usual prefixes
    need not be declared, and the default graph is the union of all graphs. Updates, LOAD and
    SERVICE are refused.

    The exit code is 0 for an answer, 1 where a named question finds nothing or ASK is false, 2 for an error.
    """
    if sum(x is not None for x in (file, text, name)) != 1:
        raise click.UsageError("give one of FILE, --text and --name")
    if params and name is None:
        raise click.UsageError("--param goes with --name")
    values = dict(_pair(param) for param in params)
    with open_reader(store) as reader:
        if name is not None:
            found = ask(reader, name, values)
            write(as_answer(found), format_, binary_output())
            is_empty = not found.rows
        else:
            answer = run(reader, text if text is not None else _content(file))
            is_empty = isinstance(answer, ox.QueryBoolean) and not answer
            write(answer, format_, binary_output())
    sys.exit(1 if is_empty else 0)


def _content(file: IO[str] | None) -> str:
    if file is None:
        raise click.UsageError("no query")
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name}: not UTF-8 text") from error


def _pair(param: str) -> tuple[str, str]:
    key, equals, value = param.partition("=")
    if not equals:
        raise click.BadParameter(f"{param!r} isn't KEY=VALUE", param_hint="--param")
    return key.strip(), value
