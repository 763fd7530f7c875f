"""Which format an answer is given in: by the request's `Accept`, or by its `format` parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept

from kg.worker_answers import Kind


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the name that workers know it by, and the media type it is sent as."""

    name: str
    media_type: str


_JSON, _XML = Format("json", "application/sparql-results+json"), Format("xml", "application/sparql-results+xml")
_CSV, _TSV = Format("csv", "text/csv"), Format("tsv", "text/tab-separated-values")
_TABLES = (_JSON, _XML, _CSV, _TSV, Format("json", "application/json"), Format("xml", "application/xml"))
_TURTLE, _NTRIPLES = Format("turtle", "text/turtle"), Format("ntriples", "application/n-triples")
_JSONLD, _RDFXML = Format("jsonld", "application/ld+json"), Format("rdfxml", "application/rdf+xml")
_GRAPHS = (
    _TURTLE,
    _NTRIPLES,
    _JSONLD,
    _RDFXML,
    Format("jsonld", "application/json"),
    Format("rdfxml", "application/xml"),
)
# For each kind of answer the formats it can have, the first of which is given to whom all are the same.
OFFERED: Mapping[Kind, tuple[Format, ...]] = {"table": _TABLES, "boolean": _TABLES, "graph": _GRAPHS}
_NAMES: Mapping[str, tuple[Format, Format]] = {
    "json": (_JSON, _JSONLD), "xml": (_XML, _RDFXML), "csv": (_CSV, _CSV), "tsv": (_TSV, _TSV),
    "turtle": (_TURTLE, _TURTLE), "ttl": (_TURTLE, _TURTLE), "ntriples": (_NTRIPLES, _NTRIPLES),
    "nt": (_NTRIPLES, _NTRIPLES), "jsonld": (_JSONLD, _JSONLD), "rdfxml": (_RDFXML, _RDFXML),
    "rdf": (_RDFXML, _RDFXML),
}  # fmt: skip
NAMES = tuple(_NAMES)


class UnknownFormatError(ValueError):
    """A `format` parameter that names none."""


def by_accept(accept: MIMEAccept) -> dict[Kind, Format]:
    """Return for each kind of answer the format that suits best; a kind that none suits is missing."""
    chosen = {kind: _best(accept, formats) for kind, formats in OFFERED.items()}
    return {kind: format for kind, format in chosen.items() if format}


def by_name(name: str) -> dict[Kind, Format]:
    """Return for each kind of answer the format that a `format` parameter names: a short name or a media type.

    Raises UnknownFormatError for neither.
    """
    wanted = {format.media_type for format in _NAMES.get(name.lower(), ())} or {name.lower()}
    chosen = {kind: next((f for f in offered if f.media_type in wanted), None) for kind, offered in OFFERED.items()}
    if not any(chosen.values()):
        raise UnknownFormatError(name)
    return {kind: format for kind, format in chosen.items() if format}


def prefers_page(accept: MIMEAccept) -> bool:
    """Whether a page for people is wanted above any format for programs: as browsers ask, and few others do."""
    others = {format.media_type for formats in OFFERED.values() for format in formats}
    return accept["text/html"] > max(accept[media_type] for media_type in others)


def _best(accept: MIMEAccept, formats: Iterable[Format]) -> Format | None:
    if not accept:
        return next(iter(formats))
    best = max(formats, key=lambda format: accept[format.media_type])  # the first of those that suit the same
    return best if accept[best.media_type] > 0 else None
