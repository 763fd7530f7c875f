"""The batch engine: sources in, whole reports into the store, a report of the run out.

It neither prints nor knows the command line: progress goes to a callback, and the caller says when to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from extractors.document import Deletion, Document
from kg import ledger
from kg.cluster import Cluster
from kg.engines import Engine
from kg.intake import Intake
from kg.ledger import Decision
from kg.opening import AnyWriter
from kg.run_log import RunLog
from kg.run_report import RunReport
from kg.work import Done, ExtractorLike, Factory, Task, attempt
from kg.workers import Pool
from ontology.errors import SourceError
from ontology.vocabulary import load as load_vocabulary

Item = Document | Deletion | SourceError
Reader = Callable[[Path], Iterable[Item]]
_FEW = 50  # documents; fewer are extracted before a worker process has started
_PUBLISH_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: `refresh` re-extracts what other versions made; `workers` None is one for each CPU.

    `scheduler` is the address of a Dask scheduler whose cluster extracts instead.
    """

    refresh: bool = False
    workers: int | None = None
    scheduler: str | None = None


class Run:
    """One run of ingest into an open writer."""

    def __init__(
        self,
        writer: AnyWriter,
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
        self.log = RunLog(writer.folder)
        self._extractor: ExtractorLike | None = None
        self._published = monotonic()
        self.report = RunReport()

    def ingest(self, paths: Iterable[Path], read: Reader) -> RunReport:
        """Take in all records of `paths`; returns the counts. Raises StoreError where the store can't be written."""
        names = [str(path) for path in paths]
        started = datetime.now(UTC)
        self.log.start()
        intake = Intake(self._writer, self.log, self.report, self._decide, self._here)
        try:
            self._take_all(intake, self._worked(self._tasks(self._items(names, read))))
        finally:
            self._writer.parts.load()
        self._writer.finish()
        self.log.ended(self.report, started, names)
        return self.report

    def _take_all(self, intake: Intake, all_done: Iterator[Done]) -> None:
        for done in all_done:
            intake.take(done)
            self._progress(self.report)
            self._publish_now_and_then()
            if self._stop():
                self.report.interrupted = True
                return

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
        return self._current() if self._options.refresh else None

    def _current(self) -> tuple[str, str]:
        return self._local().version, load_vocabulary().version

    def _local(self) -> ExtractorLike:
        if self._extractor is None:
            self._extractor = self._factory()
        return self._extractor

    def _worked(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Extract here while there are few documents, in worker processes once there are many; or on a cluster."""
        if self._options.scheduler is None:
            yield from self._few(tasks)
        engine = self._engine()
        try:
            yield from engine.run(tasks)
        finally:
            engine.close()

    def _few(self, tasks: Iterator[Task]) -> Iterator[Done]:
        here = 0
        for task in tasks:
            yield self._here(task)
            here += task.document is not None
            if here == _FEW and self._options.workers != 1:
                return

    def _engine(self) -> Engine:
        if self._options.scheduler is None:
            return Pool(self._factory, self._writer.names, self._options.workers)
        return Cluster(self._factory, self._writer.names, self._current(), self._options.scheduler)

    def _here(self, task: Task) -> Done:
        return Done(task) if task.document is None else attempt(task, self._local(), self._writer.names)

    def _publish_now_and_then(self) -> None:
        if monotonic() - self._published > _PUBLISH_SECONDS:
            self._writer.publish()
            self._published = monotonic()
