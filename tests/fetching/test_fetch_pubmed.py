"""Fetching from PubMed."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import Document
from extractors.sources import read
from extractors.sources.remote import pubmed
from ontology.errors import FetchError
from tests.fetching.fakes import BUSY, Fault, Fetcher, Reply, Services, article, reply_error, reply_json, zipped


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, services: Services) -> Services:
    """Return services whose PubMed gives 20 records a search, fetched 8 at a time."""
    monkeypatch.setattr(pubmed, "REACH", 20)
    monkeypatch.setattr(pubmed, "BATCH", 8)
    services.pubmed.reach = 20
    return services


def pmids(fetcher: Fetcher) -> list[str]:
    """Return the PMIDs that the reader finds in the folder, in order."""
    documents = [item for item in read(fetcher.folder) if isinstance(item, Document)]
    return [str(document.citation.pmid) for document in documents]


def test_records_come_in_batches_that_can_be_read(fetcher: Fetcher, small: Services) -> None:
    """All records come as files of whole batches, which the readers read; the manifest is no source."""
    small.pubmed.fill(20)
    outcome = fetcher("pubmed")
    assert (outcome.whole, outcome.records, outcome.parts) == (True, 20, 3)
    assert list(fetcher.files()) == ["pubmed-00001.xml", "pubmed-00002.xml", "pubmed-00003.xml"]
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)
    assert small.paths() == ["esearch.fcgi", "efetch.fcgi", "efetch.fcgi", "efetch.fcgi"]


def test_requests_keep_the_rules(fetcher: Fetcher, small: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tool, e-mail and key go with every request, in its body, and the history server is used; no file has the key."""
    monkeypatch.setenv("NCBI_API_KEY", "secret-key")
    small.pubmed.fill(3)
    fetcher("pubmed", "CAR[ti] & cells", email="doe@example.org")
    search, batch = small.asked
    for asked in (search, batch):
        assert {k: asked.fields[k] for k in ("db", "tool", "email", "api_key")} == {
            "db": "pubmed", "tool": "cartograph-kg", "email": "doe@example.org", "api_key": "secret-key",
        }  # fmt: skip
        assert "doe@example.org" in asked.headers["user-agent"]
    assert (search.fields["term"], search.fields["usehistory"]) == ("CAR[ti] & cells", "y")
    assert (batch.fields["WebEnv"], batch.fields["query_key"], batch.fields["retmode"]) == ("MCID_1", "1", "xml")
    kept = b"".join(path.read_bytes() for path in fetcher.folder.iterdir())
    assert b"secret-key" not in kept
    assert b"doe@example.org" not in kept


@pytest.mark.parametrize(("key", "per_second"), [(None, 3), ("secret", 10)])
def test_pace(
    fetcher: Fetcher, small: Services, monkeypatch: pytest.MonkeyPatch, key: str | None, per_second: int
) -> None:
    """No second sees more than three requests without a key, ten with one."""
    if key:
        monkeypatch.setenv("NCBI_API_KEY", key)
    small.pubmed.fill(20)
    fetcher("pubmed")
    assert len(fetcher.clock.slept) == 3
    assert min(fetcher.clock.slept) > 1 / per_second
    assert sum(fetcher.clock.slept) < 1.1 * 3 / per_second


def test_since_means_changed_since(fetcher: Fetcher, small: Services) -> None:
    """`since` goes by the day of the last change, so that retractions and corrections of old records come too."""
    small.pubmed.fill(1)
    fetcher("pubmed", "a OR b", since=date(2024, 2, 1))
    assert small.asked[0].fields["term"] == '(a OR b) AND ("2024/02/01"[MDAT] : "3000"[MDAT])'


def test_limit(fetcher: Fetcher, small: Services) -> None:
    """With a limit so many records come, no more."""
    small.pubmed.fill(20)
    outcome = fetcher("pubmed", limit=10)
    assert (outcome.whole, outcome.records, outcome.wanted) == (True, 10, 10)
    assert len(pmids(fetcher)) == 10


