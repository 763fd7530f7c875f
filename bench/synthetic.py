"""Synthetic evidence graphs of any size in the real schema: the reference records, over and over under other names.

Each copy has its own reports and trials, and shares concepts; every twentieth record is flagged, every fortieth is
retracted, since the reference records are neither. The same number of studies gives the same files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.evidence import EvidenceRecord, Flag, Notice, from_json
from kg.iris import Names
from kg.mapping import to_quads
from kg.rdf import nquads
from kg.vocabulary_graph import vocabulary_quads

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold" / "dev.jsonl"
_PER_FILE = 2000
_IDENTIFIER = re.compile(r'(<http://purl\.org/dc/terms/identifier> ")(?:pubmed|doi):[^"]*"')


@dataclass(frozen=True, slots=True)
class Template:
    """A reference record as N-Quads, and the IRI of its report."""

    report: str
    text: str

    def named(self, number: int, copy: int) -> str:
        """Return the record's statements under the names of study `number` in copy `copy` of the collection."""
        base = Names().base
        text = self.text.replace(self.report, f"{base}report/pmid-{90000000 + number}")
        text = text.replace(f"{base}trial/", f"{base}trial/{copy}-")
        return _IDENTIFIER.sub(rf'\g<1>pubmed:{90000000 + number}"', text)


def templates() -> list[Template]:
    """Return the reference records, each report once."""
    known = set(EvidenceRecord.model_fields)
    found: dict[str, Template] = {}
    for k, line in enumerate(GOLD.read_text(encoding="utf-8").splitlines()):
        record = from_json(json.dumps({key: x for key, x in json.loads(line).items() if key in known}))
        report = Names().report(record)
        found[report] = Template(report, nquads(to_quads(_marked(record, k))).decode())
    return list(found.values())


def _marked(record: EvidenceRecord, k: int) -> EvidenceRecord:
    flags = (Flag(kind="proportion", outcomes=(0,), message="3 of 5 is 60%, not 20%"),) if record.outcomes else ()
    notices = (Notice(kind="retracted"),) if k % 40 == 0 else ()
    return record.model_copy(update={"flags": flags if k % 20 == 0 else (), "notices": notices})


def write(folder: Path, studies: int) -> list[Path]:
    """Write a graph of `studies` studies as N-Quads files into `folder`, vocabulary and closure first."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = folder / "vocabulary.nq"
    vocabulary.write_bytes(nquads(vocabulary_quads(Names())))
    files = [vocabulary]
    for part, texts in enumerate(_parts(studies)):
        files.append(folder / f"studies-{part:04d}.nq")
        files[-1].write_text("".join(texts), encoding="utf-8")
    return files


def _parts(studies: int) -> Iterator[list[str]]:
    known = templates()
    for start in range(0, studies, _PER_FILE):
        numbers = range(start, min(start + _PER_FILE, studies))
        yield [known[n % len(known)].named(n, n // len(known)) for n in numbers]
