"""Measures ingest on made documents: speed, memory over all processes, the same files again, and the store's size.

usage: python -m bench.ingest [--documents 10000] [--workers 2] [--known] [--append docs/performance.md]

The documents are the reference texts, renamed and numbered anew. With `--known` an extractor that knows their records
takes the real one's place, so that what is measured is everything but extraction.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.document import Document
from extractors.evidence import EvidenceRecord, from_json
from extractors.sources import read
from kg.ingest import Options, Run
from kg.store import Reader, Writer

ROOT = Path(__file__).resolve().parents[1]
TEXTS = (ROOT / "training" / "train.jsonl", ROOT / "tests" / "gold" / "dev.jsonl")
_FIELDS = set(EvidenceRecord.model_fields)
_SAMPLE_SECONDS = 0.5


class Known:
    """An extractor that knows the records of the reference texts."""

    version = "known-1"

    def __init__(self) -> None:
        self._records = {fact["text"]: from_json(json.dumps(fact)) for fact in references()}

    def extract(self, document: Document) -> EvidenceRecord:
        """Return the reference record of a text."""
        found = self._records[document.text]
        return found.model_copy(update={"id": document.id, "title": document.title})


@cache
def references() -> tuple[dict[str, object], ...]:
    """Return the reference records as plain data, without the annotators' own fields."""
    lines = [line for path in TEXTS for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple({k: v for k, v in json.loads(line).items() if k in _FIELDS} for line in lines)


def make(path: Path, count: int) -> Path:
    """Write a JSON Lines file of `count` documents."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            fact = references()[number % len(references())]
            citation = dict(fact.get("citation") or {}) | {"pmid": str(70_000_000 + number), "doi": None}  # type: ignore[call-overload]
            made = {"id": f"pmid:{70_000_000 + number}", "title": f"{fact['title']} ({number})"}
            file.write(json.dumps(made | {"text": fact["text"], "citation": citation}, ensure_ascii=False) + "\n")
    return path


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds from start to end of its process, and the highest memory of all its processes in bytes."""

    seconds: float
    memory: int


def measure(source: Path, store: Path, workers: int, known: bool) -> Measured:
    """Run ingest as a process of its own and watch it."""
    if known:
        command = [sys.executable, __file__, "--run", str(source), str(store), "--workers", str(workers)]
    else:
        words = ["ingest", str(source), "--store", str(store), "--workers", str(workers), "--no-progress"]
        command = [sys.executable, "-c", "from kg.cli import main; main()", *words]
    began, peak = time.monotonic(), 0
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603
    while process.poll() is None:
        peak = max(peak, sum(map(memory, tree(process.pid))))
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"ingest ended with {process.returncode}")
    return Measured(time.monotonic() - began, peak)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree(int(child))


def memory(pid: int) -> int:
    """Return the memory of a process in bytes, pages that several share divided among them (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def run_known(source: Path, store: Path, workers: int) -> None:
    """Take a file in with the extractor that knows."""
    with Writer(store) as writer:
        Run(writer, Known, Options(workers=workers)).ingest([source], read)


def size(folder: Path) -> int:
    """Return the bytes on disk of the newest snapshot (files that several snapshots share are counted once)."""
    files = {path.stat().st_ino: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return sum(files.values())


def table(count: int, workers: int, known: bool, folder: Path) -> dict[str, str]:
    """Return the measurements by name."""
    tenth = measure(make(folder / "tenth.jsonl", count // 10), folder / "tenth", workers, known)
    source = make(folder / "all.jsonl", count)
    whole = measure(source, folder / "all", workers, known)
    again = measure(source, folder / "all", workers, known)
    with Reader(folder / "all") as reader:
        held = len(reader.reports())
        quads = len(reader)
    return {
        "documents": f"{count:,} ({held:,} reports, {quads:,} statements)",
        "extractor": "known records" if known else "the packaged one",
        "workers": str(workers),
        "first ingest": f"{whole.seconds:.0f} s, {count / whole.seconds:.1f} documents/s",
        "the same file again": f"{again.seconds:.1f} s, {whole.seconds / again.seconds:.0f} times faster",
        f"peak memory, {count // 10:,} documents": f"{tenth.memory / 2**20:.0f} MiB",
        f"peak memory, {count:,} documents": f"{whole.memory / 2**20:.0f} MiB",
        "store size": f"{size(folder / 'all') / count / 1024:.1f} KiB a document",
    }


def machine() -> str:
    """Return the machine in words."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    name = names[0] if names else platform.machine()
    return f"{name}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main() -> None:
    """Measure, and print or write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--known", action="store_true", help="leave extraction out")
    parser.add_argument("--append", type=Path, metavar="FILE", help="add the results to this page")
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        source, store = given.run
        run_known(source, store, given.workers)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = table(given.documents, given.workers, given.known, Path(folder))
    lines = [f"| {name} | {value} |" for name, value in found.items()]
    text = "\n".join([f"| {machine()} | |", "| --- | --- |", *lines]) + "\n"
    sys.stdout.write(text)
    if given.append:
        with given.append.open("a", encoding="utf-8") as file:
            file.write("\n" + text)


if __name__ == "__main__":
    main()
