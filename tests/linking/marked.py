"""Marked-up texts: `{68%|overall-survival|t=2 year|a=haplo}` says which figure is an outcome, and what it belongs to.

Figures that bear no mark are no outcomes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.document import Document
from extractors.evidence import EvidenceRecord, Outcome
from extractors.pipeline import load

_MARK = re.compile(r"\{([^{}|]+)\|([^{}]+)\}")


class Entry(NamedTuple):
    """What a figure is linked to: the words that bear it, its measure, time point, grade and arm."""

    words: str
    measure: str
    time: str = ""
    grade: str = ""
    arm: str = "all"


class Reading(NamedTuple):
    """A marked-up text as it was read: the entries found and those marked, in order, and the record."""

    found: list[Entry]
    marked: list[Entry]
    record: EvidenceRecord


def read(marked: str, title: str = "") -> Reading:
    """Extract a marked-up text, and return what was found beside what is marked."""
    text, marks = unmarked(marked)
    record = load().extract(Document(id="marked", title=title, text=text))
    return Reading([_entry(o, text, marks) for o in record.outcomes], [entry for _, _, entry in marks], record)


def only(marked: str, title: str = "") -> Outcome:
    """Return the one outcome of a text that marks one, after comparing it with its mark."""
    found, expected, record = read(marked, title)
    assert found == expected
    (outcome,) = record.outcomes
    return outcome


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, Entry]]]:
    """Return the text without its marks, and the marks with their offsets in it."""
    text, at = "", 0
    marks: list[tuple[int, int, Entry]] = []
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        measure, *attributes = mark[2].split("|")
        given = dict(attribute.split("=", 1) for attribute in attributes)
        entry = Entry(mark[1], measure, given.get("t", ""), given.get("g", ""), given.get("a", "all"))
        marks.append((len(text), len(text) + len(mark[1]), entry))
        text, at = text + mark[1], mark.end()
    return text + marked[at:], marks


def _entry(outcome: Outcome, text: str, marks: list[tuple[int, int, Entry]]) -> Entry:
    """Return an outcome as an entry; its words are those of the mark that it stands in, else its own."""
    start, end = outcome.figure or (0, 0)
    words = next((e.words for a, b, e in marks if a < end and start < b), text[start:end])
    time = f"{outcome.time.value:g} {outcome.time.unit}" if outcome.time else ""
    return Entry(words, outcome.measure, time, outcome.grade or "", outcome.arm)
