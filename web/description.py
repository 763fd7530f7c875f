"""What the SPARQL service says of itself and its data: SPARQL 1.1 Service Description, VoID, and prefixes.

Prefixes that queries needn't declare are told in SHACL's terms (`sh:declare`), as editors and other tools read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
_VOCABULARIES = (terms.CG, terms.SKOS, terms.PROV, terms.OA, terms.DCTERMS)
Fact = tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]
_WHOLE = Cap(rows=1000, size=1_000_000)


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much the store holds: reports and outcome figures, and the IRI below which they stand."""

    base: str
    reports: int
    figures: int


def written(endpoint: str, format: str, holdings: Holdings) -> Written:
    """Return the description of the service at `endpoint` and of its data in a format for graphs."""
    facts = [*_service(endpoint), *_data(endpoint, holdings), *_prefixes(endpoint)]
    triples = [ox.Triple(subject, iri(predicate), target) for subject, predicate, target in facts]
    return worker_answers.graph(triples, format, _WHOLE)


def _service(endpoint: str) -> Iterator[Fact]:
    service, data = iri(f"{endpoint}#service"), iri(f"{endpoint}#dataset")
    graph = iri(f"{endpoint}#default-graph")
    yield service, terms.RDF_TYPE, iri(terms.SD + "Service")
    yield service, terms.SD + "endpoint", iri(endpoint)
    yield service, terms.SD + "supportedLanguage", iri(terms.SD + "SPARQL11Query")
    yield service, terms.SD + "defaultDataset", data
    yield data, terms.RDF_TYPE, iri(terms.SD + "Dataset")
    yield data, terms.SD + "defaultGraph", graph
    yield graph, terms.RDF_TYPE, iri(terms.SD + "Graph")
    yield graph, terms.DCTERMS + "description", literal("The union of all named graphs.", "en")
    for name in _FEATURES:
        yield service, terms.SD + "feature", iri(terms.SD + name)
    for name in _FORMATS:
        yield service, terms.SD + "resultFormat", iri(_FORMAT_BASE + name)


def _data(endpoint: str, holdings: Holdings) -> Iterator[Fact]:
    data = iri(f"{endpoint}#dataset")
    yield data, terms.RDF_TYPE, iri(terms.VOID + "Dataset")
    yield data, terms.TITLE, literal("Evidence on CAR T-cell therapy and stem-cell transplantation", "en")
    yield data, terms.VOID + "sparqlEndpoint", iri(endpoint)
    yield data, terms.VOID + "uriSpace", literal(holdings.base)
    for namespace in _VOCABULARIES:
        yield data, terms.VOID + "vocabulary", iri(namespace)
    for kind, count in ((terms.REPORT, holdings.reports), (terms.OUTCOME, holdings.figures)):
        part = iri(f"{endpoint}#{kind.removeprefix(terms.CG).lower()}s")
        yield data, terms.VOID + "classPartition", part
        yield part, terms.VOID + "class", iri(kind)
        yield part, terms.VOID + "entities", literal(count)


def _prefixes(endpoint: str) -> Iterator[Fact]:
    for name, namespace in terms.PREFIXES.items():
        declared = iri(f"{endpoint}#prefix-{name}")
        yield iri(f"{endpoint}#dataset"), terms.SH + "declare", declared
        yield declared, terms.SH + "prefix", literal(name)
        yield declared, terms.SH + "namespace", ox.Literal(namespace, datatype=iri(terms.XSD + "anyURI"))
