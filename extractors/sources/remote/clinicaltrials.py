"""ClinicalTrials.gov, API version 2: studies page by page, by page token."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, TypeVar

from extractors.sources.remote.client import Client
from extractors.sources.remote.cursor import page_object, page_size, restart, sound, strings
from extractors.sources.remote.service import BadReplyError, Page, Place, RefusedError, Request, content_with_short

Checked = TypeVar("Checked")
_PAGE = 100
"""Studies with posted results are large: 100 of them may be tens of megabytes."""


class ClinicalTrials:
    """Asks ClinicalTrials.gov for whole studies, as JSON."""

    name = "clinicaltrials"
    suffix = ".json"

    def __init__(self, client: Client, request: Request, email: str | None = None) -> None:
        self._client = client
        self._size = page_size(_PAGE, request.limit)
        self._fields = {"query.term": request.query, "format": "json"}
        if request.since:
            self._fields["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{request.since},MAX]"

    def start(self) -> Place:
        """Return where the first page begins."""
        return {"token": None, "count": None}

    def page(self, place: Place, seen: Set[str]) -> Page:
        """Return the page at a token; a token that is refused means beginning anew."""
        try:
            return content_with_short(lambda: self._ask(place, self._size, lambda body: self._page(body, place, seen)))
        except RefusedError as error:
            raise restart(error, place, self.start()) from error

    def count(self) -> int:
        """Return the number of studies."""
        return self._ask(self.start(), 1, lambda body: _count(_studies(body)[0], self.start()))

    def ids(self, body: bytes) -> tuple[tuple[str, ...], int]:
        """Return the NCT numbers of a page's studies, and how many have none."""
        return strings(map(_id, _studies(body)[1]))

    def _ask(self, place: Place, size: int, check: Callable[[bytes], Checked]) -> Checked:
        fields = self._fields | {"pageSize": str(size)}
        fields |= {"pageToken": str(place["token"])} if place["token"] else {"countTotal": "true"}
        return self._client.get("studies", fields, check)

    def _page(self, body: bytes, place: Place, seen: Set[str]) -> Page:
        reply, _ = _studies(body)
        ids, unread = self.ids(body)
        count = _count(reply, place)
        token = reply.get("nextPageToken")
        last = not token or token == place["token"] or not (ids or unread)
        page = Page(body, ids, count, place, None if last else {"token": token, "count": count}, unread)
        return sound(page, seen)


def _studies(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return a page and its studies; raises BadReplyError where it isn't a page of studies."""
    reply = page_object(body)
    studies = reply.get("studies")
    if not isinstance(studies, list):
        raise BadReplyError("JSON without studies")
    return reply, studies


def _count(reply: dict[str, Any], place: Place) -> int:
    """Return the total, which only the first page states; later ones take it along in their place."""
    count = reply.get("totalCount", place["count"])
    if not isinstance(count, int):
        raise BadReplyError("studies without their count")
    return count


def _id(study: Any) -> str | None:
    for key in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(key) if isinstance(study, dict) else None
    return study if isinstance(study, str) and study else None
