"""The records of a JSON file, one at a time: JSON Lines, an array, a single object, or pages of search results.

The file is never parsed as a whole. Where each line is an object, lines are read; otherwise a scanner cuts out the
bytes of each record, so that one that is too long or malformed costs only itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias

from extractors.sources.encoding import LineDecoder
from extractors.sources.json_scan import PAGES, scan
from extractors.sources.lines import byte_lines
from extractors.sources.records import BadRecordError, Broken

Json: TypeAlias = dict[str, Any]
_HEAD = 2**16
_KINDS = {str: "string", list: "array", bool: "boolean", type(None): "null"}


def json_lines(file: BinaryIO) -> Iterator[Json | Broken]:
    """Yield the object of each line that isn't blank; Broken stands for a line that isn't a JSON object."""
    decode = LineDecoder(file)
    for line in byte_lines(file):
        if isinstance(line, Broken):
            yield line
        elif line.strip():
            yield from _unpack(line, decode)


def objects(file: BinaryIO) -> Iterator[Json | Broken]:
    """Yield the records of JSON in any form; Broken stands for one that isn't a JSON object."""
    head = file.peek(_HEAD) if isinstance(file, io.BufferedReader) else b""
    return json_lines(file) if line_wise(head) else _scanned(file)


def _scanned(file: BinaryIO) -> Iterator[Json | Broken]:
    decode = LineDecoder(file)
    for raw in scan(file):
        if isinstance(raw, Broken):
            yield raw
        else:
            yield from _unpack(raw, decode)


def line_wise(head: bytes) -> bool:
    """Return whether a file that starts with `head` has an object on its first line and goes on, as JSON Lines do."""
    first, newline, _ = head.lstrip().partition(b"\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(newline) and isinstance(value, dict) and page_items(value) is None


def page_items(value: Json) -> list[Any] | None:
    """Return the records that a page of search results holds, None where `value` isn't one."""
    for path in PAGES:
        found: Any = value
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list) and "text" not in value:
            return found
    return None


def _unpack(raw: bytes, decode: LineDecoder) -> Iterator[Json | Broken]:
    try:
        value = json.loads(decode(raw), parse_constant=str)
    except BadRecordError as error:
        yield Broken(str(error))
    except RecursionError:
        yield Broken("JSON nested too deeply")
    except json.JSONDecodeError as error:
        yield Broken(f"not valid JSON ({error.msg.lower()} at character {error.pos + 1})")
    except ValueError as error:
        yield Broken(f"not valid JSON ({error})")
    else:
        items = page_items(value) if isinstance(value, dict) else None
        yield from map(_object, [value] if items is None else items)


def _object(value: Any) -> Json | Broken:
    return value if isinstance(value, dict) else Broken(f"a JSON {_KINDS.get(type(value), 'number')}, not an object")
