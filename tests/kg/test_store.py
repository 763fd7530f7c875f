"""The store: transactions, snapshots, locks, damage."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.evidence import Design, EvidenceRecord, Extraction
from kg.iris import Names
from kg.mapping import to_quads
from kg.rdf import iri
from kg.records import record, records
from kg.store import Change, Reader, Writer
from ontology.errors import QueryError, StoreError, StoreLockedError

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?x a cg:Report }"


def change(one: EvidenceRecord) -> Change:
    """Return the change that writes a record."""
    return Change.of(Names().report(one), to_quads(one))


def short(number: int, title: str = "A title", text: str = "Some text.") -> EvidenceRecord:
    """Return a record without evidence."""
    return EvidenceRecord.model_validate(
        {"id": f"pmid:{number}", "title": title, "text": text, "citation": {"pmid": str(number)}}
    )


def count(reader: Reader) -> int:
    """Return how many reports a reader sees."""
    return len(reader.reports())


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Return a writer for tests that don't look at the rest of the store."""
    with Writer(tmp_path_factory.mktemp("scratch") / "store") as writer:
        yield writer


def test_records_come_back_to_the_letter(reader: Reader, records: list[EvidenceRecord]) -> None:
    """What was written is read back as it was, for every reference record."""
    by_report = {Names().report(r): r for r in records}
    assert dict(all_records(reader)) == by_report


def all_records(reader: Reader) -> Iterator[tuple[str, EvidenceRecord]]:
    """Yield all records of a store."""
    yield from records(reader)


@settings(max_examples=60, deadline=None)
@given(title=st.text(), text=st.text())
def test_any_text_is_kept(scratch: Writer, title: str, text: str) -> None:
    """No character of a text can end the statement that it stands in, or change on the way."""
    one = short(1, title, text)
    scratch.write([change(one)])
    assert record(scratch, Names().report(one)) == one


def test_a_report_is_replaced_whole(tmp_path: Path, records: list[EvidenceRecord]) -> None:
    """Writing a report again leaves nothing of what stood there."""
    full = records[0]
    empty = EvidenceRecord(id=full.id, title=full.title, text=full.text, citation=full.citation)
    with Writer(tmp_path / "s") as writer:
        writer.write([change(full)])
        assert list(writer.select("SELECT ?x WHERE { ?x a cg:Outcome }"))
        writer.write([change(empty)])
        assert not list(writer.select("SELECT ?x WHERE { ?x a cg:Outcome }"))


def test_readers_see_what_was_published(tmp_path: Path) -> None:
    """A reader goes on seeing its snapshot until it refreshes, and sees nothing that wasn't published."""
    with Writer(tmp_path / "s") as writer, Reader(tmp_path / "s") as reader:
        writer.write([change(short(1))])
        assert not reader.refresh()
        assert count(reader) == 0
        writer.publish()
        assert count(reader) == 0
        assert reader.refresh()
        assert count(reader) == 1


def test_old_snapshots_go_unless_they_are_read(tmp_path: Path) -> None:
    """Publishing removes all but the newest snapshots; one that is being read stays, and stays readable."""
    with Writer(tmp_path / "s") as writer:
        with Reader(tmp_path / "s") as reader:
            for number in range(5):
                writer.write([change(short(number))])
                writer.publish()
            assert count(reader) == 0
            held = {p.name for p in (tmp_path / "s" / "snapshots").iterdir() if p.is_dir()}
            assert held == {reader.version, "000005", "000006"}
        writer.write([change(short(9))])
        writer.publish()
        assert {p.name for p in (tmp_path / "s" / "snapshots").iterdir() if p.is_dir()} == {"000006", "000007"}


def test_what_wasnt_published_is_there_for_the_next_writer(tmp_path: Path) -> None:
    """A writer that ended without publishing loses nothing; finishing publishes it."""
    with Writer(tmp_path / "s") as writer:
        writer.write([change(short(1))])
    with Reader(tmp_path / "s") as reader:
        assert count(reader) == 0
        with Writer(tmp_path / "s") as writer:
            writer.finish()
        reader.refresh()
        assert count(reader) == 1


def test_finishing_twice_changes_nothing(tmp_path: Path) -> None:
    """Where nothing is new, no new snapshot is made."""
    with Writer(tmp_path / "s") as writer:
        writer.write([change(short(1))])
        writer.finish()
        before = (tmp_path / "s" / "CURRENT").read_text()
        writer.finish()
    assert (tmp_path / "s" / "CURRENT").read_text() == before


ATTEMPT = """
import sys
from kg.store import Writer
from ontology.errors import StoreError
try:
    held = Writer(sys.argv[1])
    print("open", flush=True)
    sys.stdin.read()
except StoreError as error:
    print(type(error).__name__, error)
"""


def another_writer(store: Path, root: Path) -> subprocess.Popen[str]:
    """Return another process that tries to write to the store, and holds on until its input ends."""
    command = [sys.executable, "-c", ATTEMPT, str(store)]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_writer_is_told_who_writes(tmp_path: Path, root: Path) -> None:
    """The lock names the process that holds it, in the same process and in another."""
    with Writer(tmp_path / "s"):
        with pytest.raises(StoreLockedError, match=rf"locked for writing by process {os.getpid()} .* since 20"):
            Writer(tmp_path / "s")
        said, _ = another_writer(tmp_path / "s", root).communicate(timeout=60)
    assert said.startswith(f"StoreLockedError {tmp_path / 's'}: locked for writing by process {os.getpid()} ")
    Writer(tmp_path / "s").close()


