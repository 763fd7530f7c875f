"""EndNote XML: a library's export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from extractors.document import Citation, Document
from extractors.sources.assemble import accession, clean_doi, clean_pmid, clean_year, document
from extractors.sources.markup import inline_text, raw_text
from extractors.sources.records import BadRecordError, Read, attempt
from extractors.sources.xml_records import xml_records


def read_endnote_xml(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each record."""
    return (attempt(_document, record) for record in xml_records(file, ("record",)))


def _document(record: etree._Element) -> Document:
    title = _text(record, "titles/title")
    abstract = record.find("abstract")
    text = raw_text(abstract).replace("\r", "\n").strip() if abstract is not None else ""
    if not (title or text):
        raise BadRecordError("neither title nor abstract in it")
    number = _text(record, "accession-num")
    database = f"{_text(record, 'remote-database-name')} {_text(record, 'remote-database-provider')}".lower()
    return document(
        title=title,
        text=text,
        citation=Citation(
            pmid=clean_pmid(number) if "pubmed" in database or "medline" in database or "nlm" in database else None,
            doi=clean_doi(_text(record, "electronic-resource-num")),
            journal=_text(record, "periodical/full-title", "titles/secondary-title", "periodical/abbr-1") or None,
            year=clean_year(_text(record, "dates/year")),
        ),
        own_id=accession(number),
        authors=[inline_text(author) for author in record.iterfind("contributors/authors/author")],
        language=_text(record, "language") or None,
    )


def _text(record: etree._Element, *paths: str) -> str:
    return next((found for path in paths if (found := inline_text(record.find(path)))), "")
