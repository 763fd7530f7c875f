"""Tables as pandas DataFrames with types: the only module that imports pandas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pandas as pd
import pyoxigraph as ox

from kg.compare import COLUMNS, Row
from kg.rdf import Term
from kg.results import Table, cell
from ontology import terms

_INTEGER, _DECIMAL, _BOOLEAN = (terms.XSD + name for name in ("integer", "decimal", "boolean"))
_DATES = {terms.XSD + "date", terms.XSD + "dateTime"}
_FLOATS = {_DECIMAL, terms.XSD + "double", terms.XSD + "float"}
_ROW_TYPES = {
    "year": "Int64", "n": "Int64", "N": "Int64", "start": "Int64", "end": "Int64",
    "value": "Float64", "ci_low": "Float64", "ci_high": "Float64", "ci_level": "Float64", "time_months": "Float64",
    "not_reached": "bool", "retracted": "bool",
}  # fmt: skip


def frame(found: Table, decimals: bool = False, label: Callable[[str], str | None] | None = None) -> pd.DataFrame:
    """Return a table as a DataFrame: integers as Int64, decimals as Float64 (exact Decimal objects with `decimals`).

    Booleans become boolean, dates and times timestamps in UTC, IRIs CURIEs where there's a prefix, everything else
    strings; no value is <NA>. With `label`, each column of IRIs has a column `NAME_label` behind it with what `label`
    gives for each.
    """
    columns = {}
    for k, name in enumerate(found.columns):
        cells = [row[k] for row in found.rows]
        columns[name] = _series(cells, decimals)
        if label is not None and any(isinstance(c, ox.NamedNode) for c in cells):
            texts = [label(c.value) if isinstance(c, ox.NamedNode) else None for c in cells]
            columns[f"{name}_label"] = pd.array(texts, dtype="string")
    return pd.DataFrame(columns, columns=list(columns))


def rows_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows of a comparison as a DataFrame with the columns of `kg.compare.COLUMNS`, typed; no value is <NA>."""
    data = pd.DataFrame([_plain(asdict(row)) for row in rows], columns=list(COLUMNS))
    return data.astype({name: _ROW_TYPES.get(name, "string") for name in COLUMNS})


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: float(x) if isinstance(x, Decimal) else None if x == "" else x for key, x in facts.items()}


def _series(cells: list[Term | None], decimals: bool) -> Any:
    types = {c.datatype.value for c in cells if isinstance(c, ox.Literal)}
    if not types or any(not isinstance(c, ox.Literal) for c in cells if c is not None):
        return pd.array([None if c is None else cell(c) for c in cells], dtype="string")
    texts = [c.value if isinstance(c, ox.Literal) else None for c in cells]
    if types == {_INTEGER}:
        return pd.array([None if t is None else int(t) for t in texts], dtype="Int64")
    if types == {_BOOLEAN}:
        return pd.array([None if t is None else t in ("true", "1") for t in texts], dtype="boolean")
    if types <= _DATES:
        return pd.to_datetime(pd.Series(texts, dtype=object), format="ISO8601", utc=True)
    if types <= _FLOATS | {_INTEGER}:
        if decimals and types <= {_DECIMAL, _INTEGER}:
            return pd.Series([None if t is None else Decimal(t) for t in texts], dtype=object)
        return pd.array([None if t is None else float(t) for t in texts], dtype="Float64")
    return pd.array(texts, dtype="string")
