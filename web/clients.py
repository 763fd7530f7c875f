"""The clients of requests: whether they still wait."""

from __future__ import annotations

from collections.abc import Callable

from flask import request


def waiting() -> Callable[[], bool]:
    """Return what tells, from then on, whether the client of the current request still waits for the answer.

    Where the server can't tell, nobody has left.
    """
    has_left: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    return (lambda: not has_left()) if has_left else (lambda: True)
