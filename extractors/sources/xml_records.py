"""The records of an XML file, one at a time, each parsed by itself.

The file's bytes are cut at the records' tags, so that memory is bounded by one record, and a record that is malformed
or too long costs only itself. Nothing outside the file is loaded, no DTD is read, and a file that declares entities
is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from typing import BinaryIO

from lxml import etree

from extractors.sources.records import RECORD_LIMIT, TOO_LONG, Broken, UnreadableError

_CHUNK = 2**16
_KEEP = 256
"""More bytes than a record's tag has: so many stay in the buffer when what was searched is let go."""

_PROLOG_LIMIT = 2**16
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)")
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)(?=[\s>]|/>)([^<>]*)>")
_NAMESPACE = re.compile(rb"\sxmlns:[\w.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_MATHML = b' xmlns:mml="http://www.w3.org/1998/Math/MathML"'
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*;)")


def root_name(head: bytes) -> str | None:
    """Return the name of the root element of the XML file that starts with `head`, None if it's no XML."""
    if not head.lstrip().startswith(b"<"):
        return None
    found = _ROOT.search(_COMMENT.sub(b"", head))
    return found.group(1).decode("utf-8", "replace") if found else None


def xml_records(file: BinaryIO, tags: Sequence[str]) -> Iterator[etree._Element | Broken]:
    """Yield the elements named in `tags`, in order; Broken stands for one that can't be read.

    A file that ends inside a record, or without its root's end tag, ends with a Broken that says so. Raises
    UnreadableError where the file declares entities or starts like no XML.
    """
    cutter = _Cutter(file, tags)
    for record in cutter.records():
        yield record if isinstance(record, Broken) else cutter.parse(record)


class _Cutter:
    def __init__(self, file: BinaryIO, tags: Sequence[str]) -> None:
        self._file = file
        names = "|".join(map(re.escape, tags)).encode()
        self._start = re.compile(rb"<(" + names + rb")(?=[\s/>])[^<>]*?(/?)>")
        self._buffer = bytearray()
        self._prolog()

    def _more(self) -> bool:
        chunk = self._file.read(_CHUNK)
        self._buffer += chunk
        return bool(chunk)

    def _prolog(self) -> None:
        """Read the root's start tag; refuse a file that declares entities before it."""
        while len(self._buffer) < _PROLOG_LIMIT and self._more():
            pass
        head = _COMMENT.sub(b"", bytes(self._buffer[:_PROLOG_LIMIT]))
        root = _ROOT.search(head)
        if b"<!ENTITY" in head[: root.start() if root else None]:
            raise UnreadableError("refused: it declares XML entities")
        if root is None:
            raise UnreadableError("XML without an element")
        declared = _DECLARED.match(head.lstrip())
        encoding = declared.group(1).decode().lower() if declared else "utf-8"
        self._encoding = "utf-8" if encoding.startswith(("utf-16", "utf-32", "ucs", "iso-10646")) else encoding
        self._envelope = b"<r" + b"".join({*_NAMESPACE.findall(root.group(2)), _MATHML}) + b">"
        whole = self._start.match(root.group()) or root.group(2).endswith(b"/")
        self._end = b"" if whole else b"</" + root.group(1)

    def records(self) -> Iterator[bytes | Broken]:
        """Yield the bytes of each record, and at last Broken where the end of the file is missing."""
        closed = not self._end
        while True:
            found = self._start.search(self._buffer)
            closed = closed or self._end in self._buffer[: found.start() if found else None]
            if found:
                # A match looks into the buffer as it is now: what it holds is taken out before the buffer changes.
                tag, whole, size = found.group(1), bool(found.group(2)), len(found.group())
                del self._buffer[: found.start()]
                yield self._take(size) if whole else self._record(tag)
            elif not self._more():
                break
            else:
                del self._buffer[: -_CHUNK - _KEEP]
        if not closed:
            yield Broken("the file is cut short here: its root element isn't closed")

    def _record(self, tag: bytes) -> bytes | Broken:
        """Take the record that the buffer starts with, up to its end tag or the start of another one."""
        edge = re.compile(rb"<(?:/" + re.escape(tag) + rb"\s*>|" + re.escape(tag) + rb"[\s/>])")
        too_long = False
        at = 1
        while (found := edge.search(self._buffer, at)) is None:
            if len(self._buffer) > RECORD_LIMIT:
                too_long = True
                del self._buffer[:-_KEEP]
            at = max(0 if too_long else 1, len(self._buffer) - _KEEP)
            if not self._more():
                self._end = b""
                self._buffer.clear()
                return Broken("the file ends in the middle of it")
        if not found.group().startswith(b"</"):
            del self._buffer[: found.start()]
            return Broken("not closed before the next one starts")
        record = self._take(found.end())
        return TOO_LONG if too_long or len(record) > RECORD_LIMIT else record

    def _take(self, size: int) -> bytes:
        record = bytes(self._buffer[:size])
        del self._buffer[:size]
        return record

    def parse(self, record: bytes) -> etree._Element | Broken:
        """Return the record's element, or Broken where it isn't well formed."""
        try:
            parser = etree.XMLParser(
                encoding=self._encoding, resolve_entities=False, no_network=True, load_dtd=False,
                huge_tree=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            return etree.fromstring(self._envelope + _NAMED.sub(_numeric, record) + b"</r>", parser)[0]
        except LookupError:
            raise UnreadableError(f"declares an unknown encoding, {self._encoding}") from None
        except etree.XMLSyntaxError as error:
            return Broken(f"not well-formed XML ({error.msg})")


def _numeric(entity: re.Match[bytes]) -> bytes:
    """Return HTML's named entity, which XML doesn't know, as numeric ones; an unknown one as it stands."""
    characters = html5.get(entity.group(1).decode())
    return "".join(f"&#{ord(c)};" for c in characters).encode() if characters else entity.group()
