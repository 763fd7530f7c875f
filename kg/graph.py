"""The graph as researchers use it from Python: open, ask, compare; answers are DataFrames or records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from extractors.evidence import EvidenceRecord
from kg import records
from kg.compare import Question, Row, compare
from kg.store import Reader

DEFAULT_STORE = "cartograph-store"


def store_path(path: str | Path | None = None) -> Path:
    """Return `path`, else $CARTOGRAPH_STORE, else ./cartograph-store."""
    return Path(path or os.environ.get("CARTOGRAPH_STORE") or DEFAULT_STORE)


class Graph:
    """One store, open for reading."""

    def __init__(self, store: Reader) -> None:
        self.store = store

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Return the graph of the store at `path`; raises StoreError where it can't be read."""
        return cls(Reader(store_path(path)))

    def record(self, report: str) -> EvidenceRecord:
        """Return the record of a report named by IRI or id (`pmid:34891224`); raises StoreError for an unknown one."""
        return records.record(self.store, self.store.names.report_of_id(report))

    def records(self) -> Iterator[tuple[str, EvidenceRecord]]:
        """Yield the IRI and the record of each report."""
        return records.records(self.store)

    def comparison(
        self,
        outcome: str,
        condition: str | None = None,
        intervention: str | None = None,
        time: str | None = None,
        grade: str | None = None,
        arm: str | None = None,
    ) -> list[Row]:
        """Return the figures for an outcome as typed rows; concepts by name, label, CURIE or IRI, narrower included.

        Raises VocabularyError for an unknown concept, QueryError for a time or grade that can't be read.
        """
        return compare(self.store, Question(outcome, condition, intervention, time, grade, arm))

    def close(self) -> None:
        """Let the store go."""
        self.store.close()
