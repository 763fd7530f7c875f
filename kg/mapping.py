"""Evidence record to RDF: pure, deterministic, one graph for what a report says and one for where that comes from.

The same record gives byte-identical canonical N-Quads, so no time of day stands in them: the store's log of runs tells
when a run took place. Everything has an IRI below that of its report; there are no blank nodes. What several reports
share (trials, the extractor, concepts that the vocabulary doesn't hold) goes to one shared graph, since the union of
graphs that queries see doesn't merge a statement made twice.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from extractors import document
from extractors.evidence import EvidenceRecord, Notice
from kg.concepts import Concepts
from kg.iris import Names, assertion, provenance
from kg.outcome_mapping import state_outcomes
from kg.rdf import Sheet
from kg.sources import Source
from kg.study_mapping import state_study
from ontology import terms
from ontology.vocabulary import Vocabulary, load


def to_quads(
    record: EvidenceRecord,
    names: Names | None = None,
    source: Source | None = None,
    vocabulary: Vocabulary | None = None,
) -> list[ox.Quad]:
    """Return the quads of one report, in three graphs: its assertion, its provenance, and the shared one.

    The result depends on the arguments and the vocabulary alone; `kg.rdf.canonical` makes N-Quads of it.
    """
    return [quad for sheet in to_sheets(record, names, source, vocabulary) for quad in sheet.quads]


def to_sheets(
    record: EvidenceRecord,
    names: Names | None = None,
    source: Source | None = None,
    vocabulary: Vocabulary | None = None,
) -> tuple[Sheet, Sheet, Sheet]:
    """Return what `to_quads` does as one sheet for each graph."""
    names = names or Names()
    report = names.report(record)
    said, origin, shared = Sheet(assertion(report)), Sheet(provenance(report)), Sheet(names.shared)
    concepts = Concepts(vocabulary or load(), shared)
    _state_report(said, report, record, names)
    study = report + "/study"
    said.link(report, terms.REPORTS, study)
    arms = state_study(said, study, record, concepts, names, shared)
    outcomes = state_outcomes(said, report, record, concepts, arms)
    _state_flags(said, report, record, outcomes)
    _state_provenance(origin, shared, report, record, names, source or Source())
    return said, origin, shared


def _state_report(said: Sheet, report: str, record: EvidenceRecord, names: Names) -> None:
    citation = record.citation
    said.link(report, terms.RDF_TYPE, terms.REPORT, terms.EXPRESSION)
    said.note(report, terms.TITLE, record.title)
    said.note(report, terms.ABSTRACT, record.text)
    said.note(report, terms.IDENTIFIER, *_identifiers(record))
    said.note(report, terms.JOURNAL, citation.journal)
    said.note(report, terms.YEAR, citation.year)
    said.note(report, terms.RETRACTED, any(n.kind in ("retracted", "withdrawn") for n in record.notices))
    said.note(report, terms.NOTICE, *sorted({n.kind for n in record.notices}))
    said.link(report, terms.RETRACTS, *sorted({names.report_of_id(x) for x in retracted_ids(record.notices)}))
    said.link(report, terms.TOPIC, Concepts.coded("topic", record.relevance))


def retracted_ids(notices: Iterable[Notice | document.Notice]) -> list[str]:
    """Return the ids of the reports that a notice of retraction takes back, where it gives their PubMed numbers."""
    numbers = [n.reference for n in notices if n.kind == "retraction" and n.reference]
    return [f"pmid:{number}" for number in numbers if number.isascii() and number.isdigit()]


def _identifiers(record: EvidenceRecord) -> list[str]:
    citation = record.citation
    known = [f"pubmed:{citation.pmid}" if citation.pmid else None, f"doi:{citation.doi}" if citation.doi else None]
    own = None if record.id == f"pmid:{citation.pmid}" or record.id in known else record.id
    return [x for x in (*known, own) if x]


def _state_flags(said: Sheet, report: str, record: EvidenceRecord, outcomes: list[str]) -> None:
    for number, flag in enumerate(record.flags, start=1):
        node = f"{report}/flag/{number}"
        said.link(report, terms.HAS_FLAG, node)
        said.link(node, terms.RDF_TYPE, terms.FLAG)
        said.note(node, terms.FLAG_KIND, flag.kind)
        said.note(node, terms.FLAG_MESSAGE, flag.message)
        said.link(node, terms.FLAG_OUTCOME, *(outcomes[k] for k in flag.outcomes))


def _state_provenance(
    origin: Sheet, shared: Sheet, report: str, record: EvidenceRecord, names: Names, source: Source
) -> None:
    graph, activity = assertion(report), report + "/extraction"
    origin.link(graph, terms.WAS_GENERATED_BY, activity)
    origin.link(graph, terms.WAS_DERIVED_FROM, report)
    origin.link(activity, terms.RDF_TYPE, terms.ACTIVITY)
    origin.link(activity, terms.METHOD, *_methods(record))
    origin.note(report, terms.RECORD_JSON, record.model_dump_json(exclude={"title", "text"}))
    origin.note(report, terms.SOURCE_FILE, source.file)
    origin.note(report, terms.SOURCE_RECORD, source.record)
    origin.note(report, terms.SUPERSEDED_DIGEST, *sorted(set(source.superseded)))
    if record.extraction is None:
        return
    agent = names.agent(record.extraction.extractor)
    origin.link(activity, terms.WAS_ASSOCIATED_WITH, agent)
    origin.note(activity, terms.EXTRACTOR_VERSION, record.extraction.extractor)
    origin.note(activity, terms.VOCABULARY_VERSION, record.extraction.vocabulary)
    origin.note(report, terms.SOURCE_DIGEST, record.extraction.digest)
    shared.link(agent, terms.RDF_TYPE, terms.SOFTWARE_AGENT)
    shared.note(agent, terms.RDFS_LABEL, f"Cartograph {record.extraction.extractor}")


def _methods(record: EvidenceRecord) -> list[str]:
    """Concepts are matched as strings and quantities by a grammar; a confidence comes from a learned model."""
    learned = any(o.confidence is not None for o in record.outcomes)
    rules = [terms.ECO_STRING_MATCHING, terms.ECO_REGULAR_EXPRESSION]
    return [*rules, terms.ECO_MACHINE_LEARNING] if learned else rules


def tombstone(report: str, source: Source) -> list[ox.Quad]:
    """Return the provenance of a report that its source deleted: no assertion, and the digests of what is gone."""
    origin = Sheet(provenance(report))
    origin.note(report, terms.WITHDRAWN, True)
    origin.note(report, terms.SOURCE_FILE, source.file)
    origin.note(report, terms.SOURCE_RECORD, source.record)
    origin.note(report, terms.SUPERSEDED_DIGEST, *sorted(set(source.superseded)))
    return origin.quads
