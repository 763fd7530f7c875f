"""Worker processes: ended at their limits, replaced, kept from the network, gone when nobody holds them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from kg import sparql
from kg.store import Change, Dataset, Reader, Writer
from kg.worker_limits import lock_sockets
from kg.worker_pool import Asked, WorkerPool
from kg.worker_settings import Limits
from ontology.errors import (
    QueryBusyError,
    QueryError,
    QueryRefusedError,
    QueryStoppedError,
    QuerySyntaxError,
    StoreError,
)

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def pool(reference_store: Path) -> Iterator[WorkerPool]:
    """Return a pool with one worker."""
    made = WorkerPool(reference_store, Limits(workers=1))
    yield made
    made.close()


def truth(pool: WorkerPool, text: str = "ASK {}", **asked: object) -> bool:
    """Return the answer to an ASK query."""
    return bool(json.loads(pool.answer(Asked(text, **asked)).body)["boolean"])  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Whether a process is gone, soon."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_answers_are_those_of_the_store(pool: WorkerPool, reader: Reader) -> None:
    """A worker reads the same store as its server, with the same prefixes."""
    found = json.loads(pool.answer(Asked("SELECT (COUNT(?r) AS ?n) { ?r a cg:Report }")).body)
    assert int(found["results"]["bindings"][0]["n"]["value"]) == len(reader.reports())


def test_errors_arrive_as_they_were(pool: WorkerPool, tmp_path: Path) -> None:
    """What is raised in a worker is raised to who asked it, with its data."""
    with pytest.raises(QuerySyntaxError) as raised:
        pool.answer(Asked("ASK {\n }}"))
    assert (raised.value.line, raised.value.column) == (2, 3)
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        pool.answer(Asked("ASK { SERVICE <http://127.0.0.1:9/> {} }"))
    with pytest.raises(QueryError, match="custom function"):
        pool.answer(Asked("ASK { ?s ?p ?o FILTER(<x:f>(?o)) }"))
    other = WorkerPool(tmp_path / "none", Limits(workers=1))
    with pytest.raises(StoreError, match="no store here"):
        other.answer(Asked("ASK {}"))
    other.close()


def test_a_kind_without_a_format_is_told(pool: WorkerPool) -> None:
    """An answer of a kind that no format was named for comes back without one."""
    assert pool.answer(Asked("ASK {}", {"graph": "turtle"})).format == ""
    assert pool.answer(Asked("CONSTRUCT WHERE { ?s ?p ?o }", {"table": "json"})).format == ""


def test_a_request_names_its_graphs(pool: WorkerPool, reader: Reader) -> None:
    """The graphs of a request are the default graph, or those that GRAPH finds; unknown ones are empty."""
    first, second, *_ = reader.graphs()
    any_graph = "ASK { GRAPH ?g { ?s ?p ?o } }"
    assert truth(pool, "ASK { ?s ?p ?o }", dataset=Dataset((first, second)))
    assert not truth(pool, any_graph, dataset=Dataset((first, second)))
    assert truth(pool, any_graph, dataset=Dataset((), (first,)))
    assert not truth(pool, "ASK { ?s ?p ?o }", dataset=Dataset(("x:unknown",)))


def test_named_graphs_come_whole(pool: WorkerPool, reader: Reader) -> None:
    """A named graph is given with all its triples; None for one that isn't there."""
    name = next(iter(reader.graphs()))
    found = pool.graph(name, "ntriples")
    assert found is not None
    assert found.body.count(b"\n") == sum(1 for _ in reader.quads(name))
    assert pool.graph("x:unknown", "ntriples") is None


def test_a_query_is_ended_at_its_time_limit(pool: WorkerPool) -> None:
    """At the limit the worker is killed, the limit is told, and another worker takes its place."""
    truth(pool)
    [worker] = pool.pids()
    with pytest.raises(QueryStoppedError, match=r"ended after 0.3 seconds") as raised:
        pool.answer(Asked(RUNAWAY), seconds=0.3)
    assert raised.value.limit == "time"
    assert gone(worker)
    assert truth(pool)
    assert worker not in pool.pids()


def test_a_parse_is_ended_at_the_time_limit(pool: WorkerPool) -> None:
    """What takes long to parse is ended as well."""
    with pytest.raises(QueryStoppedError):
        pool.answer(Asked("ASK { VALUES ?x { " + "1 " * 90_000 + "} }"), seconds=0.05)
    assert truth(pool)


@pytest.mark.slow
def test_a_long_query_gives_way_and_its_worker_is_replaced(reference_store: Path) -> None:
    """A query that runs for over a second is given little of the processor; the next one gets a fresh worker."""
    pool = WorkerPool(reference_store, Limits(seconds=30, workers=1))
    truth(pool)
    [worker] = pool.pids()

    def run_away() -> None:
        with pytest.raises(QueryStoppedError):
            pool.answer(Asked(RUNAWAY), 3.0)

    thread = threading.Thread(target=run_away)
    thread.start()
    seen = 0
    while thread.is_alive() and seen == 0:
        seen = os.getpriority(os.PRIO_PROCESS, worker)
        time.sleep(0.02)
    thread.join()
    assert seen > 0
    assert gone(worker)
    assert truth(pool)
    pool.close()


