"""Raw byte sources that end, rather than raise, when something is wrong with them, and say what it was."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, BinaryIO

from extractors.sources.encoding import byte_order_mark

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 2**16
_BOMB_RATIO = 200
_BOMB_FLOOR = 64 * 2**20
"""Text of records shrinks to a tenth, at most to a fortieth; what grows beyond this ratio and size is a bomb."""
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, OSError, ValueError)
"""What reading a damaged zip archive raises: bad places (ValueError), bad names (UnicodeDecodeError), and what each way
of packing has of its own (bz2: OSError)."""


class FaultError(Exception):
    """Raised by a source of bytes that has nothing more to give; its message is the reason."""


class Pump(io.RawIOBase):
    """Fills a buffer from `source(size)`, which returns at most `size` bytes and b"" at the end.

    `name` is the file's, for messages; `before` the pump, if any, that `source` takes its bytes from.
    """

    def __init__(self, source: Callable[[int], bytes], name: str = "", before: Pump | None = None) -> None:
        self._source = source
        self._before = before
        self._ended = False
        self._fault: str | None = None
        self.name = name

    @property
    def fault(self) -> str | None:
        """Why the bytes ended early, here or in the pump before this one; None if they didn't."""
        return self._fault or (self._before.fault if self._before else None)

    def readable(self) -> bool:
        """Return True: bytes can only be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer` as far as the source reaches and return how many bytes that was."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and not self._ended:
            piece = self._take(len(view) - filled)
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    def _take(self, size: int) -> bytes:
        try:
            piece = self._source(size)
        except FaultError as error:
            self._fault = str(error)
            piece = b""
        except OSError as error:
            self._fault = f"can't be read further ({error.strerror or error})"
            piece = b""
        self._ended = not piece
        return piece


def gunzip(raw: BinaryIO) -> Callable[[int], bytes]:
    """Return the source of what the gzip data in `raw` decompresses to."""
    unpacked = gzip.GzipFile(fileobj=raw)

    def source(size: int) -> bytes:
        try:
            piece = unpacked.read1(size)
        except EOFError:
            raise FaultError("the gzip data is cut short here") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise FaultError(f"the gzip data is damaged here ({error})") from None
        _refuse_bomb(unpacked.tell(), raw.tell() if raw.seekable() else None)
        return piece

    return source


def unzip(member: IO[bytes], info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """Return the source of a zip member's bytes."""
    total = 0

    def source(size: int) -> bytes:
        nonlocal total
        try:
            piece = member.read(min(size, BUFFER))
        except EOFError:
            raise FaultError("the zip archive is cut short here") from None
        except DAMAGED as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's fault, not the archive's: the pump tells it
            raise FaultError(f"the zip archive is damaged here ({error})") from None
        total += len(piece)
        _refuse_bomb(total, info.compress_size)
        return piece

    return source


def _refuse_bomb(unpacked: int, packed: int | None) -> None:
    if packed is not None and unpacked > _BOMB_FLOOR and unpacked > _BOMB_RATIO * packed:
        raise FaultError(f"decompresses to more than {_BOMB_RATIO} times its size, as no file of records does")


def transcode(file: io.BufferedReader) -> io.BufferedReader:
    """Return `file` without its byte-order mark, as UTF-8 where that said UTF-16 or UTF-32.

    Line ends of the old Macintosh (carriage returns alone, as Excel still writes them) become line feeds.
    """
    file = _decoded(file)
    head = file.peek(BUFFER)
    if b"\r" not in head or b"\n" in head:
        return file
    return _follow(file, lambda size: file.read1(size).replace(b"\r", b"\n"))


def _follow(file: io.BufferedReader, source: Callable[[int], bytes]) -> io.BufferedReader:
    """Return what `source` makes of `file`, with the name and, at last, the fault of `file`."""
    raw = file.raw
    return io.BufferedReader(Pump(source, raw.name, before=raw) if isinstance(raw, Pump) else Pump(source), BUFFER)


def _decoded(file: io.BufferedReader) -> io.BufferedReader:
    mark = byte_order_mark(file.peek(4))
    if mark is None:
        return file
    file.read(len(mark[0]))
    if mark[1] == "utf-8":
        return file
    return _follow(file, _as_utf8(file, mark[1]))


def _as_utf8(file: io.BufferedReader, encoding: str) -> Callable[[int], bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()

    def source(size: int) -> bytes:
        while True:
            piece = file.read1(max(1, size // 4))
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                raise FaultError(f"the bytes aren't {encoding.upper()} from here on") from None
            if text or not piece:
                return _encode(text)

    return source


def _encode(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")
