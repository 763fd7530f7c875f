"""The index of figures: what comes from it is what the graph says, and it keeps in step with the graph."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractors.evidence import EvidenceRecord, Flag, Notice
from kg.cli import main
from kg.compare import ORDERS, Selection, compare, compare_in_graph, page
from kg.figures.build import FILE, build, is_current
from kg.figures.rows import PLACES
from kg.iris import Names, provenance
from kg.mapping import to_quads, tombstone
from kg.rdf import iri
from kg.sources import Source
from kg.store import Change, Reader, Writer
from ontology import terms
from ontology.errors import QueryError

TABLES = (
    "report", "notice", "identifier", "abstract", "trial", "about", "arm", "arm_given", "treatment", "car_target",
    "step", "figure", "words", "figure_given", "flag", "flag_figure", "reported", "within",
)  # fmt: skip
SELECTIONS: tuple[Selection, ...] = (
    Selection(),
    Selection("overall-survival", "lymphoma", time="12mo"),
    Selection("measure-group:adverse-event", intervention="CAR T-cell therapy", grade=">=3"),
    Selection("acute-gvhd", grade="2-4", arm="ALL"),
    Selection("acute-gvhd", grade="severe"),
    Selection("overall-survival", "leukemia", "HSCT", "1y"),
    Selection(None, intervention="axicabtagene ciloleucel"),
    Selection("icer", "lymphoma"),
    Selection(None, "lymphoma"),
    Selection(None, "leukemia", "HSCT"),
    Selection(None, "lymphoma", "CAR T-cell therapy", time="12mo"),
)


@pytest.fixture(scope="module")
def changing(records: list[EvidenceRecord], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store written in several goes, some reports twice, with flags, notices and a withdrawal."""
    folder = tmp_path_factory.mktemp("changing") / "store"
    some = list({Names().report(r): r for r in records}.values())[:40]
    with Writer(folder) as writer:
        writer.load(quad for record in some[:20] for quad in to_quads(record))
        writer.publish()
        for record in some[10:30]:
            writer.write([Change.of(Names().report(record), to_quads(marked(record)))])
        writer.publish()
        gone = Names().report(some[5])
        writer.write([Change.of(gone, tombstone(gone, Source()))])
        writer.load(quad for record in some[30:] for quad in to_quads(record))
        writer.finish()
    return folder


def marked(record: EvidenceRecord) -> EvidenceRecord:
    """Return the record with two flags (one on two of its figures) and a notice of retraction."""
    both = tuple(range(min(2, len(record.outcomes))))
    flags = (Flag(kind="proportion", outcomes=both, message="3/5 isn't 20%"), Flag(kind="order", message="m"))
    return record.model_copy(update={"flags": flags, "notices": (Notice(kind="retracted"),)})


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_comparisons_are_those_of_the_graph(reader: Reader, selection: Selection) -> None:
    """Whatever is chosen, index and graph give the same rows in the same order."""
    assert reader.figures is not None
    assert compare(reader, selection) == compare_in_graph(reader, selection)


def test_flags_and_arms_are_those_of_the_graph(changing: Path) -> None:
    """Flagged and retracted reports and those written again compare as the graph has them."""
    with Reader(changing) as reader:
        found = compare(reader, Selection())
        assert found == compare_in_graph(reader, Selection())
        assert any(row.flags == "proportion" for row in found)
        assert any(row.retracted for row in found)


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_is_a_part_of_the_whole(reader: Reader, order: str) -> None:
    """A page of rows in an order, and the counts of figures and studies, agree with those from the graph."""
    index = reader.figures
    for selection in (*SELECTIONS[1:5], *SELECTIONS[-5:]):
        reader.figures = None
        whole = page(reader, selection, order, 10_000)
        reader.figures = index
        for most, skip in ((1, 0), (7, 0), (300, 0), (5, 3), (3, 40), (9, 5000), (4, max(0, len(whole.rows) - 2))):
            expected = replace(whole, rows=whole.rows[skip : skip + most])
            assert page(reader, selection, order, most, skip) == expected


def test_an_unknown_order_is_told(reader: Reader) -> None:
    """An order that there isn't is an error that lists those there are."""
    with pytest.raises(QueryError, match="newest, value, patients"):
        page(reader, Selection("overall-survival"), "random")


CONCEPTS = {
    "topic", "design", "phase", "concept", "role", "intervention", "category", "source", "antigen", "measure",
    "statistic", "unit", "wide", "narrow",
}  # fmt: skip


