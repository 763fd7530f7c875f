"""What an endpoint is, and how a request to one is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel

from web.api.models import PageLinks, Paging
from web.api.parameters import Query, read
from web.snapshots import Snapshot, snapshot

MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Item:
    """The part of an address that names one thing: `{study}`."""

    name: str
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation: where it is, what it takes and what it gives.

    `answer(snapshot, query, item)` makes the result; `item` is empty where the address names no single thing.
    """

    name: str
    path: str
    summary: str
    query: type[Query]
    result: type[BaseModel]
    answer: Callable[[Snapshot, Any, str], BaseModel]
    item: Item | None = None
    can_be_meaningless: bool = field(default=False)


def respond(endpoint: Endpoint, item: str) -> Response:
    """Return the answer to the current request, or 304 where the client has it already."""
    query, here = read(endpoint.query, request.args), snapshot()
    tag = here.tag
    if tag in request.if_none_match.as_set(include_weak=True):
        response = Response(status=304)
    else:
        found = endpoint.answer(here, query, item)
        response = Response(found.model_dump_json(by_alias=True) + "\n", mimetype=MEDIA_TYPE)
    response.set_etag(tag, weak=True)
    return response


def paging(total: int, page: int, size: int) -> Paging:
    """Return which part of a list of `total` things the current request gets, with addresses of the others."""
    pages = max(1, -(-total // size))
    before = min(page - 1, pages)
    return Paging(
        total=total,
        page=page,
        page_size=size,
        pages=pages,
        links=PageLinks(
            self=_address(page),
            first=_address(1),
            prev=_address(before) if before else None,
            next=_address(page + 1) if page < pages else None,
            last=_address(pages),
        ),
    )


def _address(page: int) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "page"]
    asked = kept if page == 1 else [*kept, ("page", str(page))]
    return request.path + (f"?{urlencode(asked)}" if asked else "")


def slice_of(page: int, size: int) -> slice:
    """Return which members of a list stand on a page."""
    return slice((page - 1) * size, page * size)
