"""Cross-origin sharing: which pages from elsewhere may read what is here. By default none may."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, current_app, request

_REMEMBERED_SECONDS = "86400"


def share(response: Response, *, exposed: Iterable[str], accepted: Iterable[str]) -> Response:
    """Return the response with leave for pages of the origins that the operator names to read it.

    `exposed` are the headers of answers that they may see, `accepted` those of requests that they may send.
    """
    response.vary.update(["Accept", "Origin"])
    allowed: frozenset[str] = current_app.config["CORS_ORIGINS"]
    origin = request.headers.get("Origin")
    if origin is None or not ({"*", origin} & allowed):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
    response.headers["Access-Control-Expose-Headers"] = ", ".join(exposed)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers["Access-Control-Allow-Headers"] = ", ".join(accepted)
        response.headers["Access-Control-Max-Age"] = _REMEMBERED_SECONDS
    return response
