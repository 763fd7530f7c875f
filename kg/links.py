"""Views of the store as networks (networkx): what hangs together by trials, treatments and direct comparisons."""

from __future__ import annotations

import networkx as nx

from kg.store import Reading

_TRIALS = """SELECT ?report ?trial ?number WHERE {
  ?report cg:reports/cg:trial ?trial . ?trial dcterms:identifier ?number } ORDER BY ?report ?trial"""
_TREATMENTS = """SELECT ?report ?treatment ?label WHERE {
  ?report cg:reports/cg:hasTreatment ?given . ?treatment skos:prefLabel ?label .
  ?given cg:used true ; cg:treatmentRole role:experimental ; cg:intervention ?treatment } ORDER BY ?report ?treatment"""
_TITLES = "SELECT ?report ?title WHERE { ?report a cg:Report ; dcterms:title ?title } ORDER BY ?report"
_COMPARED = """SELECT ?one ?one_label ?other ?other_label (COUNT(DISTINCT ?report) AS ?reports) WHERE {
  ?outcome cg:comparator/cg:intervention ?other ; cg:armIntervention ?one . FILTER(?one != ?other)
  ?one skos:prefLabel ?one_label . ?other skos:prefLabel ?other_label . ?report cg:reports/cg:hasOutcome ?outcome .
} GROUP BY ?one ?one_label ?other ?other_label ORDER BY ?one ?other"""


def network(store: Reading) -> nx.Graph[str]:
    """Return a graph of reports, trials and treatments under study; nodes are IRIs.

    Node data: `kind` (`report`, `trial`, `intervention`) and `label`. Edge data: `kind` (`of-trial`, `examines`).
    Reports of one trial are the neighbours of its node.
    """
    graph: nx.Graph[str] = nx.Graph()
    for report, title in _texts(store, _TITLES):
        graph.add_node(report, kind="report", label=title)
    for report, trial, number in _texts(store, _TRIALS):
        graph.add_node(trial, kind="trial", label=number)
        graph.add_edge(report, trial, kind="of-trial")
    for report, treatment, label in _texts(store, _TREATMENTS):
        graph.add_node(treatment, kind="intervention", label=label)
        graph.add_edge(report, treatment, kind="examines")
    return graph


def comparisons(store: Reading) -> nx.Graph[str]:
    """Return the network of evidence: treatments joined where a report compares them directly.

    Node data: `label`. Edge data: `reports`, how many reports do.
    """
    graph: nx.Graph[str] = nx.Graph()
    for one, one_label, other, other_label, reports in _texts(store, _COMPARED):
        graph.add_node(one, label=one_label)
        graph.add_node(other, label=other_label)
        before = graph.get_edge_data(one, other, {"reports": 0})["reports"]
        graph.add_edge(one, other, reports=max(before, int(reports)))
    return graph


def _texts(store: Reading, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in store.select(query)]
