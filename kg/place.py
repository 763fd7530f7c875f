"""The place of a store: the folder of an embedded one, or the URL of a SPARQL server."""

from __future__ import annotations

from pathlib import Path

Place = Path | str


def is_url(place: Place) -> bool:
    """Return whether a place is a server's URL."""
    return str(place).startswith(("http://", "https://"))
