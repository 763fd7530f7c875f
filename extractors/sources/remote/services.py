"""The services that there are: their addresses, their rules, and a fetch from each."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from extractors.sources.remote.client import Client, Conditions
from extractors.sources.remote.clinicaltrials import ClinicalTrials
from extractors.sources.remote.europepmc import EuropePMC
from extractors.sources.remote.fetching import Fetch, Outcome
from extractors.sources.remote.pubmed import PubMed
from extractors.sources.remote.service import Request, Service
from ontology.errors import FetchError

BASE_URLS = {
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest",
    "clinicaltrials": "https://clinicaltrials.gov/api/v2",
}
KEY = "NCBI_API_KEY"
_PER_SECOND = {"pubmed": 3.0, "europepmc": 3.0, "clinicaltrials": 0.8}
_WITH_KEY = 10.0


def fetch(
    service: str,
    request: Request,
    folder: Path,
    *,
    base_url: str | None = None,
    email: str | None = None,
    tell: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int], None] = lambda records, wanted: None,
    conditions: Conditions | None = None,
) -> Outcome:
    """Fetch what `request` finds at `service` (a key of BASE_URLS) into `folder`, or what is still missing of it.

    `email` is given to the service, so that it can write before it blocks anybody. NCBI's API key is read from the
    environment (NCBI_API_KEY). Raises FetchError where it can't go on; the same call goes on from there.
    """
    if service not in BASE_URLS:
        raise FetchError(service, f"no such service; there are {', '.join(BASE_URLS)}")
    if not request.query.strip():
        raise FetchError(service, "an empty query")
    address = _checked(service, base_url or BASE_URLS[service])
    key = os.environ.get(KEY) or None if service == "pubmed" else None
    client = Client(
        service,
        address,
        per_second=_WITH_KEY if key else _PER_SECOND[service],
        agent=f"cartograph-kg/{_version()}" + (f" (mailto:{email})" if email else ""),
        seed=request.query,
        secrets=(key,) if key else (),
        conditions=conditions,
    )
    with client:
        offered = _offer(service, client, request, email, key, tell)
        return Fetch(offered, request, folder, address, tell=tell, progress=progress).run()


def _offer(
    service: str, client: Client, request: Request, email: str | None, key: str | None, tell: Callable[[str], None]
) -> Service:
    if service == "pubmed":
        return PubMed(client, request, email, key, tell)
    return (EuropePMC if service == "europepmc" else ClinicalTrials)(client, request, email)


def _checked(service: str, address: str) -> str:
    """Return the base URL; raises FetchError for one that could not be shown or kept as it is."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(service, f"not a base URL: {address}")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise FetchError(service, "a base URL has neither query, fragment, user nor password")
    return address.rstrip("/")


def _version() -> str:
    try:
        return version("cartograph-kg")
    except PackageNotFoundError:
        return "unknown"
