"""`cartograph demo`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from kg.commands.options import store_option, talk
from kg.commands.running import run_ingest
from kg.compare import Row, Selection, compare
from kg.opening import open_reader
from kg.results import as_text

_COLUMNS = ("product", "n/N", "%", "95% CI", "disease", "source")


@click.command()
@store_option("demo-store", servers=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port of the web pages.")
@click.option("--serve/--no-serve", "serves", default=True, help="Show the studies in a web browser afterwards.")
@click.pass_context
def demo(ctx: click.Context, store: Path, port: int, serves: bool) -> None:
    """Take in the bundled studies and show them.

    Prints a comparison, then serves the web pages. The studies are summaries in our own words of published
    reports; everything shown is extracted from them here.
    """
    corpus = resources.files("kg") / "corpus" / "corpus.jsonl"
    with resources.as_file(corpus) as path:
        total = len(path.read_bytes().splitlines())
        talk(f"Reading {total} study summaries into {store}")
        report = run_ingest(store, [path], total=total)
    talk(report.summary())
    with open_reader(store) as reader:
        rows = compare(reader, Selection("complete-response", intervention="CAR T-cell therapy"))
    click.echo("\nComplete response by CAR T product\n")
    click.echo(as_text(_COLUMNS, table_rows(rows), widest=44), nl=False)
    if serves:
        _serve(ctx, store, port)


def table_rows(rows: list[Row]) -> list[tuple[str, ...]]:
    """Return the rows of the demo's table: percentages with numbers of patients, by product, largest first."""
    shown = [row for row in rows if row.statistic == "proportion" and row.value is not None and row.N]
    shown.sort(key=lambda row: (row.intervention.casefold(), -(row.N or 0), row.report, row.outcome))
    return [
        (
            row.intervention,
            f"{'?' if row.n is None else row.n}/{row.N}",
            str(row.value),
            f"{row.ci_low}-{row.ci_high}" if row.ci_low is not None and row.ci_high is not None else "",
            row.condition,
            f"{row.title} ({row.year})" if row.year else row.title,
        )
        for row in shown
    ]


def _serve(ctx: click.Context, store: Path, port: int) -> None:
    parent = ctx.find_root()
    command = parent.command.get_command(parent, "serve") if isinstance(parent.command, click.Group) else None
    if command is None:
        raise click.UsageError("the web pages aren't installed; use --no-serve")
    command.main(["--store", str(store), "--port", str(port)], prog_name="cartograph serve", standalone_mode=False)
