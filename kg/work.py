"""Document to change: what is done with each, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from extractors.document import Document
from extractors.evidence import Citation, EvidenceRecord, Extraction
from kg.change import Change
from kg.iris import Names
from kg.mapping import to_sheets
from kg.run_report import Failure
from kg.sources import Source
from ontology.errors import CartographError
from ontology.vocabulary import load as load_vocabulary

Made = tuple[Change | None, int, Failure | None]


class ExtractorLike(Protocol):
    """What ingest needs of an extractor."""

    @property
    def version(self) -> str: ...  # noqa: D102
    def extract(self, document: Document) -> EvidenceRecord: ...  # noqa: D102


Factory = Callable[[], ExtractorLike]


@dataclass(frozen=True, slots=True)
class Task:
    """A document on its way, or (`document` None) something that only keeps its place in the order."""

    place: object
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: a change with its number of figures, a failure, or neither for a place-holder."""

    task: Task
    change: Change | None = None
    figures: int = 0
    failure: Failure | None = None


def work(extractor: ExtractorLike, document: Document, names: Names) -> tuple[Change, int]:
    """Extract one document: returns the change to write and the number of its figures. Pure."""
    record = stamped(extractor.extract(document), extractor, document)
    sheets = to_sheets(record, names, Source.of(document))
    return Change.of_sheets(names.report(document), sheets), len(record.outcomes)


def stamped(record: EvidenceRecord, extractor: ExtractorLike, document: Document) -> EvidenceRecord:
    """Return the record with the versions and the digest that it was made with, and named as its document is."""
    made = Extraction(extractor=extractor.version, vocabulary=load_vocabulary().version, digest=document.digest())
    cited = document.citation
    citation = Citation(pmid=cited.pmid, doi=cited.doi, journal=cited.journal, year=cited.year)
    return record.model_copy(update={"extraction": made, "id": document.id, "citation": citation})


def failure_of(document: Document, error: Exception) -> Failure:
    """Return the failure that `error` is for a document."""
    origin = document.origin
    reason = str(error) if isinstance(error, CartographError) else f"extraction failed: {type(error).__name__}: {error}"
    return Failure(
        origin.source if origin else None, origin.record if origin else None, document.id, " ".join(reason.split())
    )


def outcome(extractor: ExtractorLike, document: Document, names: Names) -> Made:
    """Return what is made of a document: a change and its number of figures, or a failure. Raises nothing."""
    try:
        change, figures = work(extractor, document, names)
    except Exception as error:  # noqa: BLE001 - a document's edge: one bad document must not end the run
        return None, 0, failure_of(document, error)
    return change, figures, None


def attempt(task: Task, extractor: ExtractorLike, names: Names) -> Done:
    """Return what becomes of a task that has a document."""
    if task.document is None:
        raise ValueError("nothing to extract")
    return Done(task, *outcome(extractor, task.document, names))
