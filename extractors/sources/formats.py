"""The table of formats, and how a file's is told: by its first bytes, then by its suffix."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.sources.clinicaltrials import read_clinicaltrials
from extractors.sources.endnote_xml import read_endnote_xml
from extractors.sources.europepmc import read_europepmc
from extractors.sources.html_pages import read_html
from extractors.sources.json_objects import line_wise
from extractors.sources.json_records import read_json, read_json_lines
from extractors.sources.medline import read_medline
from extractors.sources.plain import read_plain
from extractors.sources.pubmed_xml import read_pubmed_xml
from extractors.sources.records import Reader
from extractors.sources.refusals import why_json, why_shape
from extractors.sources.ris import read_ris, read_wos
from extractors.sources.tables import header_of, read_table
from extractors.sources.xlsx import read_xlsx
from extractors.sources.xml_records import root_name


@dataclass(frozen=True, slots=True)
class Head:
    """What a file shows before it's read: its first bytes and its suffix."""

    data: bytes
    suffix: str

    @property
    def text(self) -> str:
        """The first bytes as text, good enough to tell a format by."""
        return self.data.decode("utf-8", "replace")

    @property
    def root(self) -> str | None:
        """The root element's name, None if it isn't XML."""
        return root_name(self.data)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `suffixes` it's usually kept under, `matches` whether a file's head shows it.

    `delimited` formats show where a record ends: a record that's read is whole even in a file that is cut short.
    """

    name: str
    description: str
    suffixes: tuple[str, ...]
    reader: Reader
    matches: Callable[[Head], bool]
    delimited: bool = True


_FIELDS = re.compile(rb'"(?:title|text|abstract|Title|TITLE|Abstract|abstractText)"\s*:')


def _pubmed_xml(head: Head) -> bool:
    return (head.root or "").startswith(("Pubmed", "MedlineCitation", "DeleteCitation"))


def _endnote_xml(head: Head) -> bool:
    return head.root in ("xml", "records") and bool(re.search(rb"<records?[\s>]", head.data))


def _html(head: Head) -> bool:
    root = (head.root or "").lower()
    return root == "html" or (head.suffix in (".html", ".htm", ".xhtml") and bool(root))


def _bracket(head: Head) -> bytes:
    return head.data.lstrip()[:1]


def _clinicaltrials(head: Head) -> bool:
    keys = rb'"(?:protocolSection|resultsSection|derivedSection)"\s*:'
    return _bracket(head) in (b"{", b"[") and bool(re.search(keys, head.data))


def _europepmc(head: Head) -> bool:
    if _bracket(head) not in (b"{", b"["):
        return False
    page = re.search(rb'"resultList"\s*:', head.data)
    return bool(page) or all(key in head.data for key in (b'"source"', b'"authorString"', b'"pubYear"'))


def _json_lines(head: Head) -> bool:
    if _bracket(head) != b"{" or why_json(head.data):
        return False
    if head.suffix in (".jsonl", ".ndjson"):
        return b"\n" not in head.data or bool(_FIELDS.search(head.data))
    return line_wise(head.data) and bool(_FIELDS.search(head.data))


def _json(head: Head) -> bool:
    return _bracket(head) in (b"{", b"[") and bool(_FIELDS.search(head.data)) and not why_json(head.data)


def _ris(head: Head) -> bool:
    return bool(re.search(r"^(?:TY|ER) {0,2}-", head.text, re.M)) or (
        head.suffix == ".ris" and not why_shape(head.text)
    )


def _wos(head: Head) -> bool:
    return bool(re.match(r"\s*FN .*\n\s*VR 1|\s*PT [A-Z]\s*\n[A-Z][A-Z0-9] ", head.text))


def _medline(head: Head) -> bool:
    return bool(re.match(r"\s*(?:PMID ?-|PMCR?\s?-|OWN -|UI {2}-|STAT-)", head.text))


def _table(head: Head) -> bool:
    if head.suffix in (".csv", ".tsv", ".tab"):
        return _bracket(head) not in (b"{", b"<")
    first = next((line for line in head.text.splitlines() if line.strip()), "")
    found = header_of(first)
    return found is not None and found[1].width > 1 and len(found[1].places) > 1


def _text(head: Head) -> bool:
    return head.suffix in ("", ".txt", ".text", ".md") and not why_shape(head.text) and head.root is None


FORMATS: tuple[Format, ...] = (
    Format("pubmed-xml", "PubMed XML: efetch, baseline and update files", (".xml",), read_pubmed_xml, _pubmed_xml),
    Format("endnote-xml", "EndNote XML", (".xml",), read_endnote_xml, _endnote_xml),
    Format("html", "a saved web page", (".html", ".htm"), read_html, _html, delimited=False),
    Format("clinicaltrials", "ClinicalTrials.gov JSON (API v2)", (".json",), read_clinicaltrials, _clinicaltrials),
    Format("europepmc", "Europe PMC JSON: search results", (".json",), read_europepmc, _europepmc),
    Format("jsonl", "JSON Lines with id, title and text", (".jsonl", ".ndjson"), read_json_lines, _json_lines),
    Format("json", "JSON: records with id, title and text", (".json",), read_json, _json),
    Format("medline", "MEDLINE text: PubMed's .nbib", (".nbib", ".txt"), read_medline, _medline, delimited=False),
    Format("wos", "Web of Science's tagged export", (".ciw", ".txt", ".isi"), read_wos, _wos),
    Format("ris", "RIS, of any reference manager", (".ris", ".txt"), read_ris, _ris),
    Format("table", "CSV or TSV with title and abstract", (".csv", ".tsv"), read_table, _table, delimited=False),
    Format(
        "xlsx", "Excel: a sheet with title and abstract", (".xlsx",), read_xlsx, lambda h: h.data[:4] == b"PK\x03\x04"
    ),
    Format("text", "plain text, one document a file", (".txt", ".text", ".md"), read_plain, _text, delimited=False),
)
"""In the order in which they are tried: the more telling first."""
