"""The studies of an index: which have what, in which order, and which words find them.

A study is the number of its report. A set of studies is one integer whose bits are such numbers, so that filters are
`&`, alternatives `|` and counts `bit_count()`: milliseconds for 100,000 studies.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from kg.figures.database import Figures
from kg.iris import is_clinicaltrials
from ontology import terms
from ontology.names import KIND_PREFIXES

_CONCEPTS = {
    "condition": "SELECT concept, report FROM about WHERE kind = 'condition'",
    "intervention": "SELECT intervention, report FROM treatment WHERE used = 1",
    "outcome": "SELECT measure, report FROM reported",
    "design": "SELECT concept, report FROM about WHERE kind = 'design'",
    "topic": "SELECT topic, id FROM report WHERE topic IS NOT NULL",
}
_WIDENED = ("condition", "intervention", "outcome")
_NOTABLE = {
    "sequence": "SELECT report FROM step GROUP BY report HAVING COUNT(*) > 1",
    "left-out": "SELECT report FROM treatment WHERE used = 0",
    "contradiction": "SELECT report FROM flag",
    "retracted": "SELECT id FROM report WHERE retracted = 1",
}
_WITHIN = """SELECT w.wide, w.narrow, c.iri FROM within w JOIN concept c ON c.id = w.wide
  WHERE w.narrow IN (SELECT value FROM json_each(:narrow))"""
_NEWEST = "year DESC, title_key, iri"
_ORDERS = {
    "newest": _NEWEST,
    "title": f"title_key, {_NEWEST}",
    "patients": f"COALESCE(treated, enrolled, evaluable, 0) DESC, {_NEWEST}",
}
FACETS = (*_CONCEPTS, "notable")


class Studies:
    """All studies of an index. Safe to ask from several threads; never changes once built."""

    def __init__(self, figures: Figures) -> None:
        """Read which study has what; raises StoreError where the file is damaged."""
        self._figures = figures
        self._bytes = _first(figures, "SELECT COALESCE(MAX(id), 0) FROM report") // 8 + 1
        self._by_order: dict[str, array[int]] = {}
        self.everything = self._set_of("SELECT id FROM report")
        own = {facet: self._by_concept(sql) for facet, sql in _CONCEPTS.items()}
        self._own = {facet: self._named(sets) for facet, sets in own.items()}
        self._wide = {facet: self._named(self._widened(facet, sets)) for facet, sets in own.items()}
        self._wide["notable"] = {name: found for name, sql in _NOTABLE.items() if (found := self._set_of(sql))}

    def __len__(self) -> int:
        return self.everything.bit_count()

    @property
    def figures(self) -> int:
        """How many figures the studies report."""
        return _first(self._figures, "SELECT COALESCE(SUM(figures), 0) FROM report")

    def having(self, facet: str) -> Mapping[str, int]:
        """Return the studies that have each value of a facet or a narrower one, by the value's canonical name."""
        return self._wide[facet]

    def naming(self, facet: str) -> Mapping[str, int]:
        """Return the studies that name each value of a facet of concepts themselves."""
        return self._own[facet]

    def in_years(self, low: int | None, high: int | None) -> int:
        """Return the studies published within years; those without a year aren't."""
        years = (y for y in self._years if (low is None or y >= low) and (high is None or y <= high))
        found = 0
        for year in years:
            found |= self._years[year]
        return found

    def matching(self, expression: str, ranked: bool = True) -> list[int]:
        """Return the studies that an FTS5 expression finds in title, abstract, names and identifiers.

        They come best first if `ranked`, which takes a few times as long.
        """
        order = " ORDER BY bm25(searched, 6.0, 3.0, 1.0)" if ranked else ""
        sql = f"SELECT rowid FROM searched WHERE searched MATCH :words{order}"  # noqa: S608
        return [row[0] for row in self._figures.rows(sql, {"words": expression})]

    def set_of(self, numbers: Iterable[int]) -> int:
        """Return studies as a set."""
        bits = bytearray(self._bytes)
        for k in numbers:
            bits[k >> 3] |= 1 << (k & 7)
        return int.from_bytes(bits, "little")

    def ordered(self, found: int, order: str | Iterable[int]) -> Iterator[int]:
        """Yield the studies of a set by `newest`, `title` or `patients`, or in the order of other numbers."""
        member = found.to_bytes(self._bytes, "little")
        return (k for k in (self._order(order) if isinstance(order, str) else order) if member[k >> 3] >> (k & 7) & 1)

    def reports(self, numbers: Iterable[int]) -> list[str]:
        """Return the IRIs of studies' reports, in the same order."""
        asked = list(numbers)
        sql = "SELECT id, iri FROM report WHERE id IN (SELECT value FROM json_each(:numbers))"
        iris = dict(self._figures.rows(sql, {"numbers": json.dumps(asked)}))
        return [iris[k] for k in asked]

    def holds(self, report: str) -> bool:
        """Return whether there is a report of that IRI."""
        return next(self._figures.rows("SELECT 1 FROM report WHERE iri = :iri", {"iri": report}), None) is not None

    def called(self, identifier: str) -> str | None:
        """Return the IRI of the report with an identifier (`pmid:1`, `doi:10.1/x`), the newest of a trial, or None."""
        sql = f"""SELECT iri FROM report WHERE id IN (SELECT report FROM identifier WHERE name = :name
          UNION ALL SELECT report FROM trial WHERE number = :trial) ORDER BY {_NEWEST} LIMIT 1"""  # noqa: S608
        number = identifier.strip().upper()
        trial = f"clinicaltrials:{number}" if is_clinicaltrials(number) else number
        found = next(self._figures.rows(sql, {"name": identifier, "trial": trial}), None)
        return str(found[0]) if found else None

    def related(self, report: str) -> list[str]:
        """Return the IRIs of the other reports of the trials that a report names, newest first."""
        sql = f"""SELECT iri FROM report r WHERE r.iri <> :iri AND r.id IN (SELECT o.report FROM trial t
          JOIN trial o ON o.iri = t.iri JOIN report mine ON mine.id = t.report WHERE mine.iri = :iri)
          ORDER BY {_NEWEST}"""  # noqa: S608
        return [row[0] for row in self._figures.rows(sql, {"iri": report})]

    @cached_property
    def _years(self) -> dict[int, int]:
        numbers: dict[int, list[int]] = defaultdict(list)
        for year, k in self._figures.rows("SELECT year, id FROM report WHERE year IS NOT NULL"):
            numbers[year].append(k)
        return {year: self.set_of(found) for year, found in numbers.items()}

    def _order(self, order: str) -> array[int]:
        if order not in self._by_order:
            rows = self._figures.rows(f"SELECT id FROM report ORDER BY {_ORDERS[order]}")  # noqa: S608
            self._by_order[order] = array("L", (row[0] for row in rows))
        return self._by_order[order]

    def _set_of(self, sql: str) -> int:
        return self.set_of(row[0] for row in self._figures.rows(sql))

    def _by_concept(self, sql: str) -> dict[int, int]:
        sets: dict[int, bytearray] = defaultdict(lambda: bytearray(self._bytes))
        for concept, k in self._figures.rows(sql):
            sets[concept][k >> 3] |= 1 << (k & 7)
        return {concept: int.from_bytes(bits, "little") for concept, bits in sets.items()}

    def _widened(self, facet: str, sets: Mapping[int, int]) -> dict[int, int]:
        """Return sets with those of narrower concepts added, for wider concepts of the facet's own kind too."""
        wide = dict(sets)
        if facet in _WIDENED:
            namespace = terms.PREFIXES[KIND_PREFIXES[facet]]
            for wider, narrower, iri in self._figures.rows(_WITHIN, {"narrow": json.dumps(list(sets))}):
                if iri.startswith(namespace):
                    wide[wider] = wide.get(wider, 0) | sets[narrower]
        return wide

    def _named(self, sets: Mapping[int, int]) -> dict[str, int]:
        names, found = self._figures.names, dict[str, int]()
        for concept, studies in sets.items():
            found[names[concept]] = found.get(names[concept], 0) | studies
        return found


def _first(figures: Figures, sql: str) -> int:
    number: int = next(figures.rows(sql))[0]
    return number
