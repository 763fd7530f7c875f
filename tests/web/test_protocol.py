"""The SPARQL Protocol over HTTP, against the production server: the cases of the W3C's tests, and others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from ontology import terms

FORM, QUERY, UPDATE = ("application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update")
G1, G2, G3, NOWHERE = (f"http://example.org/graph/{name}" for name in ("1", "2", "3", "nowhere"))
TWO = f"ASK {{ <{G1}> a ?type . <{G2}> a ?type }}"
TWO_NAMED = f"ASK {{ GRAPH ?g1 {{ <{G1}> a ?type }} GRAPH ?g2 {{ <{G2}> a ?type }} }}"
MERGED = urlencode([("default-graph-uri", G1), ("default-graph-uri", G2)])
NAMED = urlencode([("named-graph-uri", G1), ("named-graph-uri", G2)])
ELSEWHERE = urlencode({"default-graph-uri": NOWHERE})
TABLES = frozenset(
    {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
)
GRAPHS = frozenset({"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"})


Ask = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """A request to `/sparql` and what must come back: a status, an ASK's answer, a kind of format."""

    name: str
    method: str = "GET"
    address: str = ""
    body: bytes | None = None
    type: str | None = None
    status: int = 200
    truth: bool | None = None
    types: frozenset[str] = field(default_factory=frozenset)


QUERIES = [
    Case("query in a form", "POST", f"?{ELSEWHERE}", b"query=ASK%20%7B%7D", FORM, truth=True),
    Case("default graphs by GET", address=f"?query={quote(TWO)}&{MERGED}", truth=True),
    Case("default graphs by POST", "POST", f"?{MERGED}", TWO.encode(), QUERY, truth=True),
    Case("named graphs by POST", "POST", f"?{NAMED}", TWO_NAMED.encode(), QUERY, truth=True),
    Case("named graphs by GET", address=f"?query={quote(TWO_NAMED)}&{NAMED}", truth=True),
    Case(
        "both kinds of graphs",
        "POST",
        f"?{urlencode({'default-graph-uri': G3})}&{NAMED}",
        f"ASK {{ <{G3}> a ?type GRAPH ?g1 {{ <{G1}> a ?type }} GRAPH ?g2 {{ <{G2}> a ?type }} }}".encode(),
        QUERY,
        truth=True,
    ),
    Case("the request's graphs go before FROM", "POST", f"?{NAMED}",
         TWO_NAMED.replace("ASK", f"ASK FROM <{G3}>").encode(), QUERY, truth=True),
    Case("query by GET", address=f"?query=ASK%20%7B%7D&{ELSEWHERE}", truth=True),
    Case("SELECT gives a table", "POST", f"?{ELSEWHERE}", b"SELECT (1 AS ?value) {}", QUERY, types=TABLES),
    Case("ASK gives JSON or XML", "POST", f"?{ELSEWHERE}", b"ASK {}", QUERY, truth=True),
    Case("DESCRIBE gives RDF", "POST", f"?{ELSEWHERE}", b"DESCRIBE <http://example.org/>", QUERY, types=GRAPHS),
    Case("CONSTRUCT gives RDF", "POST", f"?{ELSEWHERE}", b"CONSTRUCT { <s> <p> 1 } {}", QUERY, types=GRAPHS),
    Case("query as it is", "POST", "", b"ASK {}", QUERY, truth=True),
    Case("a method that isn't of the protocol", "PUT", f"?query=ASK%20%7B%7D&{ELSEWHERE}", None, FORM, 405),
    Case("two queries", address="?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", status=400),
    Case("a query as plain text", "POST", "", b"ASK {}", "text/plain", 415),
    Case("a form without its type", "POST", "", b"query=ASK%20%7B%7D", None, 415),
    Case("a query without its type", "POST", "", b"ASK {}", None, 415),
    Case("a query in UTF-16", "POST", "", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", 415),
    Case("a query with a fault", address="?query=ASK%20%7B", status=400),
]  # fmt: skip
UPDATES = [
    Case("an update in a form", "POST", "", b"update=CLEAR+ALL", FORM, 403),
    Case("an update as it is", "POST", "", b"CLEAR ALL", UPDATE, 403),
    Case("an update by GET", address="?update=CLEAR%20ALL", status=403),
    Case("an update with graphs", "POST", f"?{urlencode({'using-graph-uri': G1})}", b"DROP ALL", UPDATE, 403),
    Case(
        "an update with named graphs", "POST", f"?{urlencode({'using-named-graph-uri': G1})}", b"DROP ALL", UPDATE, 403
    ),
    Case("two updates", "POST", "", b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, 403),
    Case("an update as plain text", "POST", "", b"CLEAR NAMED", "text/plain", 415),
    Case("an update without its type", "POST", "", b"update=CLEAR%20NAMED", None, 415),
    Case("an update in UTF-16", "POST", "", "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", 403),
    Case("an update with a fault", "POST", "", b"update=CLEAR%20XYZ", FORM, 403),
    Case("an update sent as a query", address=f"?query={quote('INSERT DATA { <a:a> <a:b> 1 }')}", status=403),
    Case("LOAD sent as a query", "POST", "", b"PREFIX : <x:> LOAD <http://127.0.0.1:9/>", QUERY, 403),
]


@pytest.mark.parametrize("case", [*QUERIES, *UPDATES], ids=lambda case: case.name)
def test_requests_of_the_protocol(ask: Ask, case: Case) -> None:
    """Queries are answered however they are sent, updates refused, and what isn't the protocol is told apart."""
    headers = {"Content-Type": case.type} if case.type else {}
    reply = ask(case.method, f"/sparql{case.address}", case.body, headers)
    assert reply.status == case.status, reply.text
    if case.truth is not None:
        assert json.loads(reply.body)["boolean"] is case.truth
    if case.types:
        assert reply.media_type in case.types


def test_nothing_was_changed_by_updates(ask: Ask) -> None:
    """After all refused updates the graphs are as they were."""
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} VALUES ?g {{ <{G1}> <{G2}> <{G3}> }} }}"
    for case in UPDATES:
        ask(case.method, f"/sparql{case.address}", case.body, {"Content-Type": case.type} if case.type else {})
    assert ask("GET", f"/sparql?format=csv&query={quote(count)}").text == "n\r\n3\r\n"


