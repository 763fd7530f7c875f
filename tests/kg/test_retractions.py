"""Retractions and deletions, applied to what is stored already."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.document import Citation, Deletion, Document, Notice, Origin
from kg.check import check_reports
from kg.ingest import Item, Options, Run
from kg.rdf import canonical
from kg.records import record
from kg.run_report import RunReport
from kg.store import Reader, Writer
from tests.kg.conftest import ReferenceExtractor

Ingest = Callable[..., RunReport]
REPORT = Document("pmid:1", "A trial", "Survival was 50%.", Citation(pmid="1"))
NOTICE = Document("pmid:2", "Retraction", "", Citation(pmid="2"), notices=(Notice("retraction", "1"),))
OTHER = Document("pmid:3", "Another trial", "Survival was 40%.", Citation(pmid="3"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the folder of a store to come."""
    return tmp_path / "store"


def ingest(store: Path, *items: Item, version: str = "reference-1", refresh: bool = False) -> RunReport:
    """Take items into a store."""
    with Writer(store) as writer:
        run = Run(writer, lambda: ReferenceExtractor([], version), Options(refresh, workers=1))
        return run.ingest([Path("items")], lambda path: items)


def dump(store: Path) -> bytes:
    """Return the canonical N-Quads of a store's published snapshot."""
    with Reader(store) as reader:
        return canonical(reader.quads())


def notices(store: Path, pmid: str = "1") -> list[tuple[str, str | None]]:
    """Return the notices of a report's record."""
    with Reader(store) as reader:
        found = record(reader, reader.names.report_of_id(f"pmid:{pmid}"))
        return [(notice.kind, notice.reference) for notice in found.notices]


def retracted(store: Path) -> list[str]:
    """Return the ids of the reports that are said to be retracted."""
    with Reader(store) as reader:
        rows = reader.select("SELECT ?r WHERE { ?r cg:retracted true } ORDER BY ?r")
        return [str(term).rsplit("-", 1)[-1].rstrip(">") for (term,) in rows]


def test_a_notice_marks_the_report_that_it_takes_back(store: Path) -> None:
    """The report is retracted in the graph and in its record, which names the notice; the notice itself isn't."""
    ingest(store, REPORT, OTHER)
    assert retracted(store) == []
    report = ingest(store, NOTICE)
    assert (report.written, report.retracted) == (1, 1)
    assert report.summary() == "1 read, 1 written (0 figures), 0 unchanged, 1 found retracted, 0 failed"
    assert retracted(store) == ["1"]
    assert notices(store) == [("retracted", "2")]
    with Reader(store) as reader:
        assert list(check_reports(reader, reader.reports())) == []


def test_the_order_of_arrival_makes_no_difference(tmp_path: Path) -> None:
    """Report and notice give the same graph whichever comes first, in one run or in two."""
    dumps = set()
    for number, order in enumerate(itertools.permutations([REPORT, NOTICE, OTHER])):
        ingest(tmp_path / f"{number}", *order)
        dumps.add(dump(tmp_path / f"{number}"))
        for item in order:
            ingest(tmp_path / f"{number}-apart", item)
        dumps.add(dump(tmp_path / f"{number}-apart"))
    assert len(dumps) == 1


def test_taking_the_same_in_again_changes_nothing(store: Path) -> None:
    """A marked report is unchanged when it's offered again, and so is its notice."""
    ingest(store, REPORT, NOTICE)
    before = dump(store)
    again = ingest(store, NOTICE, REPORT)
    assert (again.written, again.unchanged, again.retracted) == (0, 2, 0)
    assert dump(store) == before


def test_a_new_version_of_a_retracted_report_stays_retracted(store: Path) -> None:
    """Another text, or another extractor, doesn't wash the mark off."""
    ingest(store, REPORT, NOTICE)
    ingest(store, REPORT, NOTICE, version="reference-2", refresh=True)
    assert notices(store) == [("retracted", "2")]
    ingest(store, Document("pmid:1", "A trial", "Survival was 49%.", Citation(pmid="1")))
    assert (retracted(store), notices(store)) == (["1"], [("retracted", "2")])


def test_a_report_that_names_its_notice_is_marked_once(store: Path) -> None:
    """Where the report's own record carries the mark, the notice adds nothing."""
    marked = Document("pmid:1", "A trial", "Survival was 50%.", Citation(pmid="1"), notices=(Notice("retracted", "2"),))
    assert ingest(store, marked, NOTICE).retracted == 0
    assert notices(store) == [("retracted", "2")]


