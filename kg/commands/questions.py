"""`cartograph questions`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from kg.commands.options import format_option
from kg.questions import Question
from kg.questions import questions as all_questions


@click.command()
@format_option(("text", "json"))
def questions(format_: str) -> None:
    """List the named questions.

    Each with its parameters and their defaults; JSON has the queries too.
    """
    found = all_questions()
    if format_ == "json":
        click.echo(json.dumps([asdict(q) for q in found], indent=2, ensure_ascii=False))
        return
    for asked in found:
        click.echo("\n".join(_lines(asked)))


def _lines(asked: Question) -> list[str]:
    about = [f"{asked.name}: {asked.title}", f"    {asked.description}"]
    return about + [f"    {p.name}={p.default}  ({p.type}) {p.description}" for p in asked.parameters]
