"""Where a document came from, and which of two sources is the older."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from extractors.document import Deletion, Document

_PUBMED = re.compile(r"pubmed(\d\d)n(\d{4,})\.xml(?:\.gz)?")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from: file name, 1-based record number, and digests of documents that it replaced."""

    file: str | None = None
    record: int | None = None
    superseded: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file or 'an unnamed source'}" + (f", record {self.record}" if self.record else "")

    @classmethod
    def of(cls, item: Document | Deletion) -> Source:
        """Return where an item came from; of the file only the name, so that it is the same from any folder."""
        return cls(Path(item.origin.source).name, item.origin.record) if item.origin else cls()

    @property
    def release(self) -> tuple[int, int] | None:
        """Year and number of a file of PubMed's baseline or its updates (`pubmed26n1400.xml.gz`); None for others."""
        named = _PUBMED.fullmatch(self.file or "")
        return (int(named[1]), int(named[2])) if named else None

    def is_older(self, other: Source) -> bool:
        """Return whether both are PubMed's own files, and this one came out before the other."""
        own, others = self.release, other.release
        return own is not None and others is not None and own < others
