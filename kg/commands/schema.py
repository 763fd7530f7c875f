"""`cartograph schema`."""

from __future__ import annotations

import json

import click

from extractors.evidence import json_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema of an evidence record."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
