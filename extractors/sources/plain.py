"""Plain text: one file, one document, its text kept to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from extractors.document import Citation
from extractors.sources.assemble import document
from extractors.sources.encoding import decode
from extractors.sources.records import RECORD_LIMIT, Read, UnreadableError

_TITLE_LIMIT = 300
_GLUED = re.compile(r"(?P<journal>[A-Z][\w&.,' -]*?[a-z])(?P<title>[A-Z][a-z]+ .+)")
_JOURNAL = re.compile(r"\b(?:Journal|Annals|Archives|Lancet|Proceedings|Reviews?|Nature|Blood|Medicine|Oncology)\b")
_PROMOTION = re.compile(r"\b(?:registration|sign(?:ed)? ?(?:in|up)|log ?in|subscribe|cookies?|you trust)\b", re.I)
_LABELLED = re.compile(r"\s*(?:title|ti)\s*[:=-]\s*", re.I)


def read_plain(file: BinaryIO) -> Iterator[Read]:
    """Yield the one document: the whole file as its text, the line that reads like a title as its title.

    Raises UnreadableError where the file is longer than a record may be, or holds no words.
    """
    data = file.read(RECORD_LIMIT + 1)
    if len(data) > RECORD_LIMIT:
        raise UnreadableError(f"text longer than {RECORD_LIMIT // 2**20} MB")
    text = decode(data, file)
    if not re.search(r"[^\W\d_]{2,}", text):
        raise UnreadableError("text without words in it")
    title, journal = find_title(text)
    yield document(title=title, text=text, citation=Citation(journal=journal))


def find_title(text: str) -> tuple[str, str | None]:
    """Return the title that `text` starts with, and the journal printed with it, None where there is none.

    The title is the first line, or the first two where the first is a slogan of the page it was taken from. A
    journal's name that runs into the title (`... of MedicineSequential CD7 ...`) is taken off.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines[:5] if not _PROMOTION.search(line)), lines[0])
    glued = _GLUED.fullmatch(first)
    if glued and _JOURNAL.search(glued["journal"]):
        return _shorten(glued["title"]), glued["journal"]
    return _shorten(_LABELLED.sub("", first, count=1)), None


def _shorten(title: str) -> str:
    """Return `title`, or its first sentence where a whole paragraph stands in its place."""
    if len(title) <= _TITLE_LIMIT:
        return title
    sentence = re.match(r".{20,300}?[.?!](?=\s)", title)
    return sentence.group() if sentence else title[:_TITLE_LIMIT].rsplit(" ", 1)[0]
