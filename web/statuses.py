"""The HTTP status of each kind of error."""

from __future__ import annotations

from http import HTTPStatus

from ontology.errors import (
    CartographError,
    QueryBusyError,
    QueryError,
    QueryRefusedError,
    QueryStoppedError,
    StoreError,
)

_STOPPED = {"time": HTTPStatus.GATEWAY_TIMEOUT, "memory": HTTPStatus.INSUFFICIENT_STORAGE}


def status_of(error: CartographError) -> int:
    """Return the HTTP status that tells what kind of error this is."""
    if isinstance(error, QueryStoppedError):
        return _STOPPED.get(error.limit, HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, QueryBusyError):
        return HTTPStatus.TOO_MANY_REQUESTS
    if isinstance(error, QueryRefusedError):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, StoreError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_REQUEST if isinstance(error, QueryError) else HTTPStatus.INTERNAL_SERVER_ERROR
