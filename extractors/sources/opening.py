"""From a path to open binary files: folders, `.gz`, `.zip` members and standard input.

Every file handed out is a BufferedReader whose `peek` shows its first 64 KB (or all of it), without a byte-order mark
and in UTF-8 where it was UTF-16 or UTF-32. A fault on the way (gzip data cut short, a wrong checksum, a decompression
bomb) ends the file and is kept in `Opened.fault`, so that what was read before it isn't lost.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from extractors.sources.pump import BUFFER, DAMAGED, Pump, gunzip, transcode, unzip
from ontology.errors import SourceError

STDIN = "-"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_ARCHIVES = (b"PK\x05\x06", _ZIP, _GZIP)


@dataclass(slots=True)
class Opened:
    """An open file: `name` to show, `suffix` lower-case without `.gz`, `file` to read from."""

    name: str
    suffix: str
    file: io.BufferedReader

    @property
    def fault(self) -> str | None:
        """What ended the file before its time, None as long as nothing did."""
        return self.file.raw.fault if isinstance(self.file.raw, Pump) else None


def open_all(path: str | Path) -> Iterator[Opened | SourceError]:
    """Yield every file that `path` stands for, each open until the next is asked for.

    A folder stands for the files below it, sorted by path, hidden ones and linked folders left out; a zip archive for
    its members in order; `-` for standard input. Within a folder or archive SourceError stands for a file that
    can't be opened. Raises SourceError where `path` itself can't be.
    """
    if str(path) == STDIN:
        yield from _open_stream(sys.stdin.buffer, "standard input")
    elif Path(path).is_dir():
        yield from _open_folder(Path(path))
    else:
        yield from _open_path(Path(path))


def _open_folder(folder: Path) -> Iterator[Opened | SourceError]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not _hidden(file.relative_to(folder))]
    if not files:
        raise SourceError(str(folder), "a folder without files")
    for file in files:
        try:
            yield from _open_path(file)
        except SourceError as error:
            yield error


def _hidden(path: PurePath) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _open_path(path: Path) -> Iterator[Opened | SourceError]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(str(path), _reason(error)) from None
    with file:
        yield from _open_stream(file, str(path))


def _reason(error: OSError) -> str:
    reasons: dict[type[OSError], str] = {FileNotFoundError: "no such file", PermissionError: "no permission to read it"}
    return reasons.get(type(error), error.strerror or "can't be opened")


def _open_stream(stream: BinaryIO, name: str) -> Iterator[Opened | SourceError]:
    raw = io.BufferedReader(cast(io.RawIOBase, stream), BUFFER) if not hasattr(stream, "peek") else stream
    head = cast(io.BufferedReader, raw).peek(4)
    if head.startswith(_GZIP):
        yield from _member(Pump(gunzip(raw), name), name, _suffix(name.removesuffix(".gz").removesuffix(".GZ")))
    elif head.startswith((_ZIP, _ARCHIVES[0])):
        with _seekable(raw) as archive:
            yield from _open_zip(archive, name)
    else:
        yield from _member(Pump(cast(io.BufferedReader, raw).read1, name), name, _suffix(name))


def _member(pump: Pump, name: str, suffix: str) -> Iterator[Opened | SourceError]:
    file = transcode(io.BufferedReader(pump, BUFFER))
    if file.peek(4).startswith(_ARCHIVES):
        raise SourceError(name, "an archive within an archive")
    yield Opened(name, suffix, file)


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _seekable(file: BinaryIO) -> BinaryIO:
    """Return `file`, or a temporary copy where it can't be read in any order (a pipe)."""
    if file.seekable():
        return file
    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (the caller closes it)
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _open_zip(file: BinaryIO, name: str) -> Iterator[Opened | SourceError]:
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as error:
        raise SourceError(name, f"a zip archive that can't be opened ({str(error).rstrip('.').lower()})") from None
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        file.seek(0)
        yield Opened(name, _suffix(name), io.BufferedReader(cast(io.RawIOBase, file), BUFFER))
        return
    members = [info for info in archive.infolist() if not info.is_dir() and not _hidden(PurePath(info.filename))]
    if not members:
        raise SourceError(name, "a zip archive without files")
    for info in members:
        yield from _open_member(archive, info, f"{name}/{info.filename}")


def _open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[Opened | SourceError]:
    if info.flag_bits & 1:
        yield SourceError(name, "encrypted")
        return
    try:
        member = archive.open(info)
    except DAMAGED as error:
        yield SourceError(name, f"can't be unpacked ({error})")
        return
    try:
        with member:
            yield from _member(Pump(unzip(member, info), name), name, _suffix(name))
    except SourceError as error:
        yield error
