"""Warm worker processes that answer foreign queries, and are ended when one takes too long.

The engine can't be interrupted, so a query that must end at its limit needs a process that can be killed. A few of them
wait with everything loaded; one that was killed, or worked so long that it was made to give way, is replaced.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, cast

from kg import sparql
from kg.store import Dataset
from kg.worker_answers import Kind, Written
from kg.worker_settings import Limits
from ontology import errors
from ontology.errors import QueryBusyError, QueryError, QueryStoppedError

_START_SECONDS = 60.0  # a new worker that isn't ready by then is taken for broken
_POLITE_SECONDS = 1.0  # a query that runs longer gives way to others from then on
_LOOK_SECONDS = 0.25  # how often it's looked whether an answer is still wanted
_GIVES_WAY = 15  # niceness
_LONGEST_HEAD = 1_000_000
_SLACK = 8  # how much larger an answer can get by escapes than the cap, which is of what it says
_KINDS = {"QuerySyntaxError", "QueryRefusedError", "QueryStoppedError", "QueryError", "StoreError", "StoreLockedError"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A foreign query: its text, the graphs that the request names, the base of its relative IRIs.

    `formats` names the format that each kind of answer is wanted in; a kind may be missing.
    """

    text: str
    formats: Mapping[Kind, str] = field(default_factory=lambda: {"table": "json", "boolean": "json", "graph": "turtle"})
    dataset: Dataset | None = None
    base: str | None = None


