"""Files of tagged lines (RIS, Web of Science, MEDLINE), cut into the lines of each record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from extractors.sources.lines import text_lines
from extractors.sources.records import RECORD_LIMIT, TOO_LONG, Broken


@dataclass(slots=True)
class Lines:
    """The lines of one record.

    `ended` says that its end was marked, `last` that the file ended before; `broken` why it can't be read, if so.
    """

    lines: list[str] = field(default_factory=list)
    ended: bool = False
    last: bool = False
    broken: Broken | None = None
    size: int = 0

    def add(self, line: str | Broken) -> None:
        """Add a line; let the record go where a line is broken or all are too long together."""
        if isinstance(line, Broken):
            self.broken = line
            return
        self.size += len(line)
        if self.size > RECORD_LIMIT:
            self.broken = TOO_LONG
            self.lines.clear()
        elif self.broken is None:
            self.lines.append(line)

    def __bool__(self) -> bool:
        return bool(self.lines or self.broken)


def cut(file: BinaryIO, starts: Callable[[str, Lines], bool], ends: Callable[[str], bool]) -> Iterator[Lines]:
    """Yield each record's lines; `starts(line, record so far)` opens a new one, `ends(line)` closes it.

    The line that ends a record isn't part of it.
    """
    record = Lines()
    for line in text_lines(file):
        if isinstance(line, str) and ends(line):
            record.ended = True
        elif isinstance(line, str) and record and starts(line, record):
            yield record
            record = Lines()
        if record.ended:
            if record:
                yield record
            record = Lines()
        else:
            record.add(line)
    if record:
        record.last = True
        yield record
