"""Named questions, raw queries, and how answers are written."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pyoxigraph as ox
import pytest

from kg.query import ask, run
from kg.questions import Question, bound, parse, question, questions
from kg.rdf import Term
from kg.results import FORMATS, as_csv, as_text, cell, write
from kg.store import Reader
from ontology.errors import QueryError, VocabularyError

NAMES = [q.name for q in questions()]


@pytest.mark.parametrize("asked", questions(), ids=NAMES)
def test_defaults_in_the_head_are_those_of_the_query(reader: Reader, asked: Question) -> None:
    """A default, read as a value of its type, is the term that stands in the query."""
    for parameter, term in bound(reader, asked, {}).items():
        expected = next(reader.select(f"SELECT ?{parameter} {{ {_place(asked, parameter)} }}"))[0]
        assert expected == term or (expected is not None and term is not None and _number(expected) == _number(term))


def _place(asked: Question, parameter: str) -> str:
    found = re.search(rf"VALUES \?{parameter} {{[^{{}}]*}}", asked.text)
    assert found
    return found[0]


def _number(term: Term) -> Decimal:
    return Decimal(cell(term))


@pytest.mark.parametrize("asked", questions(), ids=NAMES)
def test_answers_come_in_a_fixed_order(asked: Question) -> None:
    """Every question orders its rows, so that the same store gives the same bytes."""
    assert re.search(r"^ORDER BY ", asked.text, re.MULTILINE)


def test_a_parameter_narrows_the_answer(reader: Reader) -> None:
    """`grade` and `measure` choose other figures; a concept may be given by any of its names."""
    all_grades = ask(reader, "crs-by-product", {"grade": ">=1"}).rows
    severe = ask(reader, "crs-by-product", {"grade": "4"}).rows
    assert 0 < len(severe) < len(all_grades)
    by_name = ask(reader, "crs-by-product", {"measure": "neurotoxicity"}).rows
    assert by_name == ask(reader, "crs-by-product", {"measure": "measure:neurotoxicity"}).rows != all_grades


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"gradee": "3"}, "has no parameter gradee"),
        ({"grade": "severe"}, "grade: not a grade"),
        ({"measure": "complete-respons"}, "did you mean"),
        ({"measure": '"} DELETE'}, "not in the vocabulary"),
    ],
)
def test_wrong_values_are_refused(reader: Reader, values: dict[str, str], error: str) -> None:
    """A wrong parameter or value gives one clear error that says what would be right."""
    with pytest.raises((QueryError, VocabularyError), match=error):
        ask(reader, "crs-by-product", values)


@pytest.mark.parametrize("value", ["12", "12.0", "1y"])
def test_numbers_and_times_are_read_by_type(reader: Reader, value: str) -> None:
    """A time may be written in any unit; it is compared in months."""
    assert ask(reader, "survival-by-transplant", {"time": value}).rows == ask(reader, "survival-by-transplant").rows


def test_an_unknown_question_names_near_ones() -> None:
    """A misspelt name gets a hint."""
    with pytest.raises(QueryError, match="did you mean crs-by-product"):
        question("crs-by-produkt")


HEAD = '# title: a\n# description: b\n# example: {"x": "1"}\n'


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x {}",
        "# title: a\n# description: b\nASK {}",
        "# title: a\n# description: b\n# example: x is 1\nASK {}",
        '# title: a\n# description: b\n# example: {"x": 1}\nASK {}',
        HEAD + "# parameter: x (integer) = 1 -- c\nASK {}",
    ],
)
def test_an_incomplete_file_is_refused(text: str) -> None:
    """A question without title, description, example, or a place for its parameter isn't taken."""
    with pytest.raises(QueryError, match=r"x\.rq"):
        parse("x", text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        'SELECT * { BIND("\\"" AS ?x) SERVICE <http://127.0.0.1:9/> { } }',
        "SELECT * { BIND(''' ' ''' AS ?x) SERVICE <http://127.0.0.1:9/> { } }",
        "SELECT * {" + "{" * 5_000 + "}" * 5_000 + "}",
        "SELECT * { ?s ?p '" + "x" * 300_000 + "' }",
    ],
)
def test_what_could_do_harm_is_refused(reader: Reader, text: str) -> None:
    """Calls to other servers, deep nesting and over-long texts are refused or not understood; nothing is run."""
    with pytest.raises(QueryError):
        run(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s a sd:Service . ?service ?p ?o } LIMIT 1",
        "SELECT * { ?s ?p 'at your SERVICE' } # SERVICE <x> {}",
        "ASK { <http://www.w3.org/ns/sparql-service-description#Service> ?p ?o }",
    ],
)
def test_the_word_alone_does_no_harm(reader: Reader, text: str) -> None:
    """The word `service` in names, strings, comments and variables is let through."""
    run(reader, text)


