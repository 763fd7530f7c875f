"""Document to change, here or in worker processes; results come in the order of the documents either way."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from extractors.document import Deletion, Document
from extractors.evidence import Citation, EvidenceRecord, Extraction
from kg.iris import Names
from kg.mapping import Source, to_quads
from kg.run_report import Failure
from kg.store import Change
from ontology.errors import CartographError
from ontology.vocabulary import load as load_vocabulary

Made = tuple[Change | None, int, Failure | None]
Attempt = Future[Made]
_IN_FLIGHT = 8  # tasks for each worker: enough to keep it busy, few enough to keep memory flat
_TRIES = 2


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
    source = source_of(document)
    quads = to_quads(record, names=names, source=source)
    return Change.of(names.report(document), quads), len(record.outcomes)


def source_of(item: Document | Deletion) -> Source:
    """Return where an item came from; of the file only the name, so that it is the same from any folder."""
    return Source(Path(item.origin.source).name, item.origin.record) if item.origin else Source()


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


_extractor: ExtractorLike | None = None


def _start_worker(factory: Factory) -> None:
    global _extractor
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _extractor = factory()


def _work_there(document: Document, names: Names) -> Made:
    if _extractor is None:
        raise RuntimeError("the worker wasn't started")
    return outcome(_extractor, document, names)


class Pool:
    """Worker processes, each with an extractor of its own."""

    def __init__(self, factory: Factory, names: Names, workers: int | None = None) -> None:
        self._factory = factory
        self._names = names
        self._workers = workers or len(os.sched_getaffinity(0))
        self._executor: ProcessPoolExecutor | None = None

    def _start(self) -> ProcessPoolExecutor:
        # Not forked: the writer's database has threads of its own, which a fork would lose.
        context = get_context("spawn")
        return ProcessPoolExecutor(self._workers, context, initializer=_start_worker, initargs=(self._factory,))

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield what becomes of each task, in their order, with a bounded number on the way."""
        waiting: deque[tuple[Task, Attempt | None]] = deque()
        for task in tasks:
            waiting.append((task, self._submit(task)))
            if len(waiting) >= self._workers * _IN_FLIGHT:
                yield self._finish(*waiting.popleft())
        while waiting:
            yield self._finish(*waiting.popleft())

    def _submit(self, task: Task) -> Attempt | None:
        if task.document is None:
            return None
        if self._executor is None:
            self._executor = self._start()
        try:
            return self._executor.submit(_work_there, task.document, self._names)
        except BrokenProcessPool:
            self._executor = self._start()
            return self._executor.submit(_work_there, task.document, self._names)

    def _finish(self, task: Task, future: Attempt | None) -> Done:
        if task.document is None or future is None:
            return Done(task)
        for _ in range(_TRIES):
            try:
                return Done(task, *future.result())
            except BrokenProcessPool:  # a worker was killed, and took all that was on the way with it
                future = self._submit(task) or future
        return Done(task, failure=failure_of(task.document, RuntimeError("the worker process was killed")))

    def close(self) -> None:
        """End the workers, without waiting for what is still on the way."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
