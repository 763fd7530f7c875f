"""The gate against queries that nobody would write: made from its grammar, and from pieces that parsers stumble over.

FUZZ_EXAMPLES sets how many are tried (a few in the normal suite).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st
from lark import Lark
from lark.grammar import NonTerminal
from rdflib.plugins.sparql.parser import parseQuery

from kg import sparql
from kg.gate import admit
from ontology import terms
from ontology.errors import QueryError, QueryRefusedError
from tests.kg.listening import listening

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="FUZZ_EXAMPLES" not in os.environ,
)
# The terminals that stand for many words, narrowed to what is short, valid, and easy to mistake.
WORDS = {
    "IRIREF": st.sampled_from(["<x:a>", "<x:SERVICE>", "<x:\\u0061>", "<x:';>"]),
    "PNAME_LN": st.sampled_from(["cg:a", "cg:SERVICE", "cg:a.b", "cg:a\\~b", "cg:%53"]),
    "PNAME_NS": st.sampled_from(["cg:", "skos:"]),
    "VAR": st.sampled_from(["?a", "$b", "?SERVICE", "?c"]),
    "BLANK_NODE_LABEL": st.sampled_from(["_:a", "_:SERVICE", "_:a.b"]),
    "STRING": st.sampled_from(["'a'", '"b"', "'SERVICE <x:a> {}'", r'"\""', r"'\\'", "''"]),
    "STRING_LONG": st.sampled_from(["'''a'b\n#'''", '"""SERVICE"""', "''''''"]),
    "LANGTAG": st.sampled_from(["@en", "@en-SERVICE"]),
    "DECIMAL": st.sampled_from(["1.5", ".5", "1e1"]),
    "INTEGER": st.sampled_from(["0", "1", "42"]),
    "NUMBER_POSITIVE": st.sampled_from(["+1", "+.5"]),
    "NUMBER_NEGATIVE": st.sampled_from(["-1", "-1e1"]),
    "SERVICE": st.sampled_from(["SERVICE", "service"]),
    "FUNCTION": st.sampled_from(["CONCAT", "COALESCE", "concat"]),
}
BETWEEN = st.sampled_from([" "] * 8 + ["\n", "\t", "\r\n", "\r", " # SERVICE <x:a> {}\n", " #\r", " # '\n", " #{\n"])


class Maker:
    """Makes texts from the grammar: at random while there is fuel, then by the shortest way to an end."""

    def __init__(self) -> None:
        text = (resources.files("kg") / "sparql.lark").read_text(encoding="utf-8")
        lark = Lark(text, parser="lalr", lexer="basic", keep_all_tokens=True, maybe_placeholders=False)
        self.rules: dict[str, list[list[Any]]] = {}
        for rule in lark.rules:
            self.rules.setdefault(str(rule.origin.name), []).append(list(rule.expansion))
        self.words = {
            t.name: st.just(t.pattern.value) if t.pattern.type == "str" else keyword(t.pattern.value)
            for t in lark.terminals
        } | WORDS
        self.heights = self._heights()

    def _heights(self) -> dict[str, int]:
        """Return for each rule how many rules lie between it and words at least."""
        heights: dict[str, int] = {}
        while len(heights) < len(self.rules):
            for name, expansions in self.rules.items():
                known = [h for e in expansions if (h := self.height(e, heights)) is not None]
                if known:
                    heights[name] = min(known)
        return heights

    @staticmethod
    def height(expansion: list[Any], heights: dict[str, int]) -> int | None:
        """Return the height of one expansion of a rule, or None while that of a part isn't known."""
        parts = [0 if symbol.is_term else heights.get(symbol.name) for symbol in expansion]
        return None if None in parts else 1 + max((p for p in parts if p is not None), default=0)

    def make(self, draw: st.DrawFn, fuel: int) -> str:
        """Return a text of about `fuel` choices."""
        words: list[str] = []
        waiting = [NonTerminal("start")]
        while waiting:
            symbol = waiting.pop()
            if symbol.is_term:
                words += [draw(self.words[symbol.name]), draw(BETWEEN)]
                continue
            expansions = self.rules[symbol.name]
            fuel -= len(expansions) > 1
            if fuel <= 0:
                chosen = min(expansions, key=lambda e: self.height(e, self.heights) or 0)
            else:
                chosen = draw(st.sampled_from(expansions))
            waiting.extend(reversed(chosen))
        return "".join(words)


