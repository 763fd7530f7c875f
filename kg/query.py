"""Asking: named questions, and raw SPARQL through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kg import gate
from kg.figures import answers
from kg.questions import Question, bind, bound, question
from kg.results import Table, table
from kg.store import Answer, Reading


def run(store: Reading, text: str) -> Answer:
    """Return the answer to a foreign query, read lazily.

    Raises QuerySyntaxError with the place of the fault, QueryRefusedError for what isn't allowed.
    """
    return gate.answer(store, text)


def ask(
    store: Reading,
    name: str,
    values: Mapping[str, str | int | float | Decimal] | None = None,
    most: int | None = None,
) -> Table:
    """Return the answer (its first `most` rows) to a named question with the given parameter values.

    It comes from the index of figures where store and question have one, else from the graph: the same either way.
    Raises QueryError or VocabularyError.
    """
    asked = question(name)
    sql = answers.statement(name)
    if store.figures is not None and sql is not None:
        rows = answers.rows(store.figures, sql, bound(store, asked, values or {}), most)
        return Table(sql.columns, list(rows))
    return ask_graph(store, asked, values or {}, most)


def ask_graph(
    store: Reading, asked: Question, values: Mapping[str, str | int | float | Decimal], most: int | None = None
) -> Table:
    """Return what `ask` returns, from the graph alone."""
    return table(store.query(bind(store, asked, values)), most)
