"""`read`: any source to documents and errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from extractors.document import Origin
from extractors.sources.formats import FORMATS, Format, Head
from extractors.sources.opening import Opened, open_all
from extractors.sources.pump import BUFFER
from extractors.sources.records import Broken, Item, Read, UnreadableError
from extractors.sources.refusals import why_binary, why_unknown
from ontology.errors import RecordError, SourceError


def formats() -> tuple[Format, ...]:
    """Return the formats that can be read, each with its name, description and suffixes."""
    return FORMATS


def read(path: str | Path, format: str | None = None) -> Iterator[Item]:
    """Yield the documents of a file, folder, archive or (`-`) standard input, one by one, in constant memory.

    A record that can't be read comes as a RecordError in its place. Within a folder or archive a file that can't be
    read comes as a SourceError, so that the others are read; on its own it raises SourceError. A file cut short
    gives what was before the cut, then a RecordError. `format` is the name of a format to read it as, whatever it
    looks like; SourceError if there's no such format.
    """
    forced = named(format, str(path)) if format else None
    for opened in open_all(path):
        if isinstance(opened, SourceError):
            yield opened
        elif opened.name in (str(path), "standard input"):
            yield from _read_one(opened, forced)
        else:
            yield from _read_member(opened, forced)


def named(name: str, source: str) -> Format:
    """Return the format called `name`; raises SourceError (for `source`) that lists them where there's none."""
    found = next((entry for entry in FORMATS if entry.name == name), None)
    if found is None:
        raise SourceError(source, f"no format called {name}; there are {', '.join(f.name for f in FORMATS)}")
    return found


def detect(head: Head) -> Format:
    """Return the format of a file that starts like `head`; raises UnreadableError with the reason if there's none."""
    if not head.data.strip():
        raise UnreadableError("empty")
    found = next((entry for entry in FORMATS if entry.matches(head)), None)
    binary = why_binary(head.data) if found is None or found.name != "xlsx" else None
    if found is None or binary:
        raise UnreadableError(binary or why_unknown(head.data))
    return found


def _read_member(opened: Opened, forced: Format | None) -> Iterator[Item]:
    try:
        yield from _read_one(opened, forced)
    except SourceError as error:
        yield error


def _read_one(opened: Opened, forced: Format | None) -> Iterator[Item]:
    try:
        head = opened.file.peek(BUFFER)
        if not head and opened.fault:
            raise UnreadableError(opened.fault)
        form = forced or detect(Head(head, opened.suffix))
        yield from _number(_whole(opened, form), opened.name, form.name)
    except UnreadableError as error:
        raise SourceError(opened.name, str(error)) from None


def _whole(opened: Opened, form: Format) -> Iterator[Read]:
    """Yield what the format's reader does; at a fault, leave out the last record if it may be half, and say so."""
    last: Read | None = None
    found = 0
    for item in form.reader(opened.file):
        found += 1
        if last is not None:
            yield last
        last = item
    if opened.fault is None:
        yield from [last] if last is not None else []
    else:
        if last is not None and (form.delimited or isinstance(last, Broken)):
            yield last
        yield Broken(opened.fault)
    if not found and opened.fault is None:
        raise UnreadableError(f"no records in it, read as {form.name}")


def _number(items: Iterator[Read], source: str, form: str) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        if isinstance(item, Broken):
            yield RecordError(source, number, item.reason)
        else:
            yield replace(item, origin=Origin(source, number, form))
