"""Sentence boundaries of abstracts: lines, bullets, headings and full stops, but not `vs.`, `i.e.` or `P = .04`.

All figures of a sentence are compared with all that it names, and the time for that grows with its length squared: what
no author would call a sentence (a table run together, a list without stops) is therefore parted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

_STOP = re.compile(r"[.!?][\"'”’)\]]*(?:\s+(?=[\"'“(\[]?[A-Z0-9≥≤<>~∼À-Þ•–-])|(?=[A-Z][a-z]))")
_NO_STOP = re.compile(
    r"(?:\b(?:vs?|i\.?e|e\.?g|al|cf|ca|approx|resp|no|nos|fig|figs|dr|prof|st|viz|incl|pts?|mos?|yrs?|wks?|max|min"
    r"|ref|spp|sp|subsp"
    r"|U\.S|U\.K|i\.v|s\.c|p\.o|etc)|\s)\.$",
    re.I,
)
_SENTENCE_END_ANYWAY = re.compile(r"\b(?:mos?|yrs?|wks?|pts?|etc|resp|al|no|min|max)\.$", re.I)
_LINE = re.compile(r"\n+")
_BULLET = re.compile(r"[ \t]*(?:[•·▪‣◦*–—-]|\d{1,2}[.)])[ \t]")
_LONGEST = 2500  # characters; no sentence of 9,000 abstracts looked at has as many
_PART = re.compile(r".*[;,.]\s+|.*\s", re.S)
_GOES_ON = np.uint64(2**64 - 1)  # -1 as spaCy keeps it: not the start of a sentence
_OPENER = re.compile(
    r"(?:The|We|In|At|Of|A|An|All|No|With|There|This|These|Both|Among|After|For|Our|Patients|Median)\b"
)


@lru_cache(maxsize=8)
def sentence_starts(text: str) -> list[int]:
    """Return the offsets at which sentences of `text` start, in order (the first is 0)."""
    starts = {0}
    for match in _LINE.finditer(text):
        if _breaks(text, match.start(), match.end()):
            starts.add(match.end())
    for match in _STOP.finditer(text):
        if not _abbreviated(text, match):
            starts.add(match.end())
    found = sorted(s for s in starts if s < len(text) or s == 0)
    return [part for start, end in pairwise([*found, len(text)]) for part in _parts(text, start, end)]


def _parts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the start of a sentence; of an endless one also those of its parts, rather behind a mark than a word."""
    yield start
    while end - start > _LONGEST:
        mark = _PART.match(text, start, start + _LONGEST)
        start = mark.end() if mark else start + _LONGEST
        yield start


def _breaks(text: str, before: int, after: int) -> bool:
    """Whether a line break ends a sentence; a line wrapped in mid-sentence goes on in lower case."""
    if after - before > 1 or after >= len(text) or _BULLET.match(text, after):
        return True
    return not (text[after].islower() and before > 0 and text[before - 1] not in ".!?:;")


def _abbreviated(text: str, match: re.Match[str]) -> bool:
    head = text[max(0, match.start() - 12) : match.start() + 1]
    if not _NO_STOP.search(head):
        return False
    return not (_SENTENCE_END_ANYWAY.search(head) and _OPENER.match(text, match.end()))


@Language.component("cartograph_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Set the sentence starts of `doc`'s tokens and return it."""
    offsets = doc.to_array("IDX")
    marks = np.full(len(doc), _GOES_ON, dtype=np.uint64)
    opening = np.searchsorted(offsets, sentence_starts(doc.text))
    marks[opening[opening < len(doc)]] = 1
    return doc.from_array(["SENT_START"], marks.reshape(-1, 1))  # type: ignore[arg-type]
