"""A study as its page shows it: rows, facts and flags, each with the id that ties it to its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from web import labels
from web.data import EvidenceRecord, Outcome
from web.marks import Mark, Piece, paragraphs

_NOTICES = {
    "retracted": "This publication has been retracted",
    "withdrawn": "This publication has been withdrawn",
    "retraction": "This is the notice of a retraction",
    "erratum": "A correction has been published",
    "concern": "The publisher has expressed concern about this publication",
    "update": "A newer version of this publication exists",
}
_GRAVE = ("retracted", "withdrawn", "concern", "retraction")


@dataclass(frozen=True, slots=True)
class Row:
    """An outcome in the table: `item` is its id (`o-3` for the fourth), the rest is what the cells say."""

    item: str
    measure: str
    outcome: Outcome
    figure: str
    limits: str
    p: str
    time: str
    grade: str
    flags: tuple[str, ...]
    located: bool

    @property
    def why(self) -> list[tuple[str, str]]:
        """The rules or components that bound each attribute, sorted by attribute."""
        return sorted(self.outcome.links.items())


@dataclass(frozen=True, slots=True)
class Fact:
    """A study field in words; `item` is its id if its words are known, `muted` marks a treatment not given."""

    name: str
    value: str
    item: str | None = None
    link: str | None = None
    muted: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that the study page shows of a record."""

    record: EvidenceRecord
    title: list[list[Piece]]
    text: list[list[Piece]]
    rows: list[Row]
    design: list[Fact]
    population: list[Fact]
    interventions: list[Fact]
    arms: list[Fact]
    general_flags: list[str]
    notices: list[tuple[str, str, bool]]

    @property
    def several_arms(self) -> bool:
        """Whether the table needs a column that says whose figure it is."""
        return any(row.outcome.arm != "all" or row.outcome.comparator for row in self.rows)

    @property
    def marks_facts(self) -> bool:
        """Whether words other than figures are marked in the text."""
        return any(piece.facts for line in self.text for piece in line)


def present(record: EvidenceRecord) -> Study:
    """Return what the page of `record` shows."""
    facts = {
        "design": list(_design(record)),
        "population": list(_population(record)),
        "interventions": [_intervention(record, k) for k in range(len(record.interventions))],
        "arms": [_arm(record, k) for k in range(len(record.arms))],
    }
    shown = {fact.item for group in facts.values() for fact in group if fact.item}
    marks = [m for m in _fact_marks(record, "text") if m.item in shown]
    return Study(
        record=record,
        title=paragraphs(record.title, (m for m in _fact_marks(record, "title") if m.item in shown)),
        text=paragraphs(record.text, [*_outcome_marks(record), *marks]),
        rows=[_row(record, k) for k in range(len(record.outcomes))],
        **facts,
        general_flags=[flag.message for flag in record.flags if not flag.outcomes],
        notices=[(_NOTICES[n.kind], n.reference or "", n.kind in _GRAVE) for n in record.notices],
    )


def _row(record: EvidenceRecord, k: int) -> Row:
    o = record.outcomes[k]
    return Row(
        item=f"o-{k}",
        measure=labels.measure(o.measure, o.label),
        outcome=o,
        figure=labels.figure(o.statistic, o.value, o.unit, o.not_reached),
        limits=labels.limits(o.ci),
        p=labels.probability(o.p),
        time=labels.amount(o.time.value, o.time.unit) if o.time else "",
        grade=labels.grade(o.grade),
        flags=tuple(flag.message for flag in record.flags if k in flag.outcomes),
        located=_quote_span(record.text, o) is not None,
    )


def _quote_span(text: str, outcome: Outcome) -> tuple[int, int] | None:
    """Return where the quote stands: at its own offsets, or where it occurs if that is in one place only."""
    if outcome.start is not None and outcome.end is not None:
        return outcome.start, outcome.end
    at = text.find(outcome.quote)
    if at < 0 or not outcome.quote or text.find(outcome.quote, at + 1) >= 0:
        return None
    return at, at + len(outcome.quote)


def _outcome_marks(record: EvidenceRecord) -> Iterator[Mark]:
    flagged = {k for flag in record.flags for k in flag.outcomes}
    for k, outcome in enumerate(record.outcomes):
        span = _quote_span(record.text, outcome)
        if span is not None:
            yield Mark(f"o-{k}", "quote", *span, alone=outcome.figure is None, flagged=k in flagged)
        if outcome.figure is not None:
            yield Mark(f"o-{k}", "figure", *outcome.figure, flagged=k in flagged)


