"""What the store knows of a report's document, and what is to be done with a document that is offered.

The facts stand in the report's provenance graph, so they are written in the same transaction as the report itself and
can't disagree with it after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from extractors.document import Document
from kg.iris import assertion, provenance
from kg.reading import Reading
from kg.sources import Source
from ontology import terms


class Decision(Enum):
    """What is to be done with a document."""

    NEW = "new"
    CHANGED = "changed"
    STALE = "stale"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"

    @property
    def writes(self) -> bool:
        """Whether the document is to be extracted and written."""
        return self in (Decision.NEW, Decision.CHANGED, Decision.STALE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store holds of one report: its document's digest, what made it, and which digests came before.

    Where the report's source deleted it there is no digest, and `source` is that of the deletion.
    """

    digest: str | None
    extractor: str | None
    vocabulary: str | None
    source: Source

    def digests(self) -> tuple[str, ...]:
        """Return the digests of all documents that stood or stand for this report."""
        return tuple(sorted({*self.source.superseded, *([self.digest] if self.digest else [])}))


def entry(store: Reading, report: str) -> Entry | None:
    """Return what the store holds of a report (or of a withdrawn one), or None."""
    graph = provenance(report)
    facts: dict[str, list[str]] = {}
    for quad in store.quads(graph):
        if quad.predicate.value in _FACTS:
            facts.setdefault(quad.predicate.value, []).append(str(getattr(quad.object, "value", "")))
    if not facts:
        return None
    one = {predicate: values[0] for predicate, values in facts.items()}
    number = one.get(terms.SOURCE_RECORD)
    superseded = tuple(sorted(facts.get(terms.SUPERSEDED_DIGEST, ())))
    source = Source(one.get(terms.SOURCE_FILE), int(number) if number else None, superseded)
    return Entry(
        one.get(terms.SOURCE_DIGEST), one.get(terms.EXTRACTOR_VERSION), one.get(terms.VOCABULARY_VERSION), source
    )


_FACTS = {
    terms.SOURCE_DIGEST,
    terms.EXTRACTOR_VERSION,
    terms.VOCABULARY_VERSION,
    terms.SOURCE_FILE,
    terms.SOURCE_RECORD,
    terms.SUPERSEDED_DIGEST,
    terms.WITHDRAWN,
}


def decide(store: Reading, report: str, document: Document, versions: tuple[str, str] | None = None) -> Decision:
    """Return what is to be done with a document.

    A document that was seen before never comes back: what is offered again after another took its place is superseded,
    so that taking the same files in again changes nothing. Nor does a mere part of the text in the store (a cut-off
    abstract from another export) take its place, nor does what an older file of PubMed's has, or one that is no newer
    than the deletion of the report. With `versions` (extractor, vocabulary), what others made is stale.
    """
    digest = document.digest()
    if versions is None and store.value(provenance(report), report, terms.SOURCE_DIGEST) == digest:
        return Decision.UNCHANGED  # found by one look-up, since it's what most documents are
    known = entry(store, report)
    if known is None:
        return Decision.NEW
    if digest == known.digest:
        current = versions is None or versions == (known.extractor, known.vocabulary)
        return Decision.UNCHANGED if current else Decision.STALE
    if known.digest is None and known.source.is_older(Source.of(document)):
        return Decision.CHANGED  # PubMed has it again, be it with the words of before
    if digest in known.source.superseded or _is_older(document, known) or _is_part(store, report, document):
        return Decision.SUPERSEDED
    return Decision.CHANGED


def _is_older(document: Document, known: Entry) -> bool:
    offered = Source.of(document)
    same_file = offered.release is not None and offered.release == known.source.release
    return offered.is_older(known.source) or (known.digest is None and same_file)


def _is_part(store: Reading, report: str, document: Document) -> bool:
    graph = assertion(report)
    stored = store.value(graph, report, terms.ABSTRACT)
    if stored is None or {n.kind for n in document.notices} - set(store.values(graph, report, terms.NOTICE)):
        return False
    offered, held = " ".join(document.text.split()).rstrip(".… "), " ".join(stored.split())
    return len(offered) < len(held.rstrip(".… ")) and offered in held
