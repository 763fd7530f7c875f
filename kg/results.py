"""Answers as tables, and the formats they are written in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import IO

import pyoxigraph as ox

from kg.rdf import Term
from kg.store import Answer
from ontology import terms
from ontology.errors import QueryError
from ontology.vocabulary import curie

_SOLUTION_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "xml": ox.RdfFormat.RDF_XML,
    "json": ox.RdfFormat.JSON_LD,
}
FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples")
_WIDEST = 48


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of RDF terms under named columns; None where a row has no value."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


def table(answer: Answer, most: int | None = None) -> Table:
    """Return an answer, or its first `most` rows, as a table: a boolean as one cell, triples as their three parts."""
    if isinstance(answer, ox.QuerySolutions):
        names = tuple(v.value for v in answer.variables)
        return Table(names, [tuple(solution[name] for name in names) for solution in islice(answer, most)])
    if isinstance(answer, ox.QueryBoolean):
        truth = ox.Literal("true" if answer else "false", datatype=ox.NamedNode(terms.XSD + "boolean"))
        return Table(("answer",), [(truth,)])
    return Table(("subject", "predicate", "object"), [(t.subject, t.predicate, t.object) for t in islice(answer, most)])


def as_answer(found: Table) -> Answer:
    """Return a table as the answer that it would be of, so that it can be written in any format."""
    rows = [{c: _json(x) for c, x in zip(found.columns, row, strict=True) if x is not None} for row in found.rows]
    document = json.dumps({"head": {"vars": list(found.columns)}, "results": {"bindings": rows}})
    return ox.parse_query_results(document.encode(), format=ox.QueryResultsFormat.JSON)


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, ox.Literal):
        raise TypeError(f"neither an IRI nor a literal: {term}")
    more = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value} | more


def write(answer: Answer, format: str, output: IO[bytes]) -> None:
    """Write an answer in one of FORMATS; raises QueryError where the format doesn't fit the kind of answer."""
    if format == "table":
        found = table(answer)
        output.write(as_text(found.columns, ([cell(t) for t in row] for row in found.rows)).encode())
    elif isinstance(answer, ox.QueryTriples):
        _write_graph(answer, format, output)
    elif format in _SOLUTION_FORMATS:
        answer.serialize(output, _SOLUTION_FORMATS[format])
    else:
        raise QueryError(f"a table can't be written as {format}; use one of table, {', '.join(_SOLUTION_FORMATS)}")


def _write_graph(answer: ox.QueryTriples, format: str, output: IO[bytes]) -> None:
    if format in ("csv", "tsv"):
        found = table(answer)
        delimiter = "," if format == "csv" else "\t"
        rows = ([cell(t, short=False) for t in row] for row in found.rows)
        output.write(as_csv(found.columns, rows, delimiter).encode())
    elif format in _GRAPH_FORMATS:
        prefixes = dict(terms.PREFIXES) if format == "turtle" else None
        ox.serialize(answer, output, format=_GRAPH_FORMATS[format], prefixes=prefixes)
    else:
        raise QueryError(
            f"a graph can't be written as {format}; use one of table, csv, tsv, {', '.join(_GRAPH_FORMATS)}"
        )


def cell(term: Term | None, short: bool = True) -> str:
    """Return a term as a person reads it: literals by their text, IRIs as CURIEs where `short`."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return curie(term.value) if short else term.value
    return term.value if isinstance(term, ox.Literal | ox.BlankNode) else str(term)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return rows as CSV (RFC 4180) with a heading."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def as_text(columns: Sequence[str], rows: Iterable[Sequence[str]], widest: int = _WIDEST) -> str:
    """Return rows as aligned columns for a terminal, long cells cut with an ellipsis; numbers stand to the right."""
    body = [[_cut(text, widest) for text in row] for row in rows]
    widths = [max(len(column), *(len(row[k]) for row in body), 0) for k, column in enumerate(columns)]
    right = [bool(body) and all(_is_number(row[k]) for row in body) for k in range(len(columns))]
    lines = [list(columns), ["-" * width for width in widths], *body]
    return "".join(_line(cells, widths, right) for cells in lines)


def _cut(text: str, widest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= widest else flat[: widest - 1] + "…"


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit() or not text


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True))
    return "  ".join(parts).rstrip() + "\n"