def test_the_lock_ends_with_its_process(tmp_path: Path, root: Path) -> None:
    """A killed writer doesn't keep others out."""
    with another_writer(tmp_path / "s", root) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLockedError, match=f"process {holder.pid} "):
            Writer(tmp_path / "s")
        holder.kill()
    Writer(tmp_path / "s").close()


def test_no_store_is_one_clear_line(tmp_path: Path) -> None:
    """A missing store, a file, and a folder of other things are told apart."""
    with pytest.raises(StoreError, match="there is no store here"):
        Reader(tmp_path / "missing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="file"):
        Writer(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.docx").touch()
    with pytest.raises(StoreError, match="not a store, and not empty"):
        Writer(tmp_path / "folder")


@pytest.mark.parametrize("part", ["store.json", "CURRENT", "snapshots/000001/rdf/CURRENT"])
def test_damage_is_one_clear_line(tmp_path: Path, part: str) -> None:
    """A damaged store gives a StoreError of one line that names the store."""
    Writer(tmp_path / "s").close()
    (tmp_path / "s" / part).write_text("rubbish")
    with pytest.raises(StoreError) as caught:
        Reader(tmp_path / "s")
    assert str(tmp_path / "s") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_live_database_is_one_clear_line(tmp_path: Path) -> None:
    """A writer says that the database is damaged, lets the lock go, and readers still have the last snapshot."""
    Writer(tmp_path / "s").close()
    (tmp_path / "s" / "data" / "CURRENT").write_text("rubbish")
    for _ in range(2):
        with pytest.raises(StoreError, match="can't write the store"):
            Writer(tmp_path / "s")
    Reader(tmp_path / "s").close()


def test_a_query_that_cant_be_parsed_says_where(reader: Reader) -> None:
    """The parser's message and position are passed on."""
    with pytest.raises(QueryError, match=r"error at 1:\d+"):
        reader.query("SELECT ?x WHERE { ?x")


def test_updates_are_no_queries(reader: Reader) -> None:
    """A reader's query can't change anything."""
    with pytest.raises(QueryError):
        reader.query("DELETE WHERE { ?s ?p ?o }")


def test_narrower_concepts_are_found(reader: Reader) -> None:
    """The closure of `skos:broader` is loaded beside the data, and a concept is within itself."""
    rows = reader.select("SELECT ?x WHERE { ?x cg:within intervention:car-t-cell-therapy }")
    found = {term.value.rsplit("/", 1)[-1] for (term,) in rows if term is not None and hasattr(term, "value")}
    assert {"car-t-cell-therapy", "axicabtagene-ciloleucel", "cd19-car-t-cell-therapy"} <= found


def test_shared_statements_go_when_nobody_speaks_of_them(tmp_path: Path) -> None:
    """Trials and minted concepts that no report names any more are tidied away."""
    trial = short(1).model_copy(update={"design": Design(registry_ids=("NCT00000001",))})
    with Writer(tmp_path / "s") as writer:
        writer.write([change(trial)])
        writer.finish()
        assert list(writer.quads(Names().shared))
        writer.write([change(short(1))])
        writer.finish()
        assert not list(writer.quads(Names().shared))


def test_a_full_disk_leaves_the_store_whole(small_disk: Path, records: list[EvidenceRecord]) -> None:
    """On a full disk writing ends with one clear line, readers go on, and with space again the next run completes."""
    store = small_disk / "s"
    Writer(store).close()
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 2**18))
    with pytest.raises(StoreError, match="No space left"), Writer(store) as writer:
        for one in records:
            writer.write([change(one)])
    with Reader(store) as reader:
        assert count(reader) == 0
    filler.unlink()
    with Writer(store) as writer:
        for one in records[:20]:
            writer.write([change(one)])
        writer.finish()
    with Reader(store) as reader:
        assert count(reader) >= 20


def test_a_read_only_folder_can_be_read_and_not_written(small_disk: Path) -> None:
    """On a read-only file system readers work, and a writer says what is wrong."""
    Writer(small_disk / "s").close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Reader(small_disk / "s") as reader:
        assert count(reader) == 0
    with pytest.raises(StoreError, match="Read-only file system"):
        Writer(small_disk / "s")


def test_what_a_killed_run_left_untidied_is_tidied_by_the_next(tmp_path: Path, records: list[EvidenceRecord]) -> None:
    """Also where it had published all that it wrote: publishing on the way doesn't tidy up."""
    made = [
        records[0].model_copy(update={"extraction": Extraction(extractor=version, vocabulary="1", digest="0" * 64)})
        for version in ("v1", "v2")
    ]
    with Writer(tmp_path / "s") as writer:
        for one in made:
            writer.write([change(one)])
        writer.publish()
    with Writer(tmp_path / "s") as writer:
        writer.finish()
    with Reader(tmp_path / "s") as reader:
        assert [row[0] for row in reader.select("SELECT ?x WHERE { ?x a prov:SoftwareAgent }")] == [
            iri(Names().agent("v2"))
        ]