def content(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return an index's rows with IRIs for the numbers of reports and concepts, so that two can be compared."""
    with closing(sqlite3.connect(path)) as database:
        for full_text in ("quoted", "searched"):
            database.execute(f"INSERT INTO {full_text} ({full_text}, rank) VALUES ('integrity-check', 1)")
        names = {"report": dict(database.execute("SELECT id, iri FROM report"))}
        concepts = dict(database.execute("SELECT id, iri FROM concept"))
        names |= dict.fromkeys(CONCEPTS, concepts)
        return {table: set(_plain_rows(database, table, names)) for table in TABLES}


def _plain_rows(
    database: sqlite3.Connection, table: str, names: dict[str, dict[int, str]]
) -> Iterator[tuple[object, ...]]:
    columns = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
    for row in database.execute(f"SELECT * FROM {table}"):
        cells = dict(zip(columns, row, strict=True))
        for place in {"id", "figure"} & cells.keys():
            number = cells.pop(place)
            report = number if table == "report" else number // PLACES
            cells["place"] = (names["report"][report], number % PLACES if table != "report" else 0)
        yield tuple(names[c].get(x, x) if c in names else x for c, x in cells.items())


def newest(store: Path) -> Path:
    """Return the index of the newest snapshot of a store."""
    return store / "snapshots" / (store / "CURRENT").read_text(encoding="utf-8").strip() / FILE


def test_an_index_brought_up_to_date_is_that_made_anew(changing: Path, tmp_path: Path) -> None:
    """Additions, replacements and withdrawals leave the same rows as building the index from the whole graph."""
    with Reader(changing) as reader:
        build(reader, tmp_path / "anew.sqlite")
    assert content(newest(changing)) == content(tmp_path / "anew.sqlite")


def test_a_missing_or_foreign_index_is_made_anew(changing: Path, tmp_path: Path) -> None:
    """Without a readable index the graph answers; the next publication makes one, though nothing else is new."""
    store = tmp_path / "store"
    shutil.copytree(changing, store)
    whole = content(newest(store))
    newest(store).unlink()
    (newest(store)).write_bytes(b"not a database, and longer than a header would be" * 50)
    with Reader(store) as reader:
        assert reader.figures is None
        assert compare(reader, Selection("overall-survival"))
    with Writer(store) as writer:
        writer.finish()
    assert is_current(newest(store))
    assert content(newest(store)) == whole


def test_after_a_killed_run_the_index_is_made_anew(changing: Path, tmp_path: Path) -> None:
    """What a run wrote that never published is in the next snapshot's index too."""
    store = tmp_path / "store"
    shutil.copytree(changing, store)
    with Writer(store) as writer:
        left = next(r for r in writer.reports() if writer.value(r + "/assertion", r, terms.TITLE))
        writer.write([Change.of(left, tombstone(left, Source()))])
    with Writer(store) as writer:
        writer.finish()
    with Reader(store) as reader:
        assert left not in {row.report for row in compare(reader, Selection())}
        assert list(reader.quads(provenance(left), None, terms.WITHDRAWN, None))
        assert list(reader.quads(None, iri(left).value, terms.TITLE)) == []


def test_readers_keep_their_index_while_a_new_one_comes(changing: Path, tmp_path: Path) -> None:
    """A reader answers from its own snapshot until it is refreshed, then from the new one."""
    store = tmp_path / "store"
    shutil.copytree(changing, store)
    with Reader(store) as reader:
        before = compare(reader, Selection())
        gone = before[0].report
        with Writer(store) as writer:
            writer.write([Change.of(gone, tombstone(gone, Source()))])
            writer.finish()
        assert compare(reader, Selection()) == before
        assert reader.refresh()
        assert compare(reader, Selection()) == [row for row in before if row.report != gone]


def test_the_index_can_be_made_anew_by_command(changing: Path, tmp_path: Path) -> None:
    """`cartograph index` makes the same index from the graph in a new snapshot; where there's no store it says so."""
    store = tmp_path / "store"
    shutil.copytree(changing, store)
    before = newest(store)
    whole = content(before)
    assert CliRunner().invoke(main, ["index", "--store", str(store)]).exit_code == 0
    assert newest(store) != before
    assert content(newest(store)) == whole
    failed = CliRunner().invoke(main, ["index", "--store", str(tmp_path / "none")])
    assert (failed.exit_code, failed.stderr) == (2, f"cartograph: {tmp_path / 'none'}: there is no store here\n")
    assert not (tmp_path / "none").exists()