@pytest.mark.parametrize("way", ["GET", "form", "direct"])
def test_percent_signs_survive(ask: Ask, way: str) -> None:
    """What stands in a string comes back letter by letter, whichever way the query was sent."""
    literal = "68%20at + 100% & é 🙂"
    query = f'SELECT ("{literal}" AS ?x) {{}}'
    sent = {
        "GET": ("GET", f"/sparql?{urlencode({'query': query})}", None, {}),
        "form": ("POST", "/sparql", urlencode({"query": query}).encode(), {"Content-Type": FORM}),
        "direct": ("POST", "/sparql", query.encode(), {"Content-Type": f"{QUERY}; charset=utf-8"}),
    }[way]
    assert json.loads(ask(*sent).body)["results"]["bindings"][0]["x"]["value"] == literal


TABLE, GRAPH = "SELECT (1 AS ?x) {}", "CONSTRUCT { <a:a> <a:p> 1 } WHERE {}"


@pytest.mark.parametrize(
    ("query", "accept", "given"),
    [
        (TABLE, None, "application/sparql-results+json"),
        (TABLE, "*/*", "application/sparql-results+json"),
        (TABLE, "application/*", "application/sparql-results+json"),
        (TABLE, "text/*", "text/csv"),
        (TABLE, "text/csv;q=0.5, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        (TABLE, "text/turtle, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        (TABLE, "application/json", "application/json"),
        (TABLE, "*/*;q=0.1, text/csv;q=0", "application/sparql-results+json"),
        (TABLE, "text/html;q=0.3, text/csv;q=0.9", "text/csv"),
        (GRAPH, None, "text/turtle"),
        (GRAPH, "application/n-triples, text/turtle;q=0.9", "application/n-triples"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "application/sparql-results+json, application/ld+json;q=0.2", "application/ld+json"),
        (GRAPH, "text/csv", None),
        (TABLE, "text/turtle", None),
        (TABLE, "image/png", None),
    ],
)
def test_formats_by_accept(ask: Ask, query: str, accept: str | None, given: str | None) -> None:
    """The best of the accepted formats that the kind of answer can have is given, else 406 with a list of them."""
    headers = {"Accept": accept} if accept else {}
    reply = ask("GET", f"/sparql?query={quote(query)}", None, headers)
    assert (reply.status, reply.media_type) == ((200, given) if given else (406, "text/plain"))
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("name", "table", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("csv", "text/csv", None),
        ("tsv", "text/tab-separated-values", None),
        ("turtle", None, "text/turtle"),
        ("nt", None, "application/n-triples"),
        ("jsonld", None, "application/ld+json"),
        ("text/csv", "text/csv", None),
    ],
)
def test_formats_by_name(ask: Ask, name: str, table: str | None, graph: str | None) -> None:
    """`format` goes before `Accept`, also for those who prefer HTML."""
    for query, given in ((TABLE, table), (GRAPH, graph)):
        reply = ask("GET", f"/sparql?query={quote(query)}&format={quote(name)}", None, {"Accept": "text/html"})
        assert (reply.status, reply.media_type) == ((200, given) if given else (406, "text/plain"))


