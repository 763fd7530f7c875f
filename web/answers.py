"""Answers to SPARQL as pages show them: cells with links to where a thing is shown, and files to download."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import pyoxigraph as ox
from flask import url_for

from kg import query, results
from kg.rdf import Term
from kg.store import Answer as StoreAnswer
from ontology import terms, vocabulary
from ontology.errors import QueryError, VocabularyError
from web.addresses import search_address
from web.data import Graph, study_key
from web.search import Search

MOST_ROWS = 1000
_MOST_BYTES = 64 * 1024 * 1024
_MOST_SHOWN_BYTES = 200_000
_AT_ONCE = 3
_PATIENCE_SECONDS = 2.0
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double", "float")}
_FACETS = ("condition", "intervention", "outcome")
_NCT = re.compile(r"NCT\d{8}")
_running = threading.BoundedSemaphore(_AT_ONCE)


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


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for a turn: a few queries run at once, so that slow ones don't take every thread of the server."""
    if not _running.acquire(timeout=_PATIENCE_SECONDS):
        raise QueryError("other queries are still running; try again in a moment")
    try:
        yield
    finally:
        _running.release()


def run(graph: Graph, text: str) -> Answer:
    """Return the answer to a raw query; raises QueryError with the parser's message and QueryRefusedError."""
    with _turn():
        return _shown(graph, query.run(graph.store, text))


def download(graph: Graph, text: str, format_name: str) -> bytes:
    """Return the whole answer to a raw query in a format of `kg.results`; raises QueryError, too if it is too large."""
    output = _Capped(_MOST_BYTES)
    with _turn():
        results.write(query.run(graph.store, text), format_name, output)
    return output.getvalue()


def ask(graph: Graph, name: str, values: Mapping[str, str]) -> Answer:
    """Return the answer to a named question; raises QueryError and VocabularyError."""
    found = query.ask(graph.store, name, values)
    return _table(graph, found.columns, found.rows)


def ask_download(graph: Graph, name: str, values: Mapping[str, str]) -> str:
    """Return the whole answer to a named question as CSV."""
    found = query.ask(graph.store, name, values)
    return results.as_csv(found.columns, ([results.cell(term, short=False) for term in row] for row in found.rows))


class _Capped(io.BytesIO):
    """A buffer that refuses to grow beyond its size."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._size:
            raise QueryError(f"the answer is larger than {self._size // 1_000_000} MB; narrow it with LIMIT")
        return super().write(data)


def _shown(graph: Graph, answer: StoreAnswer) -> Answer:
    if isinstance(answer, ox.QuerySolutions):
        names = tuple(v.value for v in answer.variables)
        return _table(graph, names, (tuple(solution[name] for name in names) for solution in answer))
    if isinstance(answer, ox.QueryBoolean):
        found = results.table(answer)
        return _table(graph, found.columns, found.rows)
    output = _Capped(_MOST_SHOWN_BYTES)
    results.write(answer, "turtle", output)
    return Answer("graph", text=output.getvalue().decode())


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
