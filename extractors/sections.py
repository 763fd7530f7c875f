"""Sections of a text, where its reader gave none, and the role that a section's label speaks of."""

from __future__ import annotations

import re
from typing import Literal

from extractors.document import Document, Section, Span

SectionRole = Literal["background", "methods", "results", "conclusions", "other"]

_ROLES: tuple[tuple[SectionRole, re.Pattern[str]], ...] = (
    ("conclusions", re.compile(
        r"conclu|interpret|discussion|bottom line|verdict|what (?:it|this|they|the) |take.?home|take.?away|implication"
        r"|meaning|significance|limitation|in short|summary$|in practice|comment|memo|outlook|perspective|relevance",
        re.I)),
    ("background", re.compile(
        r"background|introduc|objective|purpose|^aims?\b|context|rationale|why |importance|question|hypothes|goal"
            r"|problem"
        r"|issue", re.I)),
    ("results", re.compile(
        r"result|finding|outcome|efficac|safety|toxicit|adverse|survival|response|observation|what .*(?:found|seen"
            r"|showed)"
        r"|side effects|key (?:data|figures|numbers)|complication|remission", re.I)),
    ("methods", re.compile(
        r"method|design|patient|participant|population|setting|intervention|approach|procedure|material|treatment"
            r"|analys"
        r"|who |how |study (?:details|at a glance|outline|group)|measure|data source|search|trial|cohort|registration"
        r"|monitoring|statistic|protocol", re.I)),
)  # fmt: skip
_KNOWN = (
    r"(?:background(?: and (?:aims?|objectives?|purpose))?|introduction|objectives?|aims?|purpose|context|importance"
    r"|(?:materials?|patients?|participants|subjects)(?: and|,| &) methods|methods(?: and (?:materials|findings"
    r"|results))?"
    r"|study design(?: and methods)?|design|setting|participants|interventions?|main outcomes? (?:and )?measures?"
    r"|results|findings|main results|conclusions?(?: and relevance)?|interpretation|discussion|limitations|funding"
    r"|trial registration|statistical analysis|methodology|abstract|summary)"
)
_AT_LINE = re.compile(
    rf"^[ \t]*(?:(?P<known>(?i:{_KNOWN}))(?:[ \t]*[:.][ \t\n]*|[ \t]+(?=[A-Z\d])|[ \t]*\n+)"
    r"|(?P<colon>[A-Z][^\n:.;!?%=]{2,60}):(?=\s)[ \t\n]*"
    r"|(?P<line>[A-Z][^\n.;%=]{2,60}?)[?]?[ \t]*\n+)",
    re.M,
)
_INLINE = re.compile(
    rf"(?<=[.!?)])[ \t]+(?P<known>(?i:{_KNOWN})):[ \t]+(?=\S)|(?<=[.!?)])[ \t]+(?P<caps>[A-Z][A-Z ,&/]{{4,50}}):[ \t]+"
)


def section_role(label: str) -> SectionRole:
    """Return the role that a section's printed label speaks of (`RESULTS` -> `results`), `other` where none fits."""
    return next((role for role, cue in _ROLES if cue.search(label)), "other")


def find_sections(document: Document) -> tuple[Section, ...]:
    """Return the document's sections as its reader gave them, or else those that labels in the text open."""
    if document.sections:
        return document.sections
    text = document.text
    heads = _heads(text)
    ends = [start for start, _, _ in (*heads[1:], (len(text), 0, ""))]
    return tuple(Section(label, Span(body, max(body, end))) for (_, body, label), end in zip(heads, ends, strict=False))


def _heads(text: str) -> list[tuple[int, int, str]]:
    """Return (label's start, body's start, label), in order; a label that speaks of no role opens no section."""
    found = []
    for match in (*_AT_LINE.finditer(text), *_INLINE.finditer(text)):
        group = match.lastgroup or ""
        label = match[group].strip()
        if group in ("known", "caps") or (section_role(label) != "other" and len(label.split()) <= 7):
            found.append((match.start(group), match.end(), label))
    return sorted(found)
