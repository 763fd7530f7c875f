"""Which predicted figure answers which reference figure.

A figure is paired once; those that agree in the most respects are paired first. Arms pair up by what they report, not
by their labels: every way to read the predicted labels as reference labels is tried, and the best reading counts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.evaluation.agreement import levelled_grade, same_figure, same_time
from extractors.evidence import EvidenceRecord, Outcome

MOST_ARMS = 6
UNMATCHED = "?"


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference figure and the predicted one that answers it, with what else agrees."""

    reference: Outcome
    predicted: Outcome
    time: bool
    grade: bool
    arm: bool

    @property
    def full(self) -> bool:
        """Whether time point, grade and arm agree as well."""
        return self.time and self.grade and self.arm


@dataclass(frozen=True, slots=True)
class Pairing:
    """One document's figures, paired: `missed` and `spurious` are those left over, in the order of their records."""

    pairs: tuple[Pair, ...]
    missed: tuple[Outcome, ...]
    spurious: tuple[Outcome, ...]


def scored(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes that count: those of a named measure."""
    return [o for o in outcomes if o.measure != "other"]


def pair(reference: EvidenceRecord, predicted: EvidenceRecord | None) -> Pairing:
    """Return the best pairing of the two records' figures; without a prediction every figure is missed."""
    wanted = scored(reference.outcomes)
    found = scored(predicted.outcomes) if predicted else []
    several_arms = len(reference.arms) > 1
    candidates = [(i, j) for i, r in enumerate(wanted) for j, p in enumerate(found) if same_figure(r, p)]
    best: dict[tuple[int, int], Pair] = {}
    best_rank = (-1, -1)
    for reading in _arm_readings(reference, predicted):
        judged = {(i, j): _judge(wanted[i], found[j], reading if several_arms else None) for i, j in candidates}
        chosen = _choose(judged)
        rank = (sum(p.full for p in chosen.values()), len(chosen))
        if rank > best_rank:
            best, best_rank = chosen, rank
    taken_r, taken_p = {i for i, _ in best}, {j for _, j in best}
    return Pairing(
        pairs=tuple(best.values()),
        missed=tuple(o for i, o in enumerate(wanted) if i not in taken_r),
        spurious=tuple(o for j, o in enumerate(found) if j not in taken_p),
    )


def _judge(reference: Outcome, predicted: Outcome, reading: dict[str, str] | None) -> Pair:
    return Pair(
        reference,
        predicted,
        time=same_time(reference.time, predicted.time),
        grade=levelled_grade(reference.grade) == levelled_grade(predicted.grade),
        arm=reading is None or reference.arm == reading.get(predicted.arm, UNMATCHED),
    )


def _choose(judged: dict[tuple[int, int], Pair]) -> dict[tuple[int, int], Pair]:
    """Return a one-to-one choice of the candidate pairs, those that agree in the most respects first."""
    chosen: dict[tuple[int, int], Pair] = {}
    taken_r: set[int] = set()
    taken_p: set[int] = set()
    for (i, j), p in sorted(judged.items(), key=lambda e: (-(e[1].time + e[1].grade + e[1].arm), e[0])):
        if i not in taken_r and j not in taken_p:
            chosen[i, j] = p
            taken_r.add(i)
            taken_p.add(j)
    return chosen


def _arm_readings(reference: EvidenceRecord, predicted: EvidenceRecord | None) -> Iterator[dict[str, str]]:
    """Yield every way to read the predicted arm labels as reference labels; by equal names only where arms are many."""
    labels = [a.label for a in reference.arms if a.label != "all"]
    used = sorted({o.arm for o in predicted.outcomes} - {"all"}) if predicted else []
    whole = {"all": "all"}
    if not labels or not used:
        yield whole | dict.fromkeys(used, "all")
        return
    names = labels + [f"?{k}" for k in range(len(used) - len(labels))]
    if len(names) > MOST_ARMS:
        by_name = {label.lower(): label for label in reversed(labels)}
        yield whole | {u: by_name.get(u.lower(), UNMATCHED) for u in used}
        return
    for chosen in itertools.permutations(names, len(used)):
        yield whole | dict(zip(used, chosen, strict=True))
