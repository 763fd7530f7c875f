"""`cartograph compare`."""

from __future__ import annotations

import json

import click

from kg.commands.options import format_option, store_option, talk
from kg.compare import COLUMNS, Row, Selection
from kg.compare import compare as rows_of
from kg.opening import open_reader
from kg.place import Place
from kg.results import as_csv, as_text

_SHOWN = (
    "statistic", "value", "unit", "n", "N", "ci_low", "ci_high", "time_months", "grade",
    "arm", "intervention", "condition", "year", "title",
)  # fmt: skip


@click.command()
@click.option("--outcome", required=True, help="The outcome measure, as complete-response; narrower ones included.")
@click.option("--condition", help="Only this disease and narrower ones.")
@click.option("--intervention", help="Only this treatment and narrower ones.")
@click.option("--time", help="Only this time point: 12mo, 1y, 'day 100'.")
@click.option("--grade", help="Only grades within this: '>=3', 3-4, severe.")
@click.option("--arm", help="Only the arm with this label.")
@format_option(("table", "csv", "json"))
@store_option()
def compare(
    outcome: str,
    condition: str | None,
    intervention: str | None,
    time: str | None,
    grade: str | None,
    arm: str | None,
    format_: str,
    store: Place,
) -> None:
    """Compare the figures of an outcome.

    One row a figure, over all studies. Concepts are given by name, label, CURIE or IRI. A figure counts for a
    treatment when its arm was given it, or,
    for the whole study, when the study examines it: the column `basis` says which.
    """
    with open_reader(store) as reader:
        rows = rows_of(reader, Selection(outcome, condition, intervention, time, grade, arm))
    click.echo(render(rows, format_), nl=False)
    talk(f"{len(rows)} figures from {len({row.report for row in rows})} reports")


def render(rows: list[Row], format_: str) -> str:
    """Return rows as `csv` or `json` with all columns, or as a `table` with those that fit a terminal."""
    if format_ == "csv":
        return as_csv(COLUMNS, [[_text(row, column) for column in COLUMNS] for row in rows])
    if format_ == "json":
        return json.dumps([_plain(row) for row in rows], indent=2, ensure_ascii=False) + "\n"
    return as_text(_SHOWN, [[_text(row, column) for column in _SHOWN] for row in rows], widest=32)


def _text(row: Row, column: str) -> str:
    value = getattr(row, column)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _plain(row: Row) -> dict[str, object]:
    return {column: _number(getattr(row, column)) for column in COLUMNS}


def _number(value: object) -> object:
    """A decimal as a JSON number that prints the same."""
    return value if isinstance(value, str | int | None) else json.loads(str(value))
