"""What a store holds, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kg.layout import Layout
from kg.run_log import RunLog
from kg.store import Reader

_FILES = """SELECT ?file (COUNT(DISTINCT ?report) AS ?n) WHERE { ?report a cg:Report ; cg:sourceFile ?file }
  GROUP BY ?file ORDER BY ?file"""
_VERSIONS = """SELECT ?extractor ?vocabulary (COUNT(?graph) AS ?n) WHERE {
  ?graph prov:wasGeneratedBy ?run . ?run cg:extractorVersion ?extractor ; cg:vocabularyVersion ?vocabulary }
  GROUP BY ?extractor ?vocabulary ORDER BY ?extractor ?vocabulary"""
_COUNTS = {
    "reports": "SELECT (COUNT(*) AS ?n) WHERE { ?x a cg:Report }",
    "figures": "SELECT (COUNT(*) AS ?n) WHERE { ?x a cg:Outcome }",
    "withdrawn": "SELECT (COUNT(*) AS ?n) WHERE { ?x cg:withdrawn true }",
}


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of a store; `files` and `versions` count reports; `unfinished` where a killed run has left more."""

    store: str
    snapshot: str
    quads: int
    reports: int
    figures: int
    withdrawn: int
    files: dict[str, int]
    versions: dict[str, int]
    unfinished: bool
    last_run: dict[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """Return the status as plain data for JSON."""
        return asdict(self)


def status_of(path: Path) -> Status:
    """Return the status of the store at `path`; raises StoreError where it can't be read."""
    layout = Layout(path)
    with Reader(path) as store:
        counts = {name: int(_texts(store, text)[0][0]) for name, text in _COUNTS.items()}
        return Status(
            store=str(path),
            snapshot=store.version,
            quads=len(store),
            files={file: int(n) for file, n in _texts(store, _FILES)},
            versions={f"{made} with vocabulary {words}": int(n) for made, words, n in _texts(store, _VERSIONS)},
            unfinished=layout.unpublished.exists(),
            last_run=RunLog(path).last_run(),
            **counts,
        )


def _texts(store: Reader, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in store.select(query)]
