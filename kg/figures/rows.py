"""A report's statements as rows of the index. Pure: statements in, rows out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology import terms

PLACES = 1 << 16  # figures that a report may have
Cell = str | int | float | None
Row = tuple[Cell, ...]
Facts = dict[str, list[str]]


@dataclass(slots=True)
class Rows:
    """The rows of one report, by table; the first column of each is the report (or the figure)."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, *cells: Cell) -> None:
        """Add a row to a table."""
        self.tables[table].append(cells)


class Statements:
    """The statements of a report's graph, by subject and predicate."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._facts: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            subject, target = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode) and not isinstance(target, ox.Triple):
                self._facts[subject.value][quad.predicate.value].append(target.value)

    def __bool__(self) -> bool:
        return bool(self._facts)

    def all(self, subject: str | None, predicate: str) -> list[str]:
        """Return the objects' texts, sorted."""
        facts = self._facts.get(subject) if subject else None
        return sorted(set(facts.get(predicate, ()))) if facts else []

    def one(self, subject: str | None, predicate: str) -> str | None:
        """Return the object's text (the first, should there be several), or None."""
        facts = self._facts.get(subject) if subject else None
        found = facts.get(predicate) if facts else None
        return min(found) if found else None

    def integer(self, subject: str | None, predicate: str) -> int | None:
        """Return the object as an integer, or None."""
        text = self.one(subject, predicate)
        return None if text is None else int(text)

    def number(self, subject: str | None, predicate: str) -> float | None:
        """Return the object as a number, or None."""
        text = self.one(subject, predicate)
        return None if text is None else float(text)

    def truth(self, subject: str | None, predicate: str) -> int | None:
        """Return 1 or 0, or None."""
        text = self.one(subject, predicate)
        return None if text is None else int(text in ("true", "1"))


@dataclass(slots=True)
class Context:
    """What making rows needs: the report's number and IRI, its statements, and numbers for concepts and trials."""

    number: int
    report: str
    said: Statements
    concept: Callable[[str], int]
    trial: Callable[[str], str | None]

    def concepts(self, subject: str | None, predicate: str) -> list[int]:
        """Return the numbers of the concepts that a node is linked to."""
        return [self.concept(iri) for iri in self.said.all(subject, predicate)]

    def concept_of(self, subject: str | None, predicate: str) -> int | None:
        """Return the number of the concept that a node is linked to, or None."""
        iri = self.said.one(subject, predicate)
        return None if iri is None else self.concept(iri)


def rows_of(here: Context) -> Rows:
    """Return the rows of a report; raises ValueError for a number that isn't one or more figures than fit."""
    rows = Rows()
    study = here.said.one(here.report, terms.REPORTS)
    outcomes = _in_order(here, study)
    _report(rows, here, study, len(outcomes))
    _readable(rows, here, study)
    arms = _arms(rows, here, study)
    _treatments(rows, here, study)
    _figures(rows, here, outcomes, arms)
    _flags(rows, here, {outcome: k for k, outcome in enumerate(outcomes, start=1)})
    return rows


def _in_order(here: Context, study: str | None) -> list[str]:
    outcomes = here.said.all(study, terms.HAS_OUTCOME)
    if len(outcomes) >= PLACES:
        raise ValueError(f"{here.report}: more than {PLACES - 1} figures")
    return sorted(outcomes, key=lambda outcome: (here.said.integer(outcome, terms.POSITION) or 0, outcome))


def _report(rows: Rows, here: Context, study: str | None, figures: int) -> None:
    said, report, number = here.said, here.report, here.number
    people = said.one(study, terms.HAS_POPULATION)
    title = said.one(report, terms.TITLE)
    rows.add(
        "report", number, report, title, said.one(report, terms.JOURNAL),
        said.integer(report, terms.YEAR), said.truth(report, terms.RETRACTED), here.concept_of(report, terms.TOPIC),
        here.concept_of(study, terms.DESIGN), here.concept_of(study, terms.PHASE),
        said.number(study, terms.FOLLOW_UP_MONTHS), said.integer(people, terms.ENROLLED),
        said.integer(people, terms.TREATED), said.integer(people, terms.EVALUABLE),
        said.number(people, terms.MEDIAN_AGE), said.number(people, terms.MEDIAN_PRIOR_LINES), figures,
        title.casefold() if title is not None else None,
    )  # fmt: skip
    for kind in said.all(report, terms.NOTICE):
        rows.add("notice", number, kind)
    for design in sorted({*here.concepts(study, terms.DESIGN), *here.concepts(study, terms.DESIGN_ALSO)}):
        rows.add("about", number, "design", design)
    for trial in said.all(study, terms.TRIAL_OF):
        rows.add("trial", number, trial, here.trial(trial))
    for kind, predicate in _ABOUT.items():
        for concept in here.concepts(people, predicate):
            rows.add("about", number, kind, concept)


