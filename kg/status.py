"""What a store holds, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from kg.layout import Layout
from kg.opening import open_reader
from kg.place import Place
from kg.reading import Reading
from kg.run_log import RunLog

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


def status_of(place: Place) -> Status:
    """Return the status of the store at `place`; raises StoreError where it can't be read."""
    with open_reader(place) as store:
        counts = {name: int(_texts(store, text)[0][0]) for name, text in _COUNTS.items()}
        return Status(
            store=str(store.root),
            snapshot=store.version,
            quads=len(store),
            files={file: int(n) for file, n in _texts(store, _FILES)},
            versions={f"{made} with vocabulary {words}": int(n) for made, words, n in _texts(store, _VERSIONS)},
            unfinished=Layout(store.folder).is_unfinished(),
            last_run=RunLog(store.folder).last_run(),
            **counts,
        )


def _texts(store: Reading, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in store.select(query)]
