"""A search of the study list, read from an address and written back to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol, cast

FACETS = ("condition", "intervention", "outcome", "design", "topic", "notable")
NOTABLE = ("sequence", "left-out", "contradiction", "retracted")
SORTS = ("relevance", "newest", "title", "patients")
Sort = Literal["relevance", "newest", "title", "patients"]
_LONGEST = 300


class Arguments(Protocol):
    """The query arguments of an address, as Flask gives them."""

    def get(self, key: str, default: str, /) -> str:
        """Return the first value of `key`."""

    def getlist(self, key: str, /) -> list[str]:
        """Return all the values of `key`."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the list is asked for: words, facet values (`(facet, value)` pairs), years, order and page."""

    text: str = ""
    picks: tuple[tuple[str, str], ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = "newest"
    page: int = 1

    @classmethod
    def from_arguments(cls, args: Arguments) -> Search:
        """Return the search that an address holds; what can't be read as meant is left at its default."""
        text = " ".join(args.get("q", "")[:_LONGEST].split())
        picks = tuple((facet, value) for facet in FACETS for value in sorted(set(args.getlist(facet))) if value)
        sort = args.get("sort", "")
        usual: Sort = "relevance" if text else "newest"
        return cls(
            text=text,
            picks=picks,
            year_from=_number(args.get("from", "")),
            year_to=_number(args.get("to", "")),
            sort=cast(Sort, sort) if sort in SORTS else usual,
            page=max(1, _number(args.get("page", "")) or 1),
        )

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values asked for in one facet."""
        return tuple(v for f, v in self.picks if f == facet)

    def toggled(self, facet: str, value: str) -> Search:
        """Return the search with a facet value added, or taken out if it was there; from the first page."""
        pick = (facet, value)
        rest = tuple(p for p in self.picks if p != pick)
        return replace(self, picks=rest if pick in self.picks else (*rest, pick), page=1)

    def on_page(self, page: int) -> Search:
        """Return the same search at another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> Search:
        """Return the same search in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def in_any_year(self) -> Search:
        """Return the same search without limits of years, from its first page."""
        return replace(self, year_from=None, year_to=None, page=1)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing in particular."""
        return not (self.text or self.picks or self.year_from or self.year_to)

    def arguments(self) -> list[tuple[str, str]]:
        """Return the address arguments in a fixed order; defaults are left out."""
        usual = "relevance" if self.text else "newest"
        rest: Iterable[tuple[str, str | int | None]] = (
            ("from", self.year_from),
            ("to", self.year_to),
            ("sort", None if self.sort == usual else self.sort),
            ("page", None if self.page == 1 else self.page),
        )
        words = [("q", self.text)] if self.text else []
        order = {facet: k for k, facet in enumerate(FACETS)}
        picks = sorted(self.picks, key=lambda p: (order[p[0]], p[1]))
        return words + picks + [(key, str(value)) for key, value in rest if value is not None]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