def test_an_unknown_format_is_told(ask: Ask) -> None:
    """A format that isn't known is refused with those that are."""
    reply = ask("GET", f"/sparql?query={quote(TABLE)}&format=docx")
    assert (reply.status, "turtle" in reply.text) == (400, True)


@pytest.mark.parametrize("media_type", sorted(GRAPHS))
def test_graphs_can_be_read_again(ask: Ask, media_type: str) -> None:
    """A graph is the same in each of its formats."""
    query = "CONSTRUCT { <a:a> <a:p> 'x\"\\n<é' , 1.50 , _:b . _:b <a:p> 'y'@en } WHERE {}"
    reply = ask("GET", f"/sparql?query={quote(query)}", None, {"Accept": media_type})
    format = ox.RdfFormat.from_media_type(media_type)
    assert format is not None
    found = ox.Dataset(ox.parse(reply.body, format=format))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert len(found) == 4
    assert any(q.object == ox.Literal('x"\n<é') for q in found)


def test_relative_iris_are_those_of_the_service(ask: Ask) -> None:
    """The base of a query is the address of the service."""
    reply = ask("GET", f"/sparql?query={quote('SELECT (STR(<x>) AS ?x) {}')}&format=csv")
    assert reply.text.endswith("/x\r\n")
    assert "http://127.0.0.1:" in reply.text


def test_a_fault_is_told_with_its_place(ask: Ask) -> None:
    """A query with a fault gets 400 and one line with the line and column of the fault."""
    query = "SELECT * {\n  ?s ?p ?o ]\n}"
    reply = ask("GET", f"/sparql?query={quote(query)}")
    assert (reply.status, reply.media_type) == (400, "text/plain")
    assert reply.text.startswith("line 2, column 12: ‘]’ isn't expected here")


