"""Evidence records back out of the store: what was written, to the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extractors.evidence import EvidenceRecord, from_json
from kg.iris import assertion, provenance
from kg.store import Reading
from ontology import terms
from ontology.errors import StoreError


def record(store: Reading, report: str) -> EvidenceRecord:
    """Return the record of a report by its IRI; raises StoreError where the store has no such report."""
    body = store.value(provenance(report), report, terms.RECORD_JSON)
    if body is None:
        raise StoreError(f"{store.root}: no report {report}")
    graph = assertion(report)
    texts = {
        "title": store.value(graph, report, terms.TITLE) or "",
        "text": store.value(graph, report, terms.ABSTRACT) or "",
    }
    return from_json(json.dumps(texts | json.loads(body), ensure_ascii=False))


def records(store: Reading) -> Iterator[tuple[str, EvidenceRecord]]:
    """Yield each report's IRI and record, in the order of the IRIs."""
    for report in store.reports():
        yield report, record(store, report)
