"""RDF: canonical N-Quads, TriG, Turtle and JSON-LD. Written graph by graph, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from kg.iris import assertion, provenance
from kg.rdf import canonical, ntriples
from kg.store import Reading
from ontology import terms


def _graphs(store: Reading, reports: tuple[str, ...]) -> Iterator[str]:
    """Yield the graphs to write in the order of their IRIs: of all reports also what belongs to none of them."""
    if len(reports) == 1:
        yield from (assertion(reports[0]), provenance(reports[0]))
    else:
        yield from store.graphs()


def nquads(store: Reading, output: IO[bytes], reports: tuple[str, ...]) -> None:
    """Write N-Quads, canonical within each graph, the graphs in the order of their IRIs."""
    for graph in _graphs(store, reports):
        output.write(canonical(store.quads(graph)))


def trig(store: Reading, output: IO[bytes], reports: tuple[str, ...]) -> None:
    """Write TriG, with prefixes."""
    output.write(_prefixes())
    for graph in _graphs(store, reports):
        body = b"".join(b"  " + line for line in _turtle_body(store, graph).splitlines(keepends=True))
        output.write(f"\n<{graph}> {{\n".encode() + body + b"}\n")


def turtle(store: Reading, output: IO[bytes], reports: tuple[str, ...]) -> None:
    """Write what reports say as Turtle, without graph names."""
    output.write(_prefixes())
    for report in reports:
        output.write(b"\n" + _turtle_body(store, assertion(report)))


def jsonld(store: Reading, output: IO[bytes], reports: tuple[str, ...]) -> None:
    """Write what reports say as JSON-LD: a context and one node object for each thing, on a line of its own."""
    context = json.dumps(dict(terms.PREFIXES), separators=(",", ":"))
    output.write(f'{{"@context":{context},"@graph":['.encode())
    first = True
    for report in reports:
        for node in _nodes(store, assertion(report)):
            output.write(b"\n" if first else b",\n")
            output.write(json.dumps(node, ensure_ascii=False).encode())
            first = False
    output.write(b"\n]}\n")


def _nodes(store: Reading, graph: str) -> list[dict[str, object]]:
    import rdflib

    parsed = rdflib.Graph().parse(data=ntriples(store.quads(graph)), format="nt")
    text = parsed.serialize(format="json-ld", context=dict(terms.PREFIXES))
    nodes: list[dict[str, object]] = json.loads(text)["@graph"]
    return sorted(nodes, key=lambda node: str(node["@id"]))


def _prefixes() -> bytes:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(terms.PREFIXES.items())).encode()


def _turtle_body(store: Reading, graph: str) -> bytes:
    triples = sorted((q.triple for q in store.quads(graph)), key=str)
    text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(terms.PREFIXES)) or b""
    return b"".join(line for line in text.splitlines(keepends=True) if not line.startswith(b"@prefix"))
