"""What readers yield, the errors they signal with, and the one size that bounds a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias, TypeVar

from extractors.document import Deletion, Document
from ontology.errors import SourceError

RECORD_LIMIT = 10 * 2**20
"""Bytes that one record may have (after decompression); a longer one is skipped and reported."""

Raw = TypeVar("Raw")


@dataclass(frozen=True, slots=True)
class Broken:
    """One record that can't be read, and why; the reader goes on behind it."""

    reason: str


class BadRecordError(ValueError):
    """Raised while one record is parsed; its message is the reason that the user sees."""


class UnreadableError(ValueError):
    """Raised by a reader or an opener where the whole file can't be read; its message is the reason."""


Item: TypeAlias = Document | Deletion | SourceError
"""What `read` yields: a document, a deletion, or the error that stands for a record (or one of several files)."""

Read: TypeAlias = Document | Deletion | Broken
Reader: TypeAlias = Callable[[BinaryIO], Iterator[Read]]
"""A format's reader: from an open binary file (UTF-8 where it's Unicode) to one item per record, in order."""

TOO_LONG = Broken(f"longer than {RECORD_LIMIT // 2**20} MB")


def attempt(parse: Callable[[Raw], Document], raw: Raw | Broken) -> Read:
    """Return `parse(raw)`, or Broken with the reason where it raises BadRecordError or `raw` is broken already."""
    if isinstance(raw, Broken):
        return raw
    try:
        return parse(raw)
    except BadRecordError as error:
        return Broken(str(error))
