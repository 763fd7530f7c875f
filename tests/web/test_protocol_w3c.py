"""The W3C's own tests of the SPARQL Protocol, where CARTOGRAPH_SAMPLES holds them, against the production server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import Graph, Namespace, Node, URIRef
from rdflib.collection import Collection

from kg.store import Change, Writer
from web import create_app

HT, CNT = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2011/content#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"


@dataclass(frozen=True)
class Sent:
    """A request of the manifest and what it expects."""

    test: str
    method: str
    address: str
    body: bytes | None
    headers: dict[str, str]
    classes: frozenset[str]
    truth: bool | None


def read(manifest: Path) -> Iterator[Sent]:
    """Yield the requests of a manifest."""
    graph = Graph().parse(manifest, format="turtle")
    for test, action in graph.subject_objects(MF.action):
        requests = graph.value(action, HT.requests)
        if requests is not None:
            for request in Collection(graph, requests):
                yield sent(graph, test, request)


def sent(graph: Graph, test: Node, request: Node) -> Sent:
    """Return one request."""
    reply, content = graph.value(request, HT.resp), graph.value(request, HT.body)
    headers = graph.value(request, HT.headers)
    fields = list(Collection(graph, headers)) if headers is not None else []
    truth = graph.value(reply, MF.expectedBoolean)
    encoding = str(graph.value(content, CNT.characterEncoding) or "utf-8")
    statuses = graph.objects(reply, MF.expectedStatus)
    return Sent(
        str(test).rpartition("#")[2],
        str(graph.value(request, HT.methodName)),
        "/sparql" + str(graph.value(request, HT.absolutePath)).removeprefix("/sparql/"),
        str(graph.value(content, CNT.chars)).encode(encoding) if content else None,
        {str(graph.value(f, HT.fieldName)): str(graph.value(f, HT.fieldValue)) for f in fields},
        frozenset(str(s).rpartition("StatusCode")[2] for s in statuses if isinstance(s, URIRef)),
        None if truth is None else bool(truth.toPython()),  # type: ignore[attr-defined]
    )


def test_the_tests_of_the_w3c(
    samples: Path,
    tmp_path: Path,
    send: Callable[..., Any],
    serve_app: Callable[..., Any],
) -> None:
    """All tests of queries pass; every update is refused with 4xx."""
    folder = samples / "w3c-sparql-protocol"
    graphs = {DATA.format(k): (folder / f"data{k}.nt").read_bytes() for k in (1, 2, 3)}
    with Writer(tmp_path / "store") as writer:
        writer.write([Change("http://example.org/r", graphs)])
        writer.publish()
    requests = list(read(folder / "manifest.ttl"))
    assert len(requests) >= 34
    with serve_app(create_app(tmp_path / "store")) as site:
        wrong = [r.test for r in requests if not is_right(r, send(site, r.method, r.address, r.body, r.headers))]
    assert wrong == []


def is_right(request: Sent, reply: Any) -> bool:
    """Whether a reply is what the manifest expects, or the refusal of an update."""
    if request.test.startswith("update_"):
        is_check = request.headers.get("content-type", "").endswith("query")
        return bool(reply.status == (200 if is_check else 403))
    if f"{reply.status // 100}xx" not in request.classes:
        return False
    return request.truth is None or json.loads(reply.body)["boolean"] is request.truth
