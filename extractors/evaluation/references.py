"""Reference and predicted records from JSON Lines files, or from folders of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from extractors.evidence import EvidenceRecord, from_json
from ontology.errors import EvidenceError, RecordError, SourceError

ABOUT_THE_RECORD: Final = ("style", "verified", "source", "source_url")
"""Keys of a reference record that tell how it came about; no evidence, so not part of the record."""

UNKNOWN_STYLE: Final = "unstated"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference record, and the style of its document (`structured`, `unstructured`, `summary`)."""

    record: EvidenceRecord
    style: str = UNKNOWN_STYLE


def read_references(path: Path) -> dict[str, Reference]:
    """Return the references of a file or folder by document id; raises SourceError or RecordError."""
    found: dict[str, Reference] = {}
    for source, number, line in _lines(path):
        about, record = _parse(source, number, line)
        found[record.id] = Reference(record, str(about.get("style") or UNKNOWN_STYLE))
    if not found:
        raise SourceError(str(path), "no records")
    return found


def read_predictions(path: Path) -> dict[str, EvidenceRecord]:
    """Return the predicted records of a file or folder by document id; raises SourceError or RecordError."""
    return {record.id: record for record in (_parse(*line)[1] for line in _lines(path))}


def _lines(path: Path) -> Iterator[tuple[Path, int, str]]:
    files = sorted(path.rglob("*.json")) + sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise SourceError(str(file), "no such file") from error
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(str(file), f"can't be read as text: {error}") from error
        lines = [text] if file.suffix == ".json" else text.split("\n")
        yield from ((file, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _parse(file: Path, number: int, line: str) -> tuple[dict[str, Any], EvidenceRecord]:
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise RecordError(str(file), number, "not a JSON object")
        about = {key: fields.pop(key) for key in ABOUT_THE_RECORD if key in fields}
        return about, from_json(json.dumps(fields))
    except json.JSONDecodeError as error:
        raise RecordError(str(file), number, f"not JSON: {error.msg}") from error
    except EvidenceError as error:
        raise RecordError(str(file), number, str(error)) from error
