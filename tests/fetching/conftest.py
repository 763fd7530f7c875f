"""Fixtures: the services on loopback, a clock that doesn't wait, a fetcher from the one with the other."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetching.fakes import PASSING, FakeClock, Fault, Fetcher, Handler, Server, Services


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't wait for the disk: what it keeps when the power fails isn't tested here."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Return the three services, running on loopback."""
    for name in ("NCBI_API_KEY", "CARTOGRAPH_EMAIL", "HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.services = Services()
        server.services.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.services
        server.services.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that never makes anybody wait."""
    return FakeClock()


@pytest.fixture
def fetcher(services: Services, clock: FakeClock, tmp_path: Path) -> Fetcher:
    """Return a fetcher into an empty folder."""
    return Fetcher(services, clock, tmp_path / "collection")


@pytest.fixture(params=list(PASSING))
def passing(request: pytest.FixtureRequest) -> Fault:
    """Return each of the faults that pass."""
    return PASSING[request.param]