def _fact_marks(record: EvidenceRecord, part: str) -> Iterator[Mark]:
    groups = [(_item(path), anchors) for path, anchors in record.anchors.items()]
    groups += [(f"i-{k}", i.anchors) for k, i in enumerate(record.interventions)]
    groups += [(f"r-{k}", a.anchors) for k, a in enumerate(record.arms)]
    for item, anchors in groups:
        yield from (Mark(item, "fact", a.start, a.end) for a in anchors if a.part == part)


def _item(path: str) -> str:
    return "a-" + path.replace(".", "-").replace("_", "-")


def _known(record: EvidenceRecord, path: str) -> str | None:
    return _item(path) if record.anchors.get(path) else None


def _design(record: EvidenceRecord) -> Iterator[Fact]:
    d = record.design
    yield Fact("Design", labels.term("design", d.type), _known(record, "design.type"))
    if d.type_also:
        yield Fact("Also defensible", ", ".join(labels.term("design", t) for t in d.type_also))
    if d.phase:
        yield Fact("Phase", d.phase, _known(record, "design.phase"))
    if d.masking:
        yield Fact("Masking", labels.term("masking", d.masking), _known(record, "design.masking"))
    if d.centers:
        yield Fact("Centers", labels.term("centers", d.centers), _known(record, "design.centers"))
    if d.acronyms:
        yield Fact("Acronym", ", ".join(d.acronyms), _known(record, "design.acronyms"))
    for registry_id in d.registry_ids:
        yield Fact("Registry", registry_id, link=_registry(registry_id))
    yield from _follow_up(record)


def _registry(registry_id: str) -> str | None:
    is_nct = registry_id.startswith("NCT") and registry_id[3:].isdigit()
    return f"https://clinicaltrials.gov/study/{registry_id}" if is_nct else None


def _follow_up(record: EvidenceRecord) -> Iterator[Fact]:
    f = record.follow_up
    if f.median is not None:
        yield Fact("Median follow-up", labels.amount(f.median, f.unit), _known(record, "follow_up.median"))
    if f.min is not None or f.max is not None:
        ends = [labels.number(f.min) or "?", labels.number(f.max) or "?"]
        unit = f" {f.unit}s" if f.unit else ""
        item = _known(record, "follow_up.min") or _known(record, "follow_up.max")
        yield Fact("Follow-up range", "–".join(ends) + unit, item)


def _population(record: EvidenceRecord) -> Iterator[Fact]:
    p = record.population
    for name, count in (("enrolled", p.enrolled), ("treated", p.treated), ("evaluable", p.evaluable)):
        if count is not None:
            yield Fact(name.capitalize(), labels.number(count), _known(record, f"population.{name}"))
    for name, path, values in (
        ("Conditions", "conditions", p.conditions),
        ("Disease status", "disease_status", tuple(labels.term("status", s).lower() for s in p.disease_status)),
        ("Age group", "age_group", tuple(labels.term("age", a).lower() for a in p.age_group)),
        ("Antigens", "antigens", p.antigens),
    ):
        if values:
            yield Fact(name, ", ".join(values), _known(record, f"population.{path}"))
    for name, path, value in (
        ("Median age", "median_age", labels.amount(p.median_age, "year")),
        ("Median prior lines", "median_prior_lines", labels.number(p.median_prior_lines)),
    ):
        if value:
            yield Fact(name, value, _known(record, f"population.{path}"))


def _intervention(record: EvidenceRecord, k: int) -> Fact:
    i = record.interventions[k]
    details = [labels.term("category", i.category), i.source, i.role, _joined("against ", i.targets)]
    return Fact(
        name="Not given" if not i.used else "Given",
        value=i.name,
        item=f"i-{k}" if i.anchors else None,
        muted=not i.used,
        note=" · ".join(d for d in details if d),
    )


def _arm(record: EvidenceRecord, k: int) -> Fact:
    a = record.arms[k]
    details = [a.role, _joined("", a.interventions)]
    return Fact(
        name=a.label,
        value="" if a.n is None else f"n = {labels.number(a.n)}",
        item=f"r-{k}" if a.anchors else None,
        note=" · ".join(d for d in details if d),
    )


def _joined(lead: str, names: Iterable[str]) -> str:
    joined = ", ".join(names)
    return f"{lead}{joined}" if joined else ""
