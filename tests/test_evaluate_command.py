"""`cartograph evaluate`, and the accuracy page that it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractors.document import Document
from extractors.evaluation.references import read_references
from extractors.evaluation.running import predict
from extractors.evidence import EvidenceRecord
from kg.cli import main

FIGURE = re.compile(r"(?<=[ -])\d+(?:\.\d+)?(?=[ .]|$)", re.MULTILINE)
"""A number of the page; digits of a version are none."""
RATE = re.compile(r"(?<=[ -])\d\.\d{3}(?=[ .]|$)", re.MULTILINE)


def run(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


@pytest.fixture
def some(gold: Path, tmp_path: Path) -> Path:
    """Return a file of five reference records."""
    file = tmp_path / "some.jsonl"
    file.write_text("".join(f"{line}\n" for line in gold.read_text("utf-8").splitlines()[:5]), encoding="utf-8")
    return file


def test_prints_the_scores_of_predictions(some: Path) -> None:
    """Predictions that are the references score 1 throughout."""
    result = run(some, some)
    assert result.exit_code == 0, result.output
    assert "documents 5 (answered 5)" in result.output
    assert "figure  precision 1.000  recall 1.000  F1 1.000" in result.output


def test_extracts_where_no_predictions_are_given(some: Path) -> None:
    """Without predictions the documents are extracted; the scores name the extractor's version."""
    result = run(some, "--json")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)
    assert scores["answered"] == 5
    assert scores["extractor"]
    assert scores["figure"]["f1"] > 0.3


def test_shows_what_was_missed_and_what_is_too_much(some: Path, tmp_path: Path) -> None:
    """--misses and --spurious print so many figures, each with its document and words."""
    records = [json.loads(line) for line in some.read_text("utf-8").splitlines()]
    for fields in records:
        for outcome in fields["outcomes"]:
            outcome["measure"] = "relapse" if outcome["measure"] != "relapse" else "mortality"
    flawed = tmp_path / "flawed.jsonl"
    flawed.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    lines = run(some, flawed, "--misses", "2", "--spurious", "1").stdout.splitlines()
    assert [line.split()[0] for line in lines[-3:]] == ["miss", "miss", "spurious"]


def test_writes_a_page_with_sets_side_by_side(some: Path, tmp_path: Path) -> None:
    """--write writes the page; --beside sets the kept scores of another set beside."""
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(json.loads(run(some, some, "--json").stdout) | {"set": "other"}), encoding="utf-8")
    result = run(some, some, "--write", tmp_path / "page.md", "--beside", kept)
    assert result.exit_code == 0, result.output
    assert "| field | some | other |" in (tmp_path / "page.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["{some}", "{some}", "--beside", "{some}"], "can't be read as JSON"),
        (["{some}", "{some}", "--write", "nowhere/page.md"], "nowhere/page.md: can't be written"),
    ],
)
def test_wrong_use_is_one_clear_line(some: Path, arguments: Iterable[str], told: str) -> None:
    """A missing file, a file of another kind, an impossible target: one line, exit code 2."""
    result = run(*(a.format(some=some) for a in arguments))
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_annotations_are_not_seen_by_the_extractor(some: Path) -> None:
    """The extractor under evaluation is given documents: title, text and citation, nothing of the annotations."""
    seen: list[Document] = []

    class Silent:
        def extract(self, document: Document, /) -> EvidenceRecord:
            seen.append(document)
            return EvidenceRecord(id=document.id, title=document.title, text=document.text)

    assert set(predict(some, read_references(some), Silent())) == {d.id for d in seen}
    assert all(not (d.registry_ids or d.publication_types or d.phase) for d in seen)


@pytest.mark.slow
def test_accuracy_page_is_current(root: Path, gold: Path, tmp_path: Path) -> None:
    """docs/accuracy.md says what an evaluation says now (else: make accuracy), but for what a processor may change.

    The words, the extractor's version among them, are the same, and its rates within half a hundredth on average.
    """
    kept = [f"--beside={file}" for file in sorted((root / "docs").glob("accuracy-*.json"))]
    result = run(gold, "--write", tmp_path / "accuracy.md", *kept)
    assert result.exit_code == 0, result.output
    new, old = ((folder / "accuracy.md").read_text("utf-8") for folder in (tmp_path, root / "docs"))
    assert FIGURE.sub("#", new) == FIGURE.sub("#", old)
    rates = [[float(r) for r in RATE.findall(page)] for page in (new, old)]
    apart = [abs(now - then) for now, then in zip(*rates, strict=True)]
    assert max(apart[:10]) <= 0.005  # the overall rates of both sets
    assert sum(apart) / len(apart) <= 0.005
