"""What becomes of each item of a run: written, left as it is, withdrawn, or told as a failure.

Items come in the order of the sources, and all that is decided depends on the store and that order alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from extractors.document import Deletion, Document
from kg import ledger
from kg.change import Change
from kg.iris import provenance
from kg.ledger import Decision
from kg.mapping import retracted_ids, tombstone
from kg.opening import AnyWriter
from kg.rdf import Sheet
from kg.retractions import notices_against, retracted, retracted_in
from kg.run_log import RunLog
from kg.run_report import Failure, RunReport
from kg.sources import Source
from kg.work import Done, Task
from ontology import terms
from ontology.errors import RecordError, SourceError

_MOST_REPEATS = 100


class Intake:
    """Takes one item after another into an open writer, and counts them."""

    def __init__(
        self,
        writer: AnyWriter,
        log: RunLog,
        report: RunReport,
        decide: Callable[[Document], Decision],
        extract: Callable[[Task], Done],
    ) -> None:
        """`decide` says what is to be done with a document now, `extract` extracts one that wasn't yet."""
        self._writer = writer
        self._log = log
        self._report = report
        self._decide = decide
        self._extract = extract

    def take(self, done: Done) -> None:
        """Take in one item; raises StoreError where the store can't be written."""
        place = done.task.place
        self._report.read += 1
        if isinstance(place, Document):
            self._take_document(place, done)
        elif isinstance(place, Deletion):
            self._withdraw(place)
        elif isinstance(place, RecordError):
            self._fail(Failure(place.source, place.record, None, place.reason.strip()))
        elif isinstance(place, SourceError):
            self._report.read -= 1
            self._fail(Failure(place.source, None, None, place.reason))

    def _take_document(self, document: Document, done: Done) -> None:
        """Write what was made of a document, unless a record before it has settled the matter meanwhile."""
        self._settle(self._writer.names.report(document), *self._targets(document))
        decision = self._decide(document)
        if not decision.writes:
            self._report.unchanged += decision is Decision.UNCHANGED
            self._report.superseded += decision is Decision.SUPERSEDED
            return
        if done.task.document is None:
            done = self._extract(Task(document, document))
        if done.failure is not None:
            self._fail(done.failure)
        elif done.change is not None:
            self._write(document, done.change, done.figures, decision)

    def _write(self, document: Document, change: Change, figures: int, decision: Decision) -> None:
        known = ledger.entry(self._writer, change.report)
        change = retracted(change, notices_against(self._writer, change.report))
        if known is not None:
            before = known.digests() if decision is Decision.CHANGED else known.source.superseded
            history = Sheet(provenance(change.report))
            history.note(change.report, terms.SUPERSEDED_DIGEST, *before)
            change = change.plus(history.quads)
        marked = self._retracts(document, change.report)
        if known is None and not marked:
            self._writer.parts.add(change, self._targets(document))
        else:
            self._writer.write([change, *marked])
        self._report.written += 1
        self._report.figures += figures
        self._report.retracted += len(marked)
        if known is not None and decision is Decision.CHANGED:
            self._report.replaced += 1
            self._note_repeat(document, known.source)

    def _retracts(self, document: Document, notice: str) -> list[Change]:
        """Return the changes to stored reports that a notice of retraction makes."""
        targets = (target for target in self._targets(document) if target != notice)
        changes = (retracted_in(self._writer, target, [notice]) for target in targets)
        return [change for change in changes if change is not None]

    def _targets(self, document: Document) -> list[str]:
        return sorted({self._writer.names.report_of_id(one) for one in retracted_ids(document.notices)})

    def _settle(self, *reports: str) -> None:
        """Have the store hold all that was said of the reports so far, so that it can be asked."""
        if self._writer.parts.concerns(reports):
            self._writer.parts.load()

    def _note_repeat(self, document: Document, before: Source) -> None:
        if len(self._report.repeats) < _MOST_REPEATS:
            self._report.repeats.append(f"{document.id}: {Source.of(document)} takes the place of {before}")

    def _withdraw(self, deletion: Deletion) -> None:
        """Withdraw a report; of one that the store doesn't hold, remember that it was deleted.

        Nothing is to be done where this very deletion has been applied before, or a newer file has the report again.
        """
        report, mark, source = self._writer.names.report_of_id(deletion.id), _digest(deletion), Source.of(deletion)
        self._settle(report)
        known = ledger.entry(self._writer, report)
        if known is not None and (mark in known.source.superseded or source.is_older(known.source)):
            self._report.unchanged += 1
            return
        gone = replace(source, superseded=tuple(sorted({mark, *(known.digests() if known else ())})))
        change = Change.of(report, tombstone(report, gone))
        if known is None:
            self._writer.parts.add(change)
        else:
            self._writer.write([change])
        was_there = known is not None and known.digest is not None
        self._report.withdrawn += was_there
        self._report.unchanged += not was_there

    def _fail(self, failure: Failure) -> None:
        self._report.failed += 1
        self._log.failed(failure)


def _digest(deletion: Deletion) -> str:
    """Return what a deletion is known by when the same file comes again."""
    source = Source.of(deletion)
    return hashlib.sha256(f"deleted by {source.file}, record {source.record}".encode()).hexdigest()
