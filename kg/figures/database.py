"""Asking the index of figures."""

from __future__ import annotations

import re
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from kg.figures.build import FILE, is_current
from ontology.errors import StoreError

_NO_WORD = re.compile(r"[\W_]+")
_MAPPED = 1 << 31  # bytes of the file that may be read through the system's page cache


class Figures:
    """The index of one snapshot, open for reading. Safe to use from several threads: each has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._all)

    @classmethod
    def of(cls, folder: Path) -> Self | None:
        """Return the index in a snapshot's folder; None where there's none that this version reads."""
        path = folder / FILE
        return cls(path) if is_current(path) else None

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT; raises StoreError where the file is damaged."""
        try:
            yield from self._connection().execute(sql, values or {})
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self.path}: can't be read: {error}") from error

    @cached_property
    def names(self) -> dict[int, str]:
        """The canonical names of concepts by their numbers."""
        return dict(self.rows("SELECT id, name FROM concept"))

    @cached_property
    def ranks(self) -> dict[int, int]:
        """The places of reports, newest first and then by title; those of one year and title have the same."""
        sql = "SELECT id, DENSE_RANK() OVER (ORDER BY COALESCE(year, 0) DESC, title_key) FROM report"
        return dict(self.rows(sql))

    def concept(self, iri: str) -> int:
        """Return the number of a concept; 0, which no concept has, where the index doesn't hold it."""
        found: int = next(self.rows("SELECT id FROM concept WHERE iri = :iri", {"iri": iri}), (0,))[0]
        return found

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            found = sqlite3.connect(address, uri=True, check_same_thread=False)
            found.execute(f"PRAGMA mmap_size = {_MAPPED}").close()
            found.execute("PRAGMA cache_size = -32768").close()
            found.create_function("lcase", 1, _lower, deterministic=True)
            found.create_function("has_phrase", 2, _has_phrase, deterministic=True)
            found.create_function("as_phrase", 1, _as_phrase, deterministic=True)
            found.create_aggregate("mean1", 1, _Mean)
            with self._lock:
                self._all.append(found)
            self._own.connection = found
        return found


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _has_phrase(text: str, phrase: str) -> bool:
    """Return whether a text that the full-text index found holds a phrase word for word, as the graph would see it.

    In ASCII the index splits words and folds case alike; beyond, it's looked up.
    """
    return (text.isascii() and phrase.isascii()) or _in_words(phrase) in _in_words(text)


@lru_cache(maxsize=64)
def _in_words(text: str) -> str:
    """Return a text's words between single spaces, in lower case: what a phrase is looked for in."""
    return f" {_NO_WORD.sub(' ', text).lower()} "


def _as_phrase(text: str) -> str:
    """Return a phrase in the full-text index's language; what has no words finds nothing."""
    return f'"{_NO_WORD.sub(" ", text)}"'


class _Mean:
    """The mean to one decimal place, half up, computed in decimals: what ROUND(AVG(?x) * 10) / 10 is in SPARQL."""

    def __init__(self) -> None:
        self._sum = Decimal(0)
        self._count = 0

    def step(self, value: Any, /) -> None:
        if value is not None:
            self._sum += Decimal(repr(value))
            self._count += 1

    def finalize(self) -> Any:
        if not self._count:
            return None
        tenths = (self._sum / self._count * 10 + Decimal("0.5")).__floor__()
        return float(Decimal(tenths) / 10)
