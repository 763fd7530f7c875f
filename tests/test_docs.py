"""The documentation: generated pages are current, and links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.questions import questions

GENERATED = ("docs/commands.md", "docs/questions.md", "docs/evidence-record.schema.json", "README.md")


@pytest.fixture(scope="module")
def fresh(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the generated pages as the code makes them now."""
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, "scripts/write_docs.py", str(folder)], cwd=root, check=True)
    return folder


@pytest.mark.parametrize("name", GENERATED)
def test_generated_page_is_current(root: Path, fresh: Path, name: str) -> None:
    """Commands with all options, questions, schema and README figures stand as the code has them (else: make docs)."""
    assert (root / name).read_text(encoding="utf-8") == (fresh / name).read_text(encoding="utf-8")


def test_every_question_is_documented(root: Path) -> None:
    """Each named question has its heading on the page of questions."""
    headings = re.findall(r"^## (\S+)$", (root / "docs" / "questions.md").read_text(encoding="utf-8"), re.M)
    assert headings == [q.name for q in questions()]


def test_links_lead_somewhere(root: Path) -> None:
    """Every relative link in the documentation leads to a file of the project."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "training").glob("*.md")]
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
