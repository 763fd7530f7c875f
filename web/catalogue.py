"""The list of studies, searchable: bit sets for facets and SQLite's full text for words, both held in memory.

Each study has a number (its place in the default order, newest first) and each facet value a set of numbers kept as the
bits of one integer: filters are `&`, alternatives `|` and counts `bit_count()`, milliseconds for 30,000 studies.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from web.search import FACETS, NOTABLE, Search

PAGE_SIZE = 20
Broader = Callable[[str, str], Iterable[str]]
_WORD = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """One study as the list shows it; `key` names it in addresses, `facets` maps a facet's name to its values."""

    key: str
    id: str
    title: str
    year: int | None = None
    journal: str | None = None
    design: str = "other"
    patients: int | None = None
    figures: int = 0
    contradictions: int = 0
    retracted: bool = False
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    headline: tuple[tuple[str, str], ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by, how many of the studies found have it, and whether the search already asks for it."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is: studies and figures, and studies by the commonest measures and by what is notable."""

    studies: int
    figures: int
    measures: list[tuple[str, int]]
    notable: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search: `entries` of `total` studies, and the facets with counts."""

    entries: list[Entry]
    total: int
    page: int
    pages: int
    facets: dict[str, list[FacetValue]]


class Catalogue:
    """All studies of a store snapshot. Safe to search from several threads; never changes once built."""

    def __init__(self, entries: Iterable[tuple[Entry, str]], broader: Broader = lambda _facet, _value: ()) -> None:
        """Index pairs of an entry and its text; `broader(facet, value)` gives the wider concepts of a value."""
        pairs = sorted(entries, key=lambda p: (-(p[0].year or 0), p[0].title.casefold(), p[0].key))
        self.entries = [entry for entry, _text in pairs]
        self._by_key = {entry.key: entry for entry in self.entries}
        self._by_id = {name: entry for entry in self.entries for name in entry.identifiers if ":" in name}
        self._reports: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for trial in entry.trials:
                self._reports.setdefault(trial, []).append(entry)
        self._everything = (1 << len(pairs)) - 1
        self._bits = _facet_bits(self.entries, broader)
        self._lock = threading.Lock()
        self._words = _full_text(pairs)
        weakref.finalize(self, self._words.close)  # a search may still be under way when a newer catalogue takes over

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, key: str) -> Entry | None:
        """Return the study that is named so in addresses, or None."""
        return self._by_key.get(key)

    def named(self, identifier: str) -> Entry | None:
        """Return the study with an identifier such as `pmid:34891224`, or None."""
        return self._by_id.get(identifier)

    def related(self, entry: Entry) -> list[Entry]:
        """Return the other reports of the trials that a study names."""
        reports = (other for trial in entry.trials for other in self._reports[trial] if other is not entry)
        return list({other.key: other for other in reports}.values())

    def search(self, search: Search, size: int | None = PAGE_SIZE) -> Found:
        """Return the page of `size` studies that `search` asks for; a page beyond the last gives the last.

        A `size` of None gives all of them on one page.
        """
        size = size or max(1, len(self))
        ranked = self._matching(search.text) if search.text else None
        base = self._everything if ranked is None else _bits_of(ranked, len(self))
        base &= self._in_years(search.year_from, search.year_to)
        chosen = {facet: self._any_of(facet, search.chosen(facet)) for facet in FACETS}
        hits = base
        for bits in chosen.values():
            hits &= bits
        total = hits.bit_count()
        pages = max(1, -(-total // size))
        page = min(search.page, pages)
        numbers = list(self._in_order(hits, search, ranked))[(page - 1) * size : page * size]
        facets = {facet: self._counts(facet, base, chosen, search) for facet in FACETS}
        return Found([self.entries[k] for k in numbers], total, page, pages, facets)

    def count(self, *wanted: tuple[str, str]) -> int:
        """Return how many studies have all the `(facet, value)` pairs."""
        bits = self._everything
        for facet, value in wanted:
            bits &= self._bits[facet].get(value, 0)
        return bits.bit_count()

    def top(self, facet: str, limit: int, keep: Callable[[str], bool] = lambda _value: True) -> list[str]:
        """Return the values that `keep` takes and most studies name themselves, wider concepts aside."""
        named = Counter(value for entry in self.entries for value in entry.facets.get(facet, ()))
        ranked = sorted(named, key=lambda v: (-named[v], v))
        return list(islice(filter(keep, ranked), limit))

    def values(self, facet: str) -> list[tuple[str, int]]:
        """Return all values of a facet and how many studies have each, the commonest first."""
        counted = ((value, bits.bit_count()) for value, bits in self._bits[facet].items())
        return sorted(counted, key=lambda v: (-v[1], v[0]))

    @cached_property
    def totals(self) -> Totals:
        """What the whole store holds."""
        return Totals(
            studies=len(self),
            figures=sum(e.figures for e in self.entries),
            measures=[(m, self.count(("outcome", m))) for m in self.top("outcome", 6, lambda m: m != "other")],
            notable=[(n, count) for n in NOTABLE if (count := self.count(("notable", n)))],
        )

    def _any_of(self, facet: str, values: Iterable[str]) -> int:
        bits, asked = 0, False
        for value in values:
            bits |= self._bits[facet].get(value, 0)
            asked = True
        return bits if asked else self._everything

    def _in_years(self, low: int | None, high: int | None) -> int:
        if low is None and high is None:
            return self._everything
        within = [
            k for k, e in enumerate(self.entries)
            if e.year is not None and (low is None or e.year >= low) and (high is None or e.year <= high)
        ]  # fmt: skip
        return _bits_of(within, len(self))

    def _counts(self, facet: str, base: int, chosen: Mapping[str, int], search: Search) -> list[FacetValue]:
        """Count each value among the studies that the other facets leave, so that alternatives stay in sight."""
        for other, bits in chosen.items():
            if other != facet:
                base &= bits
        wanted = search.chosen(facet)
        counted = ((value, (bits & base).bit_count()) for value, bits in self._bits[facet].items())
        values = [FacetValue(value, n, value in wanted) for value, n in counted if n or value in wanted]
        return sorted(values, key=lambda v: (not v.chosen, -v.count, v.value.casefold()))

    def _in_order(self, hits: int, search: Search, ranked: list[int] | None) -> Iterable[int]:
        member = hits.to_bytes(len(self) // 8 + 1, "little")
        order: Iterable[int] = range(len(self))
        if search.sort == "relevance" and ranked is not None:
            order = ranked
        elif search.sort == "title":
            order = sorted(order, key=lambda k: self.entries[k].title.casefold())
        elif search.sort == "patients":
            order = sorted(order, key=lambda k: -(self.entries[k].patients or 0))
        return (k for k in order if member[k >> 3] >> (k & 7) & 1)

    def _matching(self, text: str) -> list[int]:
        """Return the numbers of the studies whose words match, the best first."""
        query = _match_expression(text)
        if not query:
            return []
        with self._lock:
            rows = self._words.execute(
                "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 6.0, 3.0, 1.0)", (query,)
            ).fetchall()
        return [row[0] - 1 for row in rows]


def _facet_bits(entries: list[Entry], broader: Broader) -> dict[str, dict[str, int]]:
    size = len(entries) // 8 + 1
    arrays: dict[str, dict[str, bytearray]] = {facet: {} for facet in FACETS}
    wider: dict[tuple[str, str], tuple[str, ...]] = {}
    for k, entry in enumerate(entries):
        for facet, value in _values(entry):
            if (facet, value) not in wider:
                wider[facet, value] = (value, *broader(facet, value))
            for name in wider[facet, value]:
                arrays[facet].setdefault(name, bytearray(size))[k >> 3] |= 1 << (k & 7)
    return {f: {v: int.from_bytes(a, "little") for v, a in by_value.items()} for f, by_value in arrays.items()}


def _values(entry: Entry) -> Iterator[tuple[str, str]]:
    for facet in FACETS:
        for value in entry.facets.get(facet, ()):
            yield facet, value


def _full_text(pairs: list[tuple[Entry, str]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5("
        "title, names, body, content='', tokenize='porter unicode61 remove_diacritics 2')"
    )
    connection.executemany(
        "INSERT INTO words (rowid, title, names, body) VALUES (?, ?, ?, ?)",
        (
            (k, e.title, " ; ".join((*e.identifiers, *e.conditions, *e.interventions)), t)
            for k, (e, t) in enumerate(pairs, 1)
        ),
    )
    return connection


def _match_expression(text: str) -> str:
    """Return an FTS5 expression: every word or quoted phrase must occur; the last plain word may be a beginning."""
    found = list(_WORD.finditer(text))
    terms = []
    for k, match in enumerate(found):
        words = re.sub(r"\W+", " ", match.group(1) or match.group(2)).strip()
        if words:
            unfinished = k == len(found) - 1 and match.group(1) is None
            terms.append(f'"{words}"' + ("*" if unfinished else ""))
    return " ".join(terms)


def _bits_of(numbers: Iterable[int], size: int) -> int:
    array = bytearray(size // 8 + 1)
    for k in numbers:
        array[k >> 3] |= 1 << (k & 7)
    return int.from_bytes(array, "little")
