"""RIS and Web of Science's tagged format, record by record through rispy, with what vendors make of them levelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import rispy  # type: ignore[import-untyped]
from rispy.config import TAG_KEY_MAPPING  # type: ignore[import-untyped]

from extractors.document import Citation, Document
from extractors.sources.assemble import accession, clean_doi, clean_nct, clean_pmid, clean_year, document, phase_of
from extractors.sources.markup import level, plain_text
from extractors.sources.records import BadRecordError, Broken, Read, attempt
from extractors.sources.tagged import Lines, cut

_TAG = re.compile(r"([A-Z][A-Z0-9])(?:  ?| ?\t|)-(?:[ \t]|$)(.*)")
_PMID_LINE = re.compile(r"PMID *- *(\d+)")
_START = re.compile(r"TY {0,2}-")
_TELLING = re.compile(r"\ufeff?(?:TY|T[I1]|AB|N2) {0,2}-")
_END = re.compile(r"ER {2}-|ER ?-\s*$")
_PUBMED = re.compile(r"(\d{1,9})\s*\[pmid\]|(?:pubmed\.ncbi\.nlm\.nih\.gov|/pubmed)/(\d{1,9})\b", re.I)
_TITLES = ("title", "primary_title", "BT", "short_title", "document_title")
_ABSTRACTS = ("abstract", "notes_abstract")
_JOURNALS = (
    "journal_name", "alternate_title3", "secondary_title", "alternate_title2", "alternate_title1", "publication_name",
)  # fmt: skip
_YEARS = ("year", "publication_year", "date", "DA")
_AUTHORS = ("authors", "first_authors", "group_authors")
_LINKS = ("urls", "file_attachments1", "U1", "L2", "PMID", "pubmed_id")
_LENIENT = frozenset(TAG_KEY_MAPPING) - {"TY", "ER", "UK"}
"""Tags that are known with other spacing too; `ER - negative` in a tumour's description is text."""

_Record = dict[str, Any]


def read_ris(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each RIS record."""
    parser = rispy.RisParser()
    for record in cut(file, lambda line, _: bool(_START.match(line)), lambda line: bool(_END.match(line))):
        if _is_record(record):
            yield attempt(lambda lines: _document(_parse_ris(parser, lines)), _whole(record))


def _is_record(record: Lines) -> bool:
    """Return whether a record's start, title or abstract is there; what vendors put between records has none."""
    return record.broken is not None or any(_TELLING.match(line) for line in record.lines)


def _whole(record: Lines) -> Lines | Broken:
    return record.broken or (Broken("the file ends before its ER line") if record.last else record)


def _parse_ris(parser: rispy.RisParser, record: Lines) -> _Record:
    lines = [_canonical(line) for line in record.lines]
    start = next((i for i, line in enumerate(lines) if line.startswith("TY  - ")), None)
    body = lines[start + 1 :] if start is not None else lines
    found = parser.parse_lines(iter(["TY  - GEN", *body, "ER  - "]))
    return _flatten(found[0])


def _canonical(line: str) -> str:
    """Return a line with its tag as the standard has it: `KW - x`, `KW- x` and `KW  -x` become `KW  - x`.

    rispy keeps unknown tags under `UK`, so that a tag of that name becomes a note.
    """
    pmid = _PMID_LINE.match(line)
    if pmid:
        return f"U1  - {pmid.group(1)}[pmid]"
    tag = _TAG.match(line.lstrip("\ufeff"))
    if tag and (line[2:5] == "  -" or tag.group(1) in _LENIENT):
        name = "N1" if tag.group(1) == "UK" else tag.group(1)
        return f"{name}  - {tag.group(2).strip()}"
    return line


def _flatten(record: _Record) -> _Record:
    """Return the record with the tags that rispy doesn't know beside the others."""
    return {**{str(tag): values for tag, values in record.pop("unknown_tag", {}).items()}, **record}


def read_wos(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each record of a Web of Science (or ISI) export."""
    parser = rispy.WokParser(skip_unknown_tags=True)
    for record in cut(file, lambda line, _: line.startswith("PT "), lambda line: line.rstrip() in ("ER", "EF")):
        if record.broken or any(line.startswith("PT ") for line in record.lines):
            yield attempt(lambda lines: _document(_parse_wos(parser, lines)), _whole(record))


def _parse_wos(parser: rispy.WokParser, record: Lines) -> _Record:
    lines = [line for line in record.lines if line.strip(" \t\ufeff")]
    found = parser.parse_lines(iter([*lines, "ER"]))
    return _flatten(found[0])


def _document(record: _Record) -> Document:
    title, text = _first(record, _TITLES), _first(record, _ABSTRACTS)
    if not (title or text):
        raise BadRecordError("neither title nor abstract in it")
    kinds = _values(record, ("type_of_work", "document_type"))
    return document(
        title=level(title),
        text=text,
        citation=Citation(
            pmid=_pmid(record),
            doi=clean_doi(_first(record, ("doi", "DI"))) or clean_doi(" ".join(_values(record, ("urls", "UR")))),
            journal=_first(record, _JOURNALS) or None,
            year=next((year for value in _values(record, _YEARS) if (year := clean_year(value))), None),
        ),
        own_id=accession(_first(record, ("UT", "accession_number", "id"))),
        authors=_values(record, _AUTHORS),
        publication_types=kinds,
        registry_ids=[nct for value in _values(record, ("custom3", "SI")) if (nct := clean_nct(value))],
        phase=phase_of(kinds),
        language=_first(record, ("language",)) or None,
    )


def _pmid(record: _Record) -> str | None:
    for value in _values(record, _LINKS):
        found = _PUBMED.search(value)
        if found:
            return clean_pmid(found.group(1) or found.group(2))
    database = " ".join(_values(record, ("name_of_database", "database_provider"))).lower()
    named = ("PMID", "PM", "pubmed_id", *(("accession_number",) if "pubmed" in database else ()))
    return next((pmid for value in _values(record, named) if (pmid := clean_pmid(value))), None)


def _values(record: _Record, keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for key in keys:
        value = record.get(key, [])
        found += [str(part) for part in (value if isinstance(value, list) else [value])]
    return [plain_text(value).strip() for value in found if value.strip()]


def _first(record: _Record, keys: tuple[str, ...]) -> str:
    return next(iter(_values(record, keys)), "")
