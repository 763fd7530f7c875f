"""What is wrong with a source is said in one line, and what is right in it is read all the same."""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import zipfile
from pathlib import Path

import pytest

from extractors.document import Document
from extractors.sources import read
from ontology.errors import RecordError, SourceError
from tests.source_files import put, record, shown

SAMPLES = Path(__file__).parent / "samples"
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{0}</PMID>"
    "<Article><ArticleTitle>T{0}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
)
LONG_ARTICLE = "<PubmedArticle><X>{0}</X></PubmedArticle>"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.xml", b" \n\n ", "empty"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3", "a PDF file; save its text instead"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc); save it as .xlsx or CSV"),
        ("refs.bib", b"@article{x,\n title={T}\n}", "BibTeX, which has too many dialects; export as RIS"),
        ("ids.txt", b"25821185\n25362434\n", "text without words in it"),
        ("code.py", b"print('hello')\n", "not in a format that is read here"),
        ("x.xml", b"<eSearchResult><ERROR>Invalid db name</ERROR></eSearchResult>", "an error reply: Invalid db name"),
        ("y.xml", b"<song><title>La</title></song>", "XML of an unknown kind (root element song)"),
        ("none.xml", b"<PubmedArticleSet></PubmedArticleSet>", "no records in it, read as pubmed-xml"),
        ("t.csv", b"name,age\nA,5\n", "a table without a title or abstract column (its first line: name,age)"),
        ("t.json", b'{"result": 5}', "JSON without records that have a title or a text"),
        ("broken.xlsx", b"PK\x03\x04 and nothing else", "a zip archive that can't be opened (file is not a zip file)"),
    ],
)
def test_refused_files(name: str, data: bytes, reason: str, tmp_path: Path) -> None:
    """A file that isn't read raises SourceError with a reason that helps."""
    path = put(tmp_path, name, data)
    with pytest.raises(SourceError) as caught:
        list(read(path))
    assert caught.value.reason == reason
    assert caught.value.source == str(path)


