"""A record as text for people to read in a terminal."""

from __future__ import annotations

from extractors.evidence import EvidenceRecord, Outcome
from kg.results import as_text as table_text

_COLUMNS = ("measure", "figure", "95% CI", "time", "grade", "arm", "words")


def as_text(record: EvidenceRecord) -> str:
    """Return title, design, population, treatments and the figures of a record as a few lines and a table."""
    design, people = record.design, record.population
    lines = [
        record.title or record.id,
        f"  {record.id} | {design.type}{f', phase {design.phase}' if design.phase else ''} | {record.relevance}",
    ]
    for what, values in (
        ("conditions", people.conditions),
        ("given", tuple(x.name for x in record.interventions if x.used)),
        ("not given", tuple(x.name for x in record.interventions if not x.used)),
        ("sequence", record.sequence),
    ):
        if values:
            lines.append(f"  {what}: {'; '.join(values)}")
    lines.extend(f"  contradiction: {flag.message}" for flag in record.flags)
    figures = table_text(_COLUMNS, [_cells(x) for x in record.outcomes]) if record.outcomes else "  no figures\n"
    return "\n".join(lines) + "\n" + figures


def figure(outcome: Outcome) -> str:
    """Return a figure as it is read: `68% (19/28)`, `0.39`, `not reached`."""
    if outcome.value is None:
        return "not reached"
    number = f"{outcome.value:g}"
    unit = outcome.unit or ""
    text = number + (unit if unit == "%" else f" {unit}s" if unit else "")
    return f"{text} ({outcome.n}/{outcome.N})" if outcome.n is not None and outcome.N is not None else text


def _cells(outcome: Outcome) -> tuple[str, ...]:
    low, high = outcome.ci or (None, None)
    interval = f"{_or_open(low)} to {_or_open(high)}" if outcome.ci else ""
    time = f"{outcome.time.value:g} {outcome.time.unit}" if outcome.time else ""
    name = outcome.label or outcome.measure
    return (name, figure(outcome), interval, time, outcome.grade or "", outcome.arm, outcome.quote)


def _or_open(bound: float | None) -> str:
    return "?" if bound is None else f"{bound:g}"
