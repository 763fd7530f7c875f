"""`cartograph check`."""

from __future__ import annotations

import json

import click

from kg.check import check_reports
from kg.commands.options import format_option, store_option, talk
from kg.opening import open_reader
from kg.place import Place


@click.command()
@format_option(("text", "json"))
@click.option("--report", help="Only one report, by id (pmid:34891224) or IRI.")
@store_option()
@click.pass_context
def check(ctx: click.Context, format_: str, report: str | None, store: Place) -> None:
    """Check the store's graphs against the shapes.

    Each report's graph is checked by the SHACL shapes of the ontology. Exit code 1: something doesn't conform.
    """
    with open_reader(store) as reader:
        wanted = [reader.names.report_of_id(report)] if report else reader.reports()
        found = list(check_reports(reader, wanted))
    if format_ == "json":
        click.echo(json.dumps([problem.as_dict() for problem in found], indent=2, ensure_ascii=False))
    else:
        for problem in found:
            click.echo(str(problem))
    talk(f"{len(wanted)} reports checked, {len(found)} problems")
    if found:
        ctx.exit(1)
