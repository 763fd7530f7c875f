"""The standard protocols over HTTP: SPARQL 1.1 queries and updates, and the Graph Store Protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pyoxigraph as ox

from kg.dialects import JSON_ANSWER, Dialect, Paths, discover
from kg.reading import Answer
from ontology.errors import QueryError, StoreError

TRIPLES, QUADS = "application/n-triples", "application/n-quads"
PASSWORD = "CARTOGRAPH_STORE_PASSWORD"  # noqa: S105 - the name of an environment variable
_SECONDS = httpx.Timeout(600.0, connect=15.0)
_PROLOGUE = r"(?:\s+|#[^\n\r]*|define\s+\S+\s+\S+|BASE\s*<[^>]*>|PREFIX\s+[^\s:]*:\s*<[^>]*>)*"
_TRIPLE_FORMS = re.compile(_PROLOGUE + r"(?:CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_LONGEST_REASON = 300
_TRIAL = 5000  # rows; above what a report's graph holds


def address(url: str) -> str:
    """Return a URL without user and password, fit to be told; raises StoreError where it isn't one."""
    try:
        return str(httpx.URL(url).copy_with(userinfo=b""))
    except httpx.InvalidURL as error:
        raise StoreError(f"{url}: not a URL: {error}") from error


class Endpoint:
    """One SPARQL server. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Find out how to speak with the server at `url`, whose user part may name a user (and a password).

        The password is better kept in the environment variable CARTOGRAPH_STORE_PASSWORD. Raises StoreError where no
        SPARQL server answers, or it refuses the user.
        """
        given, self.url = httpx.URL(url), address(url)
        user, password = unquote(given.username), unquote(given.password) or os.environ.get(PASSWORD, "")
        self._client = httpx.Client(timeout=_SECONDS, headers={"User-Agent": "cartograph"})
        self._whole = 0
        self._user = (user, password)
        try:
            self.dialect, self._paths = self._discover(user, password)
        except StoreError:
            self._client.close()
            raise
        self._auth = self.dialect.auth(user, password) if user else None
        self._graphs = self.dialect.graphs(self._paths, bool(user))

    def _discover(self, user: str, password: str) -> tuple[Dialect, Paths]:
        try:
            try:
                return discover(self._client, self.url)
            except StoreError:
                if not user:
                    raise
                self._client.auth = Dialect().auth(user, password)
                return discover(self._client, self.url)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def query(self, text: str, parameters: Mapping[str, Sequence[str]]) -> Answer:
        """Return the answer to a query with protocol parameters; raises QueryError for what the server refuses."""
        triples = _TRIPLE_FORMS.match(text) is not None
        form = {"query": self.dialect.head + text, **parameters}
        headers = {"Accept": TRIPLES if triples else JSON_ANSWER}
        reply = self._request("POST", self._paths.query, data=form, headers=headers, refused=QueryError)
        if triples:
            made = _constructed(reply.content)
            self._require_whole(len(made))
            return made.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return ox.parse_query_results(self.dialect.answer(text, reply), format=ox.QueryResultsFormat.JSON)

    def update(self, text: str) -> bool:
        """Make an update, as one transaction; returns False, and does nothing, where the dialect can't."""
        if self._paths.update is None:
            return False
        self._request("POST", self._paths.update, data={"update": text}, auth=self._auth)
        return True

    def get(self, graph: str) -> list[ox.Quad]:
        """Return the quads of a named graph; none where it isn't there."""
        headers, name = {"Accept": TRIPLES}, ox.NamedNode(graph)
        reply = self._request("GET", self._graphs, params=_place(graph), headers=headers, auth=self._auth, missing=True)
        if reply.status_code == httpx.codes.NOT_FOUND:
            return []
        found = ox.parse(reply.content, format=ox.RdfFormat.N_TRIPLES)
        quads = [ox.Quad(q.subject, q.predicate, q.object, name) for q in found]
        self._require_whole(len(quads))
        return quads

    def _require_whole(self, triples: int) -> None:
        """Raise StoreError where an answer of so many triples may be a part: as many rows are asked for to find out."""
        if not self.dialect.cuts_triples or triples < self._whole:
            return
        some = max(_TRIAL, 2 * triples)
        self.query(f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {some}", {})
        self._whole = some

    def put(self, graph: str, triples: bytes) -> None:
        """Make N-Triples the content of a named graph."""
        self._send("PUT", graph, triples)

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a named graph."""
        self._send("POST", graph, triples)

    def remove(self, graph: str) -> None:
        """Remove a named graph, if it's there."""
        self._request("DELETE", self._graphs, params=_place(graph), auth=self._auth, missing=True)

    def load(self, part: Path) -> None:
        """Add the quads of an N-Quads file in one request."""
        with part.open("rb") as file:
            self._request("POST", self._graphs, content=file, headers={"Content-Type": QUADS}, auth=self._auth)

    def credentials(self) -> tuple[str, str]:
        """Return user and password, empty where none were given."""
        return self._user

    def _send(self, method: str, graph: str, triples: bytes) -> None:
        headers = {"Content-Type": TRIPLES}
        self._request(method, self._graphs, params=_place(graph), content=triples, headers=headers, auth=self._auth)

    def _request(
        self,
        method: str,
        address: str,
        *,
        refused: type[QueryError] | type[StoreError] = StoreError,
        missing: bool = False,
        **more: Any,
    ) -> httpx.Response:
        try:
            reply = self._client.request(method, address, **more)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if reply.is_success or (missing and reply.status_code == httpx.codes.NOT_FOUND):
            return reply
        reason = " ".join(reply.text.split())[:_LONGEST_REASON]
        kind = refused if reply.status_code == httpx.codes.BAD_REQUEST else StoreError
        raise kind(f"{self.url}: HTTP {reply.status_code}: {reason}")

    def _unreachable(self, error: Exception) -> StoreError:
        return StoreError(f"{self.url}: can't be reached: {' '.join(str(error).split()) or type(error).__name__}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _place(graph: str) -> dict[str, str]:
    return {"graph": graph, "graph-uri": graph}


def _constructed(triples: bytes) -> ox.Store:
    held = ox.Store()
    held.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES)
    return held
