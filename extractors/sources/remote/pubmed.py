"""PubMed by NCBI's E-utilities: searches kept by the history server, their records fetched in batches.

No search gives more than its first 9,999 records. One that finds more is split by the date on which records were
entered (every record has one, and it doesn't change), until each range is small enough.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from extractors.sources.remote.client import Client
from extractors.sources.remote.eutils import REACH, Found, HistoryLostError, lost, read_batch, read_search
from extractors.sources.remote.service import (
    BadReplyError,
    MovedError,
    Page,
    Place,
    RefusedError,
    Request,
    ShortReplyError,
    content_with_short,
)
from ontology.errors import FetchError

BATCH = 250
_FIRST_DAY = date(1700, 1, 1)
_SEARCHES = 3
_EVER = "3000"
_TOOL = "cartograph-kg"

Range = tuple[str, str] | None
"""First and last day, as ISO dates; None for all time."""


@dataclass(frozen=True, slots=True)
class _At:
    """A place: the ranges still to fetch, the first of them from its record `start` on; see `PubMed.start`."""

    ranges: tuple[Range, ...]
    start: int = 0
    digest: str | None = None
    total: int | None = None

    @classmethod
    def read(cls, place: Place) -> _At:
        ranges = tuple(tuple(days) if days else None for days in place["ranges"])
        return cls(ranges, place["start"], place["digest"], place["total"])

    def place(self) -> Place:
        ranges = [list(days) if days else None for days in self.ranges]
        return {"ranges": ranges, "start": self.start, "digest": self.digest, "total": self.total}

    def behind(self) -> _At:
        return _At(self.ranges[1:], total=self.total)


class PubMed:
    """Asks PubMed for records as XML."""

    name = "pubmed"
    suffix = ".xml"

    def __init__(
        self,
        client: Client,
        request: Request,
        email: str | None = None,
        key: str | None = None,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._client = client
        self._request = request
        self._tell = tell
        self._term = request.query
        if request.since:
            self._term = f'({request.query}) AND ("{request.since:%Y/%m/%d}"[MDAT] : "{_EVER}"[MDAT])'
        self._fields = {"db": "pubmed", "tool": _TOOL}
        self._fields |= {"email": email} if email else {}
        self._fields |= {"api_key": key} if key else {}
        self._found: tuple[Range, Found] | None = None

    def start(self) -> Place:
        """Return where the first batch begins: all time, its first record."""
        return _At((None,)).place()

    def count(self) -> int:
        """Return the number of records that the query finds."""
        return self._search(None).count

    def ids(self, body: bytes) -> tuple[tuple[str, ...], int]:
        """Return the PMIDs of a batch, and how many records have none."""
        return read_batch(body)

    def page(self, place: Place, seen: Set[str]) -> Page:
        """Return the batch at `place`, searching (and splitting the search) first where that isn't done yet."""
        at = _At.read(place)
        while at.ranges:
            found = self._known(at.ranges[0])
            at = at if at.total is not None else replace(at, total=found.count)
            if found.count > REACH:
                at = replace(at, ranges=(*_halves(at.ranges[0], found.count), *at.ranges[1:]), start=0, digest=None)
                continue
            if at.digest not in (None, found.digest):
                raise self._moved(at)
            if at.start < len(found.ids):
                return self._batch(replace(at, digest=found.digest), seen)
            at = at.behind()
        return Page(b"", (), at.total or 0, at.place(), None)

    def _known(self, days: Range) -> Found:
        if self._found is None or self._found[0] != days:
            self._found = (days, self._search(days))
            for remark in self._found[1].remarks if days is None else ():
                self._tell(f"pubmed: {remark}")
        return self._found[1]

    def _search(self, days: Range) -> Found:
        fields = {"term": self._term, "usehistory": "y", "retmode": "json", "retmax": str(REACH)}
        if days:
            first, last = (day.replace("-", "/") for day in days)
            fields |= {"datetype": "edat", "mindate": first, "maxdate": last}
        return self._client.post("esearch.fcgi", self._fields | fields, read_search)

    def _moved(self, at: _At) -> MovedError:
        """Return that the range's records changed: it is fetched anew."""
        self._found = None
        ranges = at.place()["ranges"]
        anew = _At(at.ranges, total=None if at.ranges == (None,) else at.total)
        return MovedError("its results changed meanwhile", anew.place(), lambda place: place["ranges"] == ranges)

    def _batch(self, at: _At, seen: Set[str]) -> Page:
        """Return the batch at `at`; where the history has forgotten the search, search again."""
        for _ in range(_SEARCHES):
            found = self._known(at.ranges[0])
            if found.digest != at.digest:
                raise self._moved(at)
            try:
                return self._fetch(at, found, seen)
            except HistoryLostError:
                self._found = None
        raise FetchError(self.name, "its history server keeps forgetting the search; try again later")

    def _fetch(self, at: _At, found: Found, seen: Set[str]) -> Page:
        left = BATCH if self._request.limit is None else min(BATCH, self._request.limit - len(seen))
        wanted = found.ids[at.start : at.start + left]
        behind = at.start + len(wanted)
        after = replace(at, start=behind) if behind < len(found.ids) else at.behind()
        page = Page(b"", (), at.total or 0, at.place(), after.place() if after.ranges else None)
        fields = {"query_key": found.query_key, "WebEnv": found.web_env, "retmode": "xml"}
        fields |= {"retstart": str(at.start), "retmax": str(len(wanted))}
        try:
            return content_with_short(
                lambda: self._client.post(
                    "efetch.fcgi", self._fields | fields, lambda body: _checked(body, wanted, page)
                )
            )
        except RefusedError as error:
            if lost(error.reason):
                raise HistoryLostError(error.reason) from error
            raise


def _checked(body: bytes, wanted: tuple[str, ...], page: Page) -> Page:
    """Return the page with its body; raises BadReplyError unless it holds the records wanted and no others."""
    ids, unread = read_batch(body)
    missing = tuple(pmid for pmid in wanted if pmid not in set(ids))
    if not set(ids) <= set(wanted):
        raise BadReplyError("other records than those asked for")
    if len(set(ids)) < len(ids):
        raise BadReplyError("records that come twice")
    complete = replace(page, body=body, ids=ids, unread=unread)
    if len(missing) > unread:
        raise ShortReplyError("some of the records asked for didn't come", replace(complete, missing=missing))
    return complete


def _halves(days: Range, count: int) -> tuple[Range, Range]:
    """Return the two halves of a range; raises FetchError where it is a single day."""
    last = datetime.now(UTC).date() + timedelta(days=1)
    first, last = (date.fromisoformat(day) for day in days) if days else (_FIRST_DAY, last)
    if first == last:
        raise FetchError(
            "pubmed", f"{count} records were entered on {first}, more than a search gives; narrow the query"
        )
    middle = first + (last - first) // 2
    return (str(first), str(middle)), (str(middle + timedelta(days=1)), str(last))
