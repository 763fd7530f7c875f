"""The comparison: one outcome measure over studies, treatments, times and grades, one row a figure.

Rows come from the index of figures where the store has one, else from the graph: they are the same.

A figure belongs to an intervention when its arm was given it (`basis` is `arm`), or, where the arm is the whole study
or its treatments aren't known, when the study examines it (`basis` is `study`). What was not given never counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from kg.figures import comparing, newest
from kg.figures.comparing import Conditions
from kg.figures.database import Figures
from kg.measures import grade_bounds, parse_time, time_window
from kg.naming import NameBook, concept
from kg.rdf import Term, iri, literal
from kg.store import Reading
from ontology.errors import QueryError


@dataclass(frozen=True, slots=True)
class Selection:
    """What to compare: concepts by name, label, CURIE or IRI (narrower included), a time `12mo`, a grade `>=3`."""

    outcome: str | None = None
    condition: str | None = None
    intervention: str | None = None
    time: str | None = None
    grade: str | None = None
    arm: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Concepts are given by their canonical names, several of them joined by `; `."""

    report: str
    title: str
    year: int | None
    design: str
    condition: str
    intervention: str
    arm: str
    measure: str
    statistic: str
    value: Decimal | None
    unit: str
    n: int | None
    N: int | None
    ci_low: Decimal | None
    ci_high: Decimal | None
    time_months: Decimal | None
    grade: str
    subgroup: str
    flags: str
    quote: str
    basis: str
    not_reached: bool
    ci_level: Decimal | None
    p: str
    comparator: str
    label: str
    retracted: bool
    start: int | None
    end: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a comparison, and how many figures of how many reports there are in all."""

    rows: list[Row]
    figures: int
    studies: int


COLUMNS = tuple(f.name for f in fields(Row))
ORDERS = ("newest", "value", "patients")

_KINDS = {"outcome": ("outcome", "outcome-group"), "condition": ("condition",), "intervention": ("intervention",)}

_MAIN = """SELECT DISTINCT ?outcome ?report ?title ?year ?retracted ?design ?arm ?measure ?statistic ?value ?unit ?n ?N
  ?ci_low ?ci_high ?ci_level ?time_months ?grade ?subgroup ?p ?comparator ?label ?not_reached ?quote ?start ?end
