"""The command line: `cartograph`. Commands are loaded when they are called, so that `--help` is quick.

Standard output is data, standard error is talk. Exit codes: 0 ok, 1 some records failed, 2 wrong use or nothing read.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from ontology.errors import CartographError

ENTRY_POINTS = "cartograph.commands"
_COMMANDS = {  # name: help in one line; each is the function of its name in the module of its name in kg.commands
    "fetch": "Download the records that a query finds, as files.",
    "extract": "Print the evidence records of documents.",
    "ingest": "Take documents into the store.",
    "query": "Ask the store a question.",
    "questions": "List the named questions.",
    "compare": "Compare the figures of an outcome.",
    "export": "Write the store in an interchange format.",
    "check": "Check the store's graphs against the shapes.",
    "status": "Say what is in the store.",
    "index": "Make the store's index of figures anew.",
    "schema": "Print the JSON Schema of an evidence record.",
    "evaluate": "Measure the extractors against reference records.",
    "demo": "Take in the bundled studies and show them.",
}
_JOINED = {"serve": "Show the store in a web browser."}  # brought by an entry point, named here to keep --help quick


class Failed(click.ClickException):
    """An error that is told in one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the line to standard error."""
        click.echo(f"cartograph: {self.format_message()}", file=file, err=file is None)


class Commands(click.Group):
    """A group whose commands are imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands: this package's, then those that others bring."""
        return [*_COMMANDS, *sorted(set(_joined()) | set(self.commands))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it; None for an unknown one."""
        if cmd_name in _COMMANDS:
            found = getattr(import_module(f"kg.commands.{cmd_name}"), cmd_name)
        elif point := _joined().get(cmd_name):
            found = point.load()
        else:
            return super().get_command(ctx, cmd_name)
        if not isinstance(found, click.Command):
            raise TypeError(f"not a command: {cmd_name}")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        known = _COMMANDS | _JOINED
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, known[name] if name in known else self._help(ctx, name)) for name in self.list_commands(ctx)]
            )

    def _help(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors on purpose become one line and exit code 2."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except CartographError as error:
            raise Failed(" ".join(str(error).split())) from error
        except BrokenPipeError:  # the reader of our output has seen enough
            _silence()
            return 0
        except OSError as error:  # a full disk behind standard output, a file that can't be read
            _silence()
            raise Failed(f"{error.filename or 'output'}: {error.strerror or error}") from error
        return result


def _joined() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def _silence() -> None:
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cartograph-kg", prog_name="cartograph")
def main() -> None:
    """Evidence on CAR T-cell therapy and stem-cell transplantation, from abstracts to a graph that answers."""
