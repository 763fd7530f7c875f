"""Loading N-Quads parts into a server's store, the fastest way that it has.

A standard server takes a part in one request. Virtuoso takes it by its own loader where the operator says at which
host:port its SQL is (`CARTOGRAPH_VIRTUOSO_SQL`) and which folder, listed in its `DirsAllowed`, it can read
(`CARTOGRAPH_VIRTUOSO_FOLDER`); else graph by graph.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.endpoint import Endpoint
from kg.rdf import ntriples
from ontology.errors import StoreError

SQL, FOLDER = "CARTOGRAPH_VIRTUOSO_SQL", "CARTOGRAPH_VIRTUOSO_FOLDER"
_CLIENTS = ("isql-vt", "isql")
_CONNECTED = "Connected to"
_LOADED = "DB.DBA.TTLP(file_to_string_output('{path}'), '', 'urn:none', 512); checkpoint;"


def load(endpoint: Endpoint, part: Path) -> None:
    """Add the quads of an N-Quads file; raises StoreError where the server doesn't take them."""
    if endpoint.dialect.loads_quads:
        endpoint.load(part)
    elif os.environ.get(SQL) and os.environ.get(FOLDER):
        _load_by_sql(endpoint, part, os.environ[SQL], Path(os.environ[FOLDER]))
    else:
        for graph, triples in _graphs(part):
            endpoint.add(graph, triples)


def _graphs(part: Path) -> Iterator[tuple[str, bytes]]:
    quads = ox.parse(path=part, format=ox.RdfFormat.N_QUADS)
    for graph, own in groupby(quads, key=lambda quad: str(getattr(quad.graph_name, "value", ""))):
        yield graph, ntriples(own)


def _load_by_sql(endpoint: Endpoint, part: Path, server: str, folder: Path) -> None:
    client = next((found for name in _CLIENTS if (found := shutil.which(name))), None)
    if client is None:
        raise StoreError(f"{endpoint.url}: {SQL} is set, but Virtuoso's SQL client isn't installed ({_CLIENTS[0]})")
    with tempfile.TemporaryDirectory(dir=folder, prefix="cartograph-") as shared:
        copy = Path(shared) / part.name
        shutil.copyfile(part, copy)
        Path(shared).chmod(0o755)
        statement = _LOADED.format(path=str(copy).replace("'", "''"))
        _run(client, endpoint, server, statement)


def _run(client: str, endpoint: Endpoint, server: str, statement: str) -> None:
    """Run a statement by the SQL client.

    The password goes to its standard input, since everybody can read a command line. The client asks for it only after
    a try with a default one has failed, which it tells as an error: what counts is what comes once it is connected.
    """
    user, password = endpoint.credentials()
    done = subprocess.run(  # noqa: S603
        [client, server, *([user] if user else []), f"exec={statement}", "ERRORS=STDOUT"],
        input=f"{password}\n", capture_output=True, text=True, check=False,
        start_new_session=True,  # without the terminal, which it would ask instead
    )  # fmt: skip
    said = done.stdout + done.stderr
    told = said.partition(_CONNECTED)[2] if done.returncode == 0 else said
    if done.returncode or "*** Error" in told:
        reason = " ".join(told.partition("*** Error")[2].split())
        raise StoreError(f"{endpoint.url}: the bulk loader failed: {reason[:300]}")
