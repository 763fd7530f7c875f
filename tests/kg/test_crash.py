"""Runs that are killed, lose the disk or their rights, and the runs that go on; readers see no half document."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from extractors.evidence import EvidenceRecord
from kg.rdf import canonical
from kg.records import records as stored_records
from kg.store import Reader, Writer
from tests.kg.conftest import read_records, write_documents

KILLS = {"ingest": 20, "refresh": 20, "export": 12}
MANY = 120
JSON = {"Accept": "application/sparql-results+json"}
HALF = """SELECT (COUNT(*) AS ?n) WHERE { ?r a cg:Report
  FILTER(NOT EXISTS { ?r cg:recordJson ?json } || NOT EXISTS { ?r cg:reports ?study }
         || NOT EXISTS { ?r dcterms:title ?title }) }"""


@pytest.fixture
def source(tmp_path: Path, records: list[EvidenceRecord]) -> Path:
    """Return a file of many documents."""
    return write_documents(tmp_path / "many.jsonl", records[:MANY])


def run(root: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """Start `tests.kg.crash_run` as a process of its own."""
    command = [*before, sys.executable, "-m", "tests.kg.crash_run", *words]
    return subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> float:
    """Wait for a process that must succeed; returns the seconds that it took from now."""
    began = time.monotonic()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return time.monotonic() - began


def dump(store: Path) -> bytes:
    """Return the canonical N-Quads of the published snapshot."""
    with Reader(store) as reader:
        return canonical(reader.quads())


def require_whole(store: Path) -> None:
    """Check that each report of the published snapshot has all figures of its record."""
    with Reader(store) as reader:
        rows = reader.select("SELECT ?r (COUNT(?o) AS ?n) WHERE { ?r cg:reports/cg:hasOutcome ?o } GROUP BY ?r")
        counts = {str(row[0])[1:-1]: int(getattr(row[1], "value", 0)) for row in rows}
        for report, record in stored_records(reader):
            assert counts.get(report, 0) == len(record.outcomes), report


def kill_often(
    times: int, start: Callable[[], subprocess.Popen[str]], seconds: float, after: Callable[[], None]
) -> None:
    """Start a process again and again, and kill it at a random moment of the seconds that a whole run takes."""
    chance = random.Random(7)
    for _ in range(times):
        process = start()
        try:
            process.wait(chance.uniform(0.3, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        after()


@contextmanager
def pages(store: Path, root: Path) -> Iterator[list[str]]:
    """Serve the web pages of a store all along, ask them again and again, and collect what they shouldn't say."""
    words = ["from kg.cli import main; main()", "serve", "--store", str(store), "--port", "0"]
    server = subprocess.Popen(
        [sys.executable, "-c", *words], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    wrong: list[str] = []
    ended = threading.Event()
    asking = threading.Thread(target=_ask, args=(server, wrong, ended))
    asking.start()
    try:
        yield wrong
    finally:
        ended.set()
        asking.join()
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def _ask(server: subprocess.Popen[str], wrong: list[str], ended: threading.Event) -> None:
    assert server.stdout is not None
    address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
    with httpx.Client(base_url=address.rstrip("/."), timeout=60) as client:
        asked = 0
        while not ended.wait(0.3):
            page = client.get("/")
            answer = client.get(
                "/sparql", params={"query": HALF}, headers={"Accept": "application/sparql-results+json"}
            )
            if page.status_code != 200 or answer.status_code != 200:
                wrong.append(f"{page.status_code} {answer.status_code} {answer.text[:200]}")
            elif answer.json()["results"]["bindings"][0]["n"]["value"] != "0":
                wrong.append(answer.text)
            asked += 1
        if not asked:
            wrong.append("the pages were never asked")


@pytest.mark.slow
def test_killed_runs_lose_nothing_and_double_nothing(tmp_path: Path, root: Path, source: Path) -> None:
    """Ingest, then refresh, killed at random moments again and again, then finished: the bytes of undisturbed runs.

    The pages that were served all along never showed half a report, and each snapshot on the way was whole.
    """
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    Writer(killed).close()
    with pages(killed, root) as wrong:
        for version, what in (("v1", "ingest"), ("v2", "refresh")):
            seconds = finish(run(root, str(source), str(whole), version))
            kill_often(
                KILLS[what],
                lambda version=version: run(root, str(source), str(killed), version),  # type: ignore[misc]
                seconds,
                lambda: require_whole(killed),
            )
            finish(run(root, str(source), str(killed), version))
            assert dump(killed) == dump(whole)
    assert wrong == []


@pytest.mark.slow
def test_a_killed_export_leaves_a_whole_file_or_none(tmp_path: Path, root: Path, reference_store: Path) -> None:
    """Whenever it is killed, the file named is the old one, a whole new one, or not there."""
    output = tmp_path / "out.nq"
    words = ["from kg.cli import main; main()", "export", "--store", str(reference_store), "--output", str(output)]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", *words], cwd=root, stderr=subprocess.PIPE, text=True)

    def check() -> None:
        if output.exists():
            assert output.read_bytes() == whole
            output.unlink()

    seconds = finish(start())
    whole = output.read_bytes()
    output.unlink()
    kill_often(KILLS["export"], start, seconds, check)
    finish(start())
    assert output.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["out.nq"]


@pytest.mark.slow
def test_a_run_on_a_full_disk_says_so_and_is_finished_by_the_next(
    small_disk: Path, tmp_path: Path, root: Path, source: Path
) -> None:
    """One clear line, a store that can be read, and once there is space again the bytes of an undisturbed run."""
    store, filler = small_disk / "s", small_disk / "filler"
    (tmp_path / "first").mkdir()
    one = write_documents(tmp_path / "first" / source.name, read_records(source)[:1])
    finish(run(root, str(one), str(store), "v1"))
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 2**18))
    process = run(root, str(source), str(store), "v1")
    _, said = process.communicate(timeout=300)
    assert (process.returncode, said.count("\n")) == (2, 1)
    assert "No space left" in said
    require_whole(store)
    filler.unlink()
    finish(run(root, str(source), str(store), "v1"))
    finish(run(root, str(source), str(tmp_path / "whole"), "v1"))
    assert dump(store) == dump(tmp_path / "whole")


