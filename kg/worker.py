"""The process that parses and answers foreign queries, one after another: `python -m kg.worker FD`.

Started, asked and ended by `kg.worker_pool`. What goes back are JSON and bytes, never pickled objects, since what a
query can make of this process mustn't get at the one that serves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from kg import gate, sparql, worker_answers
from kg.store import Dataset, Reader
from kg.worker_answers import Cap, Written
from kg.worker_limits import end_with_parent, limit_memory, lock_sockets
from ontology.errors import CartographError, QueryError, QuerySyntaxError, StoreError

_NO_MEMORY = {"error": "QueryStoppedError", "arguments": ["the query needed more memory than it may have", "memory"]}


class Worker:
    """Answers queries from the newest snapshot of a store."""

    def __init__(self, store: Path, policy: gate.Policy) -> None:
        self._path = store
        self._policy = policy
        self._store: Reader | None = None

    def answer(self, asked: Mapping[str, Any]) -> Written | None:
        """Return the answer to a query, or the triples of a named graph; None for a graph that isn't there.

        The format of the answer is empty, and so is its body, where none was asked for that fits its kind.

        Raises QueryError and StoreError.
        """
        store = self._newest()
        cap = Cap(asked["rows"], asked["size"])
        if "graph" in asked:
            quads = store.quads(asked["graph"])
            first = next(quads, None)
            if first is None:
                return None
            return worker_answers.graph((q.triple for q in chain([first], quads)), asked["formats"]["graph"], cap)
        return self._query(store, asked, cap)

    def _query(self, store: Reader, asked: Mapping[str, Any], cap: Cap) -> Written:
        dataset = Dataset(tuple(asked["default"]), tuple(asked["named"])) if asked["default"] is not None else None
        found = gate.answer(store, asked["text"], policy=self._policy, dataset=dataset, base=asked["base"])
        kind = worker_answers.kind_of(found)
        if kind not in asked["formats"]:
            return Written(kind, "", b"")
        try:
            return worker_answers.write(found, asked["formats"], cap)
        except RuntimeError as error:  # what the engine raises while it evaluates
            raise QueryError(" ".join(str(error).split())) from error

    def _newest(self) -> Reader:
        if self._store is None:
            self._store = Reader(self._path)
            return self._store
        try:
            self._store.refresh()
        except OSError as error:
            raise StoreError(f"{self._path}: can't be read: {error.strerror}") from error
        return self._store


def main(descriptor: int) -> None:
    """Answer what comes over the connection until its other end is closed."""
    end_with_parent()
    with suppress(EOFError, ConnectionError):  # the server has ended, maybe without having read what we told
        _serve(Connection(descriptor))


def _serve(connection: Connection) -> NoReturn:
    settings = json.loads(connection.recv_bytes())
    worker = Worker(Path(settings["store"]), gate.Policy(frozenset(settings["services"])))
    sparql.adopt(connection.recv_bytes())
    gate.admit("ASK {}")  # sets up the rest before anyone waits for it
    limit_memory(settings["memory"])
    if not settings["services"]:
        lock_sockets()
    connection.send_bytes(b"ready")
    while True:
        head, body = _reply(worker, json.loads(connection.recv_bytes()))
        connection.send_bytes(json.dumps(head).encode())
        connection.send_bytes(body)


def _reply(worker: Worker, asked: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        written = worker.answer(asked)
    except MemoryError:
        return _NO_MEMORY, b""
    except QuerySyntaxError as error:
        return {"error": "QuerySyntaxError", "arguments": [error.reason, error.line, error.column]}, b""
    except CartographError as error:
        return {"error": type(error).__name__, "arguments": [str(error)]}, b""
    if written is None:
        return {"missing": True}, b""
    return {"kind": written.kind, "format": written.format, "cut": written.cut}, written.body


if __name__ == "__main__":
    main(int(sys.argv[1]))