def test_missing_file(tmp_path: Path) -> None:
    """A path that doesn't exist is said to be no such file."""
    with pytest.raises(SourceError, match="nowhere: no such file"):
        list(read(tmp_path / "nowhere"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    """A file without permission is said to be so."""
    path = put(tmp_path, "a.txt", "Some words.")
    path.chmod(0)
    with pytest.raises(SourceError, match="no permission"):
        list(read(path))


def test_unknown_format_name() -> None:
    """A format that doesn't exist is refused with the list of those that do."""
    with pytest.raises(SourceError, match="no format called docx; there are pubmed-xml, "):
        list(read(SAMPLES / "records.jsonl", format="docx"))


def test_forced_format(tmp_path: Path) -> None:
    """`format` reads a file as what it doesn't look like."""
    path = put(tmp_path, "a.csv", "title,abstract\nA title,b\n")
    (found,) = read(path, format="text")
    assert isinstance(found, Document)
    assert found.text == "title,abstract\nA title,b\n"


def test_folder_is_read_file_by_file(tmp_path: Path) -> None:
    """A folder stands for all files below it, sorted, hidden ones left out; one that can't be read is an error item."""
    (tmp_path / "sub").mkdir()
    put(tmp_path, "b.jsonl", record(1))
    put(tmp_path, "a.bin", b"\0\1\2")
    put(tmp_path / "sub", "c.jsonl", record(2))
    put(tmp_path, ".hidden.jsonl", record(3))
    assert shown(list(read(tmp_path))) == [f"{tmp_path}/a.bin: a binary file", "r1", "r2"]


def test_empty_folder(tmp_path: Path) -> None:
    """A folder without files is refused."""
    with pytest.raises(SourceError, match="a folder without files"):
        list(read(tmp_path))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input, its format told like a file's; archives work there too."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.jsonl", record(1))
    for data in (record(1).encode(), gzip.compress(record(1).encode()), packed.getvalue()):
        read_end, write_end = os.pipe()
        with os.fdopen(write_end, "wb") as sink:
            sink.write(data)
        with os.fdopen(read_end, "rb") as source:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(source))
            assert shown(list(read("-"))) == ["r1"]


@pytest.mark.parametrize("name", ["long.jsonl", "long.json", "long.ris", "long.csv", "long.xml"])
def test_oversized_record_costs_only_itself(name: str, tmp_path: Path) -> None:
    """A record over 10 MB is skipped and reported by its number, whatever the format; the next one is read."""
    long = "x" * (11 * 2**20)
    ris = "TY  - JOUR\nTI  - {}\nAB  - {}\nER  - \n"
    content = {
        "long.jsonl": record(1) + record(2, long) + record(3),
        "long.json": "[" + ",\n".join((record(1), record(2, long), record(3))) + "]",
        "long.ris": ris.format("r1", "a") + ris.format("r2", long) + ris.format("r3", "c"),
        "long.csv": f"title,abstract\nr1,a\nr2,{long}\nr3,c\n",
        "long.xml": f"<Pubmed>{ARTICLE.format(1)}{LONG_ARTICLE.format(long)}{ARTICLE.format(3)}</Pubmed>",
    }[name]
    items = list(read(put(tmp_path, name, content)))
    assert [type(item) for item in items] == [Document, RecordError, Document]
    assert str(items[1]).endswith(f"{name}, record 2: longer than 10 MB")


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<PubmedArticle><PMID>2</PubmedArticle>", "not well-formed XML (Opening and ending tag mismatch"),
        ("<PubmedArticle><MedlineCitation>", "not closed before the next one starts"),
        ("<PubmedArticle>&unknown;</PubmedArticle>", "not well-formed XML (Entity 'unknown' not defined"),
        ("<PubmedArticle/>", "a PubmedArticle without its citation"),
    ],
)
def test_malformed_xml_record_costs_only_itself(inner: str, reason: str, tmp_path: Path) -> None:
    """An XML record that isn't well formed is reported; those around it are read."""
    data = f"<PubmedArticleSet>{ARTICLE.format(1)}{inner}{ARTICLE.format(3)}</PubmedArticleSet>"
    first, second, third = read(put(tmp_path, "a.xml", data))
    assert isinstance(first, Document)
    assert isinstance(second, RecordError)
    assert second.reason.startswith(reason)
    assert isinstance(third, Document)


def test_truncated_xml(tmp_path: Path) -> None:
    """An XML file cut inside a record, or between two, isn't taken for a whole one."""
    inside = put(tmp_path, "a.xml", f"<PubmedArticleSet>{ARTICLE.format(1)}{ARTICLE.format(2)[:60]}")
    between = put(tmp_path, "b.xml", f"<PubmedArticleSet>{ARTICLE.format(1)}\n")
    assert shown(list(read(inside)))[1].endswith("record 2: the file ends in the middle of it")
    assert shown(list(read(between)))[1].endswith("record 2: the file is cut short here: its root element isn't closed")


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    """A file that declares entities is refused before anything in it is parsed; HTML's own names are understood."""
    bomb = '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = f"<PubmedArticleSet>{ARTICLE.format('1').replace('T1', 'A&nbsp;B &gt; C &b;')}</PubmedArticleSet>"
    with pytest.raises(SourceError, match="refused: it declares XML entities"):
        list(read(put(tmp_path, "bomb.xml", bomb + body)))
    (found,) = read(put(tmp_path, "named.xml", body.replace(" &b;", "")))
    assert isinstance(found, Document)
    assert found.title == "A\N{NO-BREAK SPACE}B > C"


def test_external_entities_are_not_loaded(tmp_path: Path) -> None:
    """Nothing outside the file is read."""
    secret = put(tmp_path, "secret.txt", "secret")
    data = f'<!DOCTYPE PubmedArticleSet SYSTEM "{secret}"><PubmedArticleSet>{ARTICLE.format(1)}</PubmedArticleSet>'
    (found,) = read(put(tmp_path, "a.xml", data))
    assert isinstance(found, Document)
    assert found.title == "T1"


