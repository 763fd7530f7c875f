"""A SPARQL server over Oxigraph in memory: the standard protocols, on loopback, in a thread of the test's process."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

JSON, TRIPLES, QUADS = "application/sparql-results+json", "application/n-triples", "application/n-quads"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def _handle(self) -> None:
        address = urlsplit(self.path)
        parameters = parse_qs(address.query, keep_blank_values=True)
        body = self._body()
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            parameters |= parse_qs(body.decode(), keep_blank_values=True)
        known = {"/query": self._query, "/update": self._update, "/store": self._store}
        try:
            status, kind, reply = known[address.path](parameters, body)
        except KeyError:
            status, kind, reply = 404, "text/plain", b"nothing here"
        except (SyntaxError, ValueError) as error:
            status, kind, reply = 400, "text/plain", str(error).encode()
        self.server.requests.append((self.command, address.path, status))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = do_PUT = do_DELETE = _handle

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _query(self, parameters: dict[str, list[str]], body: bytes) -> tuple[int, str, bytes]:
        text = parameters["query"][0]
        named: list[ox.NamedNode | ox.BlankNode] = [
            ox.NamedNode(graph) for graph in parameters.get("named-graph-uri", [])
        ]
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
            ox.NamedNode(graph) for graph in parameters.get("default-graph-uri", [])
        ]
        told = bool(named or default or "FROM" in text)
        found = self.server.store.query(
            text,
            use_default_graph_as_union=self.server.union and not told,
            default_graph=default or None,
            named_graphs=named or None,
        )
        output = BytesIO()
        if isinstance(found, ox.QueryTriples):
            found.serialize(output, format=ox.RdfFormat.N_TRIPLES)
            return 200, TRIPLES, output.getvalue()
        found.serialize(output, format=ox.QueryResultsFormat.JSON)
        return 200, JSON, output.getvalue()

    def _update(self, parameters: dict[str, list[str]], body: bytes) -> tuple[int, str, bytes]:
        self.server.store.update(parameters["update"][0])
        return 204, "text/plain", b""

    def _store(self, parameters: dict[str, list[str]], body: bytes) -> tuple[int, str, bytes]:
        store = self.server.store
        graph = ox.NamedNode(parameters["graph"][0]) if "graph" in parameters else None
        if self.command == "GET":
            if graph is not None and not store.contains_named_graph(graph):
                return 404, "text/plain", b"no such graph"
            output = BytesIO()
            store.dump(output, format=ox.RdfFormat.N_TRIPLES, from_graph=graph or ox.DefaultGraph())
            return 200, TRIPLES, output.getvalue()
        if self.command in ("PUT", "DELETE") and graph is not None:
            store.remove_graph(graph)
        if self.command in ("PUT", "POST"):
            form = ox.RdfFormat.N_QUADS if graph is None else ox.RdfFormat.N_TRIPLES
            store.bulk_load(body, format=form, to_graph=graph)
        return 204, "text/plain", b""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    store: ox.Store
    union: bool
    requests: list[tuple[str, str, int]]


class OxigraphServer:
    """The server; `store` is its data, `requests` the method, path and status of all requests."""

    def __init__(self, union: bool = True) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.store, self._server.union, self._server.requests = ox.Store(), union, []
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def store(self) -> ox.Store:
        """The data."""
        return self._server.store

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """What was asked so far."""
        return self._server.requests

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
