"""What files are that can't be read here, and what their owner can do: told by their first bytes."""

from __future__ import annotations

import re

from extractors.sources.xml_records import root_name

_MAGIC = (
    (b"%PDF", "a PDF file; save its text instead"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc); save it as .xlsx or CSV"),
    (b"{\\rtf", "a rich text file; save it as plain text"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"(\xb5/\xfd", "a Zstandard archive; unpack it first"),
)
_ROOTS = {
    "article": "a full text in JATS XML; export its citation from PubMed instead",
    "pmc-articleset": "full texts in JATS XML; export their citations from PubMed instead",
    "responseWrapper": "a Europe PMC reply in XML; ask for format=json",
    "clinical_study": "a record in ClinicalTrials.gov's old XML; ask for its JSON",
    "eSearchResult": "an E-utilities search reply; fetch its records with efetch",
    "eSummaryResult": "E-utilities summaries, which have no abstracts; fetch the records with efetch",
}
_SHAPES = (
    (re.compile(r"\s*[{\[]"), "JSON without records that have a title or a text"),
    (re.compile(r"\s*@\w+\s*\{[^\n]*,?\s*$", re.M), "BibTeX, which has too many dialects; export as RIS"),
    (re.compile(r"\s*%[0A-Z@] \S", re.M), "EndNote's tagged format (Refer); export as RIS or EndNote XML"),
    (
        re.compile(r"\s*(?:[A-Z][A-Z0-9]{1,3} {0,2}- ?.*\n){2}"),
        "tagged records of a kind that isn't known; export as RIS",
    ),
)
_JSON = (
    (
        re.compile(rb'\s*\{\s*"(?:header"\s*:\s*\{\s*"type"|esearchresult"|result"\s*:\s*\{\s*"uids")'),
        "an E-utilities reply in JSON, which has no abstracts; fetch the records as XML",
    ),
    (re.compile(rb'\s*\{\s*"(?:Pubmed\w+|PubmedArticleSet)"\s*:'), "PubMed XML turned into JSON; fetch it as XML"),
    (
        re.compile(rb'\s*\{\s*"(?:isrctn|x\d_clinical_trial_type|ctStatus|@attributes)"\s*:'),
        "a trial register's record of a kind that isn't known; ClinicalTrials.gov's API version 2 is read",
    ),
)
_ERROR = re.compile(rb"<ERROR>(.{1,200}?)</ERROR>", re.S)


def why_binary(head: bytes) -> str | None:
    """Return why a file that starts with `head` is no text, None if it may be."""
    named = next((reason for magic, reason in _MAGIC if head.startswith(magic)), None)
    return named or ("a binary file" if b"\0" in head else None)


def why_unknown(head: bytes) -> str:
    """Return what a text file in none of the known formats seems to be."""
    root = root_name(head)
    if root:
        error = _ERROR.search(head)
        if error:
            return f"an error reply: {error.group(1).decode('utf-8', 'replace').strip()}"
        return _ROOTS.get(root, f"XML of an unknown kind (root element {root})")
    return why_json(head) or why_shape(head.decode("utf-8", "replace")) or "not in a format that is read here"


def why_json(head: bytes) -> str | None:
    """Return what kind of JSON that can't be read here starts with `head`, None where it shows none."""
    return next((reason for shape, reason in _JSON if shape.match(head)), None)


def why_shape(text: str) -> str | None:
    """Return what kind of records `text` holds that can't be read here, None where it shows none."""
    return next((reason for shape, reason in _SHAPES if shape.match(text)), None)
