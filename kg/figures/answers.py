"""Answers to named questions from the index of figures, as RDF terms: what the graph would answer.

A question's SQL stands beside its SPARQL, `NAME.sql` beside `NAME.rq`. Its first line, `-- columns: product label, n
integer`, names the columns and the kinds of their values; `{statistic:proportion}` is a concept, and `:grade` a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from kg.figures.database import Figures
from kg.rdf import Term, iri, literal
from ontology import terms
from ontology.vocabulary import expand

_COLUMNS = re.compile(r"-- columns: (.+)\n")
_CONCEPT = re.compile(r"\{([a-z-]+:[a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A question in SQL: its columns with the kinds of their values."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    text: str


@cache
def statement(name: str) -> Statement | None:
    """Return the SQL of a question, or None where it has none."""
    file = resources.files("kg") / "queries" / f"{name}.sql"
    return parse(name, file.read_text(encoding="utf-8")) if file.is_file() else None


def parse(name: str, text: str) -> Statement:
    """Return the statement that a file holds; raises ValueError where its first line doesn't name known columns."""
    match = _COLUMNS.match(text)
    pairs = [column.split() for column in match[1].split(",")] if match else []
    if not pairs or any(len(pair) != 2 or pair[1] not in _TERMS for pair in pairs):
        raise ValueError(f"{name}.sql: needs a first line such as `-- columns: product label, n integer`")
    return Statement(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs), text)


def rows(
    figures: Figures, asked: Statement, values: Mapping[str, Term | None], most: int | None = None
) -> Iterator[tuple[Term | None, ...]]:
    """Yield the rows (the first `most`) of a question; a value of None leaves its parameter open."""
    plain = {name: _plain(figures, term) for name, term in values.items()}
    text = _CONCEPT.sub(lambda match: str(figures.concept(expand(match[1]))), asked.text)
    makers = [_TERMS[kind] for kind in asked.kinds]
    for row in figures.rows(f"{text}LIMIT :most_rows", plain | {"most_rows": -1 if most is None else most}):
        yield tuple([None if cell is None else make(cell) for make, cell in zip(makers, row, strict=True)])


def _plain(figures: Figures, term: Term | None) -> str | float | None:
    """Return what SQLite compares with: a concept's number, a number, or a text."""
    if isinstance(term, ox.NamedNode):
        return figures.concept(term.value)
    if isinstance(term, ox.Literal):
        is_number = term.datatype.value in (terms.XSD + "integer", terms.XSD + "decimal")
        return float(term.value) if is_number else term.value
    return None


@lru_cache(maxsize=1 << 14)
def _decimal(value: float) -> ox.Literal:
    return literal(float(value))


@lru_cache(maxsize=1 << 14)
def _integer(value: int) -> ox.Literal:
    return literal(value)


@lru_cache(maxsize=1 << 14)
def _label(text: str) -> ox.Literal:
    return literal(text, "en")


_TERMS: dict[str, Callable[[Any], Term]] = {
    "iri": iri,
    "text": ox.Literal,
    "label": _label,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": lambda value: literal(bool(value)),
}
