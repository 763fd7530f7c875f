"""The gate: what a query from outside may do, and that the engine is told just that."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import gate
from kg.gate import Policy, admit
from kg.store import Dataset, Reader
from ontology.errors import QueryError, QueryRefusedError, QuerySyntaxError
from tests.kg.listening import listening

CALL = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
CALLS = [
    f"SELECT * {{ {CALL} }}",
    "SELECT * { service silent ?x { } }",
    "SELECT * { SeRvIcE SILENT <http://127.0.0.1:9/> { } }",
    "SELECT * { VALUES ?x { <http://127.0.0.1:9/> } SERVICE ?x { } }",
    "SELECT * { BIND(IRI('http://127.0.0.1:9/') AS ?x) { SERVICE ?x { } } }",
    "PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICE x: { } }",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <a> { } }",
    f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ GRAPH ?g {{ {CALL} }} }} }} }} }}",
    f"SELECT * {{ {{ }} UNION {{ {CALL} }} MINUS {{ {CALL} }} }}",
    f"SELECT * {{ FILTER(1 = 1 && NOT EXISTS {{ {CALL} }}) }}",
    f"SELECT (EXISTS {{ {CALL} }} AS ?x) {{ }}",
    f"SELECT * {{ }} HAVING (EXISTS {{ {CALL} }})",
    f"SELECT * {{ }} ORDER BY (EXISTS {{ {CALL} }})",
    f"SELECT * {{ }} GROUP BY (EXISTS {{ {CALL} }} AS ?x)",
    f"SELECT (SUM(IF(EXISTS {{ {CALL} }}, 1, 2)) AS ?x) {{ }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {CALL} }}",
    f"DESCRIBE ?s {{ {CALL} }}",
    f"ASK {{ {CALL} }}",
    f"SELECT * {{ # a comment ends at a carriage return\r{CALL} }}",
    f"SELECT * {{ BIND(''' ' ''' AS ?x) {CALL} }}",
    f'SELECT * {{ BIND("\\"" AS ?x) {CALL} }}',
    f"SELECT * {{ ?s ?p 1 .{CALL} }}",
    "SELECT * { SERVICE#\n<http://127.0.0.1:9/>{ } }",
    f"SELECT * {{ SERVICE <http://127.0.0.1:9/> {{ {CALL} }} }}",
]


@pytest.mark.parametrize("text", CALLS)
def test_no_query_calls_elsewhere(text: str) -> None:
    """SERVICE is refused wherever it stands and however its target is named."""
    with pytest.raises(QueryRefusedError, match="SERVICE isn't allowed"):
        admit(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERV\\u0049CE <http://127.0.0.1:9/> { } }",
        "SELECT * { ſERVICE <http://127.0.0.1:9/> { } }",
        "PREFIX : <x:> SELECT * { ?s ?p 1SERVICE:x { ?a ?b ?c } }",
        "SELECT * { ?s ?p ?o FILTER(?s<1)SERVICE#>\n<http://127.0.0.1:9/> { } }",
        "SELECT * { SERVICE <http://127.0.0.1:9/\\u003E> { } }",
        "SELECT * { LATERAL { SERVICE <http://127.0.0.1:9/> { } } }",
    ],
)
def test_what_only_looks_like_a_call_reaches_no_engine(reader: Reader, text: str) -> None:
    """Spellings of SERVICE that aren't SPARQL 1.1 are refused as faults."""
    with pytest.raises(QueryError):
        gate.answer(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s a sd:Service . ?service ?p ?o }",
        "PREFIX service: <x:> SELECT ?SERVICE { ?SERVICE service:service 'SERVICE <x> {}' } # SERVICE <x> {}",
        "ASK { <http://x/SERVICE> <x:b> '''\nSERVICE <x> { }\n''', \"SERVICE\"@en-service }",
    ],
)
def test_the_word_alone_does_no_harm(text: str) -> None:
    """The word in names, strings, comments and variables is let through."""
    assert admit(text).services == ()


