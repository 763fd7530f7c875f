"""Extraction on a Dask cluster: the same bytes as here, whatever happens to its workers; and parts on disk."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extractors.document import Citation, Deletion, Document, Notice, Origin
from kg.cli import main
from kg.ingest import Item, Options, Run
from kg.mapping import to_quads
from kg.rdf import canonical
from kg.run_report import RunReport
from kg.status import status_of
from kg.store import Change, Reader, Writer
from kg.work import Factory
from ontology.errors import ClusterError, StoreError
from tests.kg import cluster_extractor
from tests.kg.conftest import ReferenceExtractor

dask = pytest.importorskip("dask", reason="needs the extra cartograph-kg[cluster]")
distributed = pytest.importorskip("distributed", reason="needs the extra cartograph-kg[cluster]")


def document(number: int, text: str = "Survival was 50%.", *notices: Notice) -> Document:
    """Return a document with a PubMed number."""
    return Document(f"pmid:{number}", f"Trial {number}", text, Citation(pmid=str(number)), notices=notices)


def items() -> list[Item]:
    """Return documents among which some come again, change, fail, are deleted or are retracted."""
    made: list[Item] = [document(number) for number in range(1, 181)]
    made[40] = document(12)
    made[60] = document(30, "Survival was 55%.")
    made[80] = document(81, "fail here")
    made[90] = Deletion("7", Origin("update.xml", 9, "pubmed-xml"))
    made[100] = document(101, "", Notice("retraction", "3"))
    made[110] = document(111, "", Notice("retraction", "120"))
    return made


def ingest(store: Path, options: Options, given: list[Item], factory: Factory = cluster_extractor.load) -> RunReport:
    """Take items in."""
    with Writer(store) as writer:
        return Run(writer, factory, options).ingest([Path("items")], lambda path: given)


def dump(store: Path) -> bytes:
    """Return the canonical N-Quads of a store."""
    with Reader(store) as reader:
        return canonical(reader.quads())


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a cluster of two worker processes."""
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(processes=True, **settings) as started,
    ):
        yield started


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(cluster: Any, tmp_path: Path) -> None:
    """One of two worker processes is killed on the way: the store is that of a local run, and so are the counts."""
    local = ingest(tmp_path / "local", Options(workers=1), items())
    victim = next(worker.process.pid for worker in cluster.workers.values())

    def kill(report: RunReport) -> None:
        if report.read == 1:
            os.kill(victim, signal.SIGKILL)

    with Writer(tmp_path / "far") as writer:
        run = Run(writer, cluster_extractor.load, Options(scheduler=cluster.scheduler_address), progress=kill)
        far = run.ingest([Path("items")], lambda path: items())
    assert far == local
    assert dump(tmp_path / "far") == dump(tmp_path / "local")
    assert list((tmp_path / "far" / "parts").iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_document_that_kills_workers_fails_alone(cluster: Any, tmp_path: Path) -> None:
    """The others of its block are extracted, and it's told as a failure."""
    given: list[Item] = [document(1), document(2, "die here"), document(3)]
    report = ingest(tmp_path / "far", Options(scheduler=cluster.scheduler_address), given)
    assert (report.written, report.failed) == (2, 1)
    assert '"id": "pmid:2"' in (tmp_path / "far" / "failures.jsonl").read_text()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_command_line(
    cluster: Any, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    """`ingest --scheduler` takes files in by the cluster; a second run finds nothing to do."""
    monkeypatch.setattr("kg.commands.running.load", cluster_extractor.load)
    words = ["ingest", str(documents), "--store", str(tmp_path / "s"), "--scheduler", cluster.scheduler_address]
    first, second = (CliRunner().invoke(main, words) for _ in range(2))
    assert "6 read, 6 written" in first.stderr
    assert "0 written (0 figures), 6 unchanged" in second.stderr


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_workers_of_another_version_are_refused(cluster: Any, tmp_path: Path) -> None:
    """A worker that would extract otherwise isn't let do it."""

    class Newer(ReferenceExtractor):
        pass

    with Writer(tmp_path / "s") as writer:
        run = Run(writer, cluster_extractor.load, Options(scheduler=cluster.scheduler_address))
        run._extractor = Newer([], "reference-2")
        with pytest.raises(ClusterError, match="a worker has extractor reference-1, "):
            run.ingest([Path("items")], lambda path: [document(1)])


@pytest.mark.filterwarnings("default")
def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no scheduler answers, the error is one clear line."""
    monkeypatch.setattr("kg.cluster._CONNECT_SECONDS", 0.5)
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        ingest(tmp_path / "s", Options(scheduler="tcp://127.0.0.1:9"), [document(1)])


def change(number: int) -> Change:
    """Return the change that writes a report."""
    record = ReferenceExtractor([]).extract(document(number))
    return Change.of(f"https://w3id.org/cartograph/report/pmid-{number}", to_quads(record))


def test_parts_that_a_killed_run_left_are_loaded_by_the_next(tmp_path: Path) -> None:
    """Whole reports count, half ones don't; loading some again does no harm, and whoever opens the store loads them."""
    part = tmp_path / "s" / "parts" / "000001.nq"
    with Writer(tmp_path / "s") as writer:
        for number in range(1, 6):
            writer.parts.add(change(number))
        writer.write([change(1)])
    whole = part.read_bytes()
    for left, reports in ((whole[:-7], 4), (whole[:-7] + b"\0" * 7, 4), (b"# half a he", 4), (whole, 5)):
        part.write_bytes(left)
        assert status_of(tmp_path / "s").unfinished
        with Writer(tmp_path / "s") as writer:
            writer.finish()
        assert not part.exists()
        assert not status_of(tmp_path / "s").unfinished
        with Reader(tmp_path / "s") as reader:
            assert len(reader.reports()) == reports


def test_a_part_that_cannot_be_written_keeps_what_is_whole(tmp_path: Path) -> None:
    """A report that doesn't fit on the disk any more is told of and leaves no trace; those before it count."""
    with Writer(tmp_path / "s") as writer:
        writer.parts.add(change(1))
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "s/parts/000001.nq").stat().st_size + 99, limit[1]))
        try:
            with pytest.raises(StoreError, match="parts: can't be written"):
                writer.parts.add(change(2))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        writer.finish()
    with Reader(tmp_path / "s") as reader:
        assert len(reader.reports()) == 1
