"""Lines of a binary file, each bounded, so that no line can fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from extractors.sources.encoding import LineDecoder
from extractors.sources.records import RECORD_LIMIT, TOO_LONG, BadRecordError, Broken

_CHUNK = 2**16


def byte_lines(file: BinaryIO, limit: int = RECORD_LIMIT) -> Iterator[bytes | Broken]:
    """Yield the lines with their ends; in place of one longer than `limit` bytes, Broken."""
    while line := file.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while not line.endswith(b"\n"):
            line = file.readline(_CHUNK)
            if not line:
                break
        yield TOO_LONG


def text_lines(file: BinaryIO, limit: int = RECORD_LIMIT) -> Iterator[str | Broken]:
    """Yield the decoded lines without their ends; Broken in place of one that's too long or can't be decoded."""
    decode = LineDecoder(file)
    for line in byte_lines(file, limit):
        if isinstance(line, Broken):
            yield line
            continue
        try:
            yield decode(line).rstrip("\r\n")
        except BadRecordError as error:
            yield Broken(str(error))
