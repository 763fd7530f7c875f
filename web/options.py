"""Names to choose from in forms: the concepts that the store's studies hold."""

from __future__ import annotations

from web import data
from web.catalogue import Catalogue

_KINDS = ("outcome", "condition", "intervention")


def choices(catalogue: Catalogue, kind: str) -> list[tuple[str, str]]:
    """Return names of a kind with their other names and numbers of studies; empty for a kind that isn't listed."""
    if kind not in _KINDS:
        return []
    return [(name, _note(kind, name, count)) for name, count in catalogue.values(kind)]


def _note(kind: str, name: str, count: int) -> str:
    studies = f"{count:,} {'study' if count == 1 else 'studies'}"
    return " · ".join([*data.synonyms(kind, name)[:3], studies])
