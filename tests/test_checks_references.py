"""Contradiction flags on the reference records: silence where nothing is wrong, and errors planted there found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from extractors.checks import flags
from extractors.checks.curves import INCIDENCES, STRICTER
from extractors.checks.fractions import SURVIVAL
from extractors.checks.intervals import RATIOS
from extractors.checks.nesting import PARTS
from extractors.checks.reading import months, printed
from extractors.evaluation.references import read_references
from extractors.evidence import EvidenceRecord, Outcome

Planted = Iterator[tuple[tuple[int, ...], dict[int, dict[str, Any]]]]
"""Which outcomes contradict each other once their fields are replaced."""

REAL = {
    ("c-mdsmpn-series", "survival-above-overall"),  # 5-year overall survival 42.2%, event-free survival 46.7%
    ("f-apcml-imatinib-hsct", "survival-above-overall"),  # 5-year OS 17.7%, PFS 18.8%
    ("gprc5d-meta-analysis", "value-outside-interval"),  # 74% (95% CI [65-73%])
    ("h-turkey60", "survival-above-overall"),  # PFS 26 and OS 18 months
}
"""Contradictions that the reports themselves bear."""


@pytest.fixture(scope="module")
def records(root: Path) -> list[EvidenceRecord]:
    """Return the reference records, those for training and those for evaluation."""
    files = (root / "training" / "train.jsonl", root / "tests" / "gold" / "dev.jsonl")
    return [reference.record for file in files for reference in read_references(file).values()]


def kinds(record: EvidenceRecord, outcomes: tuple[Outcome, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """Return kind and outcomes of the flags on the record with these outcomes."""
    return [(f.kind, f.outcomes) for f in flags(outcomes, record.arms, record.population, record.design)]


def test_reference_records_raise_no_false_flag(records: list[EvidenceRecord]) -> None:
    """Of about 5,000 true figures none is flagged but those that contradict each other in the report itself."""
    assert len(records) > 600
    assert {(r.id, kind) for r in records for kind, _ in kinds(r, r.outcomes)} == REAL


def wrong_percentage(outcomes: tuple[Outcome, ...]) -> Planted:
    """Plant another percentage beside n and N."""
    for k, o in enumerate(outcomes):
        both = o.statistic == "proportion" and o.value is not None and {o.n, o.N, o.value} <= printed(o.quote).keys()
        if both and o.value is not None and o.time is None and f"{o.value:g}%" in o.quote:
            other = o.value + 18 if o.value <= 80 else o.value - 18
            quote = re.sub(rf"(?<![\d.]){re.escape(f'{o.value:g}')}%", f"{other:g}%", o.quote)
            yield (k,), {k: {"value": other, "quote": quote}}


def outside(outcomes: tuple[Outcome, ...]) -> Planted:
    """Plant a value beyond its interval by half the interval's length."""
    for k, o in enumerate(outcomes):
        if o.ci and o.ci[0] is not None and o.ci[1] is not None and o.value is not None:
            yield (k,), {k: {"value": round(o.ci[1] + (o.ci[1] - o.ci[0]) / 2, 2)}}


def swapped_ends(outcomes: tuple[Outcome, ...]) -> Planted:
    """Plant an interval whose ends are swapped."""
    for k, o in enumerate(outcomes):
        if o.ci and None not in o.ci and o.ci[0] != o.ci[1]:
            yield (k,), {k: {"ci": (o.ci[1], o.ci[0])}}


def slipped_point(outcomes: tuple[Outcome, ...]) -> Planted:
    """Plant an upper end of a ratio's interval whose decimal point has slipped by one place."""
    for k, o in enumerate(outcomes):
        if o.statistic in RATIOS and o.ci and o.ci[0] and o.ci[1] is not None and o.value and o.ci[0] < o.value:
            yield (k,), {k: {"ci": (o.ci[0], round(o.ci[1] * 10, 2))}}


def wrong_p(outcomes: tuple[Outcome, ...]) -> Planted:
    """Plant a p of 0.4 beside the interval of a ratio that leaves out 1 clearly."""
    for k, o in enumerate(outcomes):
        low, high = o.ci or (None, None)
        if o.statistic in RATIOS and low is not None and high is not None and o.p and (high < 0.9 or low > 1.1):
            yield (k,), {k: {"p": "0.4"}}


def swapped_times(measures: frozenset[str]) -> Callable[[tuple[Outcome, ...]], Planted]:
    """Plant the values of two time points of a measure, swapped."""

    def plant(outcomes: tuple[Outcome, ...]) -> Planted:
        for j, k in permutations(range(len(outcomes)), 2):
            a, b = outcomes[j], outcomes[k]
            same = (a.measure, a.arm, a.subgroup, a.grade, a.N) == (b.measure, b.arm, b.subgroup, b.grade, b.N)
            if j < k and same and a.measure in measures and a.statistic == b.statistic == "proportion":
                differ = a.value is not None and b.value is not None and abs(a.value - b.value) > 1
                if a.time and b.time and months(a.time) != months(b.time) and differ:
                    yield (j, k), {j: {"value": b.value}, k: {"value": a.value}}

    return plant


def swapped_measures(wider: dict[str, tuple[str, ...]]) -> Callable[[tuple[Outcome, ...]], Planted]:
    """Plant the values of two measures of the same patients, of which one comprises the other, swapped."""

    def plant(outcomes: tuple[Outcome, ...]) -> Planted:
        for j, k in permutations(range(len(outcomes)), 2):
            a, b = outcomes[j], outcomes[k]
            same = (a.arm, a.subgroup, months(a.time), a.N, a.grade) == (
                b.arm,
                b.subgroup,
                months(b.time),
                b.N,
                b.grade,
            )
            if same and b.measure in wider.get(a.measure, ()) and a.statistic == b.statistic == "proportion":
                timed = a.measure not in SURVIVAL or a.time is not None
                if timed and a.value is not None and b.value is not None and b.value - a.value > 1:
                    swapped = {j: {"value": b.value, "n": b.n}, k: {"value": a.value, "n": a.n}}
                    yield tuple(sorted((j, k))), swapped

    return plant


PLANTS: list[tuple[str, Callable[[tuple[Outcome, ...]], Planted], float]] = [
    ("fraction-not-percentage", wrong_percentage, 0.9),
    ("value-outside-interval", outside, 0.9),
    ("interval-reversed", swapped_ends, 0.99),
    ("interval-asymmetric", slipped_point, 0.8),
    ("p-against-interval", wrong_p, 0.9),
    ("survival-rises", swapped_times(SURVIVAL), 0.8),
    ("incidence-falls", swapped_times(INCIDENCES), 0.6),
    ("survival-above-overall", swapped_measures(STRICTER), 0.8),
    ("response-above-whole", swapped_measures({m: (whole,) for m, whole in PARTS.items()}), 0.8),
]


@pytest.mark.parametrize(("kind", "plant", "least"), PLANTS, ids=[p[0] for p in PLANTS])
def test_planted_errors_are_found(
    records: list[EvidenceRecord], kind: str, plant: Callable[[tuple[Outcome, ...]], Planted], least: float
) -> None:
    """Of the errors planted one at a time into true records, at least this share is flagged, by kind and figures."""
    found = []
    for record in records:
        for named, changes in plant(record.outcomes):
            planted = [o.model_copy(update=changes.get(k, {})) for k, o in enumerate(record.outcomes)]
            found.append((kind, named) in kinds(record, tuple(planted)))
    assert len(found) >= 20
    assert sum(found) / len(found) >= least, f"{sum(found)} of {len(found)}"
