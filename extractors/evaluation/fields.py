"""The fields about the study as a whole: single values by whether they agree, lists by their F1."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final

from extractors.evaluation.agreement import MEDIAN_TOLERANCE, days, near
from extractors.evidence import EvidenceRecord

Items = set[Hashable]


def _levelled(names: Iterable[str]) -> list[str]:
    return [name.strip().lower() for name in names]


def _follow_up(record: EvidenceRecord) -> float | None:
    return days(record.follow_up.median, record.follow_up.unit)


def _type_agrees(reference: EvidenceRecord, predicted: EvidenceRecord) -> bool:
    return predicted.design.type in (reference.design.type, *reference.design.type_also)


def _patients(record: EvidenceRecord) -> Items:
    stated = (record.population.enrolled, record.population.treated, record.population.evaluable)
    return {n for n in stated if n is not None}


def _interventions(record: EvidenceRecord) -> Items:
    return {(i.name.lower(), i.used) for i in record.interventions}


def _targets(record: EvidenceRecord) -> Items:
    return {target.upper() for i in record.interventions for target in i.targets}


def _arm_sizes(record: EvidenceRecord) -> Items:
    """Arms aren't told apart by their labels: their sizes are compared in ascending order."""
    return {(k, size) for k, size in enumerate(sorted(a.n or 0 for a in record.arms)) if size}


SINGLE: Final[dict[str, Callable[[EvidenceRecord, EvidenceRecord], bool]]] = {
    "relevance": lambda r, p: r.relevance == p.relevance,
    "design type": _type_agrees,
    "phase": lambda r, p: r.design.phase == p.design.phase,
    "centers": lambda r, p: r.design.centers == p.design.centers,
    "median age": lambda r, p: r.population.median_age == p.population.median_age,
    "prior lines": lambda r, p: r.population.median_prior_lines == p.population.median_prior_lines,
    "median follow-up": lambda r, p: near(_follow_up(r), _follow_up(p), MEDIAN_TOLERANCE),
    "sequence": lambda r, p: _levelled(r.sequence) == _levelled(p.sequence),
}
"""Fields of one value: whether the prediction agrees. `relevance` and `design type` are never right unanswered."""

ALWAYS_STATED: Final = frozenset({"relevance", "design type"})

LISTED: Final[dict[str, Callable[[EvidenceRecord], Items]]] = {
    "registry ids": lambda r: set(_levelled(r.design.registry_ids)),
    "acronyms": lambda r: set(_levelled(r.design.acronyms)),
    "patients": _patients,
    "conditions": lambda r: set(_levelled(r.population.conditions)),
    "disease status": lambda r: set(_levelled(r.population.disease_status)),
    "age group": lambda r: set(_levelled(r.population.age_group)),
    "interventions": _interventions,
    "CAR targets": _targets,
    "arm sizes": _arm_sizes,
}
"""Fields of several values: the items to be found."""
