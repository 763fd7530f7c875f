"""How the tests of the command line run it, a file of three documents, and a store that the command filled of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

TEXT = "A complete response was seen in 19 of 28 patients (68%). Overall survival at 12 months was 75%."


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def line(number: int, text: str = TEXT) -> str:
    """Return one JSON Lines record."""
    return json.dumps({"id": f"pmid:{number}", "title": f"Trial {number}", "text": text, "outcomes": "ignored"}) + "\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of three documents."""
    path = tmp_path_factory.mktemp("source") / "three.jsonl"
    path.write_text("".join(line(number) for number in (1, 2, 3)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def store(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that the command filled."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    result = run("ingest", source, "--store", folder)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("3 read, 3 written")
    return folder