def test_nothing_found(fetcher: Fetcher, small: Services) -> None:
    """A query without results leaves no file and is no error."""
    outcome = fetcher("pubmed")
    assert (outcome.whole, outcome.records, fetcher.files()) == (True, 0, {})


def test_large_searches_are_split_by_date(fetcher: Fetcher, small: Services) -> None:
    """A search that finds more than PubMed gives is split by the day of entry until every range can be had whole."""
    for month in range(1, 13):
        small.pubmed.fill(9, f"2023/{month:02}/15")
    outcome = fetcher("pubmed")
    assert (outcome.whole, outcome.records) == (True, 108)
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)
    ranged = [asked.fields for asked in small.asked if "mindate" in asked.fields]
    assert ranged
    assert {fields["datetype"] for fields in ranged} == {"edat"}


def test_a_day_too_full_is_told(fetcher: Fetcher, small: Services) -> None:
    """Where more records were entered on one day than a search gives, the fetch says so."""
    small.pubmed.fill(21, "2023/05/05")
    with pytest.raises(FetchError, match="21 records were entered on 2023-05-05, more than a search gives"):
        fetcher("pubmed")


@pytest.mark.parametrize("before", [0, 2])
def test_passing_faults_are_waited_out(fetcher: Fetcher, small: Services, passing: Fault, before: int) -> None:
    """Whatever fault passes, at a search or at a batch, the files are those of a fetch without it."""
    small.pubmed.fill(20)
    small.faults = [*[None] * before, passing, passing]
    assert fetcher("pubmed").whole
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)
    assert len(small.asked) == 6


def test_compressed_replies_are_kept_unpacked(fetcher: Fetcher, small: Services) -> None:
    """Replies that come compressed are kept as the XML that they are."""
    small.pubmed.fill(2)
    small.faults = [zipped, zipped]
    fetcher("pubmed")
    assert fetcher.files()["pubmed-00001.xml"].startswith(b"<?xml")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda good: Reply(good.body.replace(b"1019</PMID>", b"1</PMID>")),
        lambda good: Reply(good.body.replace(b"1019</PMID>", b"1018</PMID>")),
        lambda good: Reply(good.body.replace(article("1019").encode(), b"")),
        Reply(b"<PubmedArticleSet></PubmedArticleSet>"),
    ],
    ids=["another's record", "a record twice", "a record too few", "no records"],
)
def test_batches_are_compared_with_the_search(fetcher: Fetcher, small: Services, wrong: Fault) -> None:
    """A batch that doesn't hold the records that the search listed is fetched again."""
    small.pubmed.fill(20)
    small.faults = [None, wrong]
    assert fetcher("pubmed").whole
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)


def test_duplicate_page(fetcher: Fetcher, small: Services) -> None:
    """A batch that comes a second time in place of the next is noticed and asked for again."""
    small.pubmed.fill(20)
    first: list[Reply] = []

    def remember(good: Reply) -> Reply:
        first.append(good)
        return good

    small.faults = [None, remember, lambda good: first[0]]
    assert fetcher("pubmed").whole
    assert len(set(pmids(fetcher))) == 20


def test_records_that_never_come(fetcher: Fetcher, small: Services) -> None:
    """Records that the search lists but that never come are named; the others are kept, the next run tries anew."""
    small.pubmed.fill(20)
    small.pubmed.withheld = {"1004"}
    outcome = fetcher("pubmed")
    assert (outcome.whole, outcome.records, outcome.wanted, outcome.missing) == (False, 19, 20, ("1004",))
    assert "19 records came, the service counts 20; missing: 1004" in outcome.summary()
    assert len(pmids(fetcher)) == 19
    small.pubmed.withheld = set()
    assert fetcher("pubmed").whole
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)


def test_malformed_record_is_kept(fetcher: Fetcher, small: Services) -> None:
    """A record that isn't well formed counts as come: it's in the file, where the reader reports it."""
    small.pubmed.fill(3)
    small.faults = [None, lambda good: Reply(good.body.replace(b"</BookTitle>", b""))]
    assert fetcher("pubmed").whole
    assert len(pmids(fetcher)) == 2


