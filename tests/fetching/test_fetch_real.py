"""Replies that the real services once sent, told apart rightly: searches, pages of records, errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.sources.remote.client import Client
from extractors.sources.remote.clinicaltrials import ClinicalTrials
from extractors.sources.remote.europepmc import EuropePMC
from extractors.sources.remote.eutils import read_batch, read_search
from extractors.sources.remote.service import BadReplyError, Request
from ontology.errors import FetchError


@pytest.fixture(scope="module")
def formats(samples: Path) -> Path:
    """Return the folder of real files in the formats that users have."""
    return samples / "formats"


def test_real_searches(formats: Path) -> None:
    """A search's count, ids and place in the history are read; an error that it states is told."""
    folder = formats / "eutils_json" / "samples"
    found = read_search((folder / "esearch.pubmed.json").read_bytes())
    assert (found.count, len(found.ids), found.query_key) == (15169, 100, "1")
    assert found.web_env.startswith("NCID_1_")
    with pytest.raises(FetchError, match="Invalid db name specified: fleegle"):
        read_search((folder / "esearch.baderror.json").read_bytes())


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("eutils_json/samples/efetch.pubmed.xml", 2),
        ("eutils_json/samples/efetch.pubmedexample.xml", 2),
        ("biopython/Tests/Entrez/pubmed1.xml", 2),
        ("biopython/Tests/Entrez/pubmed7.xml", 1),
        ("biomcp/testdata/sources/pubmed/efetch_citation_22663011.xml", 1),
    ],
)
def test_real_batches(formats: Path, name: str, records: int) -> None:
    """Every record of a real batch has its PMID read."""
    pmids, unread = read_batch((formats / name).read_bytes())
    assert (len(set(pmids)), unread) == (records, 0)


@pytest.mark.parametrize("name", ["esearch.baderror.xml", "esummary.error.xml", "einfo.error.xml"])
def test_real_errors(formats: Path, name: str) -> None:
    """An error in place of a batch is told in its own words."""
    with pytest.raises((FetchError, BadReplyError), match="fleegle"):
        read_batch((formats / "eutils_json" / "samples" / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "records"), [("search_cancer_core", 25), ("search_no_results", 0), ("search_post_cancer", 25)]
)
def test_real_pages_of_europepmc(formats: Path, name: str, records: int) -> None:
    """Every result of a real page has its id read."""
    with Client("europepmc", "http://127.0.0.1", per_second=1, agent="test") as client:
        body = (formats / "pyeuropepmc" / "tests" / "fixtures" / f"{name}.json").read_bytes()
        ids, unread = EuropePMC(client, Request("cancer")).ids(body)
    assert (len(set(ids)), unread) == (records, 0)


def test_real_page_of_clinicaltrials(formats: Path) -> None:
    """Every study of a real page has its NCT number read."""
    with Client("clinicaltrials", "http://127.0.0.1", per_second=1, agent="test") as client:
        body = (formats / "biomcp" / "testdata" / "sources" / "clinicaltrials" / "search.json").read_bytes()
        assert ClinicalTrials(client, Request("melanoma")).ids(body) == (("NCT41300001",), 0)
