"""Building the index of figures from the graph: anew, or from an earlier one and the reports that changed since."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg.figures.rows import PLACES, Cell, Context, Rows, Statements, rows_of
from kg.iris import Names, assertion
from ontology import terms

FILE = "figures.sqlite"
_BATCH = 200  # reports
_OF_REPORT = (
    "notice",
    "identifier",
    "trial",
    "abstract",
    "about",
    "arm",
    "arm_given",
    "treatment",
    "car_target",
    "step",
    "flag",
    "flag_figure",
    "reported",
)
_OF_FIGURE = {"figure_given": "figure", "figure": "id", "words": "id"}
_FULL_TEXT = {"words": ("quoted", ("id", "quote")), "abstract": ("searched", ("report", "title", "names", "body"))}


class Source(Protocol):
    """The graph, as `kg.store.Reading` gives it."""

    names: Names

    def reports(self) -> list[str]: ...  # noqa: D102
    def quads(  # noqa: D102
        self, graph: str | None = None, subject: str | None = None, predicate: str | None = None
    ) -> Iterator[ox.Quad]: ...
    def value(self, graph: str, subject: str, predicate: str) -> str | None: ...  # noqa: D102


@cache
def version() -> int:
    """Return what tells an index of these tables from one of others: a positive 31-bit number."""
    made_of = _sql("schema.sql") + _sql("indexes.sql")
    return int.from_bytes(hashlib.sha256(made_of.encode() + b"4").digest()[:4]) >> 1 or 1


def _sql(name: str) -> str:
    return resources.files("kg.figures").joinpath(name).read_text(encoding="utf-8")


def is_current(path: Path) -> bool:
    """Return whether `path` is an index that this version reads."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(found[0] == version())


def build(source: Source, target: Path, before: Path | None = None, changed: Iterable[str] | None = None) -> None:
    """Write the index of `source` to `target`, which doesn't exist.

    With an index `before` and the reports `changed` since (removed ones among them), only these are read; without,
    all. The file is whole or of no use: a caller removes it after an error.
    """
    update = before is not None and changed is not None and is_current(before)
    if update and before is not None:
        shutil.copyfile(before, target)
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -65536"):
            database.execute(f"PRAGMA {pragma}").close()
        builder = _Builder(source, database)
        builder.update(changed or ()) if update else builder.make()
        database.execute(f"PRAGMA user_version = {version()}")
    _sync(target)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


