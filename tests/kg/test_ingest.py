"""The batch engine and its ledger."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extractors.document import Deletion, Document, Notice
from extractors.evidence import EvidenceRecord
from extractors.sources import read
from kg.ingest import Item, Options, Run
from kg.iris import Names
from kg.rdf import canonical
from kg.run_report import RunReport
from kg.store import Reader, Writer
from kg.work import Task
from kg.workers import Pool
from ontology.errors import RecordError, SourceError

Ingest = Callable[..., RunReport]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the folder of a store to come."""
    return tmp_path / "store"


@pytest.fixture
def ingest(store: Path, extractor: Any) -> Ingest:
    """Return a function that ingests files, or items given outright, in this process."""

    def run(*given: Path | Item, refresh: bool = False, using: Any = extractor, **more: Any) -> RunReport:
        items = [x for x in given if not isinstance(x, Path)]
        paths = [x for x in given if isinstance(x, Path)] or [Path("items")]
        reader: Any = (lambda path: iter(items)) if items else read
        with Writer(store) as writer:
            return Run(writer, lambda: using, Options(refresh, workers=1), **more).ingest(paths, reader)

    return run


def dump(store: Path) -> bytes:
    """Return the canonical N-Quads of a store's published snapshot."""
    with Reader(store) as reader:
        return canonical(quad for graph in reader.graphs() for quad in reader.quads(graph))


def document(pmid: str = "1", text: str = "Survival was 50%.", **more: Any) -> Document:
    """Return a document."""
    return Document(f"pmid:{pmid}", "A trial", text, **more)


def texts(store: Path) -> list[str]:
    """Return the texts of all reports in the store."""
    with Reader(store) as reader:
        rows = reader.select("SELECT ?text WHERE { ?r a cg:Report ; cg:abstract ?text } ORDER BY ?text")
        return [term.value for (term,) in rows if term is not None and not isinstance(term, tuple)]  # type: ignore[union-attr]


def test_documents_are_taken_in(ingest: Ingest, store: Path, documents: Path, records: list[EvidenceRecord]) -> None:
    """Each document is extracted and written with its figures, and readers see them."""
    report = ingest(documents)
    assert (report.read, report.written, report.failed) == (6, 6, 0)
    assert report.figures == sum(len(r.outcomes) for r in records[:6])
    with Reader(store) as reader:
        assert len(reader.reports()) == 6


def test_the_same_file_twice_changes_nothing(ingest: Ingest, store: Path, documents: Path) -> None:
    """A second run extracts nothing, writes nothing and leaves the store as it was, byte for byte."""
    ingest(documents)
    before, version = dump(store), (store / "CURRENT").read_text()
    report = ingest(documents)
    assert (report.read, report.written, report.unchanged) == (6, 0, 6)
    assert (dump(store), (store / "CURRENT").read_text()) == (before, version)


def test_a_changed_document_takes_the_place_of_the_old_one(ingest: Ingest, store: Path) -> None:
    """A new text of the same report replaces the old one, and the report says so."""
    ingest(document(text="Survival was 50%."))
    report = ingest(document(text="Survival was 55%."))
    assert (report.written, report.replaced) == (1, 1)
    assert report.repeats == ["pmid:1: an unnamed source takes the place of an unnamed source"]
    assert texts(store) == ["Survival was 55%."]


def test_two_records_with_one_number_settle(ingest: Ingest, store: Path) -> None:
    """Of two texts of one report the later stays, and taking both in again changes nothing."""
    both = (document(text="Survival was 50%."), document(text="Survival was 55%."))
    first = ingest(*both)
    before = dump(store)
    again = ingest(*both)
    assert (first.written, first.replaced) == (2, 1)
    assert (again.written, again.unchanged, again.superseded) == (0, 1, 1)
    assert texts(store) == ["Survival was 55%."]
    assert dump(store) == before


@pytest.mark.parametrize("part", ["Survival was", "Survival was…", ""])
def test_a_cut_off_text_does_not_displace_the_whole_one(ingest: Ingest, store: Path, part: str) -> None:
    """A truncated or missing abstract from another export leaves the whole one in place."""
    report = ingest(document(text="Survival was 50%."), document(text=part))
    assert report.superseded == 1
    assert texts(store) == ["Survival was 50%."]


def test_a_retraction_is_applied_though_the_text_is_gone(ingest: Ingest, store: Path) -> None:
    """A retraction mark counts even when it comes with less text than the store holds."""
    ingest(document(), document(text="", notices=(Notice("retracted"),)))
    with Reader(store) as reader:
        assert list(reader.select("SELECT ?r WHERE { ?r cg:retracted true }"))


def test_a_deleted_record_goes_and_stays_away(ingest: Ingest, store: Path) -> None:
    """A record that its source deleted leaves the store; offered again, it stays out; a new version may come in."""
    assert ingest(document(), Deletion("1")).withdrawn == 1
    assert texts(store) == []
    report = ingest(document(), Deletion("1"))
    assert (report.written, report.withdrawn, report.superseded, report.unchanged) == (0, 0, 1, 1)
    ingest(document(text="Reinstated: survival was 49%."))
    assert texts(store) == ["Reinstated: survival was 49%."]


