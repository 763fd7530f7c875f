"""Limits of the SPARQL service, seen from outside: runaway queries, crowds, cuts, other origins."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kg.worker_pool import WorkerPool
from kg.worker_settings import Limits
from web import create_app

RUNAWAY = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
NORMAL = "/sparql?format=json&query=" + quote("SELECT ?report { ?report a cg:Report } LIMIT 5")
CLIENTS = 20
Send = Callable[..., Any]
Serve = Callable[..., Any]


def together(count: int, work: Callable[[int], None]) -> list[threading.Thread]:
    """Start `count` threads that do `work`."""
    threads = [threading.Thread(target=work, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_a_runaway_query_disturbs_nobody(store: Path, send: Send, serve_app: Serve) -> None:
    """While a query runs away, twenty clients get their answers and pages; it is ended with its process."""
    app = create_app(store, limits=Limits(seconds=2.5, workers=2, waiting=CLIENTS, patience=60))
    workers: WorkerPool = app.extensions["workers"]
    with serve_app(app) as site:
        send(site, "GET", NORMAL)
        ended: list[int] = []
        [runaway] = together(1, lambda _: ended.append(send(site, "GET", RUNAWAY).status))
        statuses: list[int] = []
        before = workers.pids()
        clients = together(CLIENTS, lambda _: statuses.extend(send(site, "GET", NORMAL).status for _ in range(3)))
        assert send(site, "GET", "/studies").status == 200
        for thread in (*clients, runaway):
            thread.join()
        assert statuses == [200] * CLIENTS * 3
        assert ended == [504]
        assert send(site, "GET", NORMAL).status == 200
    assert before
    assert workers.pids() == []


@pytest.mark.slow
def test_a_crowd_is_sent_away(store: Path, send: Send, serve_app: Serve) -> None:
    """Beyond the number of queries that may run and wait, the rest get 429 and when to try again."""
    app = create_app(store, limits=Limits(seconds=1.5, workers=1, waiting=1, patience=60))
    with serve_app(app) as site:
        send(site, "GET", NORMAL)
        replies: list[Any] = []
        for thread in together(4, lambda _: replies.append(send(site, "GET", RUNAWAY))):
            thread.join()
        sent_away = [reply for reply in replies if reply.status == 429]
        assert len(sent_away) == 2
        assert all(int(reply.headers["Retry-After"]) > 0 for reply in sent_away)
        assert send(site, "GET", NORMAL).status == 200


@pytest.mark.parametrize(("path", "headers"), [(f"{RUNAWAY}&timeout=0.3", {}), (RUNAWAY, {"Timeout": "0.3"})])
def test_a_request_may_lower_its_time_limit(
    store: Path, send: Send, serve_app: Serve, path: str, headers: dict[str, str]
) -> None:
    """A parameter or a header lowers the time limit; the message says what it was."""
    with serve_app(create_app(store)) as site:
        reply = send(site, "GET", path, None, headers)
    assert (reply.status, reply.text) == (504, "the query was ended after 0.3 seconds\n")


def test_a_request_may_not_raise_its_time_limit(store: Path, send: Send, serve_app: Serve) -> None:
    """A time limit above that of the service is taken for that of the service."""
    with serve_app(create_app(store, limits=Limits(seconds=0.3))) as site:
        assert send(site, "GET", f"{RUNAWAY}&timeout=1000").text == "the query was ended after 0.3 seconds\n"


def test_cuts_are_told(store: Path, send: Send, serve_app: Serve) -> None:
    """An answer that was cut is whole in its format, and says in a header, and inside where it can, that it was cut."""
    query = quote("SELECT * { ?s ?p ?o }")
    with serve_app(create_app(store, limits=Limits(rows=7))) as site:
        reply = send(site, "GET", f"/sparql?query={query}")
        assert (
            reply.headers["Cartograph-Cut"]
            == json.loads(reply.body)["head"]["cut"]
            == "cut after 7 rows: there are more"
        )
        assert len(json.loads(reply.body)["results"]["bindings"]) == 7
        whole = send(site, "GET", f"/sparql?query={query}%20LIMIT%207")
        assert "Cartograph-Cut" not in whole.headers
        table = send(site, "GET", f"/sparql?format=csv&query={query}")
        assert (table.body.count(b"\r\n"), "Cartograph-Cut" in table.headers) == (8, True)


def test_other_origins_are_let_in_by_name(store: Path, send: Send, serve_app: Serve) -> None:
    """Pages of the origins that the operator names may read answers, others not; preflight requests are answered."""
    mine, other = "https://mine.example", "https://other.example"
    with serve_app(create_app(store, cors_origins=(mine,))) as site:
        told = send(site, "GET", NORMAL, None, {"Origin": mine}).headers
        assert told["Access-Control-Allow-Origin"] == mine
        assert "Cartograph-Cut" in told["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Origin" not in send(site, "GET", NORMAL, None, {"Origin": other}).headers
        assert "Access-Control-Allow-Origin" not in send(site, "GET", "/studies", None, {"Origin": mine}).headers
        asked = {"Origin": mine, "Access-Control-Request-Method": "POST"}
        assert "POST" in send(site, "OPTIONS", "/sparql", None, asked).headers["Access-Control-Allow-Methods"]


def test_a_missing_store_is_told(tmp_path: Path, send: Send, serve_app: Serve) -> None:
    """Without a store the service answers 503, and works once the store is there."""
    with serve_app(create_app(tmp_path / "none")) as site:
        reply = send(site, "GET", NORMAL)
        assert (reply.status, "no store here" in reply.text) == (503, True)


def test_workers_end_with_the_server(store: Path) -> None:
    """A pool that is closed leaves no process behind."""
    app = create_app(store, limits=Limits(workers=2))
    pool: WorkerPool = app.extensions["workers"]
    pool.warm()
    pids = pool.pids()
    assert len(pids) == 2
    app.extensions["library"].close()
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
