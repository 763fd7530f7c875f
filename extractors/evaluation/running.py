"""The extractor run on a reference file's documents, as `cartograph extract` would run it: annotations unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from extractors.document import Document
from extractors.evaluation.references import Reference
from extractors.evidence import EvidenceRecord
from extractors.sources import read
from ontology.errors import SourceError


class Extracts(Protocol):
    """What the evaluation asks of an extractor."""

    def extract(self, document: Document, /) -> EvidenceRecord:
        """Return the record of a document."""
        ...


def predict(
    path: Path,
    references: Mapping[str, Reference],
    extractor: Extracts,
    progress: Callable[[], object] = lambda: None,
) -> dict[str, EvidenceRecord]:
    """Return the records extracted from the documents in `path`, by the ids of `references`.

    Calls `progress` after each document. Raises the SourceError of a record that can't be read.
    """
    records: dict[str, EvidenceRecord] = {}
    for item in read(path):
        if isinstance(item, SourceError):
            raise item
        if isinstance(item, Document) and item.id in references:
            records[item.id] = extractor.extract(item)
            progress()
    return records
