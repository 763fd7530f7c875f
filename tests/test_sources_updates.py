"""What sources say of records that they gave before: deletions, retractions, corrections, and that a change shows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from extractors.document import Deletion, Document, Notice, NoticeKind
from extractors.sources import read


def article(pmid: str, marks: str = "", types: str = "Journal Article") -> str:
    """Return a made-up article as PubMed's XML has it, with marks that refer to others."""
    listed = f"<CommentsCorrectionsList>{marks}</CommentsCorrectionsList>" if marks else ""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><ArticleTitle>Title.</ArticleTitle>'
        f"<PublicationTypeList><PublicationType>{types}</PublicationType></PublicationTypeList></Article>"
        f"{listed}</MedlineCitation></PubmedArticle>"
    )


def mark(kind: str, pmid: str | None = "90000009") -> str:
    """Return a mark that refers to another record, by its citation alone where it has no PMID."""
    known = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
    return f'<CommentsCorrections RefType="{kind}"><RefSource>J. 2022;1:1</RefSource>{known}</CommentsCorrections>'


def pubmed(folder: Path, *records: str) -> Path:
    """Return a file of PubMed's XML, compressed as the daily update files are."""
    path = folder / "pubmed26n1400.xml.gz"
    path.write_bytes(gzip.compress(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()))
    return path


def first(path: Path) -> Document:
    """Return the file's first document."""
    return next(item for item in read(path) if isinstance(item, Document))


def test_daily_update_file(tmp_path: Path) -> None:
    """An update file gives its revised records, then its deletions, each with its id and where it stands."""
    gone = '<DeleteCitation><PMID Version="1">90000002</PMID><PMID Version="1">90000003</PMID></DeleteCitation>'
    path = pubmed(tmp_path, article("90000001"), gone)
    items = list(read(path))
    assert items[1:] == [Deletion("90000002"), Deletion("90000003")]
    assert [item.id for item in items if isinstance(item, Document | Deletion)] == [
        "pmid:90000001", "pmid:90000002", "pmid:90000003",
    ]  # fmt: skip
    places = [item.origin for item in items if isinstance(item, Document | Deletion)]
    assert [(o.source, o.record, o.format) for o in places if o] == [(str(path), n, "pubmed-xml") for n in (1, 2, 3)]


def test_a_file_of_deletions_alone(tmp_path: Path) -> None:
    """A file without any article, and one deletion's root alone, are read too; books go by DeleteDocument."""
    one = '<DeleteCitation><PMID Version="1">90000002</PMID></DeleteCitation>'
    assert list(read(pubmed(tmp_path, one))) == [Deletion("90000002")]
    book = one.replace("DeleteCitation", "DeleteDocument")
    assert list(read(pubmed(tmp_path, book))) == [Deletion("90000002")]
    alone = tmp_path / "alone.xml"
    alone.write_text(one)
    assert list(read(alone)) == [Deletion("90000002")]


@pytest.mark.parametrize(
    ("kind", "notice", "retracted"),
    [
        ("RetractionIn", "retracted", True),
        ("RetractedandRepublishedIn", "retracted", True),
        ("RetractionOf", "retraction", False),
        ("PartialRetractionIn", "concern", False),
        ("ExpressionOfConcernIn", "concern", False),
        ("ErratumIn", "erratum", False),
        ("CorrectedandRepublishedIn", "update", False),
        ("UpdateIn", "update", False),
    ],
)
def test_marks_of_pubmed(tmp_path: Path, kind: str, notice: NoticeKind, retracted: bool) -> None:
    """Each mark becomes a notice with the PMID that it refers to, or the citation; only what was retracted is so."""
    document = first(pubmed(tmp_path, article("90000001", mark(kind))))
    assert (document.notices, document.retracted) == ((Notice(notice, "90000009"),), retracted)
    cited = first(pubmed(tmp_path, article("90000001", mark(kind, None))))
    assert cited.notices == (Notice(notice, "J. 2022;1:1"),)


@pytest.mark.parametrize(
    "kind", ["Cites", "CommentIn", "CommentOn", "ErratumFor", "UpdateOf", "ExpressionOfConcernFor"]
)
def test_marks_that_say_nothing_of_the_report(tmp_path: Path, kind: str) -> None:
    """Citations, comments, and marks about another report are no notices of this one."""
    assert first(pubmed(tmp_path, article("90000001", mark(kind)))).notices == ()


def test_retraction_and_what_it_retracts(tmp_path: Path) -> None:
    """A retraction names what it retracts, whose own record names the retraction: either order of arrival will do."""
    report, retraction = (
        item
        for item in read(
            pubmed(
                tmp_path,
                article("90000001", mark("RetractionIn", "90000002"), "Retracted Publication"),
                article("90000002", mark("RetractionOf", "90000001"), "Retraction Notice"),
            )
        )
        if isinstance(item, Document)
    )
    assert (report.notices, report.retracted) == ((Notice("retracted", "90000002"),), True)
    assert (retraction.notices, retraction.retracted) == ((Notice("retraction", "90000001"),), False)


@pytest.mark.parametrize("kind", ["RetractionIn", "ErratumIn", "ExpressionOfConcernIn"])
def test_a_mark_changes_the_digest(tmp_path: Path, kind: str) -> None:
    """A record that only gained a mark isn't taken for unchanged; one that only moved to another file is."""
    plain, marked = article("90000001"), article("90000001", mark(kind))
    before, after = first(pubmed(tmp_path, plain)), first(pubmed(tmp_path, marked))
    assert before.digest() != after.digest()
    elsewhere = first(pubmed(tmp_path, article("90000000"), plain).rename(tmp_path / "other.xml.gz"))
    again = [item for item in read(tmp_path / "other.xml.gz") if isinstance(item, Document)][1]
    assert elsewhere.id == "pmid:90000000"
    assert (again.digest(), again.origin == before.origin) == (before.digest(), False)


def test_every_format_says_the_same(tmp_path: Path) -> None:
    """A retraction reads the same from PubMed's XML, MEDLINE text and Europe PMC."""
    medline = tmp_path / "a.nbib"
    medline.write_text("PMID- 90000001\nTI  - Title.\nPT  - Journal Article\nRIN - J. 2022;1:1. PMID: 90000009\n")
    result = {
        "id": "90000001", "source": "MED", "pmid": "90000001", "title": "Title.",
        "pubTypeList": {"pubType": ["Journal Article"]},
        "commentCorrectionList": {"commentCorrection": [{"id": "90000009", "source": "MED", "type": "Retraction in"}]},
    }  # fmt: skip
    europepmc = tmp_path / "a.json"
    europepmc.write_text(json.dumps({"hitCount": 1, "resultList": {"result": [result]}}))
    xml = pubmed(tmp_path, article("90000001", mark("RetractionIn")))
    found = [first(path) for path in (xml, medline, europepmc)]
    assert {document.notices for document in found} == {(Notice("retracted", "90000009"),)}
    assert {document.id for document in found} == {"pmid:90000001"}
