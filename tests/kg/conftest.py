"""A store of the reference records, and an extractor that answers with them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.document import Document
from extractors.evidence import EvidenceRecord, Notice, from_json
from kg.iris import Names
from kg.mapping import to_quads
from kg.store import Reader, Writer

FIELDS = set(EvidenceRecord.model_fields)


def read_records(path: Path) -> list[EvidenceRecord]:
    """Return the reference records of a file, without the fields that only the annotators use."""
    lines = path.read_text(encoding="utf-8").splitlines()
    facts = ({k: v for k, v in json.loads(line).items() if k in FIELDS} for line in lines)
    return [from_json(json.dumps(fact)) for fact in facts]


class ReferenceExtractor:
    """An extractor that knows the right answers: those of the reference records, by title."""

    def __init__(self, records: list[EvidenceRecord], version: str = "reference-1") -> None:
        self.version = version
        self._by_title = {record.title: record for record in records}

    def extract(self, document: Document) -> EvidenceRecord:
        """Return the reference record for a document; an empty one for a document without; fails on request."""
        if "fail here" in document.text:
            raise ValueError("asked to fail")
        known = self._by_title.get(document.title)
        if known is not None and known.text == document.text:
            return known.model_copy(update={"id": document.id})
        return EvidenceRecord(
            id=document.id,
            title=document.title,
            text=document.text,
            notices=tuple(Notice(kind=n.kind, reference=n.reference) for n in document.notices),
        )


@pytest.fixture(scope="session")
def records(gold: Path) -> list[EvidenceRecord]:
    """Return all reference records."""
    return read_records(gold)


@pytest.fixture(scope="session")
def extractor(records: list[EvidenceRecord]) -> ReferenceExtractor:
    """Return an extractor that answers with the reference records."""
    return ReferenceExtractor(records)


@pytest.fixture(scope="session")
def reference_store(records: list[EvidenceRecord], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a published store of all reference records."""
    folder = tmp_path_factory.mktemp("reference") / "store"
    latest = {Names().report(record): record for record in records}
    with Writer(folder) as writer:
        writer.load(quad for record in latest.values() for quad in to_quads(record))
        writer.finish()
    return folder


@pytest.fixture
def reader(reference_store: Path) -> Iterator[Reader]:
    """Return the store of reference records, open for reading."""
    with Reader(reference_store) as opened:
        yield opened


@pytest.fixture
def documents(records: list[EvidenceRecord], tmp_path: Path) -> Path:
    """Return a JSON Lines file of six documents."""
    return write_documents(tmp_path / "six.jsonl", records[:6])


def write_documents(path: Path, records: list[EvidenceRecord]) -> Path:
    """Write the documents of records, without their annotations, to a JSON Lines file."""
    keys = {"id", "title", "text", "citation"}
    path.write_text("".join(r.model_dump_json(include=keys) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of 48 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
