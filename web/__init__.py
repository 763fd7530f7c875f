"""The pages: studies, comparisons, questions and SPARQL over a store.

`create_app(store)` returns the Flask application; `cartograph serve` runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from kg.worker_settings import Limits

__all__ = ["create_app"]


def create_app(
    store: Path,
    *,
    trusted_hosts: Sequence[str] | None = None,
    limits: Limits | None = None,
    services: Sequence[str] = (),
    cors_origins: Sequence[str] = (),
) -> Flask:
    """Return the application over the store in folder `store`; see `web.app.create_app`."""
    from web.app import create_app as create  # the command line imports this package to list its commands

    return create(store, trusted_hosts=trusted_hosts, limits=limits, services=services, cors_origins=cors_origins)
