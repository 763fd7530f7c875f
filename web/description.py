"""What the SPARQL service says of itself: SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox

from kg import worker_answers
from kg.rdf import iri, literal
from kg.worker_answers import Cap, Written
from ontology import terms

_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_FORMAT_BASE = "http://www.w3.org/ns/formats/"
_FEATURES = ("UnionDefaultGraph",)
_WHOLE = Cap(rows=1000, size=1_000_000)


def written(endpoint: str, format: str) -> Written:
    """Return the description of the service at `endpoint` in a format for graphs."""
    return worker_answers.graph(_triples(endpoint), format, _WHOLE)


def _triples(endpoint: str) -> list[ox.Triple]:
    service, data = iri(f"{endpoint}#service"), iri(f"{endpoint}#dataset")
    graph = iri(f"{endpoint}#default-graph")
    facts: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]] = [
        (service, terms.RDF_TYPE, iri(terms.SD + "Service")),
        (service, terms.SD + "endpoint", iri(endpoint)),
        (service, terms.SD + "supportedLanguage", iri(terms.SD + "SPARQL11Query")),
        (service, terms.SD + "defaultDataset", data),
        (data, terms.RDF_TYPE, iri(terms.SD + "Dataset")),
        (data, terms.SD + "defaultGraph", graph),
        (graph, terms.RDF_TYPE, iri(terms.SD + "Graph")),
        (graph, terms.DCTERMS + "description", literal("The union of all named graphs.", "en")),
    ]
    facts += [(service, terms.SD + "feature", iri(terms.SD + name)) for name in _FEATURES]
    facts += [(service, terms.SD + "resultFormat", iri(_FORMAT_BASE + name)) for name in _FORMATS]
    return [ox.Triple(subject, iri(predicate), target) for subject, predicate, target in facts]
