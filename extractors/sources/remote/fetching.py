"""Fetches what a request finds into a folder, page by page; interrupted at any moment, it goes on from there."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.sources.remote.manifest import NAME, Manifest, Part, intact, load, stamp, write_whole
from extractors.sources.remote.service import BadReplyError, MovedError, Page, Place, Request, Service
from ontology.errors import FetchError

_RESTARTS = 3
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch left in its folder.

    `records` came, `wanted` is what the service counts (at most the limit), `whole` whether that fits, `missing` the
    ids known not to have come. `already` tells that nothing was fetched, since all of it was there.
    """

    folder: Path
    parts: int
    records: int
    wanted: int
    whole: bool
    missing: tuple[str, ...] = ()
    already: bool = False

    def summary(self) -> str:
        """Return the outcome in one line."""
        place = f"{self.parts} files in {self.folder}"
        if self.already:
            return f"Complete already: {self.records} records, {place}."
        if self.whole:
            return f"Fetched {self.records} records, {place}."
        named = ", ".join(self.missing[:_NAMED]) + (", ..." if len(self.missing) > _NAMED else "")
        return (
            f"Counts don't agree: {self.records} records came, the service counts {self.wanted}"
            + (f"; missing: {named}" if named else "")
            + f". They are {place}; the same command fetches them anew."
        )


class Fetch:
    """One service's request, one folder. `tell` gets lines for people, `progress` records so far and in all."""

    def __init__(
        self,
        service: Service,
        request: Request,
        folder: Path,
        base_url: str,
        *,
        tell: Callable[[str], None] = lambda line: None,
        progress: Callable[[int, int], None] = lambda records, wanted: None,
    ) -> None:
        self._service = service
        self._request = request
        self._folder = folder
        self._asked = asked(service.name, request, base_url)
        self._tell = tell
        self._progress = progress
        self._seen: set[str] = set()
        self._unread = 0
        self._manifest = Manifest(self._asked, service.start())

    def run(self) -> Outcome:
        """Fetch what the folder lacks; nothing where it lacks nothing.

        Raises FetchError where the folder holds something else, can't be written, or the service gives up; what came
        until then stays, and the next run goes on from there.
        """
        with _locked(self._folder):
            known = self._take_up()
            if known:
                return known
            self._restarts = 0
            while self._manifest.next is not None:
                self._step(self._manifest.next)
            return self._finish()

    def _take_up(self) -> Outcome | None:
        """Take up the folder's fetch where it stopped; return its outcome where it's complete."""
        known = load(self._folder)
        if known is None:
            self._refuse_strangers()
            self._manifest.save(self._folder)
            return None
        differing = [key for key in self._asked if known.asked.get(key) != self._asked[key]]
        if differing:
            was = ", ".join(f"{key} {known.asked.get(key)}" for key in differing)
            raise FetchError(str(self._folder), f"holds another fetch ({was}); choose another folder")
        if known.finished and not known.whole:
            self._tell("The last fetch was not whole; fetching anew.")
            return None
        self._manifest = known
        self._check_parts()
        return self._outcome(already=True) if known.finished else None

    def _refuse_strangers(self) -> None:
        pattern = re.compile(rf"{self._service.name}-\d{{5,}}{re.escape(self._service.suffix)}")
        strangers = [file.name for file in sorted(self._folder.iterdir()) if pattern.fullmatch(file.name)]
        if strangers:
            raise FetchError(str(self._folder), f"holds {strangers[0]}, but not what it was fetched by")

    def _check_parts(self) -> None:
        """Count in the records of the parts that are as they were written; fetch anew from the first that isn't."""
        for number, part in enumerate(self._manifest.parts):
            ids = self._ids(part)
            if ids is None:
                self._tell(f"{part.file} isn't what was fetched; going on from there.")
                self._manifest.parts[number:] = []
                self._manifest.next, self._manifest.finished = part.at, None
                return
            self._count_in(*ids)

    def _ids(self, part: Part) -> tuple[tuple[str, ...], int] | None:
        data = intact(self._folder, part)
        try:
            return None if data is None else self._service.ids(data)
        except BadReplyError:
            return None

    def _count_in(self, ids: tuple[str, ...], unread: int) -> None:
        self._seen.update(ids)
        self._unread += unread

    @property
    def _records(self) -> int:
        return len(self._seen) + self._unread

    def _step(self, place: Place) -> None:
        try:
            page = self._service.page(place, self._seen)
        except MovedError as moved:
            self._go_back(moved)
            return
        if page.ids or page.unread:
            self._keep(page)
        limit = self._request.limit
        self._manifest.next = None if limit is not None and self._records >= limit else page.next
        self._manifest.count, self._manifest.records = page.count, self._records
        self._manifest.missing += page.missing
        self._manifest.save(self._folder)
        self._progress(self._records, self._wanted(page.count))

    def _keep(self, page: Page) -> None:
        name = f"{self._service.name}-{len(self._manifest.parts) + 1:05}{self._service.suffix}"
        checksum = write_whole(self._folder / name, page.body)
        self._manifest.parts.append(Part(name, checksum, len(page.ids) + page.unread, page.at))
        self._count_in(page.ids, page.unread)

    def _go_back(self, moved: MovedError) -> None:
        self._restarts += 1
        if self._restarts > _RESTARTS:
            raise FetchError(self._service.name, f"{moved}, again and again; try later")
        self._tell(f"{self._service.name}: {moved}; fetching that part anew")
        self._manifest.drop(moved.dropped)
        self._manifest.next = moved.place
        self._manifest.save(self._folder)
        self._seen.clear()
        self._unread = 0
        self._check_parts()

    def _wanted(self, count: int) -> int:
        return count if self._request.limit is None else min(count, self._request.limit)

    def _fits(self) -> bool:
        wanted = self._wanted(self._manifest.count or 0)
        return self._records == wanted or (self._request.limit is not None and self._records > wanted)

    def _finish(self) -> Outcome:
        """Compare the counts, the service's as it is now where the first one doesn't fit, and close the manifest."""
        if not self._fits():
            self._manifest.count = self._service.count()
        self._manifest.records = self._records
        self._manifest.whole = self._fits()
        self._manifest.finished = stamp()
        self._manifest.missing = [one for one in dict.fromkeys(self._manifest.missing) if one not in self._seen]
        self._manifest.save(self._folder)
        self._sweep()
        return self._outcome(already=False)

    def _sweep(self) -> None:
        """Delete the files that earlier, longer attempts left behind."""
        number = len(self._manifest.parts) + 1
        while (left := self._folder / f"{self._service.name}-{number:05}{self._service.suffix}").exists():
            left.unlink()
            number += 1

    def _outcome(self, already: bool) -> Outcome:
        state = self._manifest
        wanted = self._wanted(state.count or 0)
        return Outcome(
            self._folder, len(state.parts), self._records, wanted, state.whole, tuple(state.missing), already
        )


def asked(service: str, request: Request, base_url: str) -> dict[str, Any]:
    """Return what a folder's manifest says was asked for."""
    since = request.since.isoformat() if request.since else None
    return {
        "service": service,
        "base_url": base_url,
        "query": request.query,
        "since": since,
        "limit": request.limit,
    }


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Make the folder, and keep other fetches out of it; raises FetchError where that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{NAME}.lock").open("wb")
    except OSError as error:
        raise FetchError(str(folder), f"can't be written ({error.strerror})") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FetchError(str(folder), "another fetch is writing there") from None
        yield
