"""The wheel: everything that is needed at run time, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGES = ("ontology", "extractors", "kg", "web")
MOST_BYTES = 30 * 1024 * 1024

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the sources as they stand."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(folder.glob("cartograph_kg-*.whl"))


def contents(wheel: Path) -> set[str]:
    """Return the names of the files in a wheel, its own metadata left out."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_wheel_holds_every_source_and_data_file(root: Path, wheel: Path) -> None:
    """Each file of the four packages is in the wheel: modules, vocabulary, queries, templates, models, corpus."""
    files = {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert contents(wheel) == files


def test_wheel_holds_no_reference_or_training_records(wheel: Path) -> None:
    """Tests, reference records and training records stay outside."""
    assert {name.split("/")[0] for name in contents(wheel)} == set(PACKAGES)
    assert not [name for name in contents(wheel) if name.endswith((".jsonl", ".json")) and "train" in Path(name).name]


def test_wheel_is_small(wheel: Path) -> None:
    """The wheel, with its models, stays below 30 MB."""
    assert wheel.stat().st_size < MOST_BYTES


def test_wheel_tells_its_licence_and_its_command(wheel: Path) -> None:
    """The metadata hold licence, typed marker and the command `cartograph`."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))).decode()
        commands = archive.read(next(n for n in names if n.endswith(".dist-info/entry_points.txt"))).decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "cartograph = kg.cli:main" in commands
