"""Measures what a user waits for: the start of the command, abstracts read in a second, a record's way into the store.

usage: bench.py     (prints one line for each; one core, the bundled corpus)
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from extractors.document import Document
from extractors.evidence import EvidenceRecord
from extractors.pipeline import load
from extractors.sources import read
from kg.iris import Names
from kg.mapping import to_quads
from kg.store import Change, Writer


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that `work` takes in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def help_seconds() -> float:
    """Return the CPU time of `cartograph --help` in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "from kg.cli import main; main(['--help'])"
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def corpus() -> list[Document]:
    """Return the bundled documents."""
    with as_file(files("kg") / "corpus" / "corpus.jsonl") as path:
        return [item for item in read(path) if isinstance(item, Document)]


def write(records: list[EvidenceRecord]) -> None:
    """Write the records into a new store and throw it away."""
    names = Names()
    with tempfile.TemporaryDirectory() as folder, Writer(Path(folder) / "store") as writer:
        writer.write([Change.of(names.report(record), to_quads(record)) for record in records])
        writer.finish()


def main() -> None:
    """Print the measurements."""
    documents = corpus()
    records: list[EvidenceRecord] = []
    extractor = load()
    extractor.extract(documents[0])
    extracting = seconds(lambda: records.extend(map(extractor.extract, documents)))
    writing = seconds(lambda: write(records))
    lines = [
        f"cartograph --help        {help_seconds():.2f} s of CPU",
        f"extract                  {len(documents) / extracting:.1f} abstracts/s on one core",
        f"map and write            {len(records) / writing:.1f} records/s on one core, into a new store",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
