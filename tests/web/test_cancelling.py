"""A client that leaves takes its query along."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.worker_pool import WorkerPool
from kg.worker_settings import Limits
from web import create_app
from web.serve import listen, make_server

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PATIENT = Limits(workers=1, seconds=300)


@pytest.fixture
def served(store: Path) -> Iterator[tuple[tuple[str, int], WorkerPool]]:
    """Serve the store with one worker that may take its time; returns the address and the workers."""
    app = create_app(store, limits=PATIENT)
    workers: WorkerPool = app.extensions["workers"]
    with listen("127.0.0.1", 0) as listening:
        server = make_server(app, listening, threads=2)

        def answer() -> None:
            with contextlib.suppress(OSError, ValueError):  # the loop trips over its sockets when they are closed
                server.run()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[:2], workers
        server.close()
        thread.join(timeout=10)
    workers.close()
    app.extensions["library"].close()


def until(met: Callable[[], bool]) -> None:
    """Wait until something is so, up to half a minute."""
    end = time.monotonic() + 30
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("accept", ["text/html", "text/csv"])
def test_a_query_ends_when_its_client_leaves(served: tuple[tuple[str, int], WorkerPool], accept: str) -> None:
    """The process of a query whose client closes the connection is ended long before its time is up, and replaced."""
    where, workers = served
    workers.warm()
    before = workers.pids()
    with socket.create_connection(where) as client:
        client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\n\r\n".encode())
        until(lambda: not workers._free)
    until(lambda: bool(workers.pids()) and not set(workers.pids()) & set(before))
