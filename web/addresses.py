"""Addresses of pages and files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from urllib.parse import urlencode

from flask import url_for

from web.search import Search


def search_address(search: Search) -> str:
    """Return the address of the list under `search`."""
    query = urlencode(search.arguments())
    return url_for("studies.index") + (f"?{query}" if query else "")


def asset(name: str) -> str:
    """Return a static file's address with its digest, so that a browser may keep it until it changes."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    content = resources.files("web").joinpath("static", name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
