"""Responses that several topics give."""

from __future__ import annotations

from flask import Response


def attachment(body: str | bytes, media_type: str, name: str, suffix: str) -> Response:
    """Return a response that a browser saves as `name` (levelled to safe characters) with `suffix`."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:80].strip("-")
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe or "cartograph"}.{suffix}"'
    return response
