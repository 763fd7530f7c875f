"""What a service offers to the fetcher, whatever its protocol: pages of raw records, one after another."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from ontology.errors import FetchError

Place: TypeAlias = dict[str, Any]
"""Where in the results a page begins, as JSON that outlives the process; only its service understands it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `query` in the service's own language, what changed on or after `since`, at most `limit`."""

    query: str
    since: date | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One reply, checked: `body` as it came, and what is known of it.

    `ids` are its records' ids, `unread` the number of records whose id can't be read, `missing` the ids that were asked
    for and didn't come, `count` what the service counts for the whole request, `at` where the page begins, and `next`
    where the next one does, None after the last.
    """

    body: bytes
    ids: tuple[str, ...]
    count: int
    at: Place
    next: Place | None
    unread: int = 0
    missing: tuple[str, ...] = ()


class Service(Protocol):
    """A service, asked for one request."""

    name: str
    suffix: str

    def start(self) -> Place:
        """Return where the first page begins."""
        ...

    def page(self, place: Place, seen: Set[str]) -> Page:
        """Return the page at `place`; `seen` are the ids of all pages before.

        Raises MovedError where the results aren't what they were, FetchError where the page can't be had.
        """
        ...

    def count(self) -> int:
        """Return how many records the service counts for the whole request now."""
        ...

    def ids(self, body: bytes) -> tuple[tuple[str, ...], int]:
        """Return the ids of a body's records, in order, and the number of records whose id can't be read.

        Raises BadReplyError where it isn't a whole body of records.
        """
        ...


class BadReplyError(ValueError):
    """A reply that can't be used but may come right when asked again: cut short, an error page, another's records."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ShortReplyError(BadReplyError):
    """A reply that is good but lacks some of the records that it should have; `page` is what came."""

    def __init__(self, reason: str, page: Page) -> None:
        super().__init__(reason)
        self.page = page


class RefusedError(FetchError):
    """A request that the service refuses, and would refuse again: `status` is HTTP's."""

    def __init__(self, service: str, status: int, reason: str) -> None:
        super().__init__(service, reason)
        self.status = status


class GaveUpError(FetchError):
    """A request that failed at every attempt; `last` is why the last one did."""

    def __init__(self, service: str, last: BadReplyError, attempts: int) -> None:
        super().__init__(service, f"{last}; gave up after {attempts} attempts; the same command goes on from here")
        self.last = last


def content_with_short(ask: Callable[[], Page]) -> Page:
    """Return the page that `ask` gets; where it stays short at every attempt, the short one: the final count tells."""
    try:
        return ask()
    except GaveUpError as error:
        if isinstance(error.last, ShortReplyError):
            return error.last.page
        raise


class MovedError(Exception):
    """The results changed under the fetch: it has to go on at `place`, without the pages that `dropped` names."""

    def __init__(self, reason: str, place: Place, dropped: Callable[[Place], bool]) -> None:
        super().__init__(reason)
        self.place = place
        self.dropped = dropped