WHERE {
  %s
  ?outcome cg:statistic ?statistic ; cg:arm/cg:armLabel ?arm ; oa:hasTarget/oa:hasSelector ?position .
  ?position oa:start ?start ; oa:end ?end ; oa:refinedBy/oa:exact ?quote .
  ?study cg:design ?design . ?report dcterms:title ?title ; cg:retracted ?retracted .
  OPTIONAL { ?report cg:year ?year }
  OPTIONAL { ?outcome cg:value ?value }
  OPTIONAL { ?outcome cg:unit ?unit }
  OPTIONAL { ?outcome cg:numerator ?n }
  OPTIONAL { ?outcome cg:denominator ?N }
  OPTIONAL { ?outcome cg:ciLow ?ci_low }
  OPTIONAL { ?outcome cg:ciHigh ?ci_high }
  OPTIONAL { ?outcome cg:ciLevel ?ci_level }
  OPTIONAL { ?outcome cg:timeMonths ?time_months }
  OPTIONAL { ?outcome cg:grade ?grade }
  OPTIONAL { ?outcome cg:subgroup ?subgroup }
  OPTIONAL { ?outcome cg:pText ?p }
  OPTIONAL { ?outcome cg:comparator/cg:armLabel ?comparator }
  OPTIONAL { ?outcome cg:measureLabel ?label }
  OPTIONAL { ?outcome cg:notReached ?not_reached }
}"""
_GIVEN = "SELECT DISTINCT ?outcome ?x WHERE { %s ?outcome cg:armIntervention ?x }"
_STUDIED = "SELECT DISTINCT ?outcome ?x WHERE { %s ?outcome cg:studyIntervention ?x }"
_CONDITIONS = "SELECT DISTINCT ?report ?x WHERE { %s ?study cg:population/cg:condition ?x }"
_FLAGS = "SELECT DISTINCT ?outcome ?x WHERE { %s ?flag cg:flagOutcome ?outcome ; cg:flagKind ?x }"


def compare(store: Reading, selection: Selection) -> list[Row]:
    """Return the figures that `selection` asks for, in a fixed order: newest report first, then as they stand in it.

    Raises VocabularyError for an unknown concept and QueryError for a time or a grade that can't be read.
    """
    index = store.figures
    if index is None:
        return compare_in_graph(store, selection)
    return comparing.all_rows(index, _chosen(store, index, selection), Row)


def page(store: Reading, selection: Selection, order: str = "newest", most: int = 300, skip: int = 0) -> Page:
    """Return the `most` rows of a comparison after the first `skip`, and the size of the whole.

    `order` is `newest`, `value` (largest first) or `patients` (largest group first); then come the newer reports, by
    title, as they stand. Raises what `compare` raises, and QueryError for an unknown order.
    """
    if order not in ORDERS:
        raise QueryError(f"no such order: {order}; use one of {', '.join(ORDERS)}")
    index = store.figures
    if index is None:
        found = sorted(compare_in_graph(store, selection), key=lambda row: _rank(row, order))
        return Page(found[skip : skip + most], len(found), len({row.report for row in found}))
    chosen = _chosen(store, index, selection)
    if order == "newest" and _is_of_all_measures(selection):
        counted = newest.counts(index, chosen)
        rows = newest.page_of(index, chosen, counted, (most, skip), Row)
        return Page(rows, sum(n for _report, n in counted), len(counted))
    size = comparing.size(index, chosen, order, most, skip)
    is_there = size.figures > skip
    rows = comparing.page_of(index, chosen, order, (most, skip), size, Row) if is_there else []
    return Page(rows, size.figures, size.studies)


def _is_of_all_measures(selection: Selection) -> bool:
    """Whether figures are chosen by condition and treatment alone."""
    others = (selection.outcome, selection.time, selection.grade, selection.arm)
    return bool(selection.condition or selection.intervention) and not any(others)


def _rank(row: Row, order: str) -> tuple[Decimal, int, str, int]:
    leading = {
        "value": Decimal("Infinity") if row.value is None else -row.value,
        "patients": Decimal(-(row.N or 0)),
    }.get(order, Decimal(0))
    return leading, -(row.year or 0), row.title.casefold(), row.start or 0


def _chosen(store: Reading, index: Figures, selection: Selection) -> Conditions:
    """Return the conditions on the index that choose what `selection` asks for."""
    chosen = Conditions()
    if selection.outcome:
        comparing.of_measure(chosen, index.concept(concept(store, selection.outcome, _KINDS["outcome"])))
    if selection.condition:
        about = index.concept(concept(store, selection.condition, _KINDS["condition"]))
        comparing.of_condition(chosen, about, from_here=not selection.outcome)
    if selection.intervention:
        given = index.concept(concept(store, selection.intervention, _KINDS["intervention"]))
        comparing.of_intervention(chosen, given, from_here=not (selection.outcome or selection.condition))
    if selection.time:
        low, high = _window(selection.time)
        chosen.add("f.months BETWEEN :low AND :high", low=float(low), high=float(high))
    if selection.grade:
        _choose_grade(chosen, selection.grade)
    if selection.arm:
        label = "SELECT lcase(label) FROM arm a WHERE a.report = f.report AND a.number = f.arm"
        chosen.add(f"({label}) = :arm", arm=selection.arm.casefold())
    return chosen


def _choose_grade(chosen: Conditions, text: str) -> None:
    bounds = grade_bounds(text)
    if bounds is None:
        chosen.add("lcase(f.grade) = :grade", grade=text.strip().casefold())
        return
    if bounds.low is not None:
        chosen.add("f.grade_min >= :grade_min", grade_min=bounds.low)
    if bounds.high is not None:
        chosen.add("f.grade_max <= :grade_max", grade_max=bounds.high)


def compare_in_graph(store: Reading, selection: Selection) -> list[Row]:
    """Return what `compare` returns, from the graph alone."""
    pattern = _pattern(store, selection)
    names = NameBook(store)
    given, studied, flags = (_many(store, text % pattern, names) for text in (_GIVEN, _STUDIED, _FLAGS))
    conditions = _many(store, _CONDITIONS % pattern, names)
    rows = []
    for facts in _solutions(store, _MAIN % pattern):
        outcome = _text(facts["outcome"])
        basis = "arm" if outcome in given else "study" if outcome in studied else ""
        more = {
            "intervention": given.get(outcome) or studied.get(outcome, ""),
            "condition": conditions.get(_text(facts["report"]), ""),
            "flags": flags.get(outcome, ""),
            "basis": basis,
        }
        rows.append(_row(facts, more, names))
    return sorted(rows, key=lambda row: (-(row.year or 0), row.report, row.start or 0, row.outcome))


def _pattern(store: Reading, selection: Selection) -> str:
    """Return the triple patterns that choose `?outcome`, `?study` and `?report`; all values are serialised terms."""
    parts = ["?study cg:hasOutcome ?outcome . ?report cg:reports ?study . ?outcome cg:measure ?measure ."]
    if selection.outcome:
        parts.insert(0, _within(store, "outcome", selection.outcome, "?measure cg:within"))
    if selection.condition:
        parts.append(_within(store, "condition", selection.condition, "?study cg:population/cg:condition/cg:within"))
    if selection.intervention:
        had = "?outcome (cg:armIntervention|cg:studyIntervention)/cg:within"
        parts.append(_within(store, "intervention", selection.intervention, had))
    if selection.time:
        parts.append(_at_time(selection.time))
    if selection.grade:
        parts.append(_of_grade(selection.grade))
    if selection.arm:
        parts.append(
            f"?outcome cg:arm/cg:armLabel ?inArm . FILTER(LCASE(?inArm) = {literal(selection.arm.casefold())})"
        )
    return "\n  ".join(parts)


def _within(store: Reading, kind: str, text: str, path: str) -> str:
    return f"{path} {iri(concept(store, text, _KINDS[kind]))} ."


def _window(text: str) -> tuple[Decimal, Decimal]:
    try:
        return time_window(parse_time(text))
    except ValueError as error:
        raise QueryError(str(error)) from error


def _at_time(text: str) -> str:
    low, high = _window(text)
    return f"?outcome cg:timeMonths ?at . FILTER(?at >= {literal(low)} && ?at <= {literal(high)})"


def _of_grade(text: str) -> str:
    """A grade asked for holds those that lie within it: `>=3` finds `3-4` and `4`, not `2-4`."""
    bounds = grade_bounds(text)
    if bounds is None:
        return f"?outcome cg:grade ?word . FILTER(LCASE(?word) = {literal(text.strip().casefold())})"
    low = f"?outcome cg:gradeMin ?from . FILTER(?from >= {literal(bounds.low)})" if bounds.low is not None else ""
    high = f"?outcome cg:gradeMax ?to . FILTER(?to <= {literal(bounds.high)})" if bounds.high is not None else ""
    return f"{low} {high}"


def _solutions(store: Reading, text: str) -> Iterator[dict[str, Term | None]]:
    answer = store.query(text)
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("not a SELECT query")
    variables = [v.value for v in answer.variables]
    for solution in answer:
        yield {name: solution[name] for name in variables}


def _many(store: Reading, text: str, names: NameBook) -> dict[str, str]:
    """Return, for each first column of a two-column query, the second's names or texts, sorted and joined."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in store.select(text):
        is_concept = isinstance(value, ox.NamedNode)
        found[_text(key)].add(names.name(_text(value)) if is_concept else _text(value))
    return {key: "; ".join(sorted(values)) for key, values in found.items()}


def _row(facts: dict[str, Term | None], more: dict[str, str], names: NameBook) -> Row:
    """Make a row, each value in its field's type."""
    values: dict[str, Any] = dict(more)
    for name, term in facts.items():
        text = _text(term) if term is not None else None
        if name in _CONCEPTS:
            values[name] = names.name(text) if text else ""
        elif name in _NUMBERS:
            values[name] = Decimal(text) if text else None
        elif name in _COUNTS:
            values[name] = int(text) if text else None
        elif name in _MARKS:
            values[name] = text == "true"
        else:
            values[name] = text or ""
    return Row(**values)


def _text(term: Term | None) -> str:
    if term is None or isinstance(term, ox.Triple):
        raise TypeError(f"not a plain term: {term}")
    return term.value


_CONCEPTS = {"design", "measure", "statistic", "unit"}
_NUMBERS = {"value", "ci_low", "ci_high", "ci_level", "time_months"}
_COUNTS = {"year", "n", "N", "start", "end"}
_MARKS = {"not_reached", "retracted"}
