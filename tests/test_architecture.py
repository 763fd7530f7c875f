"""The shape of the code: directions of import, start-up, sizes, and that all of it is told in the docs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("ontology", "extractors", "kg", "web")
LONGEST_MODULE = 350
HEAVY = ("spacy", "pandas", "numpy", "rdflib", "pyshacl", "flask", "networkx", "pydantic", "lxml", "openpyxl")


def modules(root: Path) -> list[Path]:
    """Return the modules of the library."""
    return sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))


def functions_that_test(path: Path) -> Iterator[ast.FunctionDef]:
    """Yield the test functions of a test module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node


def test_imports_go_one_way(root: Path) -> None:
    """Web imports kg, kg extractors, extractors ontology; never the other way, and the other contracts hold too."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
    ]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_help_loads_nothing_heavy(root: Path) -> None:
    """`cartograph --help` is quick because neither the language pipeline nor tables nor graphs are loaded for it."""
    code = (
        "import sys; from click.testing import CliRunner; from kg.cli import main; "
        "r = CliRunner().invoke(main, ['--help']); print(r.exit_code, *sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    exit_code, *loaded = result.stdout.split()
    assert exit_code == "0"
    assert not set(HEAVY) & set(loaded)


def test_modules_stay_short(root: Path) -> None:
    """No module of the library is longer than a reader can hold."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(root)}
    assert {str(p.relative_to(root)): n for p, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for(root: Path) -> None:
    """Every module that holds code begins with a docstring."""
    silent = [
        p for p in modules(root) if (text := p.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_test_states_the_behaviour(root: Path) -> None:
    """Every test has a docstring."""
    silent = [
        f"{path.name}::{test.name}"
        for path in sorted((root / "tests").rglob("test_*.py"))
        for test in functions_that_test(path)
        if not ast.get_docstring(test)
    ]
    assert silent == []


def test_no_module_of_leftovers(root: Path) -> None:
    """No module is named for not knowing where things belong."""
    assert [p for p in modules(root) if p.stem in {"utils", "util", "helpers", "misc", "common"}] == []


@pytest.mark.parametrize(
    ("foreign", "homes"),
    [("spacy", {"extractors"}), ("flask", {"web"}), ("waitress", {"web"})],
)
def test_foreign_libraries_have_few_doors(root: Path, foreign: str, homes: set[str]) -> None:
    """The language pipeline and the web framework are each known to their own room alone."""
    strangers = [
        str(path.relative_to(root))
        for path in modules(root)
        if path.relative_to(root).parts[0] not in homes and foreign in _imported(path)
    ]
    assert strangers == []


def test_only_the_store_knows_the_database(root: Path) -> None:
    """A database on disk is opened in `kg.store` alone; pyoxigraph's terms are everyone's who speaks RDF."""
    openers = {
        path.relative_to(root).as_posix()
        for path in modules(root)
        if re.search(r"\b(?:ox|pyoxigraph)\.Store(?:\.\w+)?\((?!\))", path.read_text("utf-8"))
    }
    assert openers == {"kg/store.py"}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