def test_deeply_nested_json(tmp_path: Path) -> None:
    """JSON nested beyond sense is refused, not followed."""
    items = list(read(put(tmp_path, "a.jsonl", record(1) + '{"id":' + "[" * 100_000 + "\n" + record(2))))
    assert shown(items)[0::2] == ["r1", "r2"]
    with pytest.raises(SourceError, match="nested too deeply"):
        list(read(put(tmp_path, "b.json", '{"title":' * 100_000)))


def test_json_array_with_a_broken_record(tmp_path: Path) -> None:
    """In an array the scan finds its feet again behind a broken record; one cut short is reported."""
    data = "[" + record(1) + ',{"id": "r2", "title": "unclosed}\n,' + record(3) + "," + record(4)[:20]
    items = shown(list(read(put(tmp_path, "a.json", data))))
    assert items[0::2] == ["r1", "r3"]
    assert items[1].endswith("record 2: not valid JSON (a string that isn't closed on its line)")
    assert items[3].endswith("record 4: the file ends in the middle of it")


@pytest.mark.parametrize("name", ["a.ris", "a.nbib", "a.csv", "a.txt", "a.jsonl", "a.html"])
def test_windows_1252_is_read_and_announced(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file in Windows-1252 (or Latin-1) is read as that, and the log says so."""
    words = "Müller’s 5 ± 2 – 10 °C"
    content = {
        "a.ris": f"TY  - JOUR\nTI  - {words}\nER  - \n",
        "a.nbib": f"PMID- 5\nTI  - {words}\n",
        "a.csv": f"title,abstract\n{words},b\n",
        "a.txt": f"{words}\n\nSome more words.",
        "a.jsonl": f'{{"id": "x", "title": "{words}", "text": ""}}\n',
        "a.html": f"<html><body><h1>{words}</h1><p>Some more words.</p></body></html>",
    }[name]
    with caplog.at_level(logging.WARNING):
        (found,) = read(put(tmp_path, name, content.encode("cp1252")))
    assert isinstance(found, Document)
    assert found.title == words
    assert "read as cp1252" in caplog.text


def test_declared_encodings(tmp_path: Path) -> None:
    """What XML and HTML declare is believed."""
    xml = f'<?xml version="1.0" encoding="ISO-8859-1"?><PubmedArticleSet>{ARTICLE.format(1)}</PubmedArticleSet>'
    page = '<html><head><meta charset="iso-8859-1"></head><body><h1>Größe</h1><p>Text.</p></body></html>'
    for name, content in (("a.xml", xml.replace("T1", "Größe")), ("a.html", page)):
        (found,) = read(put(tmp_path, name, content.encode("latin-1")))
        assert isinstance(found, Document)
        assert found.title == "Größe"


def test_bytes_that_are_not_utf8_in_a_utf8_file(tmp_path: Path) -> None:
    """In a file that is UTF-8 up to there, a line that isn't is an error of its record, not a guess."""
    data = record(1).encode() + json.dumps({"id": "r2", "title": "é", "text": ""}, ensure_ascii=False).encode()
    data += b"\n" + b'{"id": "r3", "title": "\xe9", "text": ""}\n' + record(4).encode()
    items = shown(list(read(put(tmp_path, "a.jsonl", data))))
    assert items[:2] == ["r1", "r2"]
    assert items[2].endswith("record 3: byte 0xe9 isn't UTF-8")
    assert items[3] == "r4"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(encoding: str, tmp_path: Path) -> None:
    """A byte-order mark tells the encoding and isn't part of the text."""
    for name, content in (("a.txt", "Größe der Grafts\n\n5 ± 2"), ("a.csv", "title;abstract\nGröße der Grafts;b")):
        (found,) = read(put(tmp_path, name, content.encode(encoding)))
        assert isinstance(found, Document)
        assert found.title == "Größe der Grafts"


def test_old_macintosh_line_ends(tmp_path: Path) -> None:
    """Carriage returns alone end lines too, as in Excel's Macintosh CSV."""
    found = [item for item in read(put(tmp_path, "a.csv", "title,abstract\rA,b\rC,d\r")) if isinstance(item, Document)]
    assert [(document.title, document.text) for document in found] == [("A", "b"), ("C", "d")]
