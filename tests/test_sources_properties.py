"""What holds of every document, whatever the record: offsets, labels, round trips; and readers that never fall over."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.document import Document
from extractors.sources.assemble import Passage, clean_doi, clean_pmid, clean_year, compose, phase_of
from extractors.sources.encoding import guess
from extractors.sources.formats import FORMATS
from extractors.sources.json_records import read_json, read_json_lines
from extractors.sources.markup import level, plain_text
from extractors.sources.opening import Opened, open_all
from extractors.sources.plain import find_title, read_plain
from extractors.sources.pubmed_xml import read_pubmed_xml
from extractors.sources.records import Broken, UnreadableError
from extractors.sources.ris import read_ris
from extractors.sources.tables import read_table
from extractors.sources.xml_records import xml_records
from ontology.errors import SourceError

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))
LINE = st.text(CHARACTERS, min_size=1, max_size=60).map(level).map(str.strip).filter(bool)
LABEL = st.from_regex(r"[A-Z][A-Z /&]{2,20}[A-Z]", fullmatch=True)
PASSAGES = st.lists(
    st.builds(Passage, LINE, st.none() | LABEL, st.sampled_from([None, "RESULTS", "UNASSIGNED"])), max_size=6
)


def packed(way: int) -> bytes:
    """Return a zip archive of two files of records."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", way) as archive:
        for name in ("a.jsonl", "b.jsonl"):
            archive.writestr(name, json.dumps({"id": name, "title": "T", "text": "OS was 68%."}) * 20)
    return file.getvalue()


ARCHIVES = [packed(way) for way in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)]


