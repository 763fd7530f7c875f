"""The README's examples, run as they stand there; an output may leave lines out with `...`."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a reader does: a command or a piece of Python, and what the README says comes back."""

    code: str
    output: str
    python: bool = False


def steps(readme: str, folder: Path) -> Iterator[Step]:
    """Yield the steps of the README in order; the files that it shows are written into `folder` on the way."""
    for block in _BLOCK.finditer(readme):
        if block["file"]:
            (folder / block["file"]).write_text(block["body"], encoding="utf-8")
        elif block["kind"] == "console":
            for command in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                code, _, output = command.partition("\n")
                yield Step(code, output)
        elif block["kind"] == "python":
            for example in doctest.DocTestParser().get_examples(block["body"]):
                yield Step(example.source, example.want, python=True)


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the `cartograph` of this interpreter comes first and no store is named."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {k: v for k, v in os.environ.items() if k != "CARTOGRAPH_STORE"}
    return kept | {"PATH": path, "COLUMNS": "120", "HOME": str(folder)}


@pytest.mark.slow
def test_examples_give_what_the_readme_shows(root: Path, tmp_path: Path) -> None:
    """Every console and Python example of the README runs, in order, and prints what stands below it."""
    python = ""
    count = 0
    for step in steps((root / "README.md").read_text(encoding="utf-8"), tmp_path):
        count += 1
        command = [sys.executable, "-c", python + _printed(step.code)] if step.python else ["bash", "-c", step.code]
        result = subprocess.run(
            command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
        )
        python += step.code if step.python else ""
        assert result.returncode == 0, f"{step.code}\n{result.stderr}"
        matches = doctest.OutputChecker().check_output(step.output, result.stdout, _FLAGS)
        assert matches, f"{step.code}\n--- shown\n{step.output}\n--- printed\n{result.stdout}"
    assert count >= 5


def _printed(code: str) -> str:
    """Return code that prints the value of an expression, as the interactive interpreter does."""
    try:
        compile(code, "README.md", "eval")
    except SyntaxError:
        return code
    return f"print(repr({code.strip()}))"
