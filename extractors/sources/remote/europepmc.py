"""Europe PMC: search results page by page, by cursor."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, TypeVar

from extractors.sources.remote.client import Client
from extractors.sources.remote.cursor import page_object, page_size, restart, sound, strings
from extractors.sources.remote.service import BadReplyError, Page, Place, RefusedError, Request, content_with_short

Checked = TypeVar("Checked")
_PAGE = 500
_EVER = "3000-12-31"


class EuropePMC:
    """Asks Europe PMC for core results, which have abstracts, as JSON."""

    name = "europepmc"
    suffix = ".json"

    def __init__(self, client: Client, request: Request, email: str | None = None) -> None:
        self._client = client
        self._size = page_size(_PAGE, request.limit)
        changed = f"UPDATE_DATE:[{request.since} TO {_EVER}]"
        query = f"({request.query}) AND {changed}" if request.since else request.query
        self._fields = {"query": query, "format": "json", "resultType": "core"}
        if email:
            self._fields["email"] = email

    def start(self) -> Place:
        """Return where the first page begins."""
        return {"cursor": "*"}

    def page(self, place: Place, seen: Set[str]) -> Page:
        """Return the page at a cursor; a cursor that is refused means beginning anew."""
        try:
            return content_with_short(lambda: self._ask(place, self._size, lambda body: self._page(body, place, seen)))
        except RefusedError as error:
            raise restart(error, place, self.start()) from error

    def count(self) -> int:
        """Return the number of hits."""
        return self._ask(self.start(), 1, lambda body: int(_results(body)[0]["hitCount"]))

    def ids(self, body: bytes) -> tuple[tuple[str, ...], int]:
        """Return the ids of a page's results as `SOURCE/id`, and how many have none."""
        return strings(map(_id, _results(body)[1]))

    def _ask(self, place: Place, size: int, check: Callable[[bytes], Checked]) -> Checked:
        fields = self._fields | {"cursorMark": str(place["cursor"]), "pageSize": str(size)}
        return self._client.post("searchPOST", fields, check)

    def _page(self, body: bytes, place: Place, seen: Set[str]) -> Page:
        reply, _ = _results(body)
        ids, unread = self.ids(body)
        cursor = reply.get("nextCursorMark")
        last = not cursor or cursor == place["cursor"] or not (ids or unread)
        page = Page(body, ids, reply["hitCount"], place, None if last else {"cursor": cursor}, unread)
        return sound(page, seen)


def _results(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return a page and its results; raises BadReplyError where it isn't a page of results."""
    reply = page_object(body)
    held = reply.get("resultList")
    results = held.get("result") if isinstance(held, dict) else None
    if not isinstance(results, list) or not isinstance(reply.get("hitCount"), int):
        raise BadReplyError("JSON without results and their count")
    return reply, results


def _id(result: Any) -> str | None:
    if not isinstance(result, dict) or not result.get("id"):
        return None
    return f"{result.get('source', '')}/{result['id']}"
