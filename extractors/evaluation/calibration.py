"""Whether the confidence of a figure can be believed: of figures said to be 0.9 sure, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.evaluation.scores import Evaluation

BINS = 10
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Bin:
    """Figures of about one confidence, `low` to below `high`: how sure they were said to be, how many were right."""

    low: float
    high: float
    figures: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left when only figures of at least this confidence are kept."""

    confidence: float
    figures: int
    precision: float
    recall: float


def reliability(evaluation: Evaluation) -> list[Bin]:
    """Return the filled tenths of the confidence scale, lowest first; [] where no figure has a confidence."""
    filled: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in _rated(evaluation):
        filled.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [_bin(k, filled[k]) for k in sorted(filled)]


def _bin(k: int, rated: Sequence[tuple[float, bool]]) -> Bin:
    size = len(rated)
    return Bin(k / BINS, (k + 1) / BINS, size, sum(c for c, _ in rated) / size, sum(r for _, r in rated) / size)


def calibration_error(evaluation: Evaluation) -> float | None:
    """Return how far confidence and truth lie apart on average (expected calibration error); None without any."""
    bins = reliability(evaluation)
    total = sum(b.figures for b in bins)
    return sum(b.figures * abs(b.confidence - b.right) for b in bins) / total if total else None


def thresholds(evaluation: Evaluation) -> list[Threshold]:
    """Return precision and recall of the figures kept at rising thresholds; [] where no figure has a confidence."""
    rated = _rated(evaluation)
    wanted = evaluation.figure.wanted
    rows = []
    for threshold in THRESHOLDS:
        kept = [right for confidence, right in rated if confidence >= threshold]
        if kept:
            rows.append(Threshold(threshold, len(kept), sum(kept) / len(kept), sum(kept) / wanted if wanted else 0.0))
    return rows


def _rated(evaluation: Evaluation) -> list[tuple[float, bool]]:
    return [(confidence, right) for confidence, right in evaluation.judged if confidence is not None]
