"""What is written, checked against the shapes: SHACL on the graphs of a few reports at a time, so that it scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import resources
from itertools import islice

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib.namespace import SH

from kg.iris import assertion
from kg.rdf import ntriples
from kg.store import Reading
from ontology import terms

_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that doesn't conform: the report, the node, the property (where there is one) and what is wrong."""

    report: str
    node: str
    path: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.node}: {f'{self.path}: ' if self.path else ''}{self.message}"

    def as_dict(self) -> dict[str, str | None]:
        """Return the problem as plain data for JSON."""
        return asdict(self)


def check_reports(store: Reading, reports: Iterable[str]) -> Iterator[Problem]:
    """Yield what doesn't conform in the graphs of `reports`, in their order.

    Of the vocabulary and the shared graph only the kinds of what a report names are given beside the data.
    """
    shapes = _shapes()
    named_in = (store.names.vocabulary, store.names.shared)
    kinds = _graph(store.quads(graph, predicate=terms.RDF_TYPE) for graph in named_in)
    waiting = iter(reports)
    while some := list(islice(waiting, _AT_ONCE)):
        data = _graph(store.quads(assertion(report)) for report in some)
        for named in set(data.objects()):
            for kind in kinds.objects(named, rdflib.RDF.type):
                data.add((named, rdflib.RDF.type, kind))
        yield from _problems(some, data, shapes)


def _shapes() -> rdflib.Graph:
    text = resources.files("ontology").joinpath("shapes.ttl").read_text(encoding="utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")


def _graph(parts: Iterable[Iterable[ox.Quad]]) -> rdflib.Graph:
    """Read quads into one graph, their own graphs forgotten: rdflib leaves named graphs out of a plain Graph."""
    return rdflib.Graph().parse(data=b"".join(ntriples(part) for part in parts), format="nt")


def _problems(reports: list[str], data: rdflib.Graph, shapes: rdflib.Graph) -> list[Problem]:
    conforms, results, _ = validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if conforms or not isinstance(results, rdflib.Graph):
        return []
    found = []
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        path, message = results.value(result, SH.resultPath), results.value(result, SH.resultMessage)
        node = str(results.value(result, SH.focusNode))
        report = next((r for r in reports if node == r or node.startswith(r + "/")), node)
        found.append(Problem(report, node, str(path) if path else None, " ".join(str(message).split())))
    order = {report: place for place, report in enumerate(reports)}
    return sorted(found, key=lambda problem: (order.get(problem.report, -1), str(problem)))
