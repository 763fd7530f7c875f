"""JSON Lines and JSON arrays of records with `id`, `title` and `text`; annotation fields beside them are ignored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from extractors.document import Citation, Document
from extractors.sources.assemble import clean_doi, clean_pmid, clean_year, document
from extractors.sources.json_objects import Json, json_lines, objects
from extractors.sources.records import BadRecordError, Read, attempt

_TITLES = ("title", "Title", "TITLE")
_TEXTS = ("text", "abstract", "Abstract", "abstractText")


def read_json_lines(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each line."""
    return (attempt(record_document, raw) for raw in json_lines(file))


def read_json(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each object of an array, or of objects that follow one another."""
    return (attempt(record_document, raw) for raw in objects(file))


def record_document(record: Json) -> Document:
    """Return the document of one record; its `id` is kept as it is.

    Raises BadRecordError where it has neither title nor text, or one of the fields read isn't of its kind.
    """
    if not any(key in record for key in (*_TITLES, *_TEXTS)):
        raise BadRecordError("neither `title` nor `text` in it")
    title, text = _string(record, _TITLES), _string(record, _TEXTS)
    found = document(title=title, text=text, citation=_citation(record))
    own_id = _own_id(record)
    return replace(found, id=own_id) if own_id else found


def _string(record: Json, keys: tuple[str, ...]) -> str:
    key = next((key for key in keys if record.get(key) is not None), None)
    value = record[key] if key else ""
    if not isinstance(value, str):
        raise BadRecordError(f"`{key}` isn't a string")
    return value


def _own_id(record: Json) -> str | None:
    value = record.get("id")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRecordError("`id` is neither a string nor a number")
    return str(value)


def _citation(record: Json) -> Citation:
    stated: Any = record.get("citation")
    fields = stated if isinstance(stated, dict) else record
    journal = fields.get("journal")
    return Citation(
        pmid=clean_pmid(fields.get("pmid")),
        doi=clean_doi(fields.get("doi")),
        journal=journal if isinstance(journal, str) and journal else None,
        year=clean_year(fields.get("year")),
    )
