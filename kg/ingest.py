"""The batch engine: sources in, one transaction for each report, a report of the run out.

It neither prints nor knows the command line: progress goes to a callback, and the caller says when to stop.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from extractors.document import Deletion, Document
from kg import ledger
from kg.iris import provenance
from kg.layout import Layout
from kg.ledger import Decision
from kg.mapping import Source, tombstone
from kg.rdf import Sheet
from kg.run_report import Failure, RunReport
from kg.store import Change, Writer
from kg.workers import Done, ExtractorLike, Factory, Pool, Task, attempt, source_of
from ontology import terms
from ontology.errors import RecordError, SourceError, StoreError
from ontology.vocabulary import load as load_vocabulary

Item = Document | Deletion | SourceError
Reader = Callable[[Path], Iterable[Item]]
_FEW = 50  # documents; fewer are extracted before a worker process has started
_PUBLISH_SECONDS = 20.0
_MOST_REPEATS = 100


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: `refresh` re-extracts what other versions made; `workers` None is one for each CPU."""

    refresh: bool = False
    workers: int | None = None


class Run:
    """One run of ingest into an open writer."""

    def __init__(
        self,
        writer: Writer,
        factory: Factory,
        options: Options | None = None,
        progress: Callable[[RunReport], None] = lambda report: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._writer = writer
        self._factory = factory
        self._options = options or Options()
        self._progress = progress
        self._stop = stop
        self._layout = Layout(writer.root)
        self._extractor: ExtractorLike | None = None
        self._published = monotonic()
        self.report = RunReport()

    def ingest(self, paths: Iterable[Path], read: Reader) -> RunReport:
        """Take in all records of `paths`; returns the counts. Raises StoreError where the store can't be written."""
        names = [str(path) for path in paths]
        started = datetime.now(UTC)
        self._start_failures()
        for done in self._worked(self._tasks(self._items(names, read))):
            self._take(done)
            self._progress(self.report)
            self._publish_now_and_then()
            if self._stop():
                self.report.interrupted = True
                break
        self._writer.finish()
        self._log(started, names)
        return self.report

    def _items(self, names: list[str], read: Reader) -> Iterator[Item]:
        for name in names:
            try:
                yield from read(Path(name))
            except SourceError as error:
                yield error

    def _tasks(self, items: Iterable[Item | SourceError]) -> Iterator[Task]:
        for item in items:
            wanted = isinstance(item, Document) and self._decide(item).writes
            yield Task(item, item if wanted and isinstance(item, Document) else None)

    def _decide(self, document: Document) -> Decision:
        return ledger.decide(self._writer, self._writer.names.report(document), document, self._versions())

    def _versions(self) -> tuple[str, str] | None:
        if not self._options.refresh:
            return None
        return self._local().version, load_vocabulary().version

    def _local(self) -> ExtractorLike:
        if self._extractor is None:
            self._extractor = self._factory()
        return self._extractor

    def _worked(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Extract here while there are few documents, in worker processes once there are many."""
        here = 0
        for task in tasks:
            yield self._here(task)
            here += task.document is not None
            if here == _FEW and self._options.workers != 1:
                break
        pool = Pool(self._factory, self._writer.names, self._options.workers)
        try:
            yield from pool.run(tasks)
        finally:
            pool.close()

    def _here(self, task: Task) -> Done:
        return Done(task) if task.document is None else attempt(task, self._local(), self._writer.names)

    def _take(self, done: Done) -> None:
        place = done.task.place
        self.report.read += 1
        if isinstance(place, Document):
            self._take_document(place, done)
        elif isinstance(place, Deletion):
            self._withdraw(place)
        elif isinstance(place, RecordError):
            self._fail(Failure(place.source, place.record, None, place.reason.strip()))
        elif isinstance(place, SourceError):
            self.report.read -= 1
            self._fail(Failure(place.source, None, None, place.reason))

    def _take_document(self, document: Document, done: Done) -> None:
        """Write what was made of a document, unless a record before it has settled the matter meanwhile."""
        decision = self._decide(document)
        if not decision.writes:
            self.report.unchanged += decision is Decision.UNCHANGED
            self.report.superseded += decision is Decision.SUPERSEDED
            return
        if done.task.document is None:
            done = self._here(Task(document, document))
        if done.failure is not None:
            self._fail(done.failure)
        elif done.change is not None:
            self._write(document, done.change, done.figures, decision)

    def _write(self, document: Document, change: Change, figures: int, decision: Decision) -> None:
        known = ledger.entry(self._writer, change.report)
        if known is not None and decision is Decision.CHANGED:
            history = Sheet(provenance(change.report))
            history.note(change.report, terms.SUPERSEDED_DIGEST, *known.digests())
            change = change.plus(history.quads)
            self.report.replaced += 1
            self._note_repeat(document, known.source)
        elif known is not None:
            history = Sheet(provenance(change.report))
            history.note(change.report, terms.SUPERSEDED_DIGEST, *known.source.superseded)
            change = change.plus(history.quads)
        self._writer.write([change])
        self.report.written += 1
        self.report.figures += figures

    def _note_repeat(self, document: Document, before: Source) -> None:
        if len(self.report.repeats) < _MOST_REPEATS:
            self.report.repeats.append(f"{document.id}: {source_of(document)} takes the place of {before}")

    def _withdraw(self, deletion: Deletion) -> None:
        report = self._writer.names.report_of_id(deletion.id)
        known = ledger.entry(self._writer, report)
        if known is None or known.digest is None:
            self.report.unchanged += 1
            return
        source = replace(source_of(deletion), superseded=known.digests())
        self._writer.write([Change.of(report, tombstone(report, source))])
        self.report.withdrawn += 1

    def _fail(self, failure: Failure) -> None:
        self.report.failed += 1
        self._append(self._layout.failures, failure.to_json())

    def _start_failures(self) -> None:
        try:
            self._layout.failures.write_text("", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{self._layout.failures}: can't be written: {error.strerror}") from error

    def _append(self, path: Path, line: str) -> None:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise StoreError(f"{path}: can't be written: {error.strerror}") from error

    def _publish_now_and_then(self) -> None:
        if monotonic() - self._published > _PUBLISH_SECONDS:
            self._writer.publish()
            self._published = monotonic()

    def _log(self, started: datetime, sources: list[str]) -> None:
        counts = {key: value for key, value in asdict(self.report).items() if key != "repeats"}
        times = {"started": _stamp(started), "ended": _stamp(datetime.now(UTC))}
        self._append(self._layout.runs, json.dumps(times | {"sources": sources} | counts))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
