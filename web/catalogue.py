"""The list of studies, searchable: sets and words from the index of figures, and entries read for the page shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from kg.figures.studies import Studies
from web.search import FACETS, NOTABLE, Search

PAGE_SIZE = 20
_WORD = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """One study as the list shows it; `key` names it in addresses."""

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
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)


class Catalogue:
    """All studies of a store snapshot. Safe to search from several threads; never changes once built."""

    def __init__(self, studies: Studies, entry: Callable[[str], Entry]) -> None:
        """Search `studies`; `entry` reads what the list shows of the report with an IRI."""
        self._studies = studies
        self._entry = entry

    def __len__(self) -> int:
        return len(self._studies)

    def get(self, report: str) -> Entry | None:
        """Return the study whose report has an IRI, or None."""
        return self._entry(report) if self._studies.holds(report) else None

    def named(self, identifier: str) -> Entry | None:
        """Return the study with an identifier such as `pmid:34891224`, the newest of a trial, or None."""
        report = self._studies.called(identifier)
        return self._entry(report) if report else None

    def related(self, report: str) -> list[Entry]:
        """Return the other reports of the trials that a report names, newest first."""
        return [self._entry(other) for other in self._studies.related(report)]

    def newest(self, count: int) -> list[Entry]:
        """Return the newest studies."""
        return self._entries(islice(self._studies.ordered(self._studies.everything, "newest"), count))

    def search(self, search: Search, size: int = PAGE_SIZE, beyond: bool = False) -> Found:
        """Return the page of `size` studies that `search` asks for.

        A page beyond the last gives the last, or none at all where `beyond` says that there are such pages.
        """
        studies = self._studies
        by_words = search.sort == "relevance" and bool(search.text)
        ranked = studies.matching(expression, by_words) if (expression := match_expression(search.text)) else []
        base = studies.set_of(ranked) if search.text else studies.everything
        if search.year_from is not None or search.year_to is not None:
            base &= studies.in_years(search.year_from, search.year_to)
        chosen = {facet: self._any_of(facet, search.chosen(facet)) for facet in FACETS}
        hits = base
        for found in chosen.values():
            hits &= found
        total = hits.bit_count()
        pages = max(1, -(-total // size))
        page = search.page if beyond else min(search.page, pages)
        order = ranked if by_words else "newest" if search.sort == "relevance" else search.sort
        entries = self._entries(islice(studies.ordered(hits, order), (page - 1) * size, page * size))
        facets = {facet: self._counts(facet, base, chosen, search) for facet in FACETS}
        return Found(entries, total, page, pages, facets)

    def count(self, *wanted: tuple[str, str]) -> int:
        """Return how many studies have all the `(facet, value)` pairs."""
        found = self._studies.everything
        for facet, value in wanted:
            found &= self._studies.having(facet).get(value, 0)
        return found.bit_count()

    def top(self, facet: str, limit: int, keep: Callable[[str], bool] = lambda _value: True) -> list[str]:
        """Return the values that `keep` takes and most studies name themselves, wider concepts aside."""
        named = {value: found.bit_count() for value, found in self._studies.naming(facet).items()}
        ranked = sorted(named, key=lambda v: (-named[v], v))
        return list(islice(filter(keep, ranked), limit))

    def values(self, facet: str) -> list[tuple[str, int]]:
        """Return all values of a facet and how many studies have each, the commonest first."""
        counted = ((value, found.bit_count()) for value, found in self._studies.having(facet).items())
        return sorted(counted, key=lambda v: (-v[1], v[0]))

    @cached_property
    def totals(self) -> Totals:
        """What the whole store holds."""
        return Totals(
            studies=len(self),
            figures=self._studies.figures,
            measures=[(m, self.count(("outcome", m))) for m in self.top("outcome", 6, lambda m: m != "other")],
            notable=[(n, count) for n in NOTABLE if (count := self.count(("notable", n)))],
        )

    def _entries(self, numbers: Iterable[int]) -> list[Entry]:
        return [self._entry(report) for report in self._studies.reports(numbers)]

    def _any_of(self, facet: str, values: tuple[str, ...]) -> int:
        found = 0
        for value in values:
            found |= self._studies.having(facet).get(value, 0)
        return found if values else self._studies.everything

    def _counts(self, facet: str, base: int, chosen: Mapping[str, int], search: Search) -> list[FacetValue]:
        """Count each value among the studies that the other facets leave, so that alternatives stay in sight."""
        for other, found in chosen.items():
            if other != facet:
                base &= found
        wanted = search.chosen(facet)
        counted = ((value, (found & base).bit_count()) for value, found in self._studies.having(facet).items())
        values = [FacetValue(value, n, value in wanted) for value, n in counted if n or value in wanted]
        return sorted(values, key=lambda v: (not v.chosen, -v.count, v.value.casefold()))


def match_expression(text: str) -> str:
    """Return an FTS5 expression: every word or quoted phrase must occur.

    The last plain word may be a beginning, unless it is a single letter, which nearly everything begins with.
    """
    found = list(_WORD.finditer(text))
    terms = []
    for k, match in enumerate(found):
        words = re.sub(r"\W+", " ", match.group(1) or match.group(2)).strip()
        if words:
            unfinished = k == len(found) - 1 and match.group(1) is None and len(words) > 1
            terms.append(f'"{words}"' + ("*" if unfinished else ""))
    return " ".join(terms)
