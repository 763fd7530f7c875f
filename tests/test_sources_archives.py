"""Compressed files and archives: read by what is in them, and told where they are damaged."""

from __future__ import annotations

import errno
import gzip
import io
import zipfile
from pathlib import Path

from extractors.document import Document
from extractors.sources import read
from extractors.sources.pump import Pump, unzip
from ontology.errors import RecordError
from tests.source_files import put, record, shown


def test_gzip_and_zip(tmp_path: Path) -> None:
    """Compressed files and archives are read by what is in them; members are named within their archive."""
    put(tmp_path, "a.jsonl.gz", gzip.compress(record(1).encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/b.nbib", "PMID- 5\nTI  - Five\n")
        archive.writestr("in/c.bin", b"\0\0")
        archive.writestr("d.zip", b"PK\x03\x04")
    assert shown(list(read(tmp_path / "a.jsonl.gz"))) == ["r1"]
    assert shown(list(read(tmp_path / "b.zip"))) == [
        "pmid:5",
        f"{tmp_path}/b.zip/in/c.bin: a binary file",
        f"{tmp_path}/b.zip/d.zip: an archive within an archive",
    ]


def test_a_member_damaged_from_its_start_is_told_as_damaged(tmp_path: Path) -> None:
    """A zip member that gives no byte is damaged, not empty; the next member is read."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.jsonl", record(1))
        archive.writestr("b.jsonl", record(2))
    data = bytearray(path.read_bytes())
    start = data.index(b"a.jsonl") + len("a.jsonl")
    data[start + 9 : start + 14] = b"\xff" * 5
    path.write_bytes(data)
    first, *rest = shown(list(read(path)))
    assert "the zip archive is damaged here" in first
    assert len(rest) == 1


def noise(number: int) -> str:
    """Return text that gzip can't shrink much."""
    return " ".join(str(hash((number, place)) % 10**9) + "w" for place in range(2000))


def test_truncated_gzip(tmp_path: Path) -> None:
    """A gzip file cut short gives the records before the cut, then the record that is cut, then the cut itself."""
    whole = gzip.compress("".join(record(n, noise(n)) for n in range(20)).encode())
    items = list(read(put(tmp_path, "cut.jsonl.gz", whole[: len(whole) // 2])))
    good = [item for item in items if isinstance(item, Document)]
    assert [document.id for document in good] == [f"r{n}" for n in range(len(good))]
    assert 5 <= len(good) <= 15
    assert [type(item) for item in items[len(good) :]] == [RecordError, RecordError]
    assert "the gzip data is cut short here" in str(items[-1])


def test_truncated_gzip_of_a_format_without_record_ends(tmp_path: Path) -> None:
    """Where a format doesn't mark a record's end, the last one before the cut isn't passed off as whole."""
    text = "".join(f"PMID- {n}\nTI  - T\nAB  - {noise(n)}\n\n" for n in range(1, 21))
    whole = gzip.compress(text.encode())
    items = list(read(put(tmp_path, "cut.nbib.gz", whole[: len(whole) // 2])))
    good = [item for item in items if isinstance(item, Document)]
    assert all(document.text == noise(int(document.id[5:])) for document in good)
    assert len(items) == len(good) + 1


def test_gzip_with_a_wrong_checksum(tmp_path: Path) -> None:
    """Damage that only the checksum shows is reported after the records."""
    data = bytearray(gzip.compress(record(1).encode()))
    data[-8] ^= 0xFF
    items = list(read(put(tmp_path, "bad.jsonl.gz", bytes(data))))
    assert "the gzip data is damaged here" in str(items[-1])


def test_decompression_bomb(tmp_path: Path) -> None:
    """What decompresses to hundreds of times its size is given up."""
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=9) as sink:
        sink.write(record(1).encode())
        for _ in range(80):
            sink.write(b"x" * 2**20)
    items = list(read(path))
    assert shown(items)[0] == "r1"
    assert "decompresses to more than 200 times its size" in str(items[-1])


def test_truncated_gzip_of_utf16(tmp_path: Path) -> None:
    """The cut isn't forgotten where the bytes go through another decoding."""
    whole = gzip.compress("".join(record(n, noise(n)) for n in range(20)).encode("utf-16"))
    assert "the gzip data is cut short here" in str(list(read(put(tmp_path, "a.jsonl.gz", whole[:-5000])))[-1])


def test_encrypted_zip_member(tmp_path: Path) -> None:
    """An encrypted member of an archive is named as such."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Some words")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert shown(list(read(put(tmp_path, "b.zip", bytes(data))))) == [f"{tmp_path}/b.zip/a.txt: encrypted"]


def test_a_failing_disk_is_no_damaged_archive() -> None:
    """An error of the machine while an archive is read is told as such."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    pump = Pump(unzip(Failing(), zipfile.ZipInfo("a.txt")), "a.txt")
    assert pump.read(10) == b""
    assert pump.fault == "can't be read further (Input/output error)"
