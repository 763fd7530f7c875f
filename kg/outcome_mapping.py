"""Outcomes, each with its figure as numbers and the words that it stands on."""

from __future__ import annotations

import hashlib
import json

from extractors.evidence import EvidenceRecord, Outcome
from kg.concepts import Concepts
from kg.measures import grade_bounds, months, parse_p
from kg.rdf import Sheet
from kg.study_mapping import ArmFacts
from ontology import terms

_CONTEXT = 32
_NOT_THE_FIGURE = {"confidence", "links", "figure", "label"}
_UNIT_CODES = {"%": "percent"}
_as_json = json.JSONEncoder(sort_keys=True).encode


def state_outcomes(
    said: Sheet, report: str, record: EvidenceRecord, concepts: Concepts, arms: dict[str, ArmFacts]
) -> list[str]:
    """State all outcomes of a record; returns their IRIs in the record's order."""
    nodes: list[str] = []
    for position, outcome in enumerate(record.outcomes, start=1):
        node = _outcome_iri(report, outcome, nodes)
        nodes.append(node)
        said.link(f"{report}/study", terms.HAS_OUTCOME, node)
        said.link(node, terms.RDF_TYPE, terms.OUTCOME)
        said.note(node, terms.POSITION, position)
        _state_figure(said, node, outcome, concepts)
        _state_context(said, node, outcome, concepts, arms)
        _state_words(said, report, node, outcome, record.text)
    return nodes


def _outcome_iri(report: str, outcome: Outcome, taken: list[str]) -> str:
    """A hash of the figure and its words, so that the IRI outlives changes elsewhere in the report."""
    state = outcome.model_dump(mode="json", exclude=_NOT_THE_FIGURE)
    digest = hashlib.sha256(_as_json(state).encode()).hexdigest()[:12]
    node = f"{report}/outcome/{digest}"
    again = sum(x == node or x.startswith(node + ".") for x in taken)
    return f"{node}.{again + 1}" if again else node


def _state_figure(said: Sheet, node: str, outcome: Outcome, concepts: Concepts) -> None:
    other = outcome.measure == "other"
    said.link(node, terms.MEASURE, terms.OTHER_MEASURE if other else concepts.of("outcome", outcome.measure))
    said.note(node, terms.MEASURE_LABEL, outcome.label)
    said.link(node, terms.STATISTIC, concepts.coded("statistic", outcome.statistic))
    said.note(node, terms.VALUE, outcome.value)
    said.note(node, terms.NOT_REACHED, outcome.not_reached or None)
    unit = outcome.unit
    said.link(node, terms.UNIT, concepts.coded("unit", _UNIT_CODES.get(unit, unit)) if unit else None)
    said.note(node, terms.NUMERATOR, outcome.n)
    said.note(node, terms.DENOMINATOR, outcome.N)
    low, high = outcome.ci or (None, None)
    said.note(node, terms.CI_LOW, low)
    said.note(node, terms.CI_HIGH, high)
    said.note(node, terms.CI_LEVEL, outcome.ci_level)
    said.note(node, terms.CONFIDENCE, outcome.confidence)
    p = parse_p(outcome.p) if outcome.p else None
    said.note(node, terms.P_TEXT, outcome.p)
    if p is not None:
        said.note(node, terms.P_RELATION, p.relation)
        said.note(node, terms.P_VALUE, p.value)


def _state_context(said: Sheet, node: str, outcome: Outcome, concepts: Concepts, arms: dict[str, ArmFacts]) -> None:
    arm = arms[outcome.arm]
    said.link(node, terms.OUTCOME_ARM, arm.iri)
    said.link(node, terms.COMPARATOR, arms[outcome.comparator].iri if outcome.comparator else None)
    said.link(node, terms.ARM_INTERVENTION, *arm.given)
    said.link(node, terms.STUDY_INTERVENTION, *arm.studied)
    said.note(node, terms.SUBGROUP, outcome.subgroup)
    said.note(node, terms.LINKED_BY, *sorted(f"{key}={rule}" for key, rule in outcome.links.items()))
    if outcome.time is not None:
        said.note(node, terms.TIME_VALUE, outcome.time.value)
        said.link(node, terms.TIME_UNIT, concepts.coded("unit", outcome.time.unit))
        said.note(node, terms.TIME_MONTHS, months(outcome.time.value, outcome.time.unit))
    bounds = grade_bounds(outcome.grade) if outcome.grade else None
    said.note(node, terms.GRADE, outcome.grade)
    if bounds is not None:
        said.note(node, terms.GRADE_MIN, bounds.low)
        said.note(node, terms.GRADE_MAX, bounds.high)


def _state_words(said: Sheet, report: str, node: str, outcome: Outcome, text: str) -> None:
    """Point at the words. Where the record doesn't say where its quote stands, its first occurrence is taken."""
    start = outcome.start if outcome.start is not None else text.index(outcome.quote)
    end = start + len(outcome.quote)
    target, position, quote = f"{node}/words", f"{node}/position", f"{node}/quote"
    said.link(node, terms.HAS_TARGET, target)
    said.link(target, terms.RDF_TYPE, terms.SPECIFIC_RESOURCE)
    said.link(target, terms.HAS_SOURCE, report)
    said.link(target, terms.HAS_SELECTOR, position)
    said.link(position, terms.RDF_TYPE, terms.TEXT_POSITION_SELECTOR)
    said.note(position, terms.START, start)
    said.note(position, terms.END, end)
    said.link(position, terms.REFINED_BY, quote)
    said.link(quote, terms.RDF_TYPE, terms.TEXT_QUOTE_SELECTOR)
    said.note(quote, terms.EXACT, outcome.quote)
    said.note(quote, terms.PREFIX, text[max(0, start - _CONTEXT) : start] or None)
    said.note(quote, terms.SUFFIX, text[end : end + _CONTEXT] or None)
