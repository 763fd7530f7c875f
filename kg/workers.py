"""Worker processes of this machine."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from extractors.document import Document
from kg.engines import Engine, Future, LostError
from kg.iris import Names
from kg.work import ExtractorLike, Factory, Made, outcome

_BLOCKS = 6  # out for each worker: enough to keep it busy while the writer loads a part
_TRIES = 2
_extractor: ExtractorLike | None = None


def _start_worker(factory: Factory) -> None:
    global _extractor
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _extractor = factory()


def _work_there(documents: list[Document], names: Names) -> list[Made]:
    if _extractor is None:
        raise RuntimeError("the worker wasn't started")
    return [outcome(_extractor, document, names) for document in documents]


class Pool(Engine):
    """Worker processes, each with an extractor of its own."""

    def __init__(self, factory: Factory, names: Names, workers: int | None = None) -> None:
        self._factory = factory
        self._names = names
        self._workers = workers or len(os.sched_getaffinity(0))
        self._executor: ProcessPoolExecutor | None = None
        super().__init__(_BLOCKS * self._workers)

    def _start(self) -> ProcessPoolExecutor:
        # Not forked: the writer's database has threads of its own, which a fork would lose.
        context = get_context("spawn")
        return ProcessPoolExecutor(self._workers, context, initializer=_start_worker, initargs=(self._factory,))

    def submit(self, documents: list[Document]) -> Future:
        """See `Engine`."""
        if self._executor is None:
            self._executor = self._start()
        try:
            return self._executor.submit(_work_there, documents, self._names)
        except BrokenProcessPool:
            self._executor = self._start()
            return self._executor.submit(_work_there, documents, self._names)

    def wait(self, documents: list[Document], future: Future) -> list[Made]:
        """See `Engine`. A worker that is killed takes with it all that is out; so what is lost once is sent again."""
        for _ in range(_TRIES):
            try:
                made: list[Made] = future.result()
            except BrokenProcessPool:
                future = self.submit(documents)
            else:
                return made
        raise LostError("the worker process was killed")

    def close(self) -> None:
        """End the workers, without waiting for what is still out."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
