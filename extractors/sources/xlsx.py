"""Excel workbooks (.xlsx): the first sheet that has a title or an abstract column. Needs the extra `xlsx`."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from extractors.sources.columns import Columns, find_columns, row_document
from extractors.sources.records import Read, UnreadableError, attempt

_HEADER_ROWS = 10
_PART_LIMIT = 2**29
"""Bytes that a part of a workbook may unpack to; Excel's own limit of a million rows stays far below."""


def read_xlsx(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each row that isn't blank.

    Raises UnreadableError where openpyxl isn't installed, the file is no workbook, or no sheet has such a column.
    """
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        raise UnreadableError("Excel files need openpyxl: install cartograph-kg[xlsx], or save it as CSV") from None
    _inspect(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableError(f"not a workbook that can be opened ({error})") from None
    for sheet in book.worksheets:
        rows = (_cells(row) for row in sheet.iter_rows(values_only=True))
        columns = _header(rows)
        if columns:
            filled = (row for row in rows if any(row))
            yield from (attempt(partial(row_document, columns), row) for row in filled)
            return
    raise UnreadableError("a workbook without a title or abstract column")


def _inspect(file: BinaryIO) -> None:
    """Refuse a workbook whose parts are bombs or declare entities."""
    with zipfile.ZipFile(file) as archive:
        if not any(name.startswith("xl/") for name in archive.namelist()):
            raise UnreadableError("an Office file that isn't a workbook; save its text instead")
        for info in archive.infolist():
            if info.file_size > _PART_LIMIT:
                raise UnreadableError("refused: it unpacks to more than any workbook of records does")
            with archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    raise UnreadableError("refused: it declares a document type, as no workbook does")
    file.seek(0)


def _header(rows: Iterator[list[str]]) -> Columns | None:
    first = (row for row, _ in zip(rows, range(_HEADER_ROWS), strict=False))
    return next((columns for row in first if (columns := find_columns(row))), None)


def _cells(row: Sequence[Any]) -> list[str]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
