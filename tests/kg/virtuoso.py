"""A Virtuoso server of the test's own: its own folder, configuration and ports on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PROGRAM = "virtuoso-t"  # as Debian's package virtuoso-opensource calls it
REASON = "Virtuoso isn't installed (Debian's package virtuoso-opensource)"
_CONFIGURATION = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ThreadsPerQuery = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 6
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass(frozen=True, slots=True)
class Virtuoso:
    """A running server: the URL with its administrator's password, the address of its SQL port, and its folder."""

    url: str
    sql: str
    folder: Path


def installed() -> bool:
    """Return whether there is a Virtuoso to start."""
    return shutil.which(PROGRAM) is not None


@contextmanager
def running(folder: Path, rows: int = 1_000_000) -> Iterator[Virtuoso]:
    """Start a server in an empty folder; its answers have at most `rows` rows."""
    http, sql = _free_port(), _free_port()
    configuration = folder / "virtuoso.ini"
    configuration.write_text(_CONFIGURATION.format(folder=folder, http=http, sql=sql, rows=rows), encoding="utf-8")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [PROGRAM, "+configfile", str(configuration), "+foreground"], cwd=folder, stdout=output, stderr=output
        )
    try:
        _wait(process, f"http://127.0.0.1:{http}/sparql")
        yield Virtuoso(f"http://dba:dba@127.0.0.1:{http}/sparql", f"127.0.0.1:{sql}", folder)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(url, timeout=5)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("Virtuoso didn't start")
