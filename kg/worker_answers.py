"""Answers as bytes, cut where they get too large, and whole in their format even then.

The engine can write an answer only from end to end, so tables are written here row by row; graphs go through its
serialiser, which stops when the triples do.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO, StringIO
from typing import Literal, TypeVar

import pyoxigraph as ox

from kg.rdf import Term
from kg.store import Answer
from ontology import terms
from ontology.errors import QueryError

Kind = Literal["table", "boolean", "graph"]
T = TypeVar("T")
Row = Sequence[Term | None]
TABLE_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_GRAPH_NOTES = {"turtle": "# {}\n", "ntriples": "# {}\n", "rdfxml": "<!-- {} -->\n"}
_SPACE = re.compile(r"[\r\n\t]+|^ +| +$")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Cap:
    """The most rows (or triples) and bytes of an answer."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in `format`; `cut` says in words what was left out, or is empty where nothing was."""

    kind: Kind
    format: str
    body: bytes
    cut: str = ""


def kind_of(answer: Answer) -> Kind:
    """Return what an answer is."""
    if isinstance(answer, ox.QuerySolutions):
        return "table"
    return "boolean" if isinstance(answer, ox.QueryBoolean) else "graph"


def write(answer: Answer, formats: Mapping[str, str], cap: Cap) -> Written:
    """Return an answer in the format that `formats` names for its kind, cut to `cap`.

    Raises QueryError for a graph that a format can't hold (RDF/XML with properties that aren't XML names).
    """
    kind = kind_of(answer)
    if isinstance(answer, ox.QuerySolutions):
        return _table(answer, formats[kind], cap)
    if isinstance(answer, ox.QueryBoolean):
        body = answer.serialize(format=TABLE_FORMATS[formats[kind]])
        return Written(kind, formats[kind], body or b"")
    return graph(answer, formats[kind], cap)


def graph(triples: Iterable[ox.Triple], format: str, cap: Cap) -> Written:
    """Return triples in a format of GRAPH_FORMATS, cut to `cap`; raises QueryError as `write` does."""
    output, meter = BytesIO(), _Meter(cap)
    prefixes = dict(terms.PREFIXES) if format in ("turtle", "rdfxml", "jsonld") else None
    try:
        ox.serialize(
            meter.counted(triples, output.tell, _weight), output, format=GRAPH_FORMATS[format], prefixes=prefixes
        )
    except (ValueError, OSError) as error:
        raise QueryError(f"this graph can't be written as {format}: {' '.join(str(error).split())}") from error
    if meter.cut and format in _GRAPH_NOTES:
        output.write(_GRAPH_NOTES[format].format(meter.cut).encode())
    return Written("graph", format, output.getvalue(), meter.cut)


class _Meter:
    """Lets items through until there are too many, or what is written of them would be too large."""

    def __init__(self, cap: Cap) -> None:
        self._cap = cap
        self.cut = ""

    def counted(self, items: Iterable[T], written: Callable[[], int], weight: Callable[[T], int]) -> Iterator[T]:
        """Yield items while their number and the bytes `written`, with the `weight` of the next, are within the cap."""
        for number, item in enumerate(items):
            if number >= self._cap.rows:
                self.cut = f"cut after {self._cap.rows} rows: there are more"
                return
            if written() + weight(item) > self._cap.size:
                self.cut = f"cut after {number} rows: the answer is larger than {self._cap.size} bytes"
                return
            yield item


def _weight(triple: ox.Triple) -> int:
    return sum(len(getattr(term, "value", "")) for term in (triple.subject, triple.predicate, triple.object))


def _table(answer: ox.QuerySolutions, format: str, cap: Cap) -> Written:
    names = tuple(v.value for v in answer.variables)
    head, row, tail = _TABLES[format]
    output, meter = BytesIO(), _Meter(cap)
    solutions = ([solution[name] for name in names] for solution in answer)
    lines = (row(names, values, number == 0).encode() for number, values in enumerate(solutions))
    for line in meter.counted(lines, output.tell, len):
        output.write(line)
    body = head(names, meter.cut).encode() + output.getvalue() + tail.encode()
    return Written("table", format, body, meter.cut)


def _json_head(names: Sequence[str], cut: str) -> str:
    note = f',"cut":{json.dumps(cut)}' if cut else ""
    return f'{{"head":{{"vars":{json.dumps(names)}{note}}},"results":{{"bindings":['


def _json_row(names: Sequence[str], row: Row, is_first: bool) -> str:
    cells = {name: _json_term(term) for name, term in zip(names, row, strict=True) if term is not None}
    return ("" if is_first else ",") + json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, ox.Literal):
        return {"type": "bnode", "value": str(term).removeprefix("_:")}
    cell = {"type": "literal", "value": term.value}
    if term.language:
        cell["xml:lang"] = term.language
    elif term.datatype.value != terms.XSD + "string":
        cell["datatype"] = term.datatype.value
    return cell


def _xml_head(names: Sequence[str], cut: str) -> str:
    variables = "".join(f'<variable name="{_xml(name)}"/>' for name in names)
    opening = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    return f"{opening}{f'<!-- {cut} -->' if cut else ''}<head>{variables}</head><results>"


def _xml_row(names: Sequence[str], row: Row, is_first: bool) -> str:
    pairs = zip(names, row, strict=True)
    bound = (f'<binding name="{_xml(name)}">{_xml_term(term)}</binding>' for name, term in pairs if term is not None)
    return f"<result>{''.join(bound)}</result>"


def _xml_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml(term.value)}</uri>"
    if not isinstance(term, ox.Literal):
        return f"<bnode>{_xml(str(term).removeprefix('_:'))}</bnode>"
    if term.language:
        return f'<literal xml:lang="{_xml(term.language)}">{_xml(term.value)}</literal>'
    if term.datatype.value == terms.XSD + "string":
        return f"<literal>{_xml(term.value)}</literal>"
    return f'<literal datatype="{_xml(term.datatype.value)}">{_xml(term.value)}</literal>'


def _xml(text: str) -> str:
    """Escape text; what XML can't hold at all becomes U+FFFD, and space that readers would fold or trim survives."""
    return _SPACE.sub(lambda match: "".join(f"&#{ord(c)};" for c in match[0]), escape(_NOT_XML.sub("\ufffd", text)))


def _csv_line(cells: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _csv_row(names: Sequence[str], row: Row, is_first: bool) -> str:
    values = (term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term or "") for term in row)
    return _csv_line(values) if len(names) != 1 or row[0] is not None else "\r\n"


def _tsv_row(names: Sequence[str], row: Row, is_first: bool) -> str:
    return "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"


# For each format: what stands before the rows, a row, and what stands after them.
_TABLES: Mapping[str, tuple[Callable[[Sequence[str], str], str], Callable[[Sequence[str], Row, bool], str], str]] = {
    "json": (_json_head, _json_row, "]}}\n"),
    "xml": (_xml_head, _xml_row, "</results></sparql>\n"),
    "csv": (lambda names, cut: _csv_line(names), _csv_row, ""),
    "tsv": (lambda names, cut: "\t".join(f"?{name}" for name in names) + "\n", _tsv_row, ""),
}
