"""Documents put together from the fields of a record, the same way for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.document import Citation, Document, Notice, Section, SectionRole, Span, text_id

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"(?:pmid:?\s*)?0*([1-9]\d{0,8})(?:\.0)?", re.I)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_NCT = re.compile(r"NCT\d{8}", re.I)
_PHASES = {
    "1": "1", "i": "1", "ia": "1", "ib": "1", "0": "1", "2": "2", "ii": "2", "iia": "2", "iib": "2",
    "3": "3", "iii": "3", "iiia": "3", "iiib": "3", "4": "4", "iv": "4",
}  # fmt: skip
_NUMBER = r"(\d|i{1,3}[ab]?|iv)(?!\w)"
_PHASE = re.compile(rf"phase[\s_]*{_NUMBER}(?:\s*/\s*{_NUMBER})?", re.I)
_LANGUAGES = {
    "en": "eng", "en-us": "eng", "en-gb": "eng", "english": "eng", "de": "ger", "german": "ger", "fr": "fre",
    "french": "fre", "es": "spa", "spanish": "spa", "it": "ita", "italian": "ita", "pt": "por", "portuguese": "por",
    "zh": "chi", "chinese": "chi", "ja": "jpn", "japanese": "jpn", "ko": "kor", "korean": "kor", "ru": "rus",
    "russian": "rus", "pl": "pol", "polish": "pol", "tr": "tur", "turkish": "tur", "nl": "dut", "dutch": "dut",
}  # fmt: skip
"""Other names of languages -> PubMed's codes (ISO 639-2)."""

_ROLES: dict[str, SectionRole] = {
    "BACKGROUND": "background",
    "OBJECTIVE": "background",
    "METHODS": "methods",
    "RESULTS": "results",
    "CONCLUSIONS": "conclusions",
}
_UNKNOWN = Citation()
_TITLE_NOTICE = re.compile(r"(?:\W{0,3})(RETRACTED|WITHDRAWN|Retracted|Withdrawn)(?: (?:ARTICLE|Article))?\s*:")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of an abstract: its printed `label`, None where it has none, and `category`, as NLM writes it."""

    body: str
    label: str | None = None
    category: str | None = None


def compose(passages: Iterable[Passage]) -> tuple[str, tuple[Section, ...]]:
    """Return the text, a line `LABEL: body` for each passage, and its sections; empty passages are left out.

    A body of several lines, or one that is a list, starts on a line of its own; a label that it repeats is dropped.
    """
    text = ""
    sections = []
    for passage in passages:
        label, body = _parts(passage)
        if not body:
            continue
        text += "\n" if text else ""
        if label:
            text += label + (":\n" if "\n" in body or body.startswith("• ") else ": ")
        role = _ROLES.get((passage.category or "").upper())
        if label or role:
            sections.append(Section(label or str(passage.category), Span(len(text), len(text) + len(body)), role))
        text += body
    return text, tuple(sections)


def _parts(passage: Passage) -> tuple[str, str]:
    """Return a passage's label, "" for none, and its body."""
    label = (passage.label or "").rstrip(":. ")
    if label.upper() in ("", "UNLABELLED", "UNLABELED"):
        return "", passage.body
    repeated = f"{label}:"
    start = len(repeated) if passage.body.upper().startswith(repeated.upper()) else 0
    return label, passage.body[start:].strip() if start else passage.body


def clean_doi(value: object) -> str | None:
    """Return the DOI in `value` (bare, `doi:...` or a URL) in lower case, None where there's none."""
    found = _DOI.search(str(value or ""))
    return found.group().rstrip(".,;)]").lower() if found else None


def clean_pmid(value: object) -> str | None:
    """Return the PubMed id that `value` is, as digits without leading zeros, None where it's none."""
    found = _PMID.fullmatch(str(value if value is not None else "").strip())
    return found.group(1) if found else None


def clean_year(value: object) -> int | None:
    """Return the first year from 1600 to 2099 in `value` (`2019 Spring`, `2021/03/04/`), None where there's none."""
    found = _YEAR.search(str(value if value is not None else ""))
    return int(found.group()) if found else None


def clean_nct(value: object) -> str | None:
    """Return the ClinicalTrials.gov number in `value`, None where there's none."""
    found = _NCT.search(str(value or ""))
    return found.group().upper() if found else None


def accession(number: str) -> str | None:
    """Return a database's number of a record if it's one that no other record has (`WOS:000..`), else None.

    Bare and short ones (`1`, `12345`) only count the records of a file: as ids they would mix up different reports.
    """
    return number if len(number) >= 6 and re.search(r"\d", number) and re.search(r"[^\W\d_]", number) else None


def phase_of(names: Iterable[str]) -> str | None:
    """Return the trial's phase as `1`, `1/2`, `2`, `2/3`, `3` or `4`, from names such as `Clinical Trial, Phase II`.

    None where no name states one, or where several don't form one of these.
    """
    numerals = (numeral for name in names for pair in _PHASE.findall(name) for numeral in pair if numeral)
    joined = "/".join(sorted({_PHASES.get(numeral.lower(), "") for numeral in numerals}))
    return joined if joined in ("1", "1/2", "2", "2/3", "3", "4") else None


def title_notices(title: str) -> tuple[Notice, ...]:
    """Return the notice that publishers put before a title (`RETRACTED: `, `WITHDRAWN: `)."""
    found = _TITLE_NOTICE.match(title)
    if not found:
        return ()
    return (Notice("retracted" if found.group(1).lower() == "retracted" else "withdrawn"),)


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that are neither None nor empty, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))


def document(
    *,
    title: str,
    text: str = "",
    citation: Citation = _UNKNOWN,
    sections: tuple[Section, ...] = (),
    own_id: str | None = None,
    authors: Iterable[str] = (),
    publication_types: Iterable[str] = (),
    registry_ids: Iterable[str] = (),
    phase: str | None = None,
    language: str | None = None,
    notices: Iterable[Notice] = (),
) -> Document:
    """Return the document, its id the PMID, else the DOI, else `own_id`, else a hash of title and text."""
    return Document(
        id=identify(citation, own_id) or text_id(title, text),
        title=title,
        text=text,
        citation=citation,
        sections=sections,
        authors=unique(authors),
        publication_types=unique(publication_types),
        registry_ids=unique(registry_ids),
        phase=phase,
        language=_LANGUAGES.get(language.lower(), language.lower()) if language else None,
        notices=_merge([*notices, *title_notices(title)]),
    )


def identify(citation: Citation, own_id: str | None) -> str | None:
    """Return `pmid:...`, `doi:...` or `own_id`, the first that there is; else None."""
    if citation.pmid:
        return f"pmid:{citation.pmid}"
    if citation.doi:
        return f"doi:{citation.doi}"
    return own_id or None


def _merge(notices: list[Notice]) -> tuple[Notice, ...]:
    """Return the notices once each; one without a reference gives way to one of its kind that has it."""
    referred = {notice.kind for notice in notices if notice.reference}
    return tuple(dict.fromkeys(n for n in notices if n.reference or n.kind not in referred))
