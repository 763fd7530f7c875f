"""The store in interchange formats, one module each: nquads, trig, turtle, jsonld, csv."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from kg.export import flat, rdf
from kg.store import Reading
from ontology.errors import StoreError

FORMATS: dict[str, Callable[[Reading, IO[bytes], tuple[str, ...]], None]] = {
    "nquads": rdf.nquads,
    "trig": rdf.trig,
    "turtle": rdf.turtle,
    "jsonld": rdf.jsonld,
    "csv": flat.csv,
}


def export(store: Reading, format: str, output: IO[bytes], report: str | None = None) -> None:
    """Write the store, or one report named by id or IRI, to `output`.

    `nquads` and `trig` hold all graphs; `turtle` and `jsonld` what reports say, without provenance or vocabulary; `csv`
    one row a figure. Raises StoreError for an unknown report.
    """
    known = store.reports()
    if report is None:
        FORMATS[format](store, output, tuple(known))
        return
    iri = store.names.report_of_id(report)
    if iri not in known:
        raise StoreError(f"{store.root}: no report {report}")
    FORMATS[format](store, output, (iri,))
