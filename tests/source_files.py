"""Small source files for the tests of the readers, and what was read of them in short."""

from __future__ import annotations

import json
from pathlib import Path

from extractors.document import Document
from extractors.sources import Item


def put(folder: Path, name: str, data: bytes | str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def shown(items: list[Item]) -> list[str]:
    """Return the id of each document, the whole message of each error."""
    return [item.id if isinstance(item, Document) else str(item) for item in items]


def record(number: int, text: str = "Words.") -> str:
    """Return a line of JSON Lines."""
    return json.dumps({"id": f"r{number}", "title": "T", "text": text}) + "\n"
