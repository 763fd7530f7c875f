"""CSV: one row a figure, the columns of the comparison."""

from __future__ import annotations

from typing import IO

from kg.compare import COLUMNS, Selection, compare
from kg.results import as_csv
from kg.store import Reading


def csv(store: Reading, output: IO[bytes], reports: tuple[str, ...]) -> None:
    """Write all figures of `reports` as CSV (UTF-8, RFC 4180); what isn't known is empty."""
    wanted = set(reports)
    rows = [row for row in compare(store, Selection()) if row.report in wanted]
    output.write(as_csv(COLUMNS, [[_text(getattr(row, name)) for name in COLUMNS] for row in rows]).encode())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