@pytest.mark.parametrize("reference", [None, "J. 2022;1:1", "1-2", "\u0661"])
def test_a_notice_that_gives_no_number_takes_nothing_back(store: Path, reference: str | None) -> None:
    """A citation isn't guessed at: only a PubMed number tells which report is meant."""
    vague = Document("pmid:2", "Retraction", "", Citation(pmid="2"), notices=(Notice("retraction", reference),))
    assert ingest(store, REPORT, vague).retracted == 0
    assert retracted(store) == []


def test_a_deletion_is_applied_once(store: Path) -> None:
    """A record that came back after its deletion isn't withdrawn again by the same file; by another one it is."""
    first = Deletion("1", Origin("daily/update1.xml", 7, "pubmed-xml"))
    later = Deletion("1", Origin("daily/update3.xml", 2, "pubmed-xml"))
    back = Document("pmid:1", "A trial", "Reinstated: survival was 49%.", Citation(pmid="1"))
    report = ingest(store, REPORT, first, back)
    assert (report.written, report.withdrawn) == (2, 1)
    before = dump(store)
    again = ingest(store, REPORT, first, back)
    assert (again.written, again.withdrawn, again.unchanged, again.superseded) == (0, 0, 2, 1)
    assert dump(store) == before
    assert ingest(store, later).withdrawn == 1
    assert ingest(store, REPORT, first, back, later).written == 0
    with Reader(store) as reader:
        assert reader.reports() == []


def test_a_second_deletion_of_what_is_gone_is_remembered(store: Path) -> None:
    """Two files that delete one record both count as applied, so that neither touches a later version."""
    twice = [Deletion("1", Origin(f"update{number}.xml", 1, "pubmed-xml")) for number in (1, 2)]
    back = Document("pmid:1", "A trial", "Reinstated.", Citation(pmid="1"))
    ingest(store, REPORT, *twice, back)
    assert ingest(store, *twice).withdrawn == 0
    with Reader(store) as reader:
        assert len(reader.reports()) == 1


def numbered(number: int, text: str = "Survival was 50%.", year: int = 26) -> Document:
    """Return a document from one of PubMed's own files."""
    return Document("pmid:1", "A trial", text, Citation(pmid="1"), origin=origin(number, 1, year))


def origin(number: int, record: int = 9, year: int = 26) -> Origin:
    """Return a place in one of PubMed's own files."""
    return Origin(f"updates/pubmed{year}n{number:04d}.xml.gz", record, "pubmed-xml")


def held(store: Path) -> list[str]:
    """Return the texts of the reports in the store."""
    with Reader(store) as reader:
        return [record(reader, report).text for report in reader.reports()]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_pubmed_files_are_applied_by_their_numbers(store: Path, order: tuple[int, ...]) -> None:
    """Whatever order they are read in, one after another: what the files of higher numbers say is what holds."""
    files: list[Item] = [numbered(1300), Deletion("1", origin(1400)), numbered(1500, "Survival was 55%.")]
    for k in order:
        ingest(store, files[k])
    assert held(store) == ["Survival was 55%."]
    before = dump(store)
    report = ingest(store, *files)
    assert (report.written, report.withdrawn) == (0, 0)
    assert dump(store) == before


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("number", [1300, 1400])
def test_a_deletion_keeps_out_what_comes_after_it(store: Path, first: int, number: int) -> None:
    """A report that an older file of PubMed's or the same one has stays out, though its deletion was read before it."""
    both: list[Item] = [Deletion("1", origin(1400)), numbered(number)]
    ingest(store, both[first])
    ingest(store, both[1 - first])
    assert held(store) == []


def test_a_newer_file_brings_a_deleted_report_back(store: Path) -> None:
    """Also with the words of before, and over the turn of a year, when PubMed numbers its files anew."""
    ingest(store, numbered(1300), Deletion("1", origin(1400)))
    assert held(store) == []
    again = numbered(2, year=27)
    assert ingest(store, again).written == 1
    assert ingest(store, numbered(1300), Deletion("1", origin(1400)), again).written == 0
    assert held(store) == ["Survival was 50%."]


def test_a_deletion_of_what_the_store_never_held(store: Path) -> None:
    """It is remembered and counts for nothing else; other sources than PubMed's files are taken as they come."""
    report = ingest(store, Deletion("1", origin(1400)))
    assert (report.withdrawn, report.unchanged) == (0, 1)
    assert ingest(store, REPORT).written == 1
    assert ingest(store, Deletion("1", origin(1400))).withdrawn == 0
    assert held(store) == ["Survival was 50%."]
