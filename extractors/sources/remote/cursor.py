"""What services have in common whose pages are found one after the other, each naming the next."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from extractors.sources.remote.replies import error_in, parse_json, words_of
from extractors.sources.remote.service import BadReplyError, MovedError, Page, Place, RefusedError, ShortReplyError


def page_size(most: int, limit: int | None) -> int:
    """Return the size of pages, the same for all of a fetch: the services promise nothing where it changes.

    With a limit it is such that whole pages overshoot it by less than their number.
    """
    return most if limit is None else -(-limit // -(-limit // most))


def page_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a page is; raises BadReplyError where it's none, or an error."""
    try:
        reply = parse_json(body)
    except (ValueError, RecursionError):
        raise BadReplyError(f"not the JSON of a whole page ({words_of(body)[:60]})") from None
    if not isinstance(reply, dict):
        raise BadReplyError("JSON, but not a page of results")
    if said := error_in(reply):
        raise BadReplyError(f"an error reply: {said}")
    return reply


def strings(ids: Iterable[str | None]) -> tuple[tuple[str, ...], int]:
    """Return the ids that there are, and how many are None."""
    found = list(ids)
    return tuple(one for one in found if one), sum(1 for one in found if not one)


def sound(page: Page, seen: Set[str]) -> Page:
    """Return the page; raises BadReplyError where it holds nothing but what came before, or ends the results early."""
    ids = set(page.ids)
    if ids and seen >= ids:
        raise BadReplyError("a page that came before")
    if page.next is None and len(seen | ids) + page.unread < page.count:
        raise ShortReplyError("the results end before their count", page)
    return page


def restart(error: RefusedError, place: Place, start: Place) -> RefusedError | MovedError:
    """Return what a refused page means: the refusal itself for the first one, else that the cursor is worth no more."""
    if place == start:
        return error
    return MovedError(f"it knows its place in the results no more ({error.reason})", start, lambda at: True)
