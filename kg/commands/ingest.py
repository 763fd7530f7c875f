"""`cartograph ingest`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import fast_option, shown, sources_argument, store_option, talk
from kg.commands.running import run_ingest
from kg.ingest import Options
from kg.place import Place


@click.command()
@sources_argument()
@store_option()
@click.option("--refresh", is_flag=True, help="Also extract anew what another version extracted.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; default: one for each CPU.")
@click.option("--scheduler", metavar="ADDRESS", help="Extract on the Dask cluster of this scheduler instead.")
@fast_option()
@click.option("--wait", type=click.FloatRange(min=0), default=0, help="Seconds to wait for another writer to finish.")
@click.option("--progress/--no-progress", default=None, help="Draw a progress bar; default: on a terminal.")
@click.pass_context
def ingest(
    ctx: click.Context,
    sources: tuple[Path, ...],
    store: Place,
    refresh: bool,
    workers: int | None,
    scheduler: str | None,
    fast: bool,
    wait: float,
    progress: bool | None,
) -> None:
    """Take documents into the store.

    SOURCE is a file, a folder, an archive, or - for standard input. Documents that the store holds already are left
    as they are. Records that fail are kept, with the reason, in failures.jsonl in the store's directory. Ctrl-C ends
    the run after the document in hand; the next run goes on from there. Exit code 1: some records failed; 2: nothing
    could be read; 130: interrupted.
    """
    if workers and scheduler:
        raise click.UsageError("--workers are this machine's: with --scheduler the cluster's own do the work")
    options = Options(refresh, workers, scheduler)
    report = run_ingest(store, sources, options, wait=wait, bar=shown(progress), fast=fast)
    talk(report.summary())
    if report.interrupted:
        ctx.exit(130)
    if report.failed:
        ctx.exit(1 if report.read > report.failed else 2)