class _Builder:
    def __init__(self, source: Source, database: sqlite3.Connection) -> None:
        self._source = source
        self._database = database
        self._concepts: dict[str, int] = {}
        self._inserts: dict[str, str] = {}

    def make(self) -> None:
        """Fill an empty file."""
        self._database.executescript(_sql("schema.sql"))
        with _transaction(self._database):
            self._add(self._source.reports())
            self._describe_concepts()
        for index, _ in _FULL_TEXT.values():
            self._database.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608
        self._database.executescript(_sql("indexes.sql"))
        self._database.execute("ANALYZE")

    def update(self, changed: Iterable[str]) -> None:
        """Read the changed reports anew."""
        self._concepts = dict(self._database.execute("SELECT iri, id FROM concept"))
        reports = sorted(set(changed))
        with _transaction(self._database):
            numbers = [n for report in reports if (n := self._remove(report)) is not None]
            self._add(reports, indexed=True)
            self._describe_concepts()
        if len(numbers) < len(reports):  # reports came: what the planner knows may have grown old
            self._database.execute("PRAGMA analysis_limit = 1000").close()
            self._database.execute("ANALYZE")

    def _remove(self, report: str) -> int | None:
        found = self._database.execute("SELECT id FROM report WHERE iri = ?", (report,)).fetchone()
        if found is None:
            return None
        number: int = found[0]
        places = (number * PLACES, (number + 1) * PLACES)
        self._unindex("words", *places)
        self._unindex("abstract", number, number + 1)
        for table in _OF_REPORT:
            self._database.execute(f"DELETE FROM {table} WHERE report = ?", (number,))  # noqa: S608
        for table, column in _OF_FIGURE.items():
            self._database.execute(f"DELETE FROM {table} WHERE {column} >= ? AND {column} < ?", places)  # noqa: S608
        self._database.execute("DELETE FROM report WHERE id = ?", (number,))
        return number

    def _unindex(self, table: str, start: int, end: int) -> None:
        """Take rows out of their full-text index, which needs to be told what it held of them."""
        index, (key, *texts) = _FULL_TEXT[table]
        columns = ", ".join(texts)
        told = f"INSERT INTO {index} ({index}, rowid, {columns}) SELECT 'delete', {key}, {columns} FROM {table}"  # noqa: S608
        self._database.execute(f"{told} WHERE {key} >= ? AND {key} < ?", (start, end))

    def _add(self, reports: Iterable[str], indexed: bool = False) -> None:
        number = self._database.execute("SELECT COALESCE(MAX(id), 0) FROM report").fetchone()[0]
        batch: list[Rows] = []
        for report in reports:
            said = Statements(self._source.quads(assertion(report)))
            if not said:
                continue
            number += 1
            batch.append(rows_of(Context(number, report, said, self._concept, self._trial)))
            if len(batch) == _BATCH:
                self._insert(batch, indexed)
                batch.clear()
        self._insert(batch, indexed)

    def _insert(self, batch: list[Rows], indexed: bool) -> None:
        for table in sorted({name for rows in batch for name in rows.tables}):
            rows = [row for each in batch for row in each.tables.get(table, ())]
            places = ", ".join("?" * len(rows[0]))
            self._database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
            if indexed and table in _FULL_TEXT:
                self._index(table, [row[0] for row in rows])

    def _index(self, table: str, keys: list[Cell]) -> None:
        """Put rows into their full-text index."""
        index, (key, *texts) = _FULL_TEXT[table]
        columns = ", ".join(texts)
        told = f"INSERT INTO {index} (rowid, {columns}) SELECT {key}, {columns} FROM {table} WHERE {key} = ?"  # noqa: S608
        self._database.executemany(told, [(k,) for k in keys])

    def _concept(self, iri: str) -> int:
        return self._concepts.setdefault(iri, len(self._concepts) + 1)

    def _trial(self, iri: str) -> str | None:
        return self._source.value(self._source.names.shared, iri, terms.IDENTIFIER)

    def _describe_concepts(self) -> None:
        """Write all concepts anew, with their names and their closure: there are few beside the figures."""
        names = self._source.names
        labels, notations = (self._texts(p) for p in (terms.PREF_LABEL, terms.NOTATION))
        pairs = [
            (self._concept(quad.object.value), self._concept(quad.subject.value))
            for graph in (names.closure, names.shared)
            for quad in self._source.quads(graph, None, terms.WITHIN)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        ]
        for iri in labels:
            self._concept(iri)
        rows = [(k, x, labels.get(x), notations.get(x) or labels.get(x) or x) for x, k in self._concepts.items()]
        self._database.execute("DELETE FROM within")
        self._database.execute("DELETE FROM concept")
        self._database.executemany("INSERT INTO concept VALUES (?, ?, ?, ?)", rows)
        self._database.executemany("INSERT OR IGNORE INTO within VALUES (?, ?)", pairs)

    def _texts(self, predicate: str) -> dict[str, str]:
        names, found = self._source.names, dict[str, str]()
        for graph in (names.shared, names.vocabulary):
            for quad in self._source.quads(graph, None, predicate):
                subject, text = quad.subject, quad.object
                if isinstance(subject, ox.NamedNode) and isinstance(text, ox.Literal):
                    found[subject.value] = min(text.value, found.get(subject.value, text.value))
        return found


class _transaction:  # noqa: N801 - reads as a statement
    """One transaction: with the journal off it saves time, not data."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self._database.execute("COMMIT")
