"""The threat model stays true: what it names as proof is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_promise_names_tests_that_exist(root: Path) -> None:
    """Each row of the table of promises names at least one test, and every test named is there."""
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.split("## Promises")[1].split("\n## ")[0].splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15
    assert [row for row in rows if not PROOF.search(row)] == []
    missing = {f"{file}::{name}" for file, name in PROOF.findall(text) if name not in functions(root / file)}
    assert missing == set()


def functions(path: Path) -> set[str]:
    """Return the names of the functions of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_limits_are_those_told(root: Path) -> None:
    """The numbers in the threat model are the defaults of the code."""
    from kg.worker_settings import Limits

    text, limits = (root / "docs" / "threat-model.md").read_text(encoding="utf-8"), Limits()
    assert f"({limits.seconds:g} s;" in text
    assert f"{limits.rows:,} rows or triples and {limits.size // 2**20} MiB" in text
    assert f"{limits.memory // 2**30} GiB of memory" in text
    assert (limits.workers, limits.waiting) == (4, 16)
