"""Downloads what a query finds in PubMed, Europe PMC or ClinicalTrials.gov into a folder of raw files, then stops.

The only place that opens a connection to elsewhere. Reading starts from the files, as from any others.
"""

from __future__ import annotations

from extractors.sources.remote.fetching import Outcome
from extractors.sources.remote.service import Request
from extractors.sources.remote.services import BASE_URLS, fetch

__all__ = ["BASE_URLS", "Outcome", "Request", "fetch"]
