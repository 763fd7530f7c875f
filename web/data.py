"""The one place where pages meet the store: what they ask of `kg`, in the shapes that they show."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

import kg
from extractors.evidence import EvidenceRecord, Outcome
from kg import iris
from kg.compare import COLUMNS as COMPARE_COLUMNS
from kg.compare import ORDERS, Selection
from kg.compare import Page as ComparePage
from kg.compare import Row as CompareRow
from kg.figures.database import Figures
from kg.figures.standing_in import stand_in
from kg.graph import Graph
from kg.layout import Layout
from kg.rdf import iri, path_segment
from ontology import terms, vocabulary
from ontology.errors import StoreError, VocabularyError
from web import labels
from web.catalogue import Entry

__all__ = ["ORDERS", "ComparePage", "CompareRow", "EvidenceRecord", "Graph", "Outcome", "Selection", "StudyFormat"]
_HEADLINE = (
    "overall-response", "complete-response", "overall-survival", "progression-free-survival", "event-free-survival",
    "non-relapse-mortality", "relapse",
)  # fmt: skip


def open_graph(store: Path) -> Graph:
    """Return the newest snapshot of a store; raises StoreError where there is none."""
    return kg.open(store)


def is_outdated(graph: Graph) -> bool:
    """Return whether the graph's store has a newer snapshot; raises StoreError where it can't be read any more."""
    try:
        return Layout(Path(graph.store.root)).current.read_text(encoding="utf-8").strip() != graph.store.version
    except OSError as error:
        raise StoreError(f"{graph.store.root}: can't be read: {error.strerror}") from error


def figures(graph: Graph) -> Figures:
    """Return the graph's index of figures; where it has none that can be read, one is made, which takes its time."""
    if graph.store.figures is None:
        graph.store.figures = stand_in(graph.store)
    return graph.store.figures


def made_at(graph: Graph) -> int:
    """Return when the graph's index was written, in nanoseconds: another store of the same version has another."""
    return figures(graph).path.stat().st_mtime_ns


def entry_of(graph: Graph, report: str) -> Entry:
    """Return the entry in the list of the report with an IRI; raises StoreError for an unknown one."""
    return entry(study_key(graph, report), graph.record(report))


def study_key(graph: Graph, report: str) -> str:
    """Return what names a report in addresses: the last part of its IRI, `pmid-34891224`."""
    return unquote(report.removeprefix(graph.store.names.base + "report/"))


def report_iri(graph: Graph, key: str) -> str:
    """Return the IRI of the report that `key` names in addresses."""
    return graph.store.names.base + "report/" + path_segment(key)


def record(graph: Graph, key: str) -> EvidenceRecord:
    """Return the record of a study; raises StoreError for an unknown one."""
    return graph.record(report_iri(graph, key))


def outcome_row(graph: Graph, key: str, part: str) -> str | None:
    """Return the id of the row of `part` (`outcome/1f2e3d...`) of a study, or None if that isn't one of its figures."""
    report = report_iri(graph, key)
    position = graph.store.value(iris.assertion(report), f"{report}/{part}", terms.POSITION)
    return f"o-{int(position) - 1}" if position else None


def canonical(kind: str, text: str) -> str:
    """Return the canonical name of the concept that `text` names, or `text` itself."""
    try:
        return vocabulary.load().find(text, kind).name
    except VocabularyError:
        return text


def synonyms(kind: str, name: str) -> list[str]:
    """Return the other words for a concept, shortest first; empty where it isn't in the vocabulary."""
    concept = vocabulary.load().named(kind, name)
    words = {x.text for x in concept.labels if not x.hidden and x.text != name} if concept else set()
    return sorted(words, key=lambda w: (len(w), w))


def comparison_csv(rows: Iterable[CompareRow]) -> str:
    """Return the rows of a comparison as CSV, every column of the row type."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COMPARE_COLUMNS)
    for row in rows:
        writer.writerow([plain_cell(getattr(row, name)) for name in COMPARE_COLUMNS])
    return output.getvalue()


@dataclass(frozen=True, slots=True)
class About:
    """How many concepts the vocabulary has, and the versions of the store's state and of the vocabulary."""

    concepts: int
    version: str
    vocabulary: str


def about(graph: Graph) -> About:
    """Return what tells a store; its statements aren't counted, which takes seconds where there are many."""
    words = vocabulary.load()
    return About(len(words.concepts), graph.store.version, words.version)


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property of the schema."""

    name: str
    label: str
    comment: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The ontology's classes and properties by name, and the prefixes that queries know."""

    classes: list[Term]
    properties: list[Term]
    prefixes: list[tuple[str, str]]


_PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


def schema(graph: Graph) -> Schema:
    """Return the schema of the data, as the ontology in the store tells it."""
    return Schema(
        classes=_terms_of(graph, [terms.OWL + "Class"]),
        properties=_terms_of(graph, [terms.OWL + kind for kind in _PROPERTY_KINDS]),
        prefixes=sorted(terms.PREFIXES.items()),
    )


