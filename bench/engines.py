"""The engines that are measured: each loads the same N-Quads files and answers the same SPARQL, in its own way."""

from __future__ import annotations

import csv
import io
import multiprocessing
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

import httpx
import pyoxigraph as ox

from kg.layout import Layout
from kg.store import Reader, Writer
from ontology import terms

PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = {port}
DirsAllowed = {files}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 600
"""


class Engine(ABC):
    """One engine with one graph in it."""

    name: str

    @abstractmethod
    def load(self, files: list[Path], folder: Path) -> None:
        """Take in the files; `folder` is where the engine may keep its data."""

    @abstractmethod
    def ask(self, text: str) -> int:
        """Return how many rows (or triples) the answer has, all of them read."""

    @abstractmethod
    def close(self) -> None:
        """Let everything go."""


class Embedded(Engine):
    """The embedded store: Oxigraph on disk, as `kg.store` keeps it, with the index of figures beside it."""

    name = "embedded (SPARQL)"

    def load(self, files: list[Path], folder: Path) -> None:
        """Load the studies beside, then publish: that builds the index too."""
        Writer(folder).close()
        database = ox.Store(str(Layout(folder).data))
        for file in files[1:]:  # the vocabulary is there
            database.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        database.flush()
        del database
        Layout(folder).unpublished.touch()
        with Writer(folder) as writer:
            writer.publish()
        self.reader = Reader(folder)

    def ask(self, text: str) -> int:
        """Return the number of rows."""
        return sum(1 for _ in _iterable(self.reader.query(text)))

    def close(self) -> None:
        """Close the store."""
        self.reader.close()


def _iterable(answer: Any) -> Any:
    return answer if not isinstance(answer, ox.QueryBoolean) else [answer]


class Virtuoso(Engine):
    """Virtuoso 7 as a server of its own on this machine, asked over HTTP."""

    name = "Virtuoso 7"
    _port, _http = 17111, 17890

    @staticmethod
    def is_here() -> bool:
        """Return whether it is installed (Debian: virtuoso-opensource-7-bin)."""
        return all(shutil.which(program) for program in ("virtuoso-t", "isql-vt"))

    def load(self, files: list[Path], folder: Path) -> None:
        """Start the server and load the files with its bulk loader."""
        folder.mkdir(parents=True)
        ini = folder / "virtuoso.ini"
        ini.write_text(_INI.format(folder=folder, files=files[0].parent, port=self._port, http=self._http))
        self._server = subprocess.Popen(  # noqa: S603
            ["virtuoso-t", "-f", "-c", str(ini)],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self._http}", timeout=600, trust_env=False)
        _until(lambda: self._client.get("/sparql").is_success, 120)
        commands = (
            f"ld_dir('{files[0].parent}', '*.nq', 'https://w3id.org/cartograph/bench'); rdf_loader_run(); checkpoint;"
        )
        subprocess.run(  # noqa: S603
            ["isql-vt", str(self._port), "dba", "dba", f"exec={commands}"],  # noqa: S607
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def ask(self, text: str) -> int:
        """Return the number of rows."""
        format = "text/plain" if "CONSTRUCT" in text else "text/csv"
        answer = self._client.post("/sparql", data={"query": PREFIXES + text, "format": format})
        answer.raise_for_status()
        if format == "text/plain":
            return sum(1 for line in answer.text.splitlines() if line.endswith("."))
        return sum(1 for _ in csv.reader(io.StringIO(answer.text))) - 1

    def close(self) -> None:
        """End the server."""
        self._client.close()
        self._server.terminate()
        self._server.wait()


def _until(ready: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("the server doesn't answer")
        time.sleep(0.5)


class RdflibMemory(Engine):
    """rdflib's memory store, in a process of its own that is ended when it takes too long."""

    name = "rdflib (memory)"

    def __init__(self, cap: float) -> None:
        self._cap = cap
        context = multiprocessing.get_context("spawn")
        self._orders: Any = context.Queue()
        self._answers: Any = context.Queue()
        self._process = context.Process(target=_serve_rdflib, args=(self._orders, self._answers), daemon=True)
        self._process.start()

    def load(self, files: list[Path], folder: Path) -> None:
        """Parse the files; raises TimeoutError beyond the cap."""
        self._told([str(file) for file in files])

    def ask(self, text: str) -> int:
        """Return the number of rows; raises TimeoutError beyond the cap."""
        return self._told(PREFIXES + text)

    def _told(self, order: list[str] | str) -> int:
        if not self._process.is_alive():
            raise TimeoutError
        self._orders.put(order)
        try:
            found: int = self._answers.get(timeout=self._cap)
        except Empty:
            self.close()
            raise TimeoutError from None
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def _serve_rdflib(orders: Any, answers: Any) -> None:
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    while True:
        order = orders.get()
        if isinstance(order, list):
            for file in order:
                dataset.parse(file, format="nquads")
            answers.put(len(order))
        else:
            answers.put(sum(1 for _ in dataset.query(order)))
