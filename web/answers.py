"""Answers to SPARQL as pages show them: cells with links to where a thing is shown, and files to download."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import pyoxigraph as ox
from flask import url_for

from kg import query, results
from kg.rdf import Term
from kg.worker_pool import Asked, WorkerPool
from ontology import terms, vocabulary
from ontology.errors import VocabularyError
from web import clients
from web.addresses import search_address
from web.data import Graph, study_key
from web.search import Search

MOST_ROWS = 1000
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double", "float")}
_FACETS = ("condition", "intervention", "outcome")
_NCT = re.compile(r"NCT\d{8}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its text, where it leads (None for nowhere), and whether it is a number."""

    text: str
    link: str | None = None
    external: bool = False
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A table of at most MOST_ROWS rows (`cut` says whether there were more), or a graph as Turtle in `text`."""

    kind: Literal["table", "graph"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    numeric: frozenset[str] = frozenset()
    cut: bool = False
    text: str = ""


def run(graph: Graph, workers: WorkerPool, text: str, base: str | None = None) -> Answer:
    """Return the answer to a foreign query; raises what `WorkerPool.answer` raises."""
    found = workers.answer(Asked(text, base=base), rows=MOST_ROWS + 1, is_wanted=clients.waiting())
    if found.kind == "graph":
        return Answer("graph", text=found.body.decode())
    read = ox.parse_query_results(found.body, format=ox.QueryResultsFormat.JSON)
    if isinstance(read, ox.QuerySolutions):
        names = tuple(v.value for v in read.variables)
        return _table(graph, names, (tuple(solution[name] for name in names) for solution in read))
    truth = results.table(read)
    return _table(graph, truth.columns, truth.rows)


def ask(graph: Graph, name: str, values: Mapping[str, str]) -> Answer:
    """Return the answer to a named question; raises QueryError and VocabularyError."""
    found = query.ask(graph.store, name, values, most=MOST_ROWS + 1)
    return _table(graph, found.columns, found.rows)


def ask_download(graph: Graph, name: str, values: Mapping[str, str]) -> str:
    """Return the whole answer to a named question as CSV."""
    found = query.ask(graph.store, name, values)
    return results.as_csv(found.columns, ([results.cell(term, short=False) for term in row] for row in found.rows))


def _table(graph: Graph, columns: tuple[str, ...], rows: Iterable[tuple[Term | None, ...]]) -> Answer:
    read = list(islice(rows, MOST_ROWS + 1))
    shown = tuple(_row(graph, columns, row) for row in read[:MOST_ROWS])
    numeric = frozenset(
        name for k, name in enumerate(columns) if shown and all(row[k].numeric or not row[k].text for row in shown)
    )
    return Answer("table", columns, shown, numeric, len(read) > MOST_ROWS)


def _row(graph: Graph, columns: tuple[str, ...], row: tuple[Term | None, ...]) -> tuple[Cell, ...]:
    """Make a row's cells; a title leads where the report beside it leads."""
    cells = [_cell(graph, term) for term in row]
    if "title" in columns and "report" in columns:
        k = columns.index("title")
        cells[k] = Cell(cells[k].text, cells[columns.index("report")].link)
    return tuple(cells)


def _cell(graph: Graph, term: Term | None) -> Cell:
    if isinstance(term, ox.Literal):
        return Cell(term.value, numeric=term.datatype.value in _NUMBERS)
    if isinstance(term, ox.NamedNode):
        return _named(graph, term.value)
    return Cell(results.cell(term))


def _named(graph: Graph, iri: str) -> Cell:
    """Show an IRI by its short form, leading to the place in these pages where it is shown, else to itself."""
    base, short = graph.store.names.base, vocabulary.curie(iri)
    if iri.startswith(base + "report/"):
        key = study_key(graph, iri)
        text = f"{key[:15]}…" if key.startswith("sha256-") else key
        return Cell(text, url_for("studies.at", local=iri.removeprefix(base)))
    if iri.startswith(base + "trial/"):
        trial = iri.removeprefix(base + "trial/")
        known = _NCT.fullmatch(trial) is not None
        return Cell(trial, f"https://clinicaltrials.gov/study/{trial}" if known else None, external=known)
    if iri.startswith(terms.CG):
        return Cell(short, url_for("about.schema", _anchor=short.replace(":", "-")))
    if iri.startswith(terms.CGV):
        return Cell(short, _studies_of(iri))
    is_web = iri.startswith(("http://", "https://"))
    return Cell(short, iri if is_web else None, external=is_web)


def _studies_of(iri: str) -> str | None:
    """Return the address of the studies that name a concept, for the kinds of concept that can be searched."""
    try:
        concept = vocabulary.load().get(iri)
    except VocabularyError:
        return None
    return search_address(Search(picks=((concept.kind, concept.name),))) if concept.kind in _FACETS else None