def test_an_operator_may_allow_services() -> None:
    """An endpoint on the list may be called, by that very IRI; another, or one that a variable names, may not."""
    policy = Policy(frozenset({"http://127.0.0.1:9/"}))
    assert admit(f"SELECT * {{ {CALL} }}", policy).services == ("http://127.0.0.1:9/",)
    assert admit("PREFIX x: <http://127.0.0.1:9/> ASK { SERVICE x: { } }", policy).services == ("http://127.0.0.1:9/",)
    for target in ("<http://127.0.0.1:9/x>", "<http://127.0.0.1:9>", "?x", "<HTTP://127.0.0.1:9/>"):
        with pytest.raises(QueryRefusedError):
            admit(f"ASK {{ SERVICE {target} {{ }} }}", policy)
        with pytest.raises(QueryRefusedError):
            admit(f"ASK {{ {CALL} SERVICE {target} {{ }} }}", policy)


def test_the_engine_alone_would_call(reader: Reader) -> None:
    """The engine calls where the gate doesn't let it, also where other parsers see a comment: the gate is needed."""
    with listening() as (address, calls):
        text = f"SELECT * {{ # ends here\rSERVICE SILENT <{address}> {{ ?s ?p ?o }} }}"
        list(ox.Store().query(text))  # type: ignore[arg-type]
        assert calls == [True]
        with pytest.raises(QueryRefusedError):
            gate.answer(reader, text)
        assert calls == [True]


def test_from_fetches_nothing(reader: Reader) -> None:
    """FROM takes graphs of the store, and only those count then; others are refused, and nothing is fetched."""
    with listening() as (address, calls):
        for clause in (f"FROM <{address}>", f"FROM NAMED <{address}>", "FROM <file:///etc/passwd>"):
            with pytest.raises(QueryRefusedError, match="isn't in this store"):
                gate.answer(reader, f"SELECT * {clause} {{ ?s ?p ?o }}")
        assert calls == []
    graph = next(iter(reader.graphs()))
    whole = sum(1 for _ in reader.quads(graph))
    assert number(reader, f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}") == whole
    assert number(reader, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == whole
    assert number(reader, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{graph}> {{ ?s ?p ?o }}") == 0
    dataset = Dataset(default=(graph,))
    assert number(reader, "SELECT (COUNT(*) AS ?n) FROM <x:nowhere> { ?s ?p ?o }", dataset) == whole


def number(reader: Reader, text: str, dataset: Dataset | None = None) -> int:
    """Return the one number that a query counts."""
    found = gate.answer(reader, text, dataset=dataset)
    assert isinstance(found, ox.QuerySolutions)
    value = next(found)[0]
    assert isinstance(value, ox.Literal)
    return int(value.value)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL",
        "PREFIX x: <x:> DROP GRAPH <a:a>", "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "create graph <a:a>",
        "# SELECT\nCOPY <a:a> TO <a:b>",
    ],
)  # fmt: skip
def test_updates_are_refused_as_such(text: str) -> None:
    """An update is told apart from a fault."""
    with pytest.raises(QueryRefusedError, match="updates are refused"):
        admit(text)


@pytest.mark.parametrize("text", ["ASK {} INSERT DATA {}", "ASK {} ; CLEAR ALL", "SELECT * { LOAD <x:x> }"])
def test_no_update_follows_a_query(text: str) -> None:
    """An update after or in a query is a fault."""
    with pytest.raises(QueryError):
        admit(text)


