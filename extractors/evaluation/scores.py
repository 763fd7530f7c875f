"""Extracted records against reference records, counted.

Two figures lead: `figure`, where an outcome counts when measure, statistic and value agree, and `full`, where its time
point, grade and arm agree too. Outcomes of measure `other` count neither way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.evaluation.agreement import grounded, levelled_grade
from extractors.evaluation.fields import ALWAYS_STATED, LISTED, SINGLE
from extractors.evaluation.pairing import Pair, Pairing, pair
from extractors.evaluation.references import Reference
from extractors.evidence import EvidenceRecord, Outcome


@dataclass(slots=True)
class Tally:
    """Hits among what was wanted and what was found."""

    hits: int = 0
    wanted: int = 0
    found: int = 0

    def add(self, hits: int, wanted: int, found: int) -> None:
        """Count some more."""
        self.hits += hits
        self.wanted += wanted
        self.found += found

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what was wanted that was found; 0 where nothing was wanted."""
        return self.hits / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Share:
    """How many of some are right."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        """Count one more."""
        self.right += right
        self.of += 1

    @property
    def value(self) -> float | None:
        """The share, or None of nothing."""
        return self.right / self.of if self.of else None


def _attributes() -> dict[str, Share]:
    return {name: Share() for name in ("time", "grade", "arm", "ci")}


@dataclass(slots=True)
class StyleScore:
    """The documents of one style."""

    documents: int = 0
    figure: Tally = field(default_factory=Tally)
    full: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Evaluation:
    """What was counted over all the documents.

    `judged` holds each predicted figure's confidence (None where it has none) and whether the figure is right;
    `missed` and `spurious` pair a document's id with the figure.
    """

    documents: int = 0
    answered: int = 0
    figure: Tally = field(default_factory=Tally)
    full: Tally = field(default_factory=Tally)
    attributes: dict[str, Share] = field(default_factory=_attributes)
    grounded: Share = field(default_factory=Share)
    single: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in SINGLE})
    listed: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in LISTED})
    by_measure: dict[str, Tally] = field(default_factory=dict)
    by_style: dict[str, StyleScore] = field(default_factory=dict)
    judged: list[tuple[float | None, bool]] = field(default_factory=list)
    missed: list[tuple[str, Outcome]] = field(default_factory=list)
    spurious: list[tuple[str, Outcome]] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, float]:
        """Each study field's share of right answers (single values) or F1 (lists)."""
        shares = {name: share.value or 0.0 for name, share in self.single.items()}
        return shares | {name: tally.f1 for name, tally in self.listed.items()}

    @property
    def fields_mean(self) -> float:
        """The mean over the study fields."""
        return sum(self.fields.values()) / len(self.fields)

    @property
    def measures(self) -> list[tuple[str, Tally]]:
        """The measures, the most frequent in the reference first."""
        return sorted(self.by_measure.items(), key=lambda item: (-item[1].wanted, item[0]))


def evaluate(references: Mapping[str, Reference], predictions: Mapping[str, EvidenceRecord]) -> Evaluation:
    """Return the scores of `predictions` against `references`; both are keyed by document id."""
    result = Evaluation()
    for id_, reference in references.items():
        _count_document(result, reference, predictions.get(id_))
    return result


def _count_document(result: Evaluation, reference: Reference, predicted: EvidenceRecord | None) -> None:
    result.documents += 1
    result.answered += predicted is not None
    pairing = pair(reference.record, predicted)
    _count_figures(result, reference, pairing)
    for each in pairing.pairs:
        _count_attributes(result.attributes, each, several_arms=len(reference.record.arms) > 1)
    _count_measures(result, pairing)
    _count_predicted(result, pairing, reference.record.text)
    result.missed += [(reference.record.id, o) for o in pairing.missed]
    result.spurious += [(reference.record.id, o) for o in pairing.spurious]
    _count_fields(result, reference.record, predicted)


def _count_figures(result: Evaluation, reference: Reference, pairing: Pairing) -> None:
    hits, full = len(pairing.pairs), sum(p.full for p in pairing.pairs)
    wanted, found = hits + len(pairing.missed), hits + len(pairing.spurious)
    style = result.by_style.setdefault(reference.style, StyleScore())
    style.documents += 1
    for figures, fulls in ((result.figure, result.full), (style.figure, style.full)):
        figures.add(hits, wanted, found)
        fulls.add(full, wanted, found)


def _count_attributes(attributes: dict[str, Share], each: Pair, *, several_arms: bool) -> None:
    """An attribute is judged on the matched figures where either side states it."""
    reference, predicted = each.reference, each.predicted
    if reference.time or predicted.time:
        attributes["time"].add(each.time)
    if levelled_grade(reference.grade) or levelled_grade(predicted.grade):
        attributes["grade"].add(each.grade)
    if several_arms:
        attributes["arm"].add(each.arm)
    if reference.ci:
        attributes["ci"].add(reference.ci == predicted.ci)


def _count_measures(result: Evaluation, pairing: Pairing) -> None:
    for each in pairing.pairs:
        result.by_measure.setdefault(each.reference.measure, Tally()).add(1, 1, 1)
    for outcome in pairing.missed:
        result.by_measure.setdefault(outcome.measure, Tally()).add(0, 1, 0)
    for outcome in pairing.spurious:
        result.by_measure.setdefault(outcome.measure, Tally()).add(0, 0, 1)


def _count_predicted(result: Evaluation, pairing: Pairing, text: str) -> None:
    judged = [(p.predicted, True) for p in pairing.pairs] + [(o, False) for o in pairing.spurious]
    for outcome, right in judged:
        result.judged.append((outcome.confidence, right))
        result.grounded.add(grounded(outcome, text))


def _count_fields(result: Evaluation, reference: EvidenceRecord, predicted: EvidenceRecord | None) -> None:
    answer = predicted or EvidenceRecord(id=reference.id, title="", text="")
    for name, agrees in SINGLE.items():
        silent = predicted is None and name in ALWAYS_STATED
        result.single[name].add(not silent and agrees(reference, answer))
    for name, items in LISTED.items():
        wanted, found = items(reference), items(answer)
        result.listed[name].add(len(wanted & found), len(wanted), len(found))