@pytest.mark.parametrize("text", ["INSERT DATA { <a:a> <a:b> 1 }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL"])
def test_updates_are_refused(reader: Reader, text: str) -> None:
    """Nothing but queries is understood."""
    with pytest.raises(QueryError):
        run(reader, text)


SELECT = "SELECT ?n ?label WHERE { VALUES (?n ?label) { (1.5 'a, \"b\"') (UNDEF 'é') } }"


def written(reader: Reader, text: str, format: str) -> str:
    """Return an answer as it is written."""
    buffer = io.BytesIO()
    write(run(reader, text), format, buffer)
    return buffer.getvalue().decode()


def test_tables_are_written_in_the_standard_formats(reader: Reader) -> None:
    """Solutions come as text, CSV, TSV, JSON and XML, all with the same content."""
    assert list(csv.reader(io.StringIO(written(reader, SELECT, "csv")))) == [
        ["n", "label"],
        ["1.5", 'a, "b"'],
        ["", "é"],
    ]
    assert json.loads(written(reader, SELECT, "json"))["results"]["bindings"][1] == {
        "label": {"type": "literal", "value": "é"}
    }
    assert written(reader, SELECT, "tsv").splitlines()[0] == "?n\t?label"
    assert "<sparql" in written(reader, SELECT, "xml")
    assert written(reader, SELECT, "table").splitlines() == ["  n  label", "---  ------", '1.5  a, "b"', "     é"]


def test_graphs_are_written_in_graph_formats(reader: Reader) -> None:
    """Triples come as Turtle with prefixes and as N-Triples; a table can't be Turtle."""
    text = "CONSTRUCT { ?r cg:year 1 } WHERE { ?r a cg:Report } ORDER BY ?r LIMIT 1"
    assert "cg:year 1" in written(reader, text, "turtle")
    assert len(list(ox.parse(written(reader, text, "ntriples"), format=ox.RdfFormat.N_TRIPLES))) == 1
    assert written(reader, text, "csv").splitlines()[0] == "subject,predicate,object"
    with pytest.raises(QueryError, match="can't be written as turtle"):
        written(reader, SELECT, "turtle")


@pytest.mark.parametrize("format", [f for f in FORMATS if f not in ("turtle", "ntriples")])
def test_a_boolean_is_written_too(reader: Reader, format: str) -> None:
    """The answer to ASK has a form in every table format."""
    assert "true" in written(reader, "ASK { ?s ?p ?o }", format)


def test_text_tables_line_up() -> None:
    """Numbers stand to the right, long cells are cut, and an empty table is a heading."""
    assert as_text(("n", "text"), [("5", "x" * 60), ("10", "y z")], widest=8) == (
        " n  text\n--  --------\n 5  xxxxxxx…\n10  y z\n"
    )
    assert as_text(("n", "text"), []) == "n  text\n-  ----\n"


def test_csv_is_quoted_by_the_rules() -> None:
    """Commas, quotes and line breaks survive CSV."""
    row = ["a,b", 'say "x"', "two\nlines"]
    assert list(csv.reader(io.StringIO(as_csv(("a", "b", "c"), [row]), newline="")))[1] == row


def test_values_keep_their_type(reader: Reader) -> None:
    """An answer's numbers are exact decimals, not floats."""
    value = ask(reader, "short-follow-up").rows[0][0]
    assert isinstance(value, ox.Literal)
    assert value.datatype.value.endswith("#decimal")
    assert Decimal(value.value) < 12