def _terms_of(graph: Graph, kinds: Iterable[str]) -> list[Term]:
    store, own = graph.store, graph.store.names.vocabulary
    typed = (quad.subject for kind in kinds for quad in store.quads(own, None, terms.RDF_TYPE, iri(kind)))
    found = {thing.value for thing in typed if isinstance(thing, ox.NamedNode) and thing.value.startswith(terms.CG)}
    return [
        Term(
            vocabulary.curie(name),
            store.value(own, name, terms.RDFS_LABEL) or "",
            store.value(own, name, terms.RDFS + "comment") or "",
        )
        for name in sorted(found)
    ]


def entry(key: str, record: EvidenceRecord) -> Entry:
    """Return a record's entry in the list of studies."""
    given = tuple(dict.fromkeys(i.name for i in record.interventions if i.used))
    population = record.population
    counts = (population.treated, population.enrolled, population.evaluable)
    return Entry(
        key=key,
        id=record.id,
        title=record.title,
        year=record.citation.year,
        journal=record.citation.journal,
        design=record.design.type,
        patients=next((n for n in counts if n is not None), None),
        figures=len(record.outcomes),
        contradictions=len(record.flags),
        retracted=_is_retracted(record),
        conditions=population.conditions,
        interventions=given,
        trials=record.design.registry_ids,
        identifiers=_identifiers(record),
        headline=tuple(_headline(record)),
    )


def _identifiers(record: EvidenceRecord) -> tuple[str, ...]:
    cited = record.citation
    pmid = (f"pmid:{cited.pmid}",) if cited.pmid else ()
    doi = (f"doi:{cited.doi}",) if cited.doi else ()
    known = (record.id, *pmid, *doi, *record.design.registry_ids, *record.design.acronyms)
    return tuple(dict.fromkeys(x for x in known if x))


def _is_retracted(record: EvidenceRecord) -> bool:
    return any(n.kind in ("retracted", "withdrawn") for n in record.notices)


def _headline(record: EvidenceRecord) -> Iterator[tuple[str, str]]:
    """Give up to three figures for the list: the first proportion of the whole group of each leading measure."""
    found = 0
    for measure in _HEADLINE:
        for o in record.outcomes:
            plain = o.arm == "all" and o.subgroup is None and o.statistic == "proportion" and o.value is not None
            if o.measure == measure and plain and found < 3:
                when = f", {labels.amount(o.time.value, o.time.unit)}" if o.time else ""
                yield labels.term("outcome", measure) + when, labels.amount(o.value, o.unit)
                found += 1
                break


def broader(facet: str, value: str) -> Iterable[str]:
    """Return the names of all concepts wider than a condition, an intervention or a measure; none where unknown."""
    words = vocabulary.load()
    concept = words.named(facet, value) if facet in ("condition", "intervention", "outcome") else None
    if concept is None:
        return ()
    wider = (words.get(iri) for iri in words.broader(concept.iri) if iri != concept.iri)
    return tuple(sorted(c.name for c in wider if c.kind == concept.kind))


@dataclass(frozen=True, slots=True)
class StudyFormat:
    """A format that a study can be had in: how it is written, its media type and its suffix."""

    write: Callable[[Graph, str], str | bytes]
    media_type: str
    suffix: str


def _json(graph: Graph, key: str) -> str:
    return record(graph, key).to_json() + "\n"


def _turtle(graph: Graph, key: str) -> bytes:
    output = io.BytesIO()
    graph.store.dump(output, "turtle", iris.assertion(report_iri(graph, key)))
    return output.getvalue()


_COLUMNS = (
    "measure", "label", "statistic", "value", "not_reached", "unit", "n", "N", "ci_low", "ci_high", "ci_level", "p",
    "time", "time_unit", "grade", "arm", "comparator", "subgroup", "flags", "confidence", "quote",
)  # fmt: skip


def _csv(graph: Graph, key: str) -> str:
    found = record(graph, key)
    output = io.StringIO()
    writer = csv.DictWriter(output, _COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for k, outcome in enumerate(found.outcomes):
        low, high = outcome.ci or (None, None)
        flags = " ; ".join(flag.message for flag in found.flags if k in flag.outcomes)
        time = {"time": outcome.time.value, "time_unit": outcome.time.unit} if outcome.time else {"time": None}
        row = outcome.model_dump() | {"ci_low": low, "ci_high": high, "flags": flags} | time
        writer.writerow({name: plain_cell(row.get(name)) for name in _COLUMNS})
    return output.getvalue()


def plain_cell(value: object) -> object:
    """Return a CSV cell that a spreadsheet takes as text where it might take it as a formula."""
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if is_formula else value


STUDY_FORMATS = {
    "json": StudyFormat(_json, "application/json", "json"),
    "turtle": StudyFormat(_turtle, "text/turtle", "ttl"),
    "csv": StudyFormat(_csv, "text/csv", "csv"),
}
