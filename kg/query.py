"""Asking: named questions and raw SPARQL, through one gate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from kg.questions import bind, question
from kg.results import Table, table
from kg.store import Answer, Reading
from ontology.errors import QueryRefusedError

_LONGEST = 200_000
_DEEPEST = 200
# What can hold the letters of a keyword without being one: comments, IRIs, strings, local names, variables. A
# parenthesis ends the match of an IRI, so that `?a<1)SERVICE#>` isn't taken for one.
_NOT_KEYWORDS = re.compile(
    r"""[#][^\r\n]* | <[^<>"{}|^`\\\s()]*> | \"{3}(?:"{0,2}(?:[^"\\]|\\.))*\"{3} | \'{3}(?:'{0,2}(?:[^'\\]|\\.))*\'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' | :\w+ | [?$]\w+""",
    re.VERBOSE | re.DOTALL,
)


def run(store: Reading, text: str) -> Answer:
    """Return the answer to a raw query.

    Raises QueryError with the parser's message and position, QueryRefusedError for what isn't allowed. Only the query
    entry point of the store is used, which knows no updates and no LOAD.
    """
    admit(text)
    return store.query(text)


def admit(text: str) -> None:
    """Let a foreign query through or raise QueryRefusedError: the one place where that is decided.

    Over-long and over-nested texts are refused before they are parsed, since deep nesting overruns the parser's stack.
    SERVICE is refused, since the engine would really call the address.
    """
    if len(text) > _LONGEST:
        raise QueryRefusedError(f"the query is longer than {_LONGEST} characters")
    depth = deepest = 0
    for char in text:
        depth += (char in "{([") - (char in "})]")
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise QueryRefusedError(f"the query is nested more than {_DEEPEST} deep")
    if "service" in _NOT_KEYWORDS.sub(" ", text).casefold():
        raise QueryRefusedError("SERVICE isn't allowed: queries are answered from this store alone")


def ask(store: Reading, name: str, values: Mapping[str, str | int | float | Decimal] | None = None) -> Table:
    """Return the answer to a named question with the given parameter values; raises QueryError or VocabularyError."""
    return table(store.query(bind(store, question(name), values or {})))