def keyword(pattern: str) -> st.SearchStrategy[str]:
    """Return a strategy for the words of a keyword's pattern, like that of FROM."""
    names = pattern.removesuffix("\\b").strip("()").split("|")
    return st.sampled_from([name for n in names for name in (n, n.lower())]) if pattern != r"a\b" else st.just("a")


@cache
def maker() -> Maker:
    """Return the one maker."""
    return Maker()


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Return a text that the grammar makes."""
    return maker().make(draw, draw(st.integers(0, 120)))


def calls(parsed: object) -> bool:
    """Whether rdflib sees a call to a service in what it parsed."""
    return "ServiceGraphPattern" in repr(parsed)


@fuzz
@given(queries())
def test_what_is_handed_on_reads_the_same_everywhere(text: str) -> None:
    """What the gate writes of an admitted query is parsed by it to the same again, and rdflib sees no call in it."""
    try:
        query = admit(text)
    except QueryError:
        return
    again = sparql.parse(query.text, terms.PREFIXES)
    assert again.text == query.text
    assert (again.form, again.depth, again.services) == (query.form, query.depth, ())
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
    try:
        parsed = parseQuery(declared + query.text)
    except Exception:  # noqa: BLE001 - it doesn't know all of the language, and fails in many ways
        reject()  # counts as no example at all: too few that it knows fail the test
    assert not calls(parsed)


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[bool]]]:
    """Return an address on loopback and a list that grows with each connection to it."""
    with listening() as heard:
        yield heard


PIECES = [
    "SERVICE <@> {}", "SERVICE SILENT <@> {}", "SERVICE", "SERVICE ?a {}", "BIND(<@> AS ?a)", "VALUES ?a {<@>}",
    "#", "\r", "\n", "\r\n", "'", '"', "'''", '"""', "\\", "\\u0027", "\\u0022", "\\u000D", "<", ">", "<x:a", "?a",
    "1", ".", ";", "{", "}", "(", ")", "FILTER(1<2)", "FILTER(1<2", "FILTER EXISTS", "OPTIONAL", "UNION", "cg:a.",
    "cg:", ":", "@en", "^^", "\x0b", "\x0c", "\x85", "\xa0", "\u2028", "\ufeff", "\x00", "BIND('", "' AS ?x)", "a",
    "[]", "_:b.", "GRAPH ?g", "SELECT * {", "ASK", "MINUS", "*", "/", "SERV", "ICE", "ſERVICE <@> {}", "SERVICE<@>{}",
    "1SERVICE<@>{}",
]  # fmt: skip


@fuzz
@example(["#", "\r", "SERVICE SILENT <@> {}"])
@example(["BIND('", "\\u0027", "' AS ?x)", "SERVICE SILENT <@> {}"])
@example(["?a", "?a", "1", "SERVICE<@>{}"])
@example(["FILTER(1<2", ")", "SERVICE SILENT <@> {}"])
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_what_would_call_is_refused(listener: tuple[str, list[bool]], pieces: list[str]) -> None:
    """Whatever makes the engine call when it gets the text as sent isn't admitted; what is admitted doesn't call."""
    address, made = listener
    text = f"SELECT * {{ {' '.join(pieces)} }}".replace("@>", f"{address}>")
    made.clear()
    run(text)
    would_call = bool(made)
    try:
        query = admit(text)
    except QueryRefusedError:
        return
    except QueryError:
        query = None
    assert not (would_call and query), text
    if query:
        made.clear()
        run(query.text)
        assert not made, text


def run(text: str) -> None:
    """Ask an empty store, whatever comes of it."""
    try:
        answer = ox.Store().query(text, prefixes=dict(terms.PREFIXES))
        if not isinstance(answer, ox.QueryBoolean):
            for _ in zip(range(10), answer, strict=False):
                pass
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return


@fuzz
@given(st.text(max_size=60))
def test_any_text_gets_an_answer_or_one_clear_error(text: str) -> None:
    """Any text at all is admitted or refused with one line; nothing else happens."""
    try:
        admit(text)
    except QueryError as error:
        assert str(error)
        assert "\n" not in str(error).replace(text, "")
