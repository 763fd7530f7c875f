"""Bytes to text without silent mojibake.

The decision, in this order: a byte-order mark; what the file declares (XML, HTML); UTF-8 if the bytes are valid UTF-8;
Windows-1252 (which holds all of Latin-1's letters) if it reads as that; else the legacy encoding that
charset-normalizer finds most plausible among those in use for such exports. Anything but UTF-8 is logged as a warning
with the file's name. A file that starts as UTF-8 stays UTF-8: a line in it that isn't is an error of its record, not
a guess.
"""

from __future__ import annotations

import codecs
import io
import logging
import re
from typing import BinaryIO

from charset_normalizer import from_bytes

from extractors.sources.records import BadRecordError, UnreadableError

_LOG = logging.getLogger(__name__)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ["cp1250", "cp1251", "mac_roman", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_SPARSE = 0.25
_ODD = re.compile(r"[^\W\d_][¡-§©«¬®-³¹¼-¿×÷ˆ˜‰][^\W\d_]|[a-zß-öø-ÿ][À-ÖØ-ÞŠŒŽŸ]|(?<!\S)[ˆ˜](?!\S)")
_SAMPLE = 64 * 1024


def byte_order_mark(head: bytes) -> tuple[bytes, str] | None:
    """Return the byte-order mark that `head` starts with and its encoding's name, or None."""
    return next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), None)


def guess(start: bytes, rest: bytes = b"") -> str:
    """Return the encoding of a file from its first bytes that aren't all ASCII, `start`, and some that follow.

    Raises UnreadableError where none is plausible.
    """
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if start[: error.start].isascii():
            return _legacy(start + rest)
    return "utf-8"


def _legacy(sample: bytes) -> str:
    if _is_western(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        raise UnreadableError("neither UTF-8 nor any other encoding that makes sense; save it as UTF-8")
    return best.encoding


def _is_western(sample: bytes) -> bool:
    """Return whether `sample` reads as Windows-1252: mostly ASCII, no sign or capital letter within a word.

    Statistics mislead on what such files hold, a few signs in English (`5 ± 2` is Shift JIS to them).
    """
    if sum(byte > 127 for byte in sample) > _SPARSE * len(sample):
        return False
    try:
        return not _ODD.search(sample.decode("cp1252"))
    except UnicodeDecodeError:
        return False


class LineDecoder:
    """Decodes the lines of one file; the encoding is settled by the first one that isn't ASCII."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoding: str | None = None

    def __call__(self, line: bytes) -> str:
        """Return `line` as text. Raises BadRecordError where it isn't in the encoding of the lines before."""
        if line.isascii():
            return line.decode("ascii")
        if self._encoding is None:
            self._encoding = guess(line, self._ahead())
            announce(self._file, self._encoding)
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise BadRecordError(f"byte 0x{error.object[error.start]:02x} isn't {self._encoding.upper()}") from None

    def _ahead(self) -> bytes:
        return self._file.peek()[:_SAMPLE] if isinstance(self._file, io.BufferedReader) else b""


def announce(file: BinaryIO, encoding: str) -> None:
    """Warn in the log that `file` is read in a legacy encoding; UTF-8 goes without saying."""
    if encoding != "utf-8":
        _LOG.warning("%s: not UTF-8; read as %s", getattr(file, "name", "source"), encoding)


def decode(data: bytes, file: BinaryIO) -> str:
    """Return a whole (small) file's bytes as text; raises UnreadableError where no encoding is plausible."""
    if data.isascii():
        return data.decode("ascii")
    encoding = guess(data)
    announce(file, encoding)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableError(f"starts as {encoding.upper()}, but holds bytes that aren't") from None
