"""Where SPARQL servers differ: paths, passwords, answers and loading. Nothing else in the package knows one by name.

`standard` is any server of SPARQL 1.1 Query, Update and Graph Store Protocol whose default graph is the union of all
graphs. Virtuoso differs in this:

- It has paths of its own, and asks for digest authentication.
- It leaves rows and triples out without an error where its configuration limits them (`ResultSetMaxRows`). Of rows a
  header says so, which becomes an error here; of triples nothing does, so that as many rows are asked for as a trial.
- GROUP BY a variable that is unbound in some rows gives it the value of another row (7.2.5), unless joins are made by
  hash: every query asks for that.
- Long texts beyond ASCII may come in another order.
- It answers ASK with a row, writes booleans as 0 and 1, literals by the names of SPARQL 1.0, and the GROUP_CONCAT of
  nothing as empty text.
- An update of several graphs isn't one transaction, and long ones don't compile. Graphs are put one by one, the
  provenance last: until it is there, the report counts as not written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from ontology import terms
from ontology.errors import StoreError

_CONCATENATED = re.compile(r"\bGROUP_CONCAT\b.*?\bAS\s+[?$](\w+)", re.IGNORECASE | re.DOTALL)
_ASKED = "__ASK_RETVAL"
_BOOLEAN = terms.XSD + "boolean"


@dataclass(frozen=True, slots=True)
class Paths:
    """The addresses of a server: for queries, updates (None: graphs are put), and its graph store."""

    query: str
    update: str | None
    graphs: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to speak with one kind of server; this one is the standard."""

    name: str = "standard"
    head: str = ""
    loads_quads: bool = True
    cuts_triples: bool = False

    def auth(self, user: str, password: str) -> httpx.Auth:
        """Return how a user is told to the server."""
        return httpx.BasicAuth(user, password)

    def answer(self, query: str, reply: httpx.Response) -> bytes:
        """Return the rows of an answer, as SPARQL 1.1 Query Results JSON; StoreError where some were left out."""
        return reply.content

    def graphs(self, paths: Paths, allowed: bool) -> str:
        """Return the graph store's address, for those who gave a password or not."""
        return paths.graphs


@dataclass(frozen=True, slots=True)
class Virtuoso(Dialect):
    """OpenLink Virtuoso 7."""

    name: str = "Virtuoso"
    head: str = 'define sql:select-option "hash"\n'
    loads_quads: bool = False
    cuts_triples: bool = True

    def auth(self, user: str, password: str) -> httpx.Auth:
        """Return digest authentication."""
        return httpx.DigestAuth(user, password)

    def answer(self, query: str, reply: httpx.Response) -> bytes:
        """Return the rows as the standard has them."""
        if limit := reply.headers.get("X-SPARQL-MaxRows"):
            raise StoreError(f"the server answers with {limit} rows at most: raise its ResultSetMaxRows")
        found = json.loads(reply.content)
        if found["head"].get("vars") == [_ASKED]:
            rows = found["results"]["bindings"]
            return json.dumps(
                {"head": {}, "boolean": bool(rows) and rows[0][_ASKED]["value"] in ("1", "true")}
            ).encode()
        maybe_empty = frozenset(_CONCATENATED.findall(query))
        found["results"]["bindings"] = [_levelled(row, maybe_empty) for row in found["results"]["bindings"]]
        return json.dumps(found, ensure_ascii=False).encode()

    def graphs(self, paths: Paths, allowed: bool) -> str:
        """Return the address where passwords are asked for, or the open one."""
        return paths.graphs + ("-auth" if allowed else "")


STANDARD, VIRTUOSO = Dialect(), Virtuoso()


def _levelled(row: Mapping[str, Mapping[str, Any]], maybe_empty: frozenset[str]) -> dict[str, dict[str, Any]]:
    terms_of = {name: dict(term) for name, term in row.items() if not (name in maybe_empty and term["value"] == "")}
    for term in terms_of.values():
        if term["type"] == "typed-literal":
            term["type"] = "literal"
        if term.get("datatype") == _BOOLEAN:
            term["value"] = {"0": "false", "1": "true"}.get(term["value"], term["value"])
    return terms_of


JSON_ANSWER = "application/sparql-results+json"


def discover(client: httpx.Client, url: str) -> tuple[Dialect, Paths]:
    """Return how to speak with the server at `url`, and its addresses: found by asking it.

    `url` is the server's, the data set's, or that of its queries. Raises StoreError where no SPARQL is answered.
    """
    base = re.sub(r"/(sparql|query)/?$", "", url.rstrip("/"))
    for path in ("query", "sparql"):
        reply = client.get(f"{base}/{path}", params={"query": "ASK {}"}, headers={"Accept": JSON_ANSWER})
        if reply.headers.get("Server", "").startswith("Virtuoso") and path == "sparql" and reply.is_success:
            return VIRTUOSO, Paths(f"{base}/sparql", None, f"{base}/sparql-graph-crud")
        if reply.is_success and "json" in reply.headers.get("Content-Type", ""):
            return STANDARD, Paths(f"{base}/{path}", f"{base}/update", _graph_store(client, base))
        if reply.status_code in (401, 403):
            raise StoreError(f"{url}: the server refuses this user (HTTP {reply.status_code})")
    raise StoreError(f"{url}: no SPARQL server answers here")


def _graph_store(client: httpx.Client, base: str) -> str:
    for path in ("store", "data"):
        reply = client.get(f"{base}/{path}?default", headers={"Accept": "application/n-triples"})
        if reply.is_success:
            return f"{base}/{path}"
    raise StoreError(f"{base}: the server has no graph store (looked for /store and /data)")