@pytest.mark.parametrize("status", [200, 400])
def test_expired_history_is_searched_anew(fetcher: Fetcher, small: Services, status: int) -> None:
    """Where the history server has forgotten the search, it's made again and the fetch goes on where it was."""
    small.pubmed.fill(20)
    expired = reply_error("Cannot retrieve history data. query_key: 1, WebEnv: MCID_1, retstart: 8", status=status)
    small.faults = [None, None, expired]
    assert fetcher("pubmed").whole
    assert small.paths() == ["esearch.fcgi", "efetch.fcgi", "efetch.fcgi", "esearch.fcgi", "efetch.fcgi", "efetch.fcgi"]
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)


def test_history_that_never_lasts(fetcher: Fetcher, small: Services) -> None:
    """A history server that forgets every search at once is given up on."""
    small.pubmed.fill(20)
    small.faults = [None, *[reply_error("Unable to obtain query #1"), None] * 5]
    with pytest.raises(FetchError, match="keeps forgetting"):
        fetcher("pubmed")


def test_results_that_change_meanwhile(fetcher: Fetcher, small: Services) -> None:
    """Where the search finds something else when it's made again, its records are fetched anew."""
    small.pubmed.fill(17)

    def enter_one_more(good: Reply) -> Reply:
        small.pubmed.fill(1)
        return reply_error("Cannot retrieve history data. WebEnv: MCID_1", status=400)

    small.faults = [None, None, enter_one_more]
    outcome = fetcher("pubmed")
    assert (outcome.whole, outcome.records) == (True, 18)
    assert any("changed meanwhile" in line for line in fetcher.told)
    assert sorted(pmids(fetcher)) == sorted(small.pubmed.entered)


def test_a_query_that_is_wrong_is_told_at_once(fetcher: Fetcher, small: Services) -> None:
    """An error that asking again can't mend is told in the service's words, without trying again."""
    small.faults = [reply_json({"esearchresult": {"ERROR": "Empty term and query_key - nothing todo"}})]
    with pytest.raises(FetchError, match=r"^pubmed: Empty term"):
        fetcher("pubmed")
    assert len(small.asked) == 1


def test_an_invalid_key_is_told_without_showing_it(
    fetcher: Fetcher, small: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error about a key doesn't hold the key, even where the service repeats it."""
    monkeypatch.setenv("NCBI_API_KEY", "secret-key")
    small.faults = [reply_json({"error": "API key secret-key invalid", "api-key": "secret-key"}, status=400)]
    with pytest.raises(FetchError, match=r"HTTP 400 Bad Request \(API key \[key\] invalid\)"):
        fetcher("pubmed")


def test_giving_up(fetcher: Fetcher, small: Services) -> None:
    """After seven attempts the fetch gives up in one line; the same call goes on from there."""
    small.pubmed.fill(20)
    small.faults = [None, None, *[BUSY] * 7]
    with pytest.raises(FetchError, match=r"429 .*\(API rate limit exceeded\); gave up after 7 attempts"):
        fetcher("pubmed")
    assert list(fetcher.files()) == ["pubmed-00001.xml"]
    asked = len(small.asked)
    assert fetcher("pubmed").whole
    assert small.paths()[asked:] == ["esearch.fcgi", "efetch.fcgi", "efetch.fcgi"]


def test_words_that_pubmed_leaves_out_are_told(fetcher: Fetcher, small: Services) -> None:
    """Words of the query that PubMed doesn't know or ignores are told: without them it finds something else."""
    small.pubmed.fill(1)
    small.pubmed.errors = {
        "errorlist": {"phrasesnotfound": ["fleegle[MeSH Terms]"], "fieldsnotfound": []},
        "warninglist": {"phrasesignored": ["of"], "quotedphrasesnotfound": [], "outputmessages": []},
    }
    fetcher("pubmed")
    assert fetcher.told == ["pubmed: not found: fleegle[MeSH Terms]", "pubmed: left out: of"]
