"""Tables as text: CSV and TSV, the separator told by the header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from extractors.sources.columns import Columns, find_columns, row_document
from extractors.sources.lines import text_lines
from extractors.sources.records import RECORD_LIMIT, BadRecordError, Broken, Read, UnreadableError, attempt

_SEPARATORS = (",", ";", "\t", "|")
_DECLARED = re.compile(r"\"?sep=(.)\"?\s*$")
_PREAMBLE = 10
"""Lines that may stand above the header (`sep=;`, the name of a search)."""


def read_table(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each row that isn't blank.

    Raises UnreadableError where none of the first lines names a title or an abstract column.
    """
    csv.field_size_limit(RECORD_LIMIT)
    lines = _Lines(file)
    separator, columns = _header(lines)
    rows = csv.reader(lines, delimiter=separator)
    while (row := _next(rows)) is not None:
        if isinstance(row, Broken):
            yield row
        elif any(cell.strip() for cell in row):
            yield attempt(partial(row_document, columns), row)


def header_of(line: str) -> tuple[str, Columns] | None:
    """Return the separator and the columns of a header line, None where it's none."""
    found = []
    for separator in _SEPARATORS:
        columns = find_columns(_cells(line, separator))
        if columns:
            found.append((len(columns.places), columns.width, separator, columns))
    if not found:
        return None
    *_, separator, columns = max(found, key=lambda entry: entry[:2])
    return separator, columns


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


class _Lines:
    """The decoded lines of a file for csv; a broken one is raised, and the next ones still come."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = text_lines(file)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if isinstance(line, Broken):
            raise BadRecordError(line.reason)
        return line + "\n"


def _first_lines(lines: _Lines) -> Iterator[str]:
    try:
        yield from islice(lines, _PREAMBLE)
    except BadRecordError as error:
        raise UnreadableError(f"a table whose header can't be read ({error})") from None


def _header(lines: _Lines) -> tuple[str, Columns]:
    seen: list[str] = []
    for line in _first_lines(lines):
        found = header_of(line)
        if found:
            return found
        if line.strip() and not _DECLARED.match(line):
            seen.append(line.strip())
    shown = seen[0][:80] if seen else ""
    raise UnreadableError(f"a table without a title or abstract column (its first line: {shown})")


def _next(rows: Iterator[list[str]]) -> list[str] | Broken | None:
    try:
        return next(rows, None)
    except BadRecordError as error:
        return Broken(str(error))
    except csv.Error as error:
        return Broken(f"not a row of a table ({error})")
