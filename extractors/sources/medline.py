"""MEDLINE text: PubMed's `.nbib` and `pubmed-*.txt` exports, and what ERIC and PMC write in the same form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from extractors.document import Citation, Document, Notice
from extractors.sources import pubmed_terms
from extractors.sources.assemble import clean_doi, clean_pmid, clean_year, document, phase_of
from extractors.sources.markup import plain_text
from extractors.sources.records import BadRecordError, Read, attempt
from extractors.sources.tagged import Lines, cut

_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,4}) {0,3}-(?:\s+|(?=\S)|$)(.*)")
_LANGUAGE_ABSTRACT = re.compile(r"(?:Publisher|plain-language-summary):\s*", re.I)
_UNAVAILABLE = re.compile(r"abstract available from the publisher\.?", re.I)
_REGISTRY = re.compile(r"(?P<bank>[^/]+)/(?P<number>\S.*)")
_PMID_IN = re.compile(r"PMID:?\s*(\d+)")
_Fields = dict[str, list[str]]


def read_medline(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each record; records are parted by blank lines, or by the next PMID."""
    for record in cut(file, _starts, lambda line: not line.strip()):
        yield attempt(_document, record.broken or record)


def _starts(line: str, record: Lines) -> bool:
    return line.startswith("PMID") and any(earlier.startswith("PMID") for earlier in record.lines)


def _fields(lines: Iterable[str]) -> _Fields:
    """Return the values of each tag; lines that go on with a value are joined to it by a space."""
    fields: _Fields = defaultdict(list)
    last: list[str] | None = None
    for line in lines:
        found = _FIELD.match(line)
        if found:
            last = fields[found.group(1)]
            last.append(found.group(2).strip())
        elif last and line[:1].isspace():
            last[-1] = f"{last[-1]} {line.strip()}".strip()
    return fields


def _document(record: Lines) -> Document:
    fields = _fields(record.lines)
    title = _first(fields, "TI", "BTI", "TT", "CTI")
    pmid = clean_pmid(_first(fields, "PMID", "UI"))
    text = _abstract(fields)
    if not (title or text or pmid):
        raise BadRecordError("neither PMID, title nor abstract in it")
    types = fields.get("PT", [])
    return document(
        title=title,
        text=text,
        citation=Citation(pmid, _doi(fields), _first(fields, "TA", "JT", "SO") or None, _year(fields)),
        own_id=_own_id(fields),
        authors=[*(fields.get("AU") or fields.get("FAU", [])), *fields.get("CN", [])],
        publication_types=types,
        registry_ids=_registry_ids(fields),
        phase=phase_of(types),
        language="eng" if pmid and fields.get("AB") else _first(fields, "LA") or None,
        notices=[*_notices(fields), *pubmed_terms.type_notices(types)],
    )


def _first(fields: _Fields, *tags: str) -> str:
    return next((plain_text(value) for tag in tags for value in fields.get(tag, []) if value), "")


def _abstract(fields: _Fields) -> str:
    main = _first(fields, "AB")
    if main:
        return main
    others = [_LANGUAGE_ABSTRACT.sub("", plain_text(value), count=1) for value in fields.get("OAB", [])]
    return next((other for other in others if other and not _UNAVAILABLE.fullmatch(other)), "")


def _doi(fields: _Fields) -> str | None:
    stated = [*fields.get("LID", []), *fields.get("AID", []), *fields.get("SO", [])]
    return next((doi for value in stated if ("doi" in value) and (doi := clean_doi(value))), None)


def _year(fields: _Fields) -> int | None:
    dates = (value for tag in ("DP", "DEP", "DA") for value in fields.get(tag, []))
    return next((year for value in dates if (year := clean_year(value[:4]) or clean_year(value))), None)


def _own_id(fields: _Fields) -> str | None:
    return _first(fields, "PMC", "OID") or None


def _registry_ids(fields: _Fields) -> Iterator[str]:
    for value in fields.get("SI", []):
        found = _REGISTRY.fullmatch(value)
        if found and pubmed_terms.is_registry(found["bank"]):
            yield found["number"]


def _notices(fields: _Fields) -> Iterator[Notice]:
    for tag, kind in pubmed_terms.MEDLINE_CORRECTIONS.items():
        for value in fields.get(tag, []):
            pmid = _PMID_IN.search(value)
            yield Notice(kind, pmid.group(1) if pmid else value or None)
