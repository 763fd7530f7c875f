"""Cuts the records out of a JSON file of any size without parsing it: brackets and strings are all it looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from extractors.sources.records import RECORD_LIMIT, TOO_LONG, Broken, UnreadableError

PAGES: tuple[tuple[str, ...], ...] = (("studies",), ("resultList", "result"))
"""The keys that lead to a page's records: ClinicalTrials.gov's list of studies, Europe PMC's search results."""

_CHUNK = 2**16
_DEPTH_LIMIT = 500
_OUTSIDE = re.compile(rb'[{}\[\]"]')
_INSIDE = re.compile(rb'["\\\n]')
_KEY = re.compile(rb'"(\w{1,60})"\s*:\s*[\[{]$')
_OPENS, _CLOSES = (b"{", b"["), {b"}": b"{", b"]": b"["}


def scan(file: BinaryIO) -> Iterator[bytes | Broken]:
    """Yield the bytes of each record: a top-level object, an element of a top-level array or of a page's array.

    Broken stands for a record over the limit, and at last for what is missing where the file is cut short.
    """
    cutter = _Cutter()
    for piece, mark in _pieces(file):
        record = cutter.take(piece, mark)
        if record is not None:
            yield record
    if cutter.stack:
        yield Broken("the file ends in the middle of it" if cutter.held is not None else "the file is cut short here")


def _pieces(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the file's bytes in pieces, each with the mark that it ends with, b"" if with none.

    Marks are the brackets outside strings, and the line break that a string wasn't closed before.
    """
    inside = False
    skip = 0
    while chunk := file.read(_CHUNK):
        start, at = 0, skip
        while found := (_INSIDE if inside else _OUTSIDE).search(chunk, at):
            mark, at = found.group(), found.end()
            if mark == b"\\":
                at += 1
            elif mark == b'"':
                inside = not inside
            else:
                inside = False
                yield chunk[start:at], mark
                start = at
        skip = max(0, at - len(chunk))
        yield chunk[start:], b""


@dataclass(slots=True)
class _Cutter:
    """The open brackets with their keys, and the bytes of the record that the scan is in."""

    stack: list[tuple[bytes, str | None]] = field(default_factory=list)
    held: bytearray | None = None
    too_long: bool = False
    page: int = 0
    floor: int = 0
    tail: bytes = b""

    def take(self, piece: bytes, mark: bytes) -> bytes | Broken | None:
        """Take the next piece; return the record that its bracket ends, if it does."""
        self.tail = (self.tail + piece)[-128:]
        if self.held is not None and not self.too_long:
            self.held += piece
            self.too_long = len(self.held) > RECORD_LIMIT
        if self.too_long and self.held:
            self.held.clear()
        if mark in _OPENS:
            self._open(mark)
        elif mark in _CLOSES:
            return self._close(mark)
        elif mark and self.held is not None:
            return self._end(Broken("not valid JSON (a string that isn't closed on its line)"))
        return None

    def _open(self, mark: bytes) -> None:
        key = _KEY.search(self.tail)
        name = key.group(1).decode() if key else None
        if mark == b"[" and (*(k for _, k in self.stack if k), name) in PAGES:
            self.held, self.too_long = None, False
            self.page = len(self.stack) + 1
        elif mark == b"{" and self.held is None and self._at_record():
            self.held = bytearray(mark)
            self.floor = len(self.stack)
        if len(self.stack) == _DEPTH_LIMIT:
            raise UnreadableError("JSON nested too deeply")
        self.stack.append((mark, name))

    def _at_record(self) -> bool:
        if self.page:
            return len(self.stack) == self.page
        return not self.stack or (len(self.stack) == 1 and self.stack[0][0] == b"[")

    def _close(self, mark: bytes) -> bytes | Broken | None:
        opener = _CLOSES[mark]
        if self.held is None:
            if self.stack and self.stack[-1][0] == opener:
                self.stack.pop()
            self.page = self.page if len(self.stack) >= self.page else 0
            return None
        while len(self.stack) > self.floor and self.stack.pop()[0] != opener:
            pass
        return self._end(bytes(self.held)) if len(self.stack) == self.floor else None

    def _end(self, record: bytes | Broken) -> bytes | Broken:
        """Leave the record, wherever in it the scan stands."""
        ended = TOO_LONG if self.too_long else record
        del self.stack[self.floor :]
        self.held, self.too_long = None, False
        return ended
