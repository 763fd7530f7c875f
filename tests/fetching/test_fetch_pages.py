"""Fetching from Europe PMC and ClinicalTrials.gov, whose pages follow one another."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import Document
from extractors.sources import read
from extractors.sources.remote import clinicaltrials, europepmc
from ontology.errors import FetchError
from tests.fetching.fakes import Fault, Fetcher, Reply, Services, reply_json

BOTH = ("europepmc", "clinicaltrials")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, services: Services) -> Services:
    """Return services that give pages of 8, and hold 20 records each."""
    monkeypatch.setattr(europepmc, "_PAGE", 8)
    monkeypatch.setattr(clinicaltrials, "_PAGE", 8)
    services.europepmc.total = services.trials.total = 20
    return services


def ids(fetcher: Fetcher) -> list[str]:
    """Return the ids of the documents that the reader finds in the folder."""
    return [item.id for item in read(fetcher.folder) if isinstance(item, Document)]


@pytest.mark.parametrize("service", BOTH)
def test_pages_are_kept_as_they_come(fetcher: Fetcher, service: str) -> None:
    """All records come as files of whole pages, which the readers read."""
    outcome = fetcher(service)
    assert (outcome.whole, outcome.records, outcome.parts) == (True, 20, 3)
    assert list(fetcher.files()) == [f"{service}-0000{n}.json" for n in (1, 2, 3)]
    assert len(set(ids(fetcher))) == 20


def test_what_europepmc_is_asked(fetcher: Fetcher, services: Services) -> None:
    """Europe PMC is asked for core results as JSON, by cursor, the query in the body: there it may be long."""
    fetcher("europepmc", "CAR T " * 2000, since=date(2024, 2, 1), email="doe@example.org")
    first, second = services.asked[:2]
    assert first.path == "/searchPOST"
    assert first.fields["query"] == f"({'CAR T ' * 2000}) AND UPDATE_DATE:[2024-02-01 TO 3000-12-31]"
    assert {k: first.fields[k] for k in ("format", "resultType", "cursorMark", "pageSize", "email")} == {
        "format": "json", "resultType": "core", "cursorMark": "*", "pageSize": "8", "email": "doe@example.org",
    }  # fmt: skip
    assert second.fields == first.fields | {"cursorMark": "Ao8"}


def test_what_clinicaltrials_is_asked(fetcher: Fetcher, services: Services) -> None:
    """ClinicalTrials.gov is asked for the total with the first page, and for each next page by its token."""
    fetcher("clinicaltrials", "CAR T", since=date(2024, 2, 1))
    first, second = services.asked[:2]
    assert first.fields == {
        "query.term": "CAR T", "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2024-02-01,MAX]", "format": "json",
        "pageSize": "8", "countTotal": "true",
    }  # fmt: skip
    assert (second.fields["pageToken"], second.fields["pageSize"]) == ("t8", "8")


@pytest.mark.parametrize("service", BOTH)
def test_limit_takes_whole_pages(fetcher: Fetcher, services: Services, service: str) -> None:
    """With a limit pages are of one size and overshoot it by less than their number."""
    outcome = fetcher(service, limit=11)
    assert (outcome.whole, outcome.records, outcome.parts) == (True, 12, 2)
    assert {asked.fields["pageSize"] for asked in services.asked} == {"6"}


@pytest.mark.parametrize("service", BOTH)
def test_nothing_found(fetcher: Fetcher, services: Services, service: str) -> None:
    """A query without results leaves no file and is no error."""
    services.europepmc.total = services.trials.total = 0
    outcome = fetcher(service)
    assert (outcome.whole, outcome.records, fetcher.files()) == (True, 0, {})


@pytest.mark.parametrize("service", BOTH)
def test_passing_faults_are_waited_out(fetcher: Fetcher, services: Services, passing: Fault, service: str) -> None:
    """Whatever fault passes, the files are those of a fetch without it."""
    services.faults = [passing, None, passing, passing]
    assert fetcher(service).whole
    assert len(set(ids(fetcher))) == 20
    assert not services.faults


@pytest.mark.parametrize("service", BOTH)
def test_repeated_page(fetcher: Fetcher, services: Services, service: str) -> None:
    """A page that comes a second time in place of the next is noticed and asked for again."""
    pages: list[Reply] = []

    def remember(good: Reply) -> Reply:
        pages.append(good)
        return good

    services.faults = [remember, lambda good: pages[0]]
    assert fetcher(service).whole
    assert len(ids(fetcher)) == len(set(ids(fetcher))) == 20


@pytest.mark.parametrize("service", BOTH)
def test_results_that_end_early(fetcher: Fetcher, services: Services, service: str) -> None:
    """An empty page before all has come is asked for again rather than taken for the end."""
    empty = {"hitCount": 20, "resultList": {"result": []}, "studies": []}
    services.faults = [None, reply_json(empty)]
    assert fetcher(service).whole
    assert len(ids(fetcher)) == 20


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize("counted", [19, 21])
def test_wrong_counts_are_told(fetcher: Fetcher, services: Services, service: str, counted: int) -> None:
    """A count that doesn't fit what came is told, and the next run fetches anew."""
    services.europepmc.counted = services.trials.counted = counted
    outcome = fetcher(service)
    assert not outcome.whole
    assert f"20 records came, the service counts {counted}" in outcome.summary()
    services.europepmc.counted = services.trials.counted = None
    assert fetcher(service).whole
    assert len(ids(fetcher)) == 20


