"""The document: a title and a text whose character offsets never move.

Readers (`extractors.sources`) make documents; extractors annotate them; every extracted figure points back
into `Document.text` (or `Document.title`) by offsets in Unicode code points, as Python counts them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["title", "text"]
NoticeKind = Literal["retracted", "retraction", "erratum", "concern", "update", "withdrawn"]
SectionRole = Literal["background", "methods", "results", "conclusions"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `part[start:end]`, of a document's title or text."""

    start: int
    end: int
    part: Part = "text"

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled section of the text: `label` as printed (`RESULTS`), `span` its body without the label.

    `role` is what the label says of the body, from the source (PubMed's NlmCategory) or the label; None where
    neither tells.
    """

    label: str
    span: Span
    role: SectionRole | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A mark on the publication: it was retracted, corrected, or itself retracts `reference` (a PMID or a citation)."""

    kind: NoticeKind
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the document was published; unknown stays None."""

    pmid: str | None = None
    doi: str | None = None
    journal: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document was read: `source` a file name, `record` its 1-based place there, `format` the reader's name."""

    source: str
    record: int
    format: str


@dataclass(frozen=True, slots=True)
class Document:
    """One report as read.

    `id` is stable: `pmid:34891224`, `doi:10.1056/...`, `nct:NCT03391466`, the record's own id, or a hash of title and
    text. `registry_ids`, `publication_types`, `authors` and `phase` are what the source's own fields state, apart from
    the text. `language` is that of the text, as PubMed writes it (`eng`, `chi`); None where the source doesn't
    say.
    """

    id: str
    title: str
    text: str
    citation: Citation = Citation()
    sections: tuple[Section, ...] = ()
    authors: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    registry_ids: tuple[str, ...] = ()
    phase: str | None = None
    language: str | None = None
    notices: tuple[Notice, ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    @property
    def retracted(self) -> bool:
        """Whether the source says that this report was retracted or withdrawn."""
        return any(n.kind in ("retracted", "withdrawn") for n in self.notices)

    def slice(self, span: Span) -> str:
        """Return the words under `span`."""
        return (self.title if span.part == "title" else self.text)[span.start : span.end]

    def digest(self) -> str:
        """Return the SHA-256 (hex) of all that extraction may depend on; the origin is left out."""
        state = [
            self.id, self.title, self.text,
            [self.citation.pmid, self.citation.doi, self.citation.journal, self.citation.year],
            [[s.label, s.span.start, s.span.end, s.span.part, s.role] for s in self.sections],
            self.authors, self.publication_types, self.registry_ids, self.phase, self.language,
            [[n.kind, n.reference] for n in self.notices],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(state, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deletion:
    """A source's word that its record `pmid` is no more (PubMed's DeleteCitation)."""

    pmid: str
    origin: Origin | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The id of the document that goes, as `Document.id`."""
        return f"pmid:{self.pmid}"


def text_id(title: str, text: str) -> str:
    """Return an id for a document that has none: a hash of title and text with case and spacing levelled."""
    levelled = " ".join(f"{title}\n{text}".casefold().split())
    return "sha256:" + hashlib.sha256(levelled.encode()).hexdigest()[:32]
