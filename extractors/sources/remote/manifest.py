"""What a folder of fetched files keeps beside them: what was asked, how far it came, each file's checksum.

The manifest and drafts are hidden files, which readers leave out. Every file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.sources.remote.service import Place
from ontology.errors import FetchError

NAME = ".cartograph-fetch.json"
LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its name, the checksum of its bytes, its number of records, and where in the results it begins."""

    file: str
    sha256: str
    records: int
    at: Place


@dataclass(slots=True)
class Manifest:
    """The state of one fetch. `asked` says what was asked for; `next` is None when nothing is left to ask.

    `whole` says of a finished fetch whether as many records came as the service counts.
    """

    asked: dict[str, Any]
    next: Place | None
    layout: int = LAYOUT
    started: str = field(default_factory=lambda: stamp())
    finished: str | None = None
    whole: bool = False
    count: int | None = None
    records: int = 0
    missing: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the manifest; raises FetchError where that can't be done."""
        write_whole(folder / NAME, json.dumps(asdict(self), indent=1, ensure_ascii=False).encode() + b"\n")

    def drop(self, dropped: Callable[[Place], bool]) -> None:
        """Forget the parts that begin at a place that `dropped` names."""
        self.parts = [part for part in self.parts if not dropped(part.at)]


def load(folder: Path) -> Manifest | None:
    """Return the folder's manifest, None where there is none; raises FetchError where it can't be understood."""
    path = folder / NAME
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        if stated["layout"] != LAYOUT:
            raise FetchError(str(path), "written by another version of Cartograph; choose another folder")
        return Manifest(**stated | {"parts": [Part(**part) for part in stated["parts"]]})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FetchError(str(path), f"can't be read ({error.strerror})") from None
    except (ValueError, TypeError, KeyError):
        raise FetchError(str(path), "damaged; delete it and the files beside it, or choose another folder") from None


def write_whole(path: Path, data: bytes) -> str:
    """Write a file under a draft's name, see it onto the disk, then give it its name; returns its SHA-256 (hex).

    Raises FetchError where that can't be done; what was there before is left as it was.
    """
    draft = path.with_name(f".{path.name.lstrip('.')}.draft")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise FetchError(str(path), f"can't be written ({error.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)
    return hashlib.sha256(data).hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def intact(folder: Path, part: Part) -> bytes | None:
    """Return the part's bytes, None where they aren't what was written."""
    try:
        data = (folder / part.file).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == part.sha256 else None


def stamp() -> str:
    """Return the time of day, as manifests state it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
