"""The server command: a real server on loopback, and its refusals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ontology.errors import StoreError
from web.serve import listen, run, serve

COMMAND = [sys.executable, "-c", "from web.serve import serve; serve()"]


def test_pages_come_over_http(site: str) -> None:
    """The production server gives pages and files, keeps quiet about itself, and refuses large bodies."""
    with urllib.request.urlopen(site + "studies?q=lymphoma") as answer:
        assert answer.status == 200
        assert b"<h1" in answer.read()
        assert "Server" not in answer.headers or "waitress" not in answer.headers["Server"]


def test_many_readers_at_once(site: str) -> None:
    """Readers at the same time all get their page."""
    statuses: list[int] = []

    def read(k: int) -> None:
        with urllib.request.urlopen(f"{site}studies?page={k % 3}") as answer:
            answer.read()
            statuses.append(answer.status)

    readers = [threading.Thread(target=read, args=(k,)) for k in range(12)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert statuses == [200] * 12


def test_a_taken_port_is_told(store: Path) -> None:
    """A port that another process has gives one clear line that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(serve, ["--store", str(store), "--port", str(port)])
    assert result.exit_code == 1
    assert result.stderr == f"Error: port {port} of 127.0.0.1 is taken; choose another with --port\n"


@pytest.mark.parametrize(("host", "words"), [("203.0.113.7", "isn't an address"), ("no.such.host.invalid", "listen")])
def test_an_impossible_address_is_told(host: str, words: str) -> None:
    """An address that isn't this machine's, or no address, gives one clear line."""
    with pytest.raises(click.ClickException, match=words):
        listen(host, 0)


def test_a_missing_store_ends_the_command(tmp_path: Path) -> None:
    """Without a store the command doesn't start a server."""
    with pytest.raises(StoreError, match="no store here"):
        run(tmp_path / "nowhere", "127.0.0.1", 0)


def test_the_command_tells_its_address_and_ends(store: Path, root: Path) -> None:
    """The address comes on standard error, standard output stays empty, and an interrupt ends the server cleanly."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [*COMMAND, "--store", str(store), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"Reading {store}\n"
        line = process.stderr.readline()
        assert line.startswith("Cartograph shows 32 studies at http://127.0.0.1:")
        with urllib.request.urlopen(line.split(" at ")[1].split()[0]) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        output, talk = process.communicate(timeout=20)
    assert (output, talk, process.returncode) == ("", "Ended.\n", 0)


def test_help_needs_neither_flask_nor_the_store(root: Path) -> None:
    """Listing the command loads neither Flask nor what the graph needs."""
    heavy = {"flask", "waitress", "pyoxigraph", "pandas", "spacy"}
    code = f"import sys, web.serve; print(sorted({heavy!r} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
