"""Extraction on a Dask cluster: blocks of documents go out, what is made of them comes back in their order.

The workers need this version of Cartograph and nothing else: no folder is shared. A block whose worker is lost goes to
another; a document that takes worker after worker down with it fails alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from functools import cache
from typing import Any

from extractors.document import Document
from kg.iris import Names
from kg.workers import Done, ExtractorLike, Factory, Made, Task, failure_of, outcome
from ontology.errors import ClusterError
from ontology.vocabulary import load as load_vocabulary

Future = Any  # distributed has no types
_BLOCK = 25  # documents in a task: seconds of work
_IN_FLIGHT = 3  # blocks for each thread of the cluster
_CONNECT_SECONDS = 15
_WORKER_SECONDS = 600
_lock = threading.Lock()
_extractor = cache(lambda factory: factory())


def extract_block(factory: Factory, names: Names, versions: tuple[str, str], documents: list[Document]) -> list[Made]:
    """Return what is made of each document, on a worker; raises ClusterError where it has other versions."""
    with _lock:  # one document at a time in a process, whatever threads it has
        extractor: ExtractorLike = _extractor(factory)
        own = (extractor.version, load_vocabulary().version)
        if own != versions:
            raise ClusterError(
                f"a worker has extractor {own[0]}, vocabulary {own[1]}; here it is {' and '.join(versions)}"
            )
        return [outcome(extractor, document, names) for document in documents]


class Cluster:
    """A connection to a scheduler; like `kg.workers.Pool`, and with the same results to the byte."""

    def __init__(self, factory: Factory, names: Names, versions: tuple[str, str], address: str) -> None:
        """Connect to the scheduler at `address`; raises ClusterError where there's none, or no worker comes."""
        self._arguments = (factory, names, versions)
        self._address = address
        self._client = _connect(address)
        self._limit = _IN_FLIGHT * max(1, sum(self._client.nthreads().values()))

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield what becomes of each task, in their order, with a bounded number on the way."""
        waiting: deque[tuple[list[Task], Future | None]] = deque()
        for block in _blocks(tasks):
            waiting.append((block, self._submit(block)))
            if len(waiting) >= self._limit:
                yield from self._finish(*waiting.popleft())
        while waiting:
            yield from self._finish(*waiting.popleft())

    def _submit(self, block: list[Task]) -> Future | None:
        documents = [task.document for task in block if task.document is not None]
        if not documents:
            return None
        return self._client.submit(extract_block, *self._arguments, documents, pure=False)

    def _finish(self, block: list[Task], future: Future | None) -> Iterator[Done]:
        made = iter(self._result(block, future))
        for task in block:
            yield Done(task) if task.document is None else Done(task, *next(made))

    def _result(self, block: list[Task], future: Future | None) -> list[Made]:
        from distributed import KilledWorker

        if future is None:
            return []
        try:
            made: list[Made] = future.result()
        except KilledWorker as error:
            return self._one_by_one(block, error)
        except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ClusterError(f"{self._address}: the cluster was lost: {reason}") from error
        return made

    def _one_by_one(self, block: list[Task], error: Exception) -> list[Made]:
        """Find the document that took the workers of a block down."""
        tasks = [task for task in block if task.document is not None]
        if len(tasks) == 1 and tasks[0].document is not None:
            return [(None, 0, failure_of(tasks[0].document, error))]
        return [made for task in tasks for made in self._result([task], self._submit([task]))]

    def close(self) -> None:
        """Leave the cluster, and what it still does for us with it."""
        self._client.close()


def _blocks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    block: list[Task] = []
    documents = 0
    for task in tasks:
        block.append(task)
        documents += task.document is not None
        if documents == _BLOCK or len(block) == 10 * _BLOCK:
            yield block
            block, documents = [], 0
    if block:
        yield block


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("the cluster needs more packages: pip install 'cartograph-kg[cluster]'") from error
    connect: Any = Client
    try:
        client: Any = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers: {' '.join(str(error).split())}") from error
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TimeoutError as error:
        client.close()
        raise ClusterError(f"{address}: the scheduler has no workers") from error
    return client