@given(st.sampled_from([*ARCHIVES, gzip.compress(ARCHIVES[0][:200])]), st.data())
def test_a_damaged_archive_is_told_and_nothing_is_raised(whole: bytes, data: st.DataObject) -> None:
    """Whatever bytes of an archive are wrong, each member is given, with its fault, or told in one SourceError."""
    archive = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(archive[: data.draw(st.integers(len(archive) // 2, len(archive)))])
        file.flush()
        try:
            for item in open_all(file.name):
                if isinstance(item, Opened):
                    item.file.read()
        except SourceError as error:
            assert file.name in str(error)


def opened(data: bytes | str) -> io.BufferedReader:
    """Return data as an open file."""
    return io.BufferedReader(io.BytesIO(data.encode() if isinstance(data, str) else data))


@given(PASSAGES)
def test_sections_cover_their_bodies(passages: list[Passage]) -> None:
    """Every section's span lies in the text, holds exactly the body, and has its label right before it."""
    text, sections = compose(passages)
    labelled = [p for p in passages if p.label or p.category == "RESULTS"]
    assert [text[s.span.start : s.span.end] for s in sections] == [p.body for p in labelled]
    for section, passage in zip(sections, labelled, strict=True):
        if passage.label:
            assert text[: section.span.start].endswith(f"{section.label}: ")
    assert [s.span.start for s in sections] == sorted(s.span.start for s in sections)


@given(st.lists(st.tuples(LABEL, LINE), min_size=1, max_size=5), LINE)
def test_pubmed_round_trip(parts: list[tuple[str, str]], title: str) -> None:
    """What is written as PubMed XML is read back: title, labels and bodies."""
    body = "".join(f'<AbstractText Label="{escape(label)}">{escape(text)}</AbstractText>' for label, text in parts)
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article>"
        f"<ArticleTitle>{escape(title)}</ArticleTitle><Abstract>{body}</Abstract>"
        "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (found,) = read_pubmed_xml(opened(xml))
    assert isinstance(found, Document)
    assert found.title == title or "available" in title.lower()
    assert [(s.label, found.slice(s.span)) for s in found.sections] == [(level(label), text) for label, text in parts]


@given(st.lists(st.tuples(LINE, st.text(CHARACTERS | st.just("\n"), max_size=80)), min_size=1, max_size=4))
def test_json_round_trip(records: list[tuple[str, str]]) -> None:
    """Records come back to the letter from JSON Lines, from an array, and pretty-printed."""
    rows = [{"id": f"r{n}", "title": title, "text": text} for n, (title, text) in enumerate(records)]
    lines = "\n".join(json.dumps(row) for row in rows)
    for found in (
        read_json_lines(opened(lines)),
        read_json(opened(json.dumps(rows, ensure_ascii=False))),
        read_json(opened(json.dumps(rows, indent=1))),
    ):
        documents = [item for item in found if isinstance(item, Document)]
        assert [(d.id, d.title, d.text) for d in documents] == [(r["id"], r["title"], r["text"]) for r in rows]


@given(st.lists(st.tuples(LINE, LINE), min_size=1, max_size=4))
def test_table_round_trip(rows: list[tuple[str, str]]) -> None:
    """Cells come back as they were written, markup that exports leave in them aside."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([("title", "abstract"), *rows])
    found = [item for item in read_table(opened(sheet.getvalue())) if isinstance(item, Document)]
    assert [(d.title, d.text) for d in found] == [(level(plain_text(t)), plain_text(a).strip()) for t, a in rows]


@given(st.text(CHARACTERS | st.sampled_from("\r\n\t"), max_size=300))
def test_plain_text_is_verbatim(text: str) -> None:
    """Plain text is kept to the letter, and its title is a part of it."""
    try:
        (found,) = read_plain(opened(text))
    except UnreadableError:
        return
    assert isinstance(found, Document)
    assert found.text == text
    assert find_title(text)[0] in text


@given(st.binary(max_size=400))
@example(b"TY  - JOUR\nUK  - a\nER  - \n")
@example(b'[{"id": 1, "text": [}]')
@example(b"<PubmedArticle><PubmedArticle")
def test_readers_survive_anything(data: bytes) -> None:
    """Whatever the bytes, a reader yields documents and broken records or says that the file can't be read."""
    for form in FORMATS:
        if form.name == "xlsx":
            continue
        try:
            items = list(form.reader(opened(data)))
        except UnreadableError as error:
            assert str(error)
        else:
            assert all(item.reason if isinstance(item, Broken) else item.id for item in items)


PIECES = """TY  - JOUR|ER  - |ER  -|AB  - a|TI  - t|KW - k|PMID- 5|PT J|AB x|ER|EF||      wrapped|  two|title,abstract
"open,|UK  - u|<PubmedArticle>|</PubmedArticle>|{"id":|"a"}|[|]|}|"studies":[|<html>|<li>x|</p>|DO  - 10.1/x|UR  - ;"""


@given(st.lists(st.sampled_from(re.split(r"[|\n]", PIECES)), max_size=14).map("\n".join))
def test_readers_survive_scrambled_records(data: str) -> None:
    """Pieces of real formats in any order break no reader."""
    for form in FORMATS:
        if form.name != "xlsx":
            try:
                list(form.reader(opened(data)))
            except UnreadableError as error:
                assert str(error)


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=30), st.integers(1, 400))
def test_records_are_cut_the_same_wherever_the_buffer_ends(pmids: list[int], padding: int) -> None:
    """Records are found whole even where the tags fall on the edge of what was read."""
    inner = "".join(f"{' ' * padding}<PubmedArticle><PMID>{pmid}</PMID></PubmedArticle>" for pmid in pmids)
    found = xml_records(opened(f"<PubmedArticleSet>{inner}</PubmedArticleSet>"), ("PubmedArticle",))
    assert [r.findtext("PMID") for r in found if not isinstance(r, Broken)] == [str(pmid) for pmid in pmids]


def test_small_values() -> None:
    """Identifiers, years and phases as sources write them."""
    assert clean_doi("https://doi.org/10.1056/NEJMoa2116596.") == "10.1056/nejmoa2116596"
    assert clean_doi("none") is None
    assert [clean_pmid(v) for v in ("00123", 123.0, "PMID: 5", "PMC12", "", None)] == [
        "123",
        "123",
        "5",
        None,
        None,
        None,
    ]
    assert [clean_year(v) for v in ("2021/03//", "Spring 1999", 2020, "12345", None)] == [2021, 1999, 2020, None, None]
    names = [
        ["Clinical Trial, Phase II"], ["PHASE1", "PHASE2"], ["Phase 1/Phase 2"], ["Phase I/II"], ["EARLY_PHASE1"],
        ["Phase 2b"], ["PHASE3", "PHASE4"], ["NA"], [],
    ]  # fmt: skip
    assert [phase_of(n) for n in names] == ["2", "1/2", "1/2", "1/2", "1", None, None, None, None]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("5 ± 2", "cp1252"),
        ("Sørensen, Überlebensrate – 68 % (Bürger), 10 µg/m², naïve “cells”", "cp1252"),
        ("Survie à 5 ans chez les greffés", "mac_roman"),
        ("Zażółć gęślą jaźń chorych na białaczkę", "cp1250"),
        ("Больные с лейкозом получали трансплантацию костного мозга.", "cp1251"),
        ("患者接受了造血干细胞移植，总生存率为百分之六十八。", "gb18030"),
        ("白血病患者の造血幹細胞移植後の生存率は68%であった。", "shift_jis"),
        ("Größe", "utf-8"),
    ],
)
def test_encodings_are_told_apart(text: str, encoding: str) -> None:
    """A legacy encoding is told by what makes sense in it; a few signs in English are Windows-1252."""
    data = text.encode(encoding)
    assert data.decode(guess(data)) == text


def test_ris_keeps_text_that_looks_like_tags() -> None:
    """A continued line is text even where it starts with two capitals."""
    (found,) = read_ris(opened("TY  - JOUR\nTI  - T\nAB  - Cells with\nIL-2 and\nCR - complete\nER  - \n"))
    assert isinstance(found, Document)
    assert found.text == "Cells with IL-2 and CR - complete"
