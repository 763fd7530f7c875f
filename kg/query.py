"""Asking: named questions and raw SPARQL, through one gate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kg import gate
from kg.questions import bind, question
from kg.results import Table, table
from kg.store import Answer, Reading


def run(store: Reading, text: str) -> Answer:
    """Return the answer to a foreign query, read lazily.

    Raises QuerySyntaxError with the place of the fault, QueryRefusedError for what isn't allowed.
    """
    return gate.answer(store, text)


def ask(store: Reading, name: str, values: Mapping[str, str | int | float | Decimal] | None = None) -> Table:
    """Return the answer to a named question with the given parameter values; raises QueryError or VocabularyError."""
    return table(store.query(bind(store, question(name), values or {})))
