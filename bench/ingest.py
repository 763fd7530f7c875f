"""Measures ingest on made documents: speed, memory over all processes, the same files again, and the store's size.

usage: python -m bench.ingest [--documents 10000] [--workers 2] [--extractor known] [--append docs/performance.md]

The documents are the reference texts, renamed and numbered anew. `fast` is `cartograph ingest --fast`; `known` is an
extractor that knows their records, so that what is measured is everything but extraction.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from extractors.document import Document
from extractors.evidence import EvidenceRecord, from_json
from extractors.sources import read
from kg.ingest import Options, Run
from kg.store import Reader, Writer

ROOT = Path(__file__).resolve().parents[1]
TEXTS = (ROOT / "training" / "train.jsonl", ROOT / "tests" / "gold" / "dev.jsonl")
_FIELDS = set(EvidenceRecord.model_fields)
_EXTRACTORS = {
    "whole": "the packaged extractor",
    "fast": "the packaged extractor without its encoder (`--fast`)",
    "known": "the reference records in the extractor's place",
}
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
    """One run from start to end: seconds on the clock, seconds of work of all its processes, their highest memory.

    Memory is in bytes, all processes at one moment together.
    """

    seconds: float
    worked: float
    memory: int


def measure(source: Path, store: Path, workers: int, extractor: str) -> Measured:
    """Run ingest as a process of its own and watch it."""
    if extractor == "known":
        command = [sys.executable, __file__, "--run", str(source), str(store), "--workers", str(workers)]
    else:
        words = ["ingest", str(source), "--store", str(store), "--workers", str(workers), "--no-progress"]
        words += ["--fast"] if extractor == "fast" else []
        command = [sys.executable, "-c", "from kg.cli import main; main()", *words]
    began, before, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN), 0
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603
    while process.poll() is None:
        peak = max(peak, sum(map(memory, tree(process.pid))))
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"ingest ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(time.monotonic() - began, worked, peak)


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


def section(count: int, workers: int, extractor: str, folder: Path) -> str:
    """Measure, and return the results as a section of a page."""
    few = max(1, count // 10)
    tenth = measure(make(folder / "tenth.jsonl", few), folder / "tenth", workers, extractor)
    source = make(folder / "all.jsonl", count)
    whole = measure(source, folder / "all", workers, extractor)
    again = measure(source, folder / "all", workers, extractor)
    with Reader(folder / "all") as reader:
        held, quads = len(reader.reports()), len(reader)
    if held != count:
        raise RuntimeError(f"{held} of {count} documents are in the store")
    rows = (
        ("first ingest", f"{count / whole.seconds:.1f} documents/s ({whole.seconds:.0f} s)", "60 documents/s"),
        ("work, all processes", f"{whole.worked / count * 1000:.1f} ms of CPU a document", "33 ms on 2 cores"),
        (f"peak memory, {few:,} documents", f"{tenth.memory / 2**20:,.0f} MiB", "2 GB"),
        (f"peak memory, {count:,} documents", f"{whole.memory / 2**20:,.0f} MiB", "the same"),
        (
            "the same file again",
            f"{whole.seconds / again.seconds:.0f} times faster ({again.seconds:.1f} s)",
            "20 times",
        ),
        ("store size", f"{size(folder / 'all') / count / 1024:.1f} KiB a document", ""),
    )
    lines = [f"| {name} | {value} | {aim} |" for name, value, aim in rows]
    head = f"## Ingest of {count:,} documents ({datetime.now(UTC):%Y-%m-%d})"
    told = f"{quads:,} statements. {workers} workers, {_EXTRACTORS[extractor]}. On {machine()}."
    return "\n".join([head, "", told, "", "| | measured | aim |", "| --- | --- | --- |", *lines]) + "\n"


def machine() -> str:
    """Return the machine and the versions, in one line."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    versions = f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}"
    load = f"load {os.getloadavg()[1]:.1f} while measuring"
    return f"{cores} cores of {names[0] if names else platform.machine()}, {memory:.0f} GiB, {load}; {versions}"


def main() -> None:
    """Measure, and print or write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--extractor", choices=_EXTRACTORS, default="whole", help="`fast` is `cartograph ingest --fast`"
    )
    parser.add_argument("--append", type=Path, metavar="FILE", help="add the results to this page")
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        source, store = given.run
        run_known(source, store, given.workers)
        return
    with tempfile.TemporaryDirectory() as folder:
        text = section(given.documents, given.workers, given.extractor, Path(folder))
    sys.stdout.write(text)
    if given.append:
        with given.append.open("a", encoding="utf-8") as file:
            file.write("\n" + text)


if __name__ == "__main__":
    main()
