"""Europe PMC's JSON: pages of search results, arrays of results, single ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from extractors.document import Citation, Document, Notice
from extractors.sources import pubmed_terms
from extractors.sources.assemble import (
    Passage,
    clean_doi,
    clean_pmid,
    clean_year,
    compose,
    document,
    phase_of,
)
from extractors.sources.json_objects import Json, objects
from extractors.sources.markup import level, plain_text
from extractors.sources.records import BadRecordError, Read, attempt

_HEADING = re.compile(r"\s*<h\d[^>]*>(.*?)</h\d>\s*", re.I | re.S)
_MARKS = {
    "Retraction in": "RetractionIn",
    "Retraction of": "RetractionOf",
    "Partial retraction in": "PartialRetractionIn",
    "Erratum in": "ErratumIn",
    "Expression of concern in": "ExpressionOfConcernIn",
    "Corrected and republished in": "CorrectedandRepublishedIn",
    "Retracted and republished in": "RetractedandRepublishedIn",
    "Update in": "UpdateIn",
}


def read_europepmc(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each result; a `lite` one has no abstract."""
    return (attempt(_document, result) for result in objects(file))


def _document(result: Json) -> Document:
    title = level(plain_text(_string(result, "title")))
    if not title and not result.get("id"):
        raise BadRecordError("neither `id` nor `title` in it")
    text, sections = compose(_passages(_string(result, "abstractText")))
    types = _texts(result, "pubTypeList", "pubType") or _string(result, "pubType").split("; ")
    return document(
        title=title,
        text=text,
        sections=sections,
        citation=_citation(result),
        own_id=f"epmc:{_string(result, 'source')}/{_string(result, 'id')}" if result.get("id") else None,
        authors=_authors(result),
        publication_types=[kind[:1].upper() + kind[1:] for kind in types],
        phase=phase_of(types),
        language=_string(result, "language") or None,
        notices=[*_notices(result), *pubmed_terms.type_notices(types)],
    )


def _string(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) else ""


def _texts(value: Any, *keys: str) -> list[str]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _citation(result: Json) -> Citation:
    journal = ("journalInfo", "journal")
    names = (_string(result, *journal, "medlineAbbreviation"), _string(result, *journal, "title"))
    return Citation(
        pmid=clean_pmid(_string(result, "pmid")),
        doi=clean_doi(_string(result, "doi")),
        journal=next((name for name in (*names, _string(result, "journalTitle")) if name), None),
        year=clean_year(_string(result, "pubYear")),
    )


def _passages(abstract: str) -> Iterator[Passage]:
    """Yield the paragraphs of an abstract; headings (`<h4>Results</h4>`) become labels."""
    before, *parts = _HEADING.split(abstract)
    yield Passage(level(plain_text(before)))
    for label, body in zip(parts[::2], parts[1::2], strict=True):
        yield Passage(level(plain_text(body)), level(plain_text(label)))


def _authors(result: Json) -> list[str]:
    listed = result.get("authorList")
    authors = listed.get("author", []) if isinstance(listed, dict) else []
    names = [_string(author, "fullName") or _string(author, "collectiveName") for author in authors]
    return names or [name for name in _string(result, "authorString").rstrip(".").split(", ") if name]


def _notices(result: Json) -> Iterator[Notice]:
    marks = result.get("commentCorrectionList")
    for mark in marks.get("commentCorrection", []) if isinstance(marks, dict) else []:
        kind = pubmed_terms.CORRECTIONS.get(_MARKS.get(_string(mark, "type"), ""))
        if kind:
            yield Notice(kind, _string(mark, "id") or _string(mark, "reference") or None)
