"""A store behind a SPARQL server (`--store URL`): the same questions and commands as the embedded one.

The server keeps the graph; a folder of this machine keeps what runs leave beside it (failures, the log of runs) and the
lock that lets one ingest of this machine and user at a time write. Readers see a report as soon as it is written:
there are no snapshots.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.bulk import load
from kg.change import Change
from kg.endpoint import Endpoint, address
from kg.iris import Names, assertion, provenance
from kg.layout import Layout, WriteLock
from kg.parts import Parts
from kg.rdf import Term, by_graph, iri, ntriples
from kg.reading import RDF_FORMATS, Answer, Pattern, Question, Reading
from kg.tidying import tidied
from kg.vocabulary_graph import vocabulary_quads, vocabulary_version
from ontology import terms
from ontology.errors import StoreError, StoreLockedError

_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())


def state_folder(url: str) -> Path:
    """Return the folder of this machine for what belongs to the server at `url`."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "cartograph" / hashlib.sha256(url.encode()).hexdigest()[:16]


class ServerReader(Reading):
    """A server's store, for reading."""

    version = "live"

    def __init__(self, url: str, names: Names | None = None) -> None:
        """Reach the server at `url`; raises StoreError where it can't be reached or holds no store."""
        self.endpoint = Endpoint(url)
        super().__init__(self.endpoint.url, names or Names())
        try:
            self._check()
        except BaseException:
            self.endpoint.close()
            raise

    def _check(self) -> None:
        if self._vocabulary() is None:
            raise StoreError(f"{self.root}: there is no store here")
        text = f"ASK {{ <{terms.CGV.rstrip('/')}> <{terms.VOCABULARY_VERSION}> ?version }}"
        if not self.query(text):
            raise StoreError(f"{self.root}: its default graph must be the union of all graphs; configure the server so")

    def _vocabulary(self) -> str | None:
        return self.value(self.names.vocabulary, terms.CGV.rstrip("/"), terms.VOCABULARY_VERSION)

    @property
    def _own(self) -> str:
        """The filter that keeps to the store's own graphs, since a server may hold others."""
        return f'FILTER(STRSTARTS(STR(?g), "{self.names.base}"))'

    @property
    def folder(self) -> Path:
        """Where a run keeps its own files."""
        return state_folder(self.endpoint.url)

    def _answer(self, question: Question) -> Answer:
        """Return the answer, all of it fetched at once."""
        head, dataset = f"BASE <{question.base}>\n" if question.base else "", question.dataset
        asked = {"default-graph-uri": dataset.default, "named-graph-uri": dataset.named} if dataset else {}
        return self.endpoint.query(head + _PREFIXES + question.text + _values(question.bindings), asked)

    def _matching(self, pattern: Pattern) -> Iterator[ox.Quad]:
        if pattern == Pattern(pattern.graph):
            for each in self.graphs() if pattern.graph is None else [pattern.graph]:
                yield from self.endpoint.get(each)
            return
        subject, predicate = (iri(x) if x else None for x in (pattern.subject, pattern.predicate))
        fixed = {"s": subject, "p": predicate, "o": pattern.target}
        s, p, o = (str(term or f"?{name}") for name, term in fixed.items())
        among = f"VALUES ?g {{ {iri(pattern.graph)} }}" if pattern.graph else self._own
        names = " ".join(f"?{name}" for name, term in fixed.items() if term is None)
        for row in self.select(f"SELECT {names} ?g WHERE {{ GRAPH ?g {{ {s} {p} {o} }} {among} }}"):
            found = iter(row)
            yield _quad([term or next(found) for term in (*fixed.values(), None)])

    def graphs(self) -> list[str]:
        """See `Reading`: the graphs below the store's base alone."""
        rows = self.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {self._own} }}")
        return sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))

    def dump(self, output: IO[bytes], format: str = "nquads", graph: str | None = None) -> None:
        """See `Reading`."""
        prefixes = dict(terms.PREFIXES) if format in ("trig", "turtle") else None
        found = self.quads(graph)
        if graph is None:
            ox.serialize(found, output, format=RDF_FORMATS[format], prefixes=prefixes)
        else:
            ox.serialize((quad.triple for quad in found), output, format=RDF_FORMATS[format], prefixes=prefixes)

    def __len__(self) -> int:
        """Return the number of quads."""
        rows = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {self._own} }}")
        return sum(int(str(getattr(row[0], "value", 0))) for row in rows)

    def refresh(self) -> bool:
        """Return False: the newest is read at all times."""
        return False

    def close(self) -> None:
        """Close the connections."""
        self.endpoint.close()


