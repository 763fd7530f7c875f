"""`cartograph evaluate`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from extractors.evaluation import scores
from extractors.evaluation.page import as_page
from extractors.evaluation.references import Reference, read_predictions, read_references
from extractors.evaluation.report import as_text, figures, outcome_line
from extractors.evaluation.running import predict
from extractors.evidence import EvidenceRecord
from kg.commands.options import fast_option, shown
from ontology.errors import SourceError

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("reference", type=_FILE)
@click.argument("predicted", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print all scores as JSON.")
@click.option("--misses", type=click.IntRange(0), default=0, metavar="N", help="Show the first N figures not found.")
@fast_option()
@click.option("--spurious", type=click.IntRange(0), default=0, metavar="N", help="Show the first N figures too many.")
@click.option("--write", type=_FILE, metavar="FILE", help="Write the scores as a Markdown page, too.")
@click.option("--beside", type=_FILE, multiple=True, metavar="FILE", help="On the page, the scores of FILE (JSON) too.")
def evaluate(
    reference: Path,
    predicted: Path | None,
    fast: bool,
    as_json: bool,
    misses: int,
    spurious: int,
    write: Path | None,
    beside: tuple[Path, ...],
) -> None:
    """Measure the extractors against reference records.

    REFERENCE holds reference records, one JSON object a line, or is a folder of them. PREDICTED holds the records to
    be measured, as `cartograph extract --format jsonl` prints them; without it the documents of REFERENCE are
    extracted first, their annotations unseen.
    """
    wanted = read_references(reference)
    found, version = _predictions(predicted) if predicted else _extract(reference, wanted, fast)
    evaluation = scores.evaluate(wanted, found)
    counted = {"set": reference.stem, "extractor": version} | figures(evaluation)
    others = [_figures(file) for file in beside]
    click.echo(json.dumps(counted, indent=1) if as_json else as_text(counted), nl=as_json)
    for line in _leftovers(evaluation, misses, spurious):
        click.echo(line)
    if write:
        _write_page(write, [counted, *others])


def _predictions(file: Path) -> tuple[dict[str, EvidenceRecord], str | None]:
    """Return the records of a file, and the version that made them where they tell of one alone."""
    found = read_predictions(file)
    versions = {record.extraction.extractor for record in found.values() if record.extraction}
    return found, versions.pop() if len(versions) == 1 else None


def _extract(
    reference: Path, wanted: Mapping[str, Reference], fast: bool
) -> tuple[dict[str, EvidenceRecord], str | None]:
    """Return the records of the reference's documents, and the version of what made them."""
    from extractors.pipeline import load, load_fast  # the language pipeline, which PREDICTED makes needless

    extractor = load_fast() if fast else load()
    with tqdm(total=len(wanted), unit=" documents", disable=not shown(None)) as bar:
        return predict(reference, wanted, extractor, bar.update), extractor.version


def _leftovers(evaluation: scores.Evaluation, misses: int, spurious: int) -> list[str]:
    return [
        *(outcome_line("miss", *each) for each in evaluation.missed[:misses]),
        *(outcome_line("spurious", *each) for each in evaluation.spurious[:spurious]),
    ]


def _figures(file: Path) -> dict[str, Any]:
    """Return the scores of an earlier run, as --json prints them."""
    try:
        counted = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(str(file), f"can't be read as JSON: {error}") from error
    if not isinstance(counted, dict) or not {"set", "figure", "full", "fields"} <= set(counted):
        raise SourceError(str(file), "not the scores that `cartograph evaluate --json` prints")
    return counted


def _write_page(file: Path, sets: Sequence[Mapping[str, Any]]) -> None:
    try:
        file.write_text(as_page({str(counted["set"]): counted for counted in sets}), encoding="utf-8")
    except OSError as error:
        raise SourceError(str(file), f"can't be written: {error.strerror}") from error