def test_a_broken_record_is_told_and_the_rest_goes_on(ingest: Ingest, store: Path) -> None:
    """Records that can't be read, or fail in extraction, are kept with source, record and reason; others go in."""
    report = ingest(
        RecordError("a.xml", 2, "no title"), document("1"), document("2", "fail here"), SourceError("b.xml", "empty")
    )
    assert (report.written, report.failed) == (1, 3)
    kept = [json.loads(line) for line in (store / "failures.jsonl").read_text().splitlines()]
    assert [(f["source"], f["record"], f["id"], f["reason"]) for f in kept] == [
        ("a.xml", 2, None, "a.xml, record 2: no title"[len("a.xml, record 2: ") :]),
        (None, None, "pmid:2", "extraction failed: ValueError: asked to fail"),
        ("b.xml", None, None, "empty"),
    ]


def test_a_failing_document_leaves_its_old_version(ingest: Ingest, store: Path) -> None:
    """A new version that can't be extracted doesn't cost the old one."""
    ingest(document())
    assert ingest(document(text="fail here")).failed == 1
    assert texts(store) == ["Survival was 50%."]


def test_failures_are_those_of_the_last_run(ingest: Ingest, store: Path) -> None:
    """A clean run leaves an empty file of failures."""
    ingest(document("2", "fail here"))
    ingest(document("1"))
    assert (store / "failures.jsonl").read_text() == ""


def test_refresh_extracts_anew_only_what_others_made(
    ingest: Ingest, store: Path, documents: Path, extractor: Any
) -> None:
    """With another extractor version nothing changes, unless refreshing; refreshing twice does it once."""
    ingest(documents)
    newer = type(extractor)([], version="reference-2")
    assert ingest(documents, using=newer).unchanged == 6
    assert ingest(documents, using=newer, refresh=True).written == 6
    assert ingest(documents, using=newer, refresh=True).unchanged == 6
    with Reader(store) as reader:
        assert not list(reader.select("SELECT ?o WHERE { ?o a cg:Outcome }"))


def test_a_stopped_run_goes_on_where_it_stopped(ingest: Ingest, store: Path, documents: Path, tmp_path: Path) -> None:
    """Stopped after two documents, the run publishes them; the next run does the rest, with the same result."""
    answers = iter([False, True])
    report = ingest(documents, stop=lambda: next(answers))
    assert (report.written, report.interrupted) == (2, True)
    with Reader(store) as reader:
        assert len(reader.reports()) == 2
    assert ingest(documents).written == 4
    stopped = dump(store)
    store.rename(tmp_path / "stopped")
    ingest(documents)
    assert dump(store) == stopped


def test_a_run_that_died_is_finished_by_the_next(store: Path, ingest: Ingest, documents: Path, extractor: Any) -> None:
    """What a run wrote before it died isn't extracted again, and is published by the next run."""

    def die(report: RunReport) -> None:
        if report.written == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Writer(store) as writer:
        Run(writer, lambda: extractor, Options(workers=1), progress=die).ingest([documents], read)
    with Reader(store) as reader:
        assert reader.reports() == []
    report = ingest(documents)
    assert (report.written, report.unchanged) == (3, 3)
    with Reader(store) as reader:
        assert len(reader.reports()) == 6


def test_runs_are_logged_outside_the_graph(ingest: Ingest, store: Path, documents: Path) -> None:
    """When runs took place is in runs.jsonl, so that the graph itself doesn't depend on the time of day."""
    ingest(documents)
    ingest(documents)
    runs = [json.loads(line) for line in (store / "runs.jsonl").read_text().splitlines()]
    assert [(r["written"], r["unchanged"]) for r in runs] == [(6, 0), (0, 6)]
    assert runs[0]["started"].encode()[:10] not in dump(store)


def test_progress_is_told_after_each_record(ingest: Ingest, documents: Path) -> None:
    """The callback sees the counts grow record by record."""
    seen: list[int] = []
    ingest(documents, progress=lambda report: seen.append(report.read))
    assert seen == [1, 2, 3, 4, 5, 6]


@pytest.mark.slow
def test_worker_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Extraction in worker processes gives the same store as extraction here."""
    from extractors.pipeline import load

    def many(path: Path) -> Iterator[Item]:
        for number in range(120):
            text = f"Overall survival was {number % 90 + 5}% at 12 months."
            yield Document(f"pmid:{number}", f"Trial {number}", text)

    dumps = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        with Writer(folder) as writer:
            report = Run(writer, load, Options(workers=workers)).ingest([Path("made")], many)
        assert (report.written, report.failed) == (120, 0)
        dumps.append(dump(folder))
    assert dumps[0] == dumps[1]


@pytest.mark.slow
def test_a_killed_worker_costs_nothing() -> None:
    """When a worker process is killed, the documents that it had are extracted by another."""
    from extractors.pipeline import load

    made = [Document(f"pmid:{number}", "A trial", "Survival was 50%.") for number in range(60)]
    pool = Pool(load, Names(), workers=2)
    results = pool.run(Task(one, one) for one in made)
    done = [next(results)]
    assert pool._executor is not None
    os.kill(next(iter(pool._executor._processes)), signal.SIGKILL)
    done.extend(results)
    pool.close()
    assert [one.task.document for one in done] == made
    assert [one.failure for one in done] == [None] * len(made)