@pytest.mark.parametrize("service", BOTH)
def test_a_count_that_changed_meanwhile_is_asked_for_again(fetcher: Fetcher, services: Services, service: str) -> None:
    """Where the counts don't agree at the end, the one as of now decides."""

    def one_more(good: Reply) -> Reply:
        return Reply(good.body.replace(b'Count": 20', b'Count": 21'), 200, good.headers)

    services.faults = [one_more, None, one_more]
    assert fetcher(service).whole


@pytest.mark.parametrize("service", BOTH)
def test_a_cursor_that_is_refused_means_beginning_anew(fetcher: Fetcher, services: Services, service: str) -> None:
    """Where the service knows the cursor no more, the fetch begins anew rather than ending half."""
    services.faults = [None, reply_json({"errMsg": "Invalid cursorMark"}, status=400)]
    assert fetcher(service).whole
    assert any("knows its place in the results no more" in line for line in fetcher.told)
    assert len(ids(fetcher)) == len(set(ids(fetcher))) == 20


@pytest.mark.parametrize("service", BOTH)
def test_a_query_that_is_refused_is_told_at_once(fetcher: Fetcher, services: Services, service: str) -> None:
    """A first page that is refused is told in the service's words, without trying again."""
    services.faults = [Reply(b"Query syntax error near ')'", 400)]
    with pytest.raises(FetchError, match=rf"^{service}: HTTP 400 Bad Request \(Query syntax error near '\)'\)"):
        fetcher(service)
    assert len(services.asked) == 1


@pytest.mark.parametrize("service", BOTH)
@pytest.mark.parametrize("body", [b"[]", b'"x"', b"{}", b'{"resultList": [], "studies": {}}', b'{"studies": []}'])
def test_json_that_is_no_page(fetcher: Fetcher, services: Services, service: str, body: bytes) -> None:
    """JSON that isn't a page of records is asked for again, then given up on."""
    services.faults = [Reply(body)] * 7
    with pytest.raises(FetchError, match="gave up after 7 attempts"):
        fetcher(service)
    assert fetcher.files() == {}


@pytest.mark.parametrize("service", BOTH)
def test_records_without_id_count(fetcher: Fetcher, services: Services, service: str) -> None:
    """A record without an id counts as come."""

    def nameless(good: Reply) -> Reply:
        return Reply(good.body.replace(b'"id": "5003"', b'"id": ""').replace(b"NCT00000003", b""), 200, good.headers)

    services.faults = [nameless]
    assert fetcher(service).records == 20
