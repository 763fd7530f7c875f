"""Answers as bytes: the same as the engine writes, and whole in their format where they are cut."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.worker_answers import GRAPH_FORMATS, TABLE_FORMATS, Cap, graph, write
from ontology import terms

WHOLE = Cap(1_000_000, 1_000_000_000)
TERMS = """ "" "a" "a\\"b\\\\c" "tab\\tline\\nreturn\\rend" "é 🙂"@fr "<&>'" <http://x/é?a=b&c> 1 1.50 1e0 true UNDEF
"2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ", ; " """.split("\n")
VALUES = f"SELECT ?a ?b {{ VALUES ?a {{ {' '.join(TERMS)} }} BIND(BNODE() AS ?b) }}"
ITEM = ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:p"), ox.Literal("x" * 100))


def solutions(text: str) -> ox.QuerySolutions:
    """Return the answer of an empty store to a SELECT query."""
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    return found


def rows(body: bytes, format: str) -> list[list[str]]:
    """Return what another reader makes of a table; blank nodes by their kind, since their labels mean nothing."""
    found = ox.parse_query_results(body, format=TABLE_FORMATS[format])
    assert isinstance(found, ox.QuerySolutions)
    return [["_:" if isinstance(t, ox.BlankNode) else str(t) for t in solution] for solution in found]


@pytest.mark.parametrize("format", ["json", "xml", "tsv"])
def test_tables_are_those_of_the_engine(format: str) -> None:
    """A table that isn't cut reads as the one that the engine itself writes."""
    own = write(solutions(VALUES), {"table": format}, WHOLE)
    engine = solutions(VALUES).serialize(format=TABLE_FORMATS[format])
    assert engine is not None
    assert rows(own.body, format) == rows(engine, format)
    assert (own.kind, own.format, own.cut) == ("table", format, "")


def test_csv_is_plain() -> None:
    """CSV has the bare values, by RFC 4180."""
    body = write(solutions(VALUES), {"table": "csv"}, WHOLE).body.decode()
    cells = [row[0] for row in csv.reader(io.StringIO(body, newline=""))]
    assert cells[:6] == ["a", "", "a", 'a"b\\c', "tab\tline\nreturn\rend", "é 🙂"]


@given(st.text(max_size=30))
def test_any_text_survives(text: str) -> None:
    """Any text comes back as it was from every format for tables, but for characters that XML can't hold."""
    from kg.worker_answers import _TABLES

    row: Sequence[ox.Literal] = [ox.Literal(text)]
    for format in ("json", "xml", "tsv"):
        head, line, tail = _TABLES[format]
        body = (head(["x"], "") + line(["x"], row, True) + tail).encode()
        found = ox.parse_query_results(body, format=TABLE_FORMATS[format])
        assert isinstance(found, ox.QuerySolutions)
        [solution] = found
        back = solution["x"]
        assert isinstance(back, ox.Literal)
        if format != "xml" or "\ufffd" not in back.value:
            assert back.value == text


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_a_table_is_cut_by_rows(format: str) -> None:
    """A table that is cut has just as many rows as may be, is whole in its format, and is told to be cut."""
    text = f"SELECT ?a {{ VALUES ?a {{ {' '.join(map(str, range(20)))} }} }}"
    cut = write(solutions(text), {"table": format}, Cap(7, 1_000_000))
    assert cut.cut == "cut after 7 rows: there are more"
    if format == "csv":
        assert cut.body.count(b"\r\n") == 8
    else:
        assert len(rows(cut.body, format)) == 7
    assert write(solutions(text), {"table": format}, Cap(20, 1_000_000)).cut == ""


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_a_table_is_cut_by_size(format: str) -> None:
    """A table that gets too large ends before the row that would make it so, be it the first."""
    text = f"SELECT (STR(?b) AS ?a) {{ VALUES ?b {{ {' '.join(['1' * 100] * 20)} }} }}"
    cut = write(solutions(text), {"table": format}, Cap(1000, 500))
    assert "larger than 500 bytes" in cut.cut
    assert 100 < len(cut.body) < 800
    large = write(solutions(f"SELECT ('{'1' * 1000}' AS ?a) {{}}"), {"table": format}, Cap(1000, 500))
    assert large.cut.startswith("cut after 0 rows")


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_a_graph_is_cut(format: str) -> None:
    """A graph that is cut can be read, by rows as by size."""
    triples = [ox.Triple(ox.NamedNode(f"a:{k}"), ITEM.predicate, ITEM.object) for k in range(2000)]
    by_rows = graph(triples, format, Cap(7, 1_000_000))
    assert len(list(ox.parse(by_rows.body, format=GRAPH_FORMATS[format]))) == 7
    by_size = graph(triples, format, Cap(100_000, 20_000))
    assert 0 < len(list(ox.parse(by_size.body, format=GRAPH_FORMATS[format]))) < 2000
    assert "there are more" in by_rows.cut
    assert "20000 bytes" in by_size.cut
    assert graph(triples, format, WHOLE).cut == ""


def test_a_graph_has_the_usual_prefixes() -> None:
    """Turtle is written with the prefixes of the vocabulary."""
    triple = ox.Triple(ox.NamedNode(terms.CG + "a"), ox.NamedNode(terms.CG + "b"), ox.NamedNode(terms.CG + "c"))
    assert b"cg:a cg:b cg:c" in graph([triple], "turtle", WHOLE).body
