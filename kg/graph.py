"""The graph as researchers use it from Python: open, ask, compare; answers are DataFrames or records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Self

from extractors.evidence import EvidenceRecord
from kg import records
from kg.compare import Page, Row, Selection, compare, page
from kg.naming import NameBook
from kg.query import ask, run
from kg.results import table
from kg.store import Reader

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

DEFAULT_STORE = "cartograph-store"
_STUDIES = """SELECT ?report ?title ?journal ?year ?design ?topic ?retracted (COUNT(?outcome) AS ?figures) WHERE {
  ?report cg:reports ?study ; dcterms:title ?title ; cg:retracted ?retracted ; cg:topic ?about .
  ?study cg:design ?kind . ?kind skos:prefLabel ?kindLabel . ?about skos:prefLabel ?aboutLabel .
  OPTIONAL { ?kind skos:notation ?kindCode }
  OPTIONAL { ?about skos:notation ?aboutCode }
  BIND(COALESCE(?kindCode, STR(?kindLabel)) AS ?design)
  BIND(COALESCE(?aboutCode, STR(?aboutLabel)) AS ?topic)
  OPTIONAL { ?report cg:journal ?journal }
  OPTIONAL { ?report cg:year ?year }
  OPTIONAL { ?study cg:hasOutcome ?outcome }
} GROUP BY ?report ?title ?journal ?year ?design ?topic ?retracted ORDER BY DESC(?year) ?report"""


def store_path(path: str | Path | None = None) -> Path:
    """Return `path`, else $CARTOGRAPH_STORE, else ./cartograph-store."""
    return Path(path or os.environ.get("CARTOGRAPH_STORE") or DEFAULT_STORE)


class Graph:
    """One store, open for reading."""

    def __init__(self, store: Reader) -> None:
        self.store = store

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Return the graph of the store at `path`; raises StoreError where it can't be read."""
        return cls(Reader(store_path(path)))

    def record(self, report: str) -> EvidenceRecord:
        """Return the record of a report named by IRI or id (`pmid:34891224`); raises StoreError for an unknown one."""
        return records.record(self.store, self.store.names.report_of_id(report))

    def records(self) -> Iterator[tuple[str, EvidenceRecord]]:
        """Yield the IRI and the record of each report."""
        return records.records(self.store)

    def comparison(self, selection: Selection) -> list[Row]:
        """Return the figures that a selection asks for as typed rows.

        Raises VocabularyError for an unknown concept, QueryError for a time or grade that can't be read.
        """
        return compare(self.store, selection)

    def comparison_page(self, selection: Selection, order: str = "newest", most: int = 300, skip: int = 0) -> Page:
        """Return some rows of a comparison, and the size of the whole: see `kg.compare.page`."""
        return page(self.store, selection, order, most, skip)

    def compare(
        self,
        outcome: str,
        condition: str | None = None,
        intervention: str | None = None,
        time: str | None = None,
        grade: str | None = None,
        arm: str | None = None,
    ) -> pd.DataFrame:
        """Return the figures for an outcome as a DataFrame, one row a figure, columns as `kg.compare.COLUMNS`.

        Concepts by name, label, CURIE or IRI, narrower ones included; `time` as `12mo`, `grade` as `>=3`.
        Raises VocabularyError for an unknown concept, QueryError for a time or grade that can't be read.
        """
        from kg.frames import rows_frame

        return rows_frame(self.comparison(Selection(outcome, condition, intervention, time, grade, arm)))

    def outcomes(
        self, measure: str | None = None, condition: str | None = None, intervention: str | None = None
    ) -> pd.DataFrame:
        """Return figures as a DataFrame as `compare` does; of all measures where `measure` is None."""
        from kg.frames import rows_frame

        return rows_frame(self.comparison(Selection(measure, condition, intervention)))

    def studies(self) -> pd.DataFrame:
        """Return one row a report, newest first: report, title, journal, year, design, topic, retracted, figures."""
        from kg.frames import frame

        return frame(table(self.store.query(_STUDIES)))

    def ask(
        self, name: str, decimals: bool = False, labels: bool = False, **parameters: str | int | float | Decimal
    ) -> pd.DataFrame:
        """Return the answer to a named question as a DataFrame: `graph.ask("crs-by-product", grade=">=3")`.

        Types are those of `kg.frames.frame`; `labels` adds a column with names beside each column of IRIs. Raises
        QueryError for an unknown question, parameter or value, VocabularyError for an unknown concept.
        """
        from kg.frames import frame

        return frame(ask(self.store, name, parameters), decimals, NameBook(self.store).label if labels else None)

    def sparql(self, text: str, decimals: bool = False, labels: bool = False) -> pd.DataFrame:
        """Return the answer to a SPARQL query as a DataFrame (triples as subject, predicate, object).

        Types and `labels` are as in `ask`. Raises QueryError for what can't be parsed, QueryRefusedError for what isn't
        allowed.
        """
        from kg.frames import frame

        return frame(table(run(self.store, text)), decimals, NameBook(self.store).label if labels else None)

    def network(self) -> nx.Graph[str]:
        """Return reports, trials and treatments as a networkx graph: see `kg.links.network`."""
        from kg.links import network

        return network(self.store)

    def close(self) -> None:
        """Let the store go."""
        self.store.close()