N = 3_000


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 20_000 + "}" * 20_000,
        "SELECT * { FILTER(" + "(" * N + "1" + ")" * N + ") }",
        "SELECT * { FILTER(" + "!(" * 600 + "1" + ")" * 600 + ") }",
        "SELECT * { FILTER(" + "+".join("1" * N) + ") }",
        "SELECT * { FILTER(" + "||".join(["?a=1"] * N) + ") }",
        "SELECT * { " + "OPTIONAL{}" * N + " }",
        "SELECT * { " + "UNION".join(["{}"] * N) + " }",
        "SELECT * { ?a " + "/".join(["<p:p>"] * N) + " ?b }",
        "SELECT * { ?a " + "(" * N + "<p:p>" + ")*" * N + " ?b }",
        "SELECT * { ?a ?b " + "[<p:p> " * N + "1" + "]" * N + " }",
        "SELECT * { ?a ?b " + "(" * N + "1" + ")" * N + " }",
        "SELECT " + " ".join(f"(1 AS ?x{k})" for k in range(N // 2)) + " { }",
        "SELECT * { " + "{ SELECT * " * 600 + "{}" + " }" * 600 + " }",
        "ASK {} #" + "x" * 200_000,
    ],
)
def test_what_would_overrun_the_engine_is_refused(text: str) -> None:
    """Deep nesting, in brackets or in chains, and over-long texts are refused; the parser itself doesn't overrun."""
    with pytest.raises(QueryRefusedError, match=r"deep|longer"):
        admit(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 490 + "}" * 490,
        "SELECT * { FILTER(" + "(" * 490 + "1" + ")" * 490 + ") }",
        "SELECT * { FILTER(" + "+".join("1" * 490) + ") }",
        "SELECT * { FILTER(" + "||".join(["?a=1"] * 490) + ") }",
        "SELECT * { " + "OPTIONAL{}" * 490 + " }",
        "SELECT * { ?a " + "(" * 150 + "<p:p>" + ")*" * 150 + " ?b }",
        "SELECT * { VALUES ?x { " + "1 " * 5_000 + "} }",
        "SELECT * { FILTER(1 IN (" + ",".join("1" * 5_000) + ")) }",
    ],
)
def test_what_the_gate_lets_through_does_not_overrun_the_engine(text: str) -> None:
    """What is just within the cap of depth, or long without being deep, is answered."""
    ox.Store().query(admit(text).text)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "ends too early; expected ASK"),
        ("SELECT *\r\n{ ?s ?p", 2, 8, "ends too early"),
        ("SELECT * {\n  ?s ?p ?o ] }", 2, 12, "‘]’ isn't expected here"),
        ("SELECT * { ?s ?p 'it\\'s', 'a\\qb' }", 1, 27, "isn't well formed"),
        ("SELECT * { ?s ?p '\\uD800' }", 1, 18, "isn't well formed"),
        ("SELECT * {\r ?s no:where ?o }", 2, 5, "the prefix no: isn't declared"),
        ("SELECT * { <a> ?p ?o }", 1, 12, "relative"),
        ("ASK { FILTER(STRLEN('a', 'b')) }", 1, 14, "STRLEN takes 1 argument, not 2"),
        ("ASK { FILTER(REGEX('a')) }", 1, 14, "REGEX takes 2 to 3 arguments, not 1"),
        ("ASK { FILTER(?a<5&&?b>3) }", 1, 16, "put a space after <"),
        ("# é 🙂\nSELECT (1 AS ?x) (2 AS ?x) { ?a ?y ?z }", 2, 39, "Duplicated variable name"),
        ("# é\nSELECT ?p { ?s ?p ?o } GROUP BY ?s", 2, 33, "unbound"),
    ],
)
def test_faults_are_told_with_their_place(reader: Reader, text: str, line: int, column: int, words: str) -> None:
    """A fault is told with the line and column that it has in the text as it was sent, whoever found it."""
    with pytest.raises(QuerySyntaxError) as raised:
        gate.answer(reader, text)
    assert (raised.value.line, raised.value.column) == (line, column), raised.value
    assert words in raised.value.reason