class ServerWriter(ServerReader):
    """The one writer of this machine to a server's store; it takes new reports best by its `parts`."""

    def __init__(self, url: str, names: Names | None = None, wait: float = 0.0) -> None:
        """Reach the server at `url` for writing; raises StoreLockedError, after `wait` seconds, where another writes.

        The vocabulary is loaded unless its version is there.
        """
        self._layout = Layout(state_folder(address(url)))
        self._lock = self._locked(address(url), wait)
        try:
            super().__init__(url, names)
            self.parts = Parts(self._layout.parts, self._load_parts)
            self.parts.resume()
        except BaseException:
            self._lock.release()
            raise

    def _locked(self, url: str, wait: float) -> WriteLock:
        try:
            self._layout.root.mkdir(parents=True, exist_ok=True)
            return WriteLock(self._layout, wait)
        except OSError as error:
            raise StoreError(f"{self._layout.root}: can't be written: {error.strerror}") from error
        except StoreLockedError as error:
            raise StoreLockedError(str(error).replace(str(self._layout.root), url)) from error

    def _check(self) -> None:
        if self._vocabulary() != vocabulary_version():
            self._layout.unpublished.touch()
            for graph, triples in by_graph(vocabulary_quads(self.names)).items():
                self.endpoint.put(graph, triples)
        super()._check()

    def write(self, changes: Sequence[Change]) -> None:
        """Replace the graphs of the given reports, in one transaction where the server's dialect has them."""
        self._layout.unpublished.touch()
        drops = [graph for change in changes for graph in (assertion(change.report), provenance(change.report))]
        data = "".join(change.update() for change in changes)
        update = "".join(f"DROP SILENT GRAPH {iri(graph)};\n" for graph in drops) + f"INSERT DATA {{\n{data}}}"
        if not self.endpoint.update(update):
            for change in changes:
                self._put(change)

    def _put(self, change: Change) -> None:
        """Write a report graph by graph; it counts as written once its provenance, the last, is there."""
        own = (assertion(change.report), provenance(change.report))
        for graph, triples in change.graphs.items():
            if graph not in own:
                self.endpoint.add(graph, triples)
        for graph in own:
            if graph in change.graphs:
                self.endpoint.put(graph, change.graphs[graph])
            else:
                self.endpoint.remove(graph)

    def _load_parts(self, parts: Sequence[Path], said: Mapping[str, bytes]) -> None:
        self._layout.unpublished.touch()
        for part in parts:
            load(self.endpoint, part)

    def tidy(self) -> None:
        """Remove from the shared graph what no report speaks of any more, and all labels of a concept but one."""
        stays = tidied(self)
        if stays is not None:
            self.endpoint.put(self.names.shared, ntriples(stays))

    def publish(self) -> None:
        """Load what waits; what is written is seen at once."""
        self.parts.load()

    def finish(self) -> None:
        """Tidy up, also what a run left that was killed; does nothing where there's nothing new."""
        self.parts.load()
        if self._layout.unpublished.exists():
            self.tidy()
            self._layout.unpublished.unlink()

    def close(self) -> None:
        """Close the connections, and let another writer in."""
        self.parts.close()
        super().close()
        self._lock.release()


def _quad(row: Sequence[Term | None]) -> ox.Quad:
    subject, predicate, target, graph = row
    if not isinstance(subject, ox.NamedNode | ox.BlankNode) or target is None:
        raise StoreError(f"the server answered with what is no statement: {row}")
    if not isinstance(predicate, ox.NamedNode) or not isinstance(graph, ox.NamedNode):
        raise StoreError(f"the server answered with what is no statement: {row}")
    return ox.Quad(subject, predicate, target, graph)


def _values(bindings: Mapping[str, Term]) -> str:
    """Return the clause that gives values to projected variables, to stand at a query's end."""
    if not bindings:
        return ""
    names, values = " ".join(f"?{name}" for name in bindings), " ".join(str(value) for value in bindings.values())
    return f"\nVALUES ({names}) {{ ({values}) }}"
