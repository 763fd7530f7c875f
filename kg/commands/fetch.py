"""`cartograph fetch`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from extractors.sources.remote import BASE_URLS, Request
from extractors.sources.remote import fetch as fetch_records
from kg.commands.options import shown, talk

_INTERRUPTED = 130


@click.command()
@click.argument("service", type=click.Choice(list(BASE_URLS)))
@click.argument("query")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to fill.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Only what is new or was changed on or after that day.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many records, to try a query.")
@click.option("--email", envvar="CARTOGRAPH_EMAIL", show_envvar=True, help="Your address, told to the service.")
@click.option("--base-url", help="Address of the service, for a mirror; default: its own.")
@click.option("--progress/--no-progress", default=None, help="Draw a progress bar; default: on a terminal.")
@click.pass_context
def fetch(
    ctx: click.Context,
    service: str,
    query: str,
    folder: Path,
    since: datetime | None,
    limit: int | None,
    email: str | None,
    base_url: str | None,
    progress: bool | None,
) -> None:
    """Download the records that a query finds, as files.

    QUERY is in the language of the service, as you would type it there. The records are kept as they come, in numbered
    files; nothing is extracted: `cartograph ingest` reads the folder. The same command goes on where it stopped, and
    does nothing where all is there. An API key for PubMed is read from NCBI_API_KEY. Exit code 1: not as many records
    came as the service counts; 2: the service or the folder failed; 130: interrupted.
    """
    if service == "pubmed" and not email:
        talk("NCBI asks for an e-mail address (--email), to write to before it blocks anybody.")
    request = Request(query, since.date() if since else None, limit)
    try:
        with tqdm(unit=" records", disable=not shown(progress), dynamic_ncols=True) as drawn:
            outcome = fetch_records(
                service,
                request,
                folder,
                base_url=base_url,
                email=email,
                tell=talk,
                progress=lambda records, wanted: _advance(drawn, records, wanted),
            )
    except KeyboardInterrupt:
        talk(f"Stopped. What came is in {folder}; the same command goes on from there.")
        ctx.exit(_INTERRUPTED)
    talk(outcome.summary())
    if not outcome.whole:
        ctx.exit(1)


def _advance(drawn: tqdm[NoReturn], records: int, wanted: int) -> None:
    drawn.total = wanted
    drawn.update(records - drawn.n)
