"""Asking over HTTP: pace, waits between attempts, time-outs, what is refused."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sources.remote import fetch
from extractors.sources.remote.clock import Backoff, Pace
from extractors.sources.remote.replies import words_of
from extractors.sources.remote.service import Request
from ontology.errors import FetchError
from tests.fetching.fakes import FakeClock, Fetcher, Reply, Services


@given(st.floats(0.1, 50), st.lists(st.floats(0, 2), min_size=1, max_size=40))
def test_pace_is_kept(per_second: float, pauses: list[float]) -> None:
    """However requests come, none goes out sooner after the one before than the pace allows."""
    clock = FakeClock()
    pace = Pace(per_second, clock)
    times = []
    for pause in pauses:
        clock.time += pause
        pace.wait()
        times.append(clock.time)
    assert all(later - earlier >= 1 / per_second for earlier, later in pairwise(times))


def test_waits_double_up_to_a_limit() -> None:
    """Waits between attempts double, less a jitter of at most half, up to the longest."""
    waits = list(Backoff(attempts=9).waits(random.Random(1)))
    full = [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(waits) == 8
    assert all(half / 2 <= wait <= half for half, wait in zip(full, waits, strict=True))


def test_waits_are_the_same_each_time(fetcher: Fetcher, services: Services) -> None:
    """The jitter depends on service and query alone: the same faults mean the same waits."""
    slept: list[list[float]] = []
    for query in ("a", "a", "b"):
        clock = FakeClock()
        again = Fetcher(services, clock, fetcher.folder.with_name(f"{len(slept)}"))
        services.faults = [Reply(status=503)] * 4
        again("europepmc", query)
        slept.append(clock.slept)
    assert slept[0] == slept[1] != slept[2]


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(fetcher: Fetcher, services: Services, as_date: bool) -> None:
    """The service's own word on how long to wait counts, as seconds or as a date."""
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    services.faults = [Reply(b"", 429, (("Retry-After", moment if as_date else "100"),))]
    fetcher("europepmc")
    assert any(90 < wait <= 100 for wait in fetcher.clock.slept)


@pytest.mark.parametrize("value", ["soon", "", "-5", "1.5", "\u00b2", "Thu, 99 Foo 2026 25:61:61 GMT"])
def test_retry_after_nonsense_is_left_out(fetcher: Fetcher, services: Services, value: str) -> None:
    """A Retry-After that says nothing means the usual wait."""
    services.faults = [Reply(b"", 503, (("Retry-After", value),))]
    fetcher("europepmc")
    assert max(fetcher.clock.slept) <= 1


def test_asked_for_too_much_patience(fetcher: Fetcher, services: Services) -> None:
    """A service that asks for more than ten minutes is told of instead of waited for."""
    services.faults = [Reply(b"", 429, (("Retry-After", "3600"),))]
    with pytest.raises(FetchError, match=r"^europepmc: it asks to wait 60 minutes"):
        fetcher("europepmc")


def test_a_reply_that_stalls(fetcher: Fetcher, services: Services) -> None:
    """Where nothing comes for too long, the reply is given up and asked for again."""
    fetcher.byte_timeout = 0.05
    services.europepmc.total = 3
    services.faults = [lambda good: Reply(good.body, stall=True)]
    assert fetcher("europepmc").records == 3


def test_a_reply_that_drips(fetcher: Fetcher, services: Services) -> None:
    """Where bytes come, but too slowly for the whole, the reply is given up; in the end the fetch is."""
    fetcher.clock.tick = 400
    services.europepmc.total = 3
    fetcher.whole_timeout = 300
    with pytest.raises(FetchError, match="took longer than 300 seconds"):
        fetcher("europepmc")


def test_no_service_there(fetcher: Fetcher) -> None:
    """Where nobody answers, the fetch gives up in one line."""
    with pytest.raises(FetchError, match=r"^europepmc: no connection .*gave up after 7 attempts"):
        fetcher("europepmc", base_url="http://127.0.0.1:9")


def test_redirections_are_not_followed(fetcher: Fetcher, services: Services) -> None:
    """A service that moved is told of, with its new place: a request may carry a key, which isn't taken elsewhere."""
    services.faults = [Reply(b"", 301, (("Location", "https://example.org/new"),))]
    with pytest.raises(FetchError, match=r"moved to https://example\.org/new; give that as the base URL"):
        fetcher("europepmc")


@pytest.mark.parametrize(
    ("service", "query", "said"), [("embase", "x", "no such service"), ("pubmed", " ", "empty query")]
)
def test_requests_that_are_none(fetcher: Fetcher, service: str, query: str, said: str) -> None:
    """An unknown service and an empty query are refused before anything is asked or written."""
    with pytest.raises(FetchError, match=said):
        fetcher(service, query)
    assert not fetcher.folder.exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org", "not a base URL"),
        ("example.org", "not a base URL"),
        ("https://u:p@example.org", "neither query"),
        ("https://example.org/?api_key=1", "neither query"),
    ],
)
def test_base_urls_that_are_refused(fetcher: Fetcher, url: str, said: str) -> None:
    """A base URL is plain HTTP, without anything that must not be kept."""
    with pytest.raises(FetchError, match=said):
        fetch("europepmc", Request("x"), fetcher.folder, base_url=url)
    assert not fetcher.folder.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"plain words\nmore", "plain words"),
        (b"<html><head><TITLE>\n  Server\n Error </TITLE>", "Server Error"),
        (b"<eFetchResult>\n<ERROR> No   such\nthing</ERROR>", "No such thing"),
        (b'{"error":"API rate limit exceeded","count":"4"}', "API rate limit exceeded"),
        (b'{"esearchresult": {"ERROR": "Search Backend failed:\n two lines"}}', "Search Backend failed: two lines"),
        (b'{"version": "6.9", "errCode": 404, "errMsg": "Nothing"}', "Nothing"),
        (b"red \x1b[31malert", "red [31malert"),
        (b"\xff" * 300, "\ufffd" * 199 + "…"),
    ],
)
def test_words_of_errors(body: bytes, said: str) -> None:
    """What a service says in an error reply is told in one short line."""
    assert words_of(body) == said