FUNCTIONS = """RAND() NOW() UUID() STRUUID() BNODE() BNODE('a') CONCAT() CONCAT('a','b') COALESCE(?a,1) STR(?a) LANG(?a)
DATATYPE(?a) BOUND(?a) IRI('a:a') URI('a:a') ABS(1) CEIL(1) FLOOR(1) ROUND(1) STRLEN('a') UCASE('a') LCASE('a')
ENCODE_FOR_URI('a') YEAR(?a) MONTH(?a) DAY(?a) HOURS(?a) MINUTES(?a) SECONDS(?a) TIMEZONE(?a) TZ(?a) MD5('a') SHA1('a')
SHA256('a') SHA384('a') SHA512('a') isIRI(?a) isURI(?a) isBLANK(?a) isLITERAL(?a) isNUMERIC(?a) LANGMATCHES('a','b')
CONTAINS('a','b') STRSTARTS('a','b') STRENDS('a','b') STRBEFORE('a','b') STRAFTER('a','b') STRLANG('a','b')
STRDT('a',xsd:string) sameTerm(1,1) REGEX('a','b') REGEX('a','b','i') SUBSTR('a',1) SUBSTR('a',1,1) IF(1,2,3)
REPLACE('a','b','c') REPLACE('a','b','c','i') xsd:integer('1')"""
QUERIES = [
    "SELECT (COUNT(*) AS ?a) (COUNT(DISTINCT *) AS ?b) (GROUP_CONCAT(DISTINCT ?x ; SEPARATOR = ', ') AS ?c) "
    "(SAMPLE(?x) + 1 AS ?d) (MIN(?x) AS ?e) (MAX(?x) AS ?f) (AVG(?x) AS ?g) { ?x ?y ?z } GROUP BY ?q (1 + 1 AS ?w) "
    "STR(?x) HAVING (1 > 2) (COUNT(?x) < 3) ORDER BY ASC(?a) DESC(?b) ?c STR(?d) LIMIT 1 OFFSET 2",
    "SELECT * { ?x ?y ?z FILTER(?x IN (1, 2)) FILTER(?x NOT IN ()) FILTER EXISTS { } FILTER NOT EXISTS { ?x ?y ?z } }",
    "CONSTRUCT { _:a <a:b> [], [ <a:b> 'x'@en-GB, '1'^^xsd:integer, 1, 1.0, .5, 1e1, 1.e1, -1, +1.5, TRUE ; <a:c> () ] "
    ", (1 2) } WHERE { ?x a ?y ; !(a | ^<a:b>) | ^<a:b>/<a:c>*/(<a:d>?)+|!<a:e> ?z ; . }",
    "SELECT * WHERE { VALUES (?x ?y) { (1 UNDEF) (<a:b> 'x') } VALUES ?z { } VALUES () { () } { SELECT (1 + 1 AS ?f) { "
    "} VALUES ?x { 1 } } UNION { } MINUS { } OPTIONAL { } GRAPH ?g { } BIND(1 - 1 * 2 / 3 AS ?u) } VALUES ?t { 1 }",
    "SELECT REDUCED ?x { ?x ?y ?z . FILTER(?x = 1 || ?y != 2 && ?z <= 3 || !?x || -?x = +?z || 1 +1 -1 + 2 * 3 >= 0) }",
    "BASE <http://x/> PREFIX : <y#> PREFIX a.b: <z> ASK { :a.b a.b:c\\.d\\~ :%41 ; a : . $x <\\u0061> "
    "<é> . _:a.b ?y _:c }",
    "DESCRIBE <a:b> ?x { ?x ?y ?z }", "describe *{?x ?y ?z}", "CONSTRUCT FROM <a:b> WHERE { ?x ?y ?z } LIMIT 0",
    "ASK{FILTER(?x<?y)}", "SELECT*{?s?p?o}",
]  # fmt: skip


@pytest.mark.parametrize("text", [*QUERIES, *(f"SELECT ({f} AS ?r) {{ ?a ?b ?c }}" for f in FUNCTIONS.split())])
def test_all_of_the_language_gets_through(text: str) -> None:
    """Every construct and function of SPARQL 1.1 queries is known, and the engine takes what is written of it."""
    from ontology import terms

    query = admit(text)
    ox.Store().query(query.text, prefixes=dict(terms.PREFIXES))


def test_strings_and_names_keep_their_value(reader: Reader) -> None:
    """What a query says is what the engine gets: escapes, kinds of quotes, dots in names, characters beyond ASCII."""
    text = r"""SELECT ("a\"\\\n\t\u00e9" AS ?a) ('''it's "so"''' AS ?b) (STR(dcterms:a.b\~%41) AS ?c)
               (STR(<x:\u00E9>) AS ?d) {}"""
    found = gate.answer(reader, text)
    assert isinstance(found, ox.QuerySolutions)
    values = [term.value for term in next(found) if isinstance(term, ox.Literal)]
    assert values == ['a"\\\n\té', 'it\'s "so"', "http://purl.org/dc/terms/a.b~%41", "x:é"]
