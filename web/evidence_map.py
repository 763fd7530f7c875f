"""The map on the start page: how many studies there are of each common disease with each common cell therapy."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ontology import vocabulary
from web import data
from web.catalogue import Catalogue
from web.search import Search

_ROWS, _COLUMNS_EACH = 10, 5
_LARGEST = 20.0
_GROUPS = (("car-t", "CAR T cells"), ("hsct", "Transplantation"))

Column = tuple[str, Search]


@dataclass(frozen=True, slots=True)
class Cell:
    """A crossing: how many studies, the radius of its dot (its area grows with them), the search that finds them."""

    count: int
    radius: float
    search: Search


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """Conditions down, cell therapies across in groups; each row is a condition, its search and its cells."""

    groups: list[tuple[str, list[Column]]]
    rows: list[tuple[str, Search, list[Cell]]]

    @property
    def columns(self) -> list[Column]:
        """The columns of all groups in order."""
        return [column for _name, columns in self.groups for column in columns]


def draw(catalogue: Catalogue) -> EvidenceMap:
    """Return the map of the most studied conditions against the most studied cell therapies."""
    conditions = _most_studied(catalogue, "condition", _ROWS)
    groups = [(name, _most_studied(catalogue, "intervention", _COLUMNS_EACH, category)) for category, name in _GROUPS]
    therapies = [therapy for _name, members in groups for therapy in members]
    counts = {(c, t): catalogue.count(("condition", c), ("intervention", t)) for c in conditions for t in therapies}
    most = max(counts.values(), default=0) or 1
    return EvidenceMap(
        groups=[(name, [(t, _search(intervention=t)) for t in members]) for name, members in groups if members],
        rows=[
            (
                c,
                _search(condition=c),
                [_cell(counts[c, t], most, _search(condition=c, intervention=t)) for t in therapies],
            )
            for c in conditions
        ],
    )


def _most_studied(catalogue: Catalogue, facet: str, limit: int, category: str | None = None) -> list[str]:
    """Return the values that most studies name, without umbrella terms that stand above others of them."""
    values = catalogue.top(facet, 2 * limit, lambda value: category in (None, _category(value)))
    above = {wider for value in values for wider in data.broader(facet, value)}
    return [v for v in values if v not in above or data.broader(facet, v)][:limit]


def _category(name: str) -> str:
    concept = vocabulary.load().named("intervention", name)
    if concept is not None:
        return concept.category or ""
    return "car-t" if name.endswith("CAR T-cell therapy") else ""


def _search(**picks: str) -> Search:
    return Search(picks=tuple(picks.items()))


def _cell(count: int, most: int, search: Search) -> Cell:
    return Cell(count, round(_LARGEST * math.sqrt(count / most), 2) if count else 0.0, search)