def _readable(rows: Rows, here: Context, study: str | None) -> None:
    """Add what the list of studies is searched by; concepts go by the words in their IRIs, which don't change."""
    said, report = here.said, here.report
    called = [_PUBMED.sub("pmid:", name) for name in said.all(report, terms.IDENTIFIER)]
    for name in dict.fromkeys(name.lower() for name in called):
        rows.add("identifier", here.number, name)
    given = [node for node in said.all(study, terms.HAS_TREATMENT) if said.truth(node, terms.USED)]
    concepts = [
        *said.all(said.one(study, terms.HAS_POPULATION), terms.CONDITION),
        *(iri for node in given for iri in said.all(node, terms.INTERVENTION)),
    ]
    words = [_LAST_PART.sub("", iri) for iri in dict.fromkeys(concepts)]
    names = [*called, *said.all(study, terms.REGISTRY_ID), *said.all(study, terms.STUDY_ACRONYM), *words]
    rows.add(
        "abstract", here.number, said.one(report, terms.TITLE), " ; ".join(names), said.one(report, terms.ABSTRACT)
    )


_PUBMED = re.compile(r"^pubmed:")
_LAST_PART = re.compile(r"^.*[/#]")
_ABOUT = {
    "condition": terms.CONDITION, "antigen": terms.ANTIGEN, "status": terms.DISEASE_STATUS, "age": terms.AGE_GROUP,
}  # fmt: skip


def _arms(rows: Rows, here: Context, study: str | None) -> dict[str, int]:
    numbers = {arm: k for k, arm in enumerate(here.said.all(study, terms.HAS_ARM), start=1)}
    for arm, k in numbers.items():
        label, size = here.said.one(arm, terms.ARM_LABEL), here.said.integer(arm, terms.ARM_SIZE)
        rows.add("arm", here.number, k, label, size, here.concept_of(arm, terms.ARM_ROLE))
        for intervention in here.concepts(arm, terms.INTERVENTION):
            rows.add("arm_given", here.number, k, intervention)
    return numbers


def _treatments(rows: Rows, here: Context, study: str | None) -> None:
    for k, node in enumerate(here.said.all(study, terms.HAS_TREATMENT), start=1):
        rows.add(
            "treatment", here.number, k, here.concept_of(node, terms.INTERVENTION),
            here.concept_of(node, terms.TREATMENT_CATEGORY), here.concept_of(node, terms.TREATMENT_ROLE),
            here.concept_of(node, terms.CELL_SOURCE), here.said.truth(node, terms.USED),
        )  # fmt: skip
        for antigen in here.concepts(node, terms.CAR_TARGET):
            rows.add("car_target", here.number, k, antigen)
    for sequence in here.said.all(study, terms.HAS_SEQUENCE):
        for step in here.said.all(sequence, terms.STEP):
            position = here.said.integer(step, terms.POSITION)
            rows.add("step", here.number, position, here.concept_of(step, terms.INTERVENTION))


def _figures(rows: Rows, here: Context, outcomes: list[str], arms: dict[str, int]) -> None:
    said, year = here.said, here.said.integer(here.report, terms.YEAR)
    for k, node in enumerate(outcomes, start=1):
        number = here.number * PLACES + k
        arm, comparator = (arms.get(said.one(node, p) or "") for p in (terms.OUTCOME_ARM, terms.COMPARATOR))
        rows.add(
            "figure", number, here.number, here.concept_of(node, terms.MEASURE),
            here.concept_of(node, terms.STATISTIC), said.number(node, terms.VALUE), here.concept_of(node, terms.UNIT),
            said.integer(node, terms.NUMERATOR), said.integer(node, terms.DENOMINATOR),
            said.number(node, terms.TIME_MONTHS), said.one(node, terms.GRADE), said.integer(node, terms.GRADE_MIN),
            said.integer(node, terms.GRADE_MAX), arm, comparator, said.one(node, terms.SUBGROUP),
            said.number(node, terms.CI_LOW), said.number(node, terms.CI_HIGH), said.number(node, terms.CI_LEVEL),
            said.one(node, terms.P_TEXT), said.number(node, terms.P_VALUE), said.one(node, terms.P_RELATION),
            said.truth(node, terms.NOT_REACHED), said.one(node, terms.MEASURE_LABEL), year,
        )  # fmt: skip
        _words(rows, here, node, number)
        for basis, predicate in enumerate((terms.ARM_INTERVENTION, terms.STUDY_INTERVENTION)):
            for intervention in here.concepts(node, predicate):
                rows.add("figure_given", number, intervention, basis)

    measures = Counter(here.concept_of(node, terms.MEASURE) for node in outcomes)
    for measure, figures in measures.items():
        rows.add("reported", measure, here.number, figures)


def _words(rows: Rows, here: Context, node: str, number: int) -> None:
    said = here.said
    position = said.one(said.one(node, terms.HAS_TARGET), terms.HAS_SELECTOR)
    quote = said.one(said.one(position, terms.REFINED_BY), terms.EXACT)
    local = node.removeprefix(here.report + "/")
    rows.add("words", number, local, quote, said.integer(position, terms.START), said.integer(position, terms.END))


def _flags(rows: Rows, here: Context, places: dict[str, int]) -> None:
    for k, flag in enumerate(here.said.all(here.report, terms.HAS_FLAG), start=1):
        kind, message = here.said.one(flag, terms.FLAG_KIND), here.said.one(flag, terms.FLAG_MESSAGE)
        rows.add("flag", here.number, k, kind, message)
        for outcome in here.said.all(flag, terms.FLAG_OUTCOME):
            if outcome in places:
                rows.add("flag_figure", here.number, k, here.number * PLACES + places[outcome])
