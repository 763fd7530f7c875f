"""What extracts away from the writer: blocks of documents go out, what is made of them comes back in their order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from extractors.document import Document
from kg.work import Done, Made, Task, failure_of
from ontology.errors import CartographError

Future = Any  # of a list of what was made of each document; some libraries have no types


class LostError(CartographError):
    """Whoever worked on a block was lost with it."""


class Engine(ABC):
    """Workers elsewhere. A document that takes worker after worker down is found by sending its block's one by one."""

    block = 8  # documents sent at a time: a message for each would cost more than the mapping
    _most = 100  # items in a block, of which few may be documents

    def __init__(self, in_flight: int) -> None:
        """`in_flight` blocks are out at a time, which bounds what has to be held."""
        self._in_flight = in_flight

    @abstractmethod
    def submit(self, documents: list[Document]) -> Future:
        """Send documents out."""

    @abstractmethod
    def wait(self, documents: list[Document], future: Future) -> list[Made]:
        """Return what was made of each document; raises LostError where nobody lives to tell."""

    @abstractmethod
    def close(self) -> None:
        """Let the workers go, without waiting for what is still out."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield what becomes of each task, in their order."""
        waiting: deque[tuple[list[Task], Future | None]] = deque()
        for block in self._blocks(tasks):
            documents = _documents(block)
            waiting.append((block, self.submit(documents) if documents else None))
            if len(waiting) >= self._in_flight:
                yield from self._finish(*waiting.popleft())
        while waiting:
            yield from self._finish(*waiting.popleft())

    def _blocks(self, tasks: Iterable[Task]) -> Iterator[list[Task]]:
        block: list[Task] = []
        documents = 0
        for task in tasks:
            block.append(task)
            documents += task.document is not None
            if documents == self.block or len(block) == self._most:
                yield block
                block, documents = [], 0
        if block:
            yield block

    def _finish(self, block: list[Task], future: Future | None) -> Iterator[Done]:
        made = iter(self._made(_documents(block), future) if future is not None else ())
        for task in block:
            yield Done(task) if task.document is None else Done(task, *next(made))

    def _made(self, documents: list[Document], future: Future) -> list[Made]:
        try:
            return self.wait(documents, future)
        except LostError as error:
            if len(documents) == 1:
                return [(None, 0, failure_of(documents[0], error))]
        return [made for one in documents for made in self._made([one], self.submit([one]))]


def _documents(block: list[Task]) -> list[Document]:
    return [task.document for task in block if task.document is not None]
