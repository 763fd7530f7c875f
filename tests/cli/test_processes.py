"""The command as a process of its own: pipes, a full disk, Ctrl-C, the demo and its server."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kg.store import Reader
from tests.cli.conftest import TEXT, line, run


def cartograph(*arguments: str | Path, root: Path) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_closed_pipe_ends_quietly(store: Path, root: Path) -> None:
    """A reader that has seen enough (`| head -1`) causes no message."""
    with cartograph("export", "--store", store, root=root) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


def test_output_that_cannot_be_written_is_one_line(store: Path, root: Path) -> None:
    """Standard output on a full disk gives one clear line and exit code 2."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = [sys.executable, "-c", "from kg.cli import main; main()", "export", "--store", str(store)]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(command, cwd=root, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr) == (2, "cartograph: output: No space left on device\n")


def test_ctrl_c_finishes_the_document_in_hand(tmp_path: Path, root: Path) -> None:
    """Interrupted, ingest publishes what it has, reports, and the next run does the rest."""
    many = tmp_path / "many.jsonl"
    many.write_text("".join(line(number, TEXT * 5) for number in range(300)))
    folder = tmp_path / "store"
    with cartograph("ingest", many, "--store", folder, "--workers", "1", "--no-progress", root=root) as process:
        deadline = time.monotonic() + 60
        while not (folder / "failures.jsonl").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert "(interrupted)" in said
    assert "Traceback" not in said
    with Reader(folder) as reader:
        done = len(reader.reports())
    assert 0 < done < 300


@pytest.mark.slow
def test_the_demo_shows_a_table_and_serves(tmp_path: Path, root: Path) -> None:
    """Demo ingests the bundled studies, prints a comparison with sources, says the address, and serves."""
    folder = tmp_path / "demo"
    shown = run("demo", "--no-serve", "--store", folder)
    assert shown.exit_code == 0
    assert "Complete response by CAR T product" in shown.stdout
    with cartograph("demo", "--store", folder, "--port", "0", root=root) as process:
        assert process.stderr is not None
        address = _address(process)
        connection = HTTPConnection(address, timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _address(process: subprocess.Popen[str]) -> str:
    """Read what the demo says until it names its address."""
    assert process.stdout is not None
    assert process.stderr is not None
    threading.Thread(target=process.stdout.read, daemon=True).start()
    for said in process.stderr:
        if "http://" in said:
            return said.partition("http://")[2].split()[0].rstrip("/")
    raise AssertionError("no address was told")