def test_a_query_is_ended_at_its_memory_limit(reference_store: Path) -> None:
    """A query that wants more memory than it may have ends its worker, and only that."""
    pool = WorkerPool(reference_store, Limits(seconds=30, memory=256 * 2**20, workers=1))
    with pytest.raises(QueryStoppedError, match="256 MiB") as raised:
        pool.answer(Asked(GREEDY))
    assert raised.value.limit == "memory"
    assert truth(pool)
    pool.close()


def test_a_worker_that_dies_is_replaced(pool: WorkerPool) -> None:
    """If a worker ends for another reason, its query fails with one line and the next is answered."""
    truth(pool)
    [worker] = pool.pids()
    os.kill(worker, 9)
    with pytest.raises(QueryError, match="ended its worker"):
        pool.answer(Asked("ASK {}"))
    assert truth(pool)


def test_nobody_gets_the_answer_to_another_query(pool: WorkerPool) -> None:
    """If a query is given up in the server, its worker isn't used again: it still holds the answer."""

    def interrupted() -> bool:
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            pool.answer(Asked("ASK { FILTER(false) }"), is_wanted=interrupted)
        assert truth(pool)


def test_who_finds_no_worker_is_sent_away(reference_store: Path) -> None:
    """Queries wait for a worker only so long, and only so many of them."""
    pool = WorkerPool(reference_store, Limits(seconds=30, workers=1, waiting=0, patience=0.1))
    with pool._turn(), pytest.raises(QueryBusyError) as raised:
        truth(pool)
    assert raised.value.retry_after > 0
    assert truth(pool)
    pool.close()


def test_workers_read_what_was_published(tmp_path: Path) -> None:
    """A worker goes on to a newer snapshot with the next query."""
    pool = WorkerPool(tmp_path / "store", Limits(workers=1))
    with Writer(tmp_path / "store") as writer:
        assert not truth(pool, "ASK { <a:a> ?p ?o }")
        writer.write([Change("x:r", {"x:g": b"<a:a> <a:p> <a:o> .\n"})])
        writer.publish()
        assert truth(pool, "ASK { <a:a> ?p ?o }")
    pool.close()


def test_a_store_that_vanishes_is_told(tmp_path: Path) -> None:
    """If the store goes away while workers read it, that is told, and they go on when it is back."""
    pool = WorkerPool(tmp_path / "store", Limits(workers=1))
    with Writer(tmp_path / "store"):
        assert truth(pool)
    (tmp_path / "store").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="can't be read"):
        truth(pool)
    (tmp_path / "elsewhere").rename(tmp_path / "store")
    assert truth(pool)
    pool.close()


def test_workers_cannot_open_sockets() -> None:
    """Where the system can, workers are kept from opening sockets, whatever the gate let through."""
    code = "import socket; from kg.worker_limits import lock_sockets; print(lock_sockets()); socket.socket()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    if done.stdout.strip() == "False":
        pytest.skip("this system has no way to lock sockets out of a process")
    assert (done.stdout.strip(), done.returncode) == ("True", 1)
    assert "PermissionError" in done.stderr


def test_an_allowed_service_is_called(reference_store: Path) -> None:
    """With a list of services their endpoints can be called, others still not."""
    endpoint = "http://127.0.0.1:9/"
    pool = WorkerPool(reference_store, Limits(workers=1), services=(endpoint,))
    with pytest.raises(QueryError) as raised:
        pool.answer(Asked(f"SELECT * {{ SERVICE <{endpoint}> {{ ?s ?p ?o }} }}"))
    assert not isinstance(raised.value, QueryRefusedError)
    assert "not permitted" not in str(raised.value)
    with pytest.raises(QueryRefusedError):
        pool.answer(Asked("ASK { SERVICE <http://127.0.0.1:8/> {} }"))
    pool.close()


def test_workers_end_with_a_killed_server(reference_store: Path) -> None:
    """If the server is killed, its workers end, also amid a query."""
    code = (
        "import sys, threading\nfrom pathlib import Path\nfrom kg.worker_pool import Asked, WorkerPool\n"
        "pool = WorkerPool(Path(sys.argv[1]))\npool.answer(Asked('ASK {}'))\nprint(*pool.pids(), flush=True)\n"
        f"pool.answer(Asked({RUNAWAY!r}))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(reference_store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        worker = int(server.stdout.readline())
        server.kill()
    assert gone(worker)


def test_a_closed_pool_answers_no_more(reference_store: Path) -> None:
    """After `close` there are no processes, and who asks is told."""
    pool = WorkerPool(reference_store, Limits(workers=2))
    pool.warm()
    assert len(pool.pids()) == 2
    pool.close()
    assert pool.pids() == []
    with pytest.raises(QueryError, match="ending"):
        truth(pool)


def test_the_lock_can_be_told_from_its_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine whose system calls aren't known nothing is done, and that is told."""
    monkeypatch.setattr("platform.machine", lambda: "unknown")
    assert lock_sockets() is False


def test_a_worker_ends_in_silence_when_its_server_hears_nothing_more(reference_store: Path) -> None:
    """Where the server ends before it has read that the worker is ready, the worker tells no error."""
    ours, theirs = Pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "kg.worker", str(theirs.fileno())],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[theirs.fileno()],
    ) as process:
        theirs.close()
        settings = {"store": str(reference_store), "services": [], "memory": 2**32}
        ours.send_bytes(json.dumps(settings).encode())
        ours.send_bytes(sparql.compiled())
        assert ours.poll(PATIENCE_SECONDS)
        ours.close()
        assert process.wait(PATIENCE_SECONDS) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
