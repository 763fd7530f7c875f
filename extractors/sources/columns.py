"""Tables with a title and an abstract column: which column is which, and from a row to a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors.document import Citation, Document
from extractors.sources.assemble import clean_doi, clean_nct, clean_pmid, clean_year, document, phase_of, unique
from extractors.sources.markup import level, plain_text
from extractors.sources.records import BadRecordError

SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "study title", "item title", "primary title", "official title",
        "brief title", "paper title", "ti", "t1",
    ),
    "text": ("abstract", "abstract note", "abstract text", "text", "brief summary", "summary", "ab", "notes abstract"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "pubmed", "medline id", "originalpaperpubmedid"),
    "doi": ("doi", "item doi", "digital object identifier", "doi link", "di", "originalpaperdoi"),
    "nct": ("nct number", "nct id", "nctid", "clinical trial numbers", "trial registration"),
    "id": ("id", "key", "identifier", "accession number", "unique id", "ut", "ut unique wos id", "eid"),
    "journal": (
        "journal", "journal name", "source title", "publication title", "journal title", "publication name", "source",
        "secondary title", "so", "journal book",
    ),
    "year": ("year", "publication year", "pub year", "pubyear", "py", "date", "publication date", "start date"),
    "authors": ("authors", "author", "author names", "author full names", "author s", "au", "first authors"),
    "types": ("publication type", "publication types", "document type", "article type", "pt"),
    "phase": ("phase", "phases", "study phase", "trial phase"),
    "language": ("language", "language of original document", "la"),
}  # fmt: skip
"""Field -> the names that exports give its column, levelled: lower case, signs as single spaces; the best first."""

_SIGNS = re.compile(r"[\W_]+")
_DATED = re.compile(r"(.+?)\s*(\(\d{4}\).*)")
_LISTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")
_INVERTED = re.compile(r"[^,]+ [A-Z]{1,4}\.?")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table's fields stand: field -> column index. `width` is the number of columns."""

    places: dict[str, int]
    width: int

    def take(self, row: Sequence[str], field: str) -> str:
        """Return the row's cell of that field, stripped, "" if there's none."""
        place = self.places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""


def find_columns(header: Sequence[str]) -> Columns | None:
    """Return where the fields stand under `header`, None where it names neither a title nor an abstract."""
    names = [_SIGNS.sub(" ", cell.lower()).strip() for cell in header]
    places = {
        field: names.index(name) for field, known in SYNONYMS.items() for name in reversed(known) if name in names
    }
    return Columns(places, len(names)) if "title" in places or "text" in places else None


def row_document(columns: Columns, row: Sequence[str]) -> Document:
    """Return the document of one row; raises BadRecordError where its cells don't fit the header."""
    if len(row) > columns.width and any(cell.strip() for cell in row[columns.width :]):
        raise BadRecordError(f"{len(row)} cells where the header has {columns.width}")
    needed = min(columns.places[field] for field in ("title", "text") if field in columns.places)
    if len(row) <= needed:
        raise BadRecordError(f"only {len(row)} of {columns.width} cells")
    take: Callable[[str], str] = lambda field: plain_text(columns.take(row, field))  # noqa: E731
    title, text = level(take("title")), take("text")
    if not (title or text):
        raise BadRecordError("neither title nor abstract in it")
    nct = clean_nct(take("nct"))
    pmid, doi = clean_pmid(take("pmid")), clean_doi(take("doi"))
    types = unique(re.split(r"\s*[;|]\s*", take("types")))
    journal, issue = _split_source(take("journal"))
    return document(
        title=title,
        text=text,
        citation=Citation(pmid, doi, journal or None, clean_year(take("year")) or clean_year(issue)),
        own_id=take("id") or (f"nct:{nct}" if nct else None),
        authors=_authors(take("authors")),
        publication_types=types,
        registry_ids=[nct] if nct else [],
        phase=phase_of([take("phase"), *types]),
        language=take("language") or None,
    )


def _split_source(cell: str) -> tuple[str, str]:
    """Return the journal and what follows it, where a year in brackets parts them (`Blood (2017) 3:1 (31-33)`)."""
    found = _DATED.match(cell)
    return (found.group(1), found.group(2)) if found else (cell, "")


def _authors(cell: str) -> list[str]:
    if cell.startswith("[") and cell.endswith("]"):
        return [single or double for single, double in _LISTED.findall(cell)]
    if ";" in cell or "|" in cell:
        return [name.strip() for name in re.split(r"[;|]", cell)]
    names = [name.strip() for name in cell.rstrip(".").split(",")]
    return names if all(_INVERTED.fullmatch(name) for name in names) else [cell]
