"""The table of formats, and how a file's is told: by its first bytes, then by its suffix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.sources.json_objects import line_wise
from extractors.sources.json_records import read_json, read_json_lines
from extractors.sources.plain import read_plain
from extractors.sources.pubmed_xml import read_pubmed_xml
from extractors.sources.records import Reader
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


def _json_lines(head: Head) -> bool:
    return head.data.lstrip()[:1] == b"{" and (head.suffix in (".jsonl", ".ndjson") or line_wise(head.data))


def _json(head: Head) -> bool:
    return head.data.lstrip()[:1] in (b"{", b"[")


FORMATS: tuple[Format, ...] = (
    Format(
        "pubmed-xml", "PubMed XML, from efetch or the baseline and update files", (".xml",), read_pubmed_xml,
        lambda head: (head.root or "").startswith(("Pubmed", "MedlineCitation", "DeleteCitation")),
    ),
    Format("jsonl", "JSON Lines with id, title and text", (".jsonl", ".ndjson"), read_json_lines, _json_lines),
    Format("json", "a JSON array of records with id, title and text", (".json",), read_json, _json),
    Format(
        "text", "plain text, one document a file", (".txt", ".text", ".md"), read_plain,
        lambda head: head.suffix in ("", ".txt", ".text", ".md"), delimited=False,
    ),
)  # fmt: skip