class _Worker:
    """One process, as the pool sees it."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._connection, theirs = Pipe()
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)  # what we can import, it can
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "kg.worker", str(theirs.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is for the server, which ends its workers itself
            env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        theirs.close()
        self.is_tired = False
        with suppress(OSError):  # it ended at once: the wait for its answer tells
            self._connection.send_bytes(json.dumps(settings).encode())
            self._connection.send_bytes(_tables())
        if not self._is_ready():
            self.end()
            raise QueryStoppedError("a worker process could not be started", "process")

    def _is_ready(self) -> bool:
        try:
            return self._connection.poll(_START_SECONDS) and self._connection.recv_bytes(16) == b"ready"
        except (EOFError, OSError):
            return False

    def ask(
        self, asked: Mapping[str, Any], seconds: float, is_wanted: Callable[[], bool]
    ) -> tuple[dict[str, Any], bytes]:
        """Return head and body of the reply.

        Raises TimeoutError when there's none in time or it isn't wanted any more, and EOFError where the process ended:
        it has to be replaced.
        """
        try:
            self._connection.send_bytes(json.dumps(asked).encode())
            if not self._waited(seconds, is_wanted):
                raise TimeoutError
            head = json.loads(self._connection.recv_bytes(_LONGEST_HEAD))
            return head, self._connection.recv_bytes(_LONGEST_HEAD + _SLACK * asked["size"])
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise EOFError from error

    def _waited(self, seconds: float, is_wanted: Callable[[], bool]) -> bool:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds and is_wanted():
            if passed >= _POLITE_SECONDS and not self.is_tired:
                self._give_way()
            if self._connection.poll(min(seconds - passed, _LOOK_SECONDS)):
                return True
        return False

    def _give_way(self) -> None:
        self.is_tired = True  # its niceness can't be lowered again without privilege
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _GIVES_WAY)

    def end(self) -> int:
        """Kill the process, wait until it is gone, and return how it had ended."""
        self.process.kill()
        code = self.process.wait()
        self._connection.close()
        if self.process.stdin:
            self.process.stdin.close()
        return code


@cache
def _tables() -> bytes:
    return sparql.compiled()


class WorkerPool:
    """Answers foreign queries on a store within limits, from any thread; `close` ends its processes."""

    def __init__(self, store: Path, limits: Limits | None = None, services: Sequence[str] = ()) -> None:
        """Make a pool for the store at `store`, which may be missing yet; processes start when they are needed.

        `services` are the endpoints that SERVICE may call: none, unless the operator says otherwise. With any, workers
        aren't kept from opening sockets.
        """
        self.limits = limits or Limits()
        self._settings = {"store": str(store.absolute()), "services": list(services), "memory": self.limits.memory}
        self._free: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._places = self.limits.workers  # workers that may still be started
        self._waiting = 0
        self._changed = threading.Condition()
        self._end = weakref.finalize(self, _end_all, self._all)

    def answer(
        self,
        asked: Asked,
        seconds: float | None = None,
        rows: int | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Written:
        """Return the answer to a query; its format is empty where none of those asked for fits.

        `seconds` and `rows` may lower the limits; once `is_wanted` says no the query is ended. Raises QuerySyntaxError,
        QueryRefusedError, QueryStoppedError at the limit of time or memory, QueryBusyError where too many others run,
        and StoreError.
        """
        dataset = asdict(asked.dataset) if asked.dataset else {"default": None, "named": None}
        message = {"text": asked.text, "formats": dict(asked.formats), "base": asked.base, **dataset}
        return cast(Written, self._ask(message, seconds, rows, is_wanted))

    def graph(self, name: str, format: str) -> Written | None:
        """Return the triples of a named graph in a format for graphs; None where the store has no such graph.

        Raises as `answer` does.
        """
        return self._ask({"graph": name, "formats": {"graph": format}}, None, None, lambda: True)

    def warm(self) -> None:
        """Start all workers now rather than when they are needed."""
        with self._changed:
            count, self._places = self._places, 0
        for _ in range(count):
            self._start_one()

    def pids(self) -> list[int]:
        """Return the ids of the processes that are alive."""
        return [worker.process.pid for worker in tuple(self._all) if worker.process.poll() is None]

    def close(self) -> None:
        """End all processes."""
        self._end()

    def _ask(
        self, message: dict[str, Any], seconds: float | None, rows: int | None, is_wanted: Callable[[], bool]
    ) -> Written | None:
        limits = self.limits
        message |= {"rows": min(rows or limits.rows, limits.rows), "size": limits.size}
        allowed = min(seconds or limits.seconds, limits.seconds)
        with self._turn() as worker:
            try:
                head, body = worker.ask(message, allowed, is_wanted)
            except TimeoutError:
                self._drop(worker)
                raise QueryStoppedError(f"the query was ended after {allowed:g} seconds", "time") from None
            except EOFError:
                raise self._fallen(worker) from None
        return _read(head, body)

    def _fallen(self, worker: _Worker) -> QueryStoppedError:
        code = self._drop(worker)
        if code == -signal.SIGABRT:  # how the engine ends when it is given no more memory
            mebibytes = self.limits.memory // 2**20
            return QueryStoppedError(f"the query needed more than the {mebibytes} MiB of memory it may have", "memory")
        return QueryStoppedError("the query ended its worker process; it can't be answered", "process")

    @contextmanager
    def _turn(self) -> Iterator[_Worker]:
        """Give a worker, which is free again afterwards; after an error it may hold an answer that nobody has read."""
        worker = self._taken() or self._started()
        try:
            yield worker
        except BaseException:
            if worker in self._all:
                self._drop(worker)
            raise
        if worker in self._all:
            self._give_back(worker)

    def _taken(self) -> _Worker | None:
        """Return a free worker, waiting for one; None where a new one may be started."""
        deadline = time.monotonic() + self.limits.patience
        with self._changed:
            if not self._end.alive:
                raise QueryError("the server is ending")
            if not self._free and not self._places and self._waiting >= self.limits.waiting:
                raise QueryBusyError("too many queries are running and waiting", 2)
            self._waiting += 1
            try:
                while not self._free and not self._places:
                    if not self._changed.wait(deadline - time.monotonic()):
                        raise QueryBusyError("too many queries are running", 5)
            finally:
                self._waiting -= 1
            if self._free:
                return self._free.pop()
            self._places -= 1
            return None

    def _started(self) -> _Worker:
        try:
            worker = _Worker(self._settings)
        except (QueryStoppedError, OSError):
            self._free_place()
            raise
        self._all.add(worker)
        if not self._end.alive:  # closed while this one started
            _end_all(self._all)
        return worker

    def _start_one(self) -> None:
        with suppress(QueryStoppedError, OSError):
            self._give_back(self._started())

    def _give_back(self, worker: _Worker) -> None:
        if worker.is_tired:
            self._drop(worker)
            return
        with self._changed:
            self._free.append(worker)
            self._changed.notify()

    def _drop(self, worker: _Worker) -> int:
        """End a worker and start another in its place, in the background."""
        self._all.discard(worker)
        code = worker.end()
        if self._end.alive:
            threading.Thread(target=self._start_one, daemon=True).start()
        return code

    def _free_place(self) -> None:
        with self._changed:
            self._places += 1
            self._changed.notify()


def _end_all(workers: set[_Worker]) -> None:
    while workers:
        workers.pop().end()


def _read(head: Mapping[str, Any], body: bytes) -> Written | None:
    """Return what a worker wrote, or raise what it raised."""
    if "error" in head:
        kind = head["error"] if head["error"] in _KINDS else "QueryError"
        raise cast(type[Exception], getattr(errors, kind))(*head["arguments"])
    return None if "missing" in head else Written(head["kind"], head["format"], body, head["cut"])
