"""A run that is killed, and the one that goes on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.rdf import canonical
from kg.store import Reader

KILLS = 6


def ingest(source: Path, store: Path, root: Path) -> subprocess.Popen[bytes]:
    """Start an ingest as a process of its own."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "ingest", str(source), "--store", str(store)]
    return subprocess.Popen([*command, "--workers", "1"], cwd=root, stderr=subprocess.DEVNULL)


def dump(store: Path) -> bytes:
    """Return the canonical N-Quads of the published snapshot."""
    with Reader(store) as reader:
        return canonical(quad for graph in reader.graphs() for quad in reader.quads(graph))


@pytest.mark.slow
def test_a_killed_run_loses_nothing_and_doubles_nothing(tmp_path: Path, root: Path) -> None:
    """Killed again and again, then finished: the store is that of an undisturbed run, and readers never saw half."""
    source = root / "kg" / "corpus" / "corpus.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)[:60]
    some = tmp_path / "some.jsonl"
    some.write_text("".join(lines), encoding="utf-8")
    assert ingest(some, tmp_path / "whole", root).wait() == 0
    chance, store = random.Random(7), tmp_path / "killed"
    for _ in range(KILLS):
        process = ingest(some, store, root)
        began = time.monotonic()
        while not (store / "failures.jsonl").exists() and process.poll() is None and time.monotonic() - began < 60:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 2.5))
        process.kill()
        process.wait()
        with Reader(store) as reader:
            assert len(reader.reports()) in (0, len(lines))
    assert ingest(some, store, root).wait() == 0
    assert dump(store) == dump(tmp_path / "whole")