@pytest.mark.slow
def test_a_run_that_loses_its_rights_says_so_and_is_finished_by_the_next(
    tmp_path: Path, root: Path, source: Path
) -> None:
    """One clear line, a store that can be read, and with the rights back the bytes of an undisturbed run."""
    bare = shutil.which("setpriv") if os.geteuid() == 0 else None
    if os.geteuid() == 0 and bare is None:
        pytest.skip("needs setpriv, since the superuser may write anywhere")
    before = (bare, "--bounding-set=-dac_override,-dac_read_search") if bare else ()
    store = tmp_path / "s"
    process = run(root, str(source), str(store), "v1", "lose", before=before)
    _, said = process.communicate(timeout=300)
    for folder in (store, store / "data", store / "snapshots"):
        folder.chmod(0o700)
    assert (process.returncode, said.count("\n")) == (2, 1), said
    assert "ermission denied" in said
    require_whole(store)
    finish(run(root, str(source), str(store), "v1"))
    finish(run(root, str(source), str(tmp_path / "whole"), "v1"))
    assert dump(store) == dump(tmp_path / "whole")


@pytest.mark.slow
def test_control_c_ends_a_run_after_the_document_in_hand(tmp_path: Path, root: Path) -> None:
    """The command says what it did and exits with 130; the next run goes on from there."""
    lines = (root / "kg" / "corpus" / "corpus.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    some, store = tmp_path / "some.jsonl", tmp_path / "s"
    some.write_text("".join(lines[:45]), encoding="utf-8")
    words = ["from kg.cli import main; main()", "ingest", str(some), "--store", str(store), "--workers", "1"]
    process = subprocess.Popen([sys.executable, "-c", *words], cwd=root, stderr=subprocess.PIPE, text=True)
    while not (store / "failures.jsonl").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "(interrupted)" in said
    second = subprocess.run([sys.executable, "-c", *words], cwd=root, stderr=subprocess.PIPE, text=True, check=False)
    assert "45 read" in second.stderr
