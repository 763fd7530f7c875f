"""Ontology and vocabulary as they are loaded beside the data, with the closure of `skos:broader` kept ready.

`?concept cg:within ?c` holds for `?c` and all that is narrower: a path query (`skos:broader*`) costs a second on large
stores where this join costs milliseconds.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from kg.iris import Names
from kg.rdf import Sheet, iri
from ontology import terms
from ontology.vocabulary import load

FILES = ("vocabulary.ttl", "cartograph.ttl")


def vocabulary_version() -> str:
    """Return a version that changes whenever the packaged files do."""
    return hashlib.sha256(b"".join(_files())).hexdigest()[:16]


@cache
def vocabulary_quads(names: Names) -> tuple[ox.Quad, ...]:
    """Return all quads of the two vocabulary graphs, the version among them."""
    parsed = [quad for turtle in _files() for quad in _parsed(turtle, names)]
    note = Sheet(names.vocabulary)
    note.note(terms.CGV.rstrip("/"), terms.VOCABULARY_VERSION, vocabulary_version())
    return (*parsed, *note.quads, *_closure(names))


def _files() -> list[bytes]:
    folder = resources.files("ontology")
    return [folder.joinpath(name).read_bytes() for name in FILES]


def _parsed(turtle: bytes, names: Names) -> list[ox.Quad]:
    """Read one file. Its blank nodes become IRIs, by their labels in canonical RDF: every store holds the same."""
    dataset = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    prefix = names.base + f".well-known/genid/{hashlib.sha256(turtle).hexdigest()[:8]}-"
    graph = iri(names.vocabulary)
    quads = (ox.Quad(_named(q.subject, prefix), q.predicate, _named(q.object, prefix), graph) for q in dataset)
    return sorted(quads, key=str)


def _named(term: Any, prefix: str) -> Any:
    return iri(prefix + term.value) if isinstance(term, ox.BlankNode) else term


def _closure(names: Names) -> list[ox.Quad]:
    vocabulary, sheet = load(), Sheet(names.closure)
    for concept in vocabulary.concepts:
        sheet.link(concept.iri, terms.WITHIN, *sorted(vocabulary.broader(concept.iri)))
    return sheet.quads
