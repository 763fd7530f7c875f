"""`cartograph extract`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from extractors.document import Document
from extractors.evidence import EvidenceRecord
from extractors.pipeline import load, load_fast
from extractors.sources import read
from kg.commands.options import fast_option, format_option, sources_argument, talk
from kg.record_text import as_text
from kg.work import ExtractorLike, failure_of, stamped
from ontology.errors import CartographError, SourceError


@click.command()
@sources_argument()
@format_option(("jsonl", "json", "text"))
@fast_option()
@click.pass_context
def extract(ctx: click.Context, sources: tuple[Path, ...], format_: str, fast: bool) -> None:
    """Print the evidence records of documents.

    SOURCE is a file, a folder, an archive, or - for standard input. Annotations that a JSON Lines record already
    has are ignored. Exit code 1: some records failed; 2: none could be read.
    """
    problems: list[str] = []
    found = _records(sources, problems, load_fast if fast else load)
    count = _print_json(found) if format_ == "json" else _print_lines(found, format_)
    for problem in problems:
        talk(f"cartograph: {problem}")
    if problems:
        ctx.exit(1 if count else 2)


def _print_json(found: Iterator[EvidenceRecord]) -> int:
    records = [json.loads(record.to_json()) for record in found]
    click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    return len(records)


def _print_lines(found: Iterator[EvidenceRecord], format_: str) -> int:
    count = 0
    for record in found:
        click.echo(record.to_json() if format_ == "jsonl" else as_text(record))
        count += 1
    return count


def _records(
    sources: tuple[Path, ...], problems: list[str], make: Callable[[], ExtractorLike]
) -> Iterator[EvidenceRecord]:
    extractor: ExtractorLike | None = None
    for source in sources:
        try:
            for item in read(source):
                if isinstance(item, SourceError):
                    problems.append(str(item))
                elif isinstance(item, Document):
                    extractor = extractor or make()
                    yield from _one(extractor, item, problems)
        except SourceError as error:
            problems.append(str(error))


def _one(extractor: ExtractorLike, document: Document, problems: list[str]) -> Iterator[EvidenceRecord]:
    try:
        yield stamped(extractor.extract(document), extractor, document)
    except CartographError as error:
        problems.append(str(failure_of(document, error)))