@pytest.mark.parametrize("query", ["SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "ASK FROM <http://no.where/> {}"])
def test_what_leads_elsewhere_is_refused(ask: Ask, query: str) -> None:
    """SERVICE, and FROM a graph that the store hasn't, get 403."""
    assert ask("GET", f"/sparql?query={quote(query)}").status == 403


def test_bytes_that_are_no_text_are_refused(ask: Ask) -> None:
    """Bytes that aren't UTF-8 get 400, in the body, in a form and in the address."""
    assert ask("POST", "/sparql", b"ASK { <a:a> <a:b> '\xff' }", {"Content-Type": QUERY}).status == 400
    assert ask("POST", "/sparql", b"query=ASK%20%7B%20%22%FF%22%7D", {"Content-Type": FORM}).status == 400
    assert ask("GET", "/sparql?query=ASK%FF").status == 400


def test_a_large_body_is_refused(ask: Ask) -> None:
    """A body over 2 MB gets 413; a query that is merely too long gets 403."""
    announced = {"Content-Type": QUERY, "Content-Length": str(2 * 1024 * 1024 + 1)}  # it isn't waited for
    assert ask("POST", "/sparql", None, announced).status == 413
    assert ask("POST", "/sparql", b"ASK {}" + b"#" * 200_000, {"Content-Type": QUERY}).status == 403


@pytest.mark.parametrize("value", ["x", "0", "-1", "nan", "inf"])
def test_a_senseless_time_limit_is_refused(ask: Ask, value: str) -> None:
    """A time limit must be a number of seconds above 0, as a parameter and as a header."""
    assert ask("GET", f"/sparql?query=ASK%7B%7D&timeout={value}").status == 400
    assert ask("GET", "/sparql?query=ASK%7B%7D", None, {"Timeout": value}).status == 400


def test_the_service_describes_itself(ask: Ask) -> None:
    """Without a query the service is described, in the formats for graphs; HEAD gives the same without the body."""
    sd = "http://www.w3.org/ns/sparql-service-description#"
    reply = ask("GET", "/sparql")
    quads = list(ox.parse(reply.body, format=ox.RdfFormat.TURTLE))
    assert any(q.object == ox.NamedNode(f"{sd}SPARQL11Query") for q in quads)
    endpoint = next(q.object.value for q in quads if q.predicate.value == f"{sd}endpoint")
    assert endpoint.endswith("/sparql")
    assert ask("GET", "/sparql", None, {"Accept": "application/rdf+xml"}).media_type == "application/rdf+xml"
    head = ask("HEAD", "/sparql?query=ASK%7B%7D")
    assert (head.status, head.body, head.media_type) == (200, b"", "application/sparql-results+json")


def test_the_data_are_described(ask: Ask) -> None:
    """The description says how many reports and figures there are, in VoID, and declares the prefixes."""
    told = ox.Store()
    told.load(ask("GET", "/sparql").body, format=ox.RdfFormat.TURTLE)
    sizes = "SELECT ?n { ?x a void:Dataset ; void:classPartition [ void:class %s ; void:entities ?n ] }"
    known = dict(terms.PREFIXES)
    for kind in ("cg:Report", "cg:Outcome"):
        counted = f"SELECT (COUNT(*) AS ?n) {{ ?x a {kind} }}"
        held = ask("GET", "/sparql?" + urlencode({"query": counted, "format": "csv"})).text.split()[1]
        answer = told.query(sizes % kind, prefixes=known)
        assert [row["n"].value for row in answer] == [held]  # type: ignore[union-attr]
    declared = told.query("SELECT ?p ?n { ?x sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }", prefixes=known)
    assert {row["p"].value: row["n"].value for row in declared} == known  # type: ignore[union-attr]


def test_browsers_get_the_page(ask: Ask) -> None:
    """Who prefers HTML gets the page with the answer, who doesn't the answer alone."""
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert ask("GET", "/sparql", None, browser).media_type == "text/html"
    assert "true" in ask("GET", "/sparql?query=ASK%7B%7D", None, browser).text


def test_options_tell_the_methods(ask: Ask) -> None:
    """OPTIONS names what is allowed; no other origin is let in unless the operator said so."""
    reply = ask("OPTIONS", "/sparql", None, {"Origin": "https://other.example"})
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= {m.strip() for m in reply.headers["Allow"].split(",")}
    assert "Access-Control-Allow-Origin" not in reply.headers
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        assert ask(method, f"/graphs?graph={quote(G1)}").status == 405


def test_named_graphs_can_be_fetched(ask: Ask) -> None:
    """The Graph Store Protocol gives a named graph, 404 for one that isn't there, and all of them merged."""
    reply = ask("GET", f"/graphs?graph={quote(G1)}", None, {"Accept": "application/n-triples"})
    assert reply.text == f"<{G1}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Document> .\n"
    assert ask("GET", f"/graphs?graph={quote(NOWHERE)}").status == 404
    assert ask("GET", "/graphs").status == 400
    assert ask("GET", f"/graphs?graph={quote(G1)}", None, {"Accept": "text/csv"}).status == 406
    merged = ask("GET", "/graphs?default&format=nt")
    assert all(f"<{graph}>" in merged.text for graph in (G1, G2, G3))
