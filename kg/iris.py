"""The IRIs of data: the same report has the same IRI on every machine.

A report is named by its PubMed number, else its DOI, else its registry number, else a hash of its levelled title and
text; everything of one report stands below the report's IRI. `base` is where an installation keeps its data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from extractors.document import text_id
from kg.rdf import path_segment
from ontology import terms

_NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)


class Cited(Protocol):
    """What a publication is told by."""

    @property
    def pmid(self) -> str | None: ...  # noqa: D102
    @property
    def doi(self) -> str | None: ...  # noqa: D102


class Identified(Protocol):
    """A document or a record of one."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def citation(self) -> Cited: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs below one base."""

    base: str = terms.BASE

    @property
    def shared(self) -> str:
        """The graph of what several reports share: trials, agents, concepts that the vocabulary doesn't hold."""
        return self.base + "graph/shared"

    @property
    def vocabulary(self) -> str:
        """The graph of the ontology and the vocabulary."""
        return self.base + "graph/vocabulary"

    @property
    def closure(self) -> str:
        """The graph of the vocabulary's closure."""
        return self.base + "graph/closure"

    def report(self, item: Identified) -> str:
        """Return the IRI of the report that a document or a record is."""
        return f"{self.base}report/{_report_key(item)}"

    def report_of_id(self, identifier: str) -> str:
        """Return the IRI of the report called `pmid:1`, `doi:10.1/x`, `nct:NCT1` or `sha256:...` (or by its IRI)."""
        if identifier.startswith(self.base):
            return identifier
        scheme, _, rest = identifier.partition(":")
        key = {"pmid": rest, "pubmed": rest, "doi": rest.lower(), "nct": rest.upper(), "sha256": rest}.get(scheme)
        scheme = "pmid" if scheme == "pubmed" else scheme
        return f"{self.base}report/" + path_segment(f"{scheme}-{key}" if key else identifier)

    def trial(self, registry_id: str) -> str:
        """Return the IRI of a registered trial."""
        return f"{self.base}trial/{path_segment(registry_id.strip().upper())}"

    def agent(self, version: str) -> str:
        """Return the IRI of the extractor of a version."""
        return f"{self.base}agent/cartograph-{path_segment(version)}"


def assertion(report: str) -> str:
    """Return the IRI of the graph that holds what a report says."""
    return report + "/assertion"


def provenance(report: str) -> str:
    """Return the IRI of the graph that holds where a report's graph comes from."""
    return report + "/provenance"


def _report_key(item: Identified) -> str:
    scheme, _, rest = item.id.partition(":")
    if pmid := item.citation.pmid or (rest if scheme == "pmid" else None):
        return path_segment(f"pmid-{pmid}")
    if doi := item.citation.doi or (rest if scheme == "doi" else None):
        return path_segment(f"doi-{doi.lower()}")
    if scheme == "nct" and rest:
        return path_segment(f"nct-{rest.upper()}")
    return text_id(item.title, item.text).replace(":", "-")


def is_clinicaltrials(registry_id: str) -> bool:
    """Return whether this is a number of ClinicalTrials.gov."""
    return _NCT.fullmatch(registry_id.strip()) is not None
