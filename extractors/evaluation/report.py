"""Scores as plain data and as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from extractors.evaluation.calibration import calibration_error, reliability, thresholds
from extractors.evaluation.scores import Evaluation, Tally
from extractors.evidence import Outcome

MEASURES_IN_TEXT: Final = 25
Figures = Mapping[str, Any]
"""Scores as plain data, as `figures` returns them and JSON keeps them."""


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Return all scores as JSON-ready data; shares and F1 from 0 to 1, None where nothing was there to judge."""
    return {
        "documents": evaluation.documents,
        "answered": evaluation.answered,
        "reference_outcomes": evaluation.figure.wanted,
        "predicted_outcomes": evaluation.figure.found,
        "figure": _prf(evaluation.figure),
        "full": _prf(evaluation.full),
        "attributes": {name: share.value for name, share in evaluation.attributes.items()},
        "grounded": evaluation.grounded.value or 0.0,
        "fields": evaluation.fields,
        "fields_mean": evaluation.fields_mean,
        "by_measure": {name: {"n": tally.wanted, "f1": tally.f1} for name, tally in evaluation.measures},
        "by_style": _styles(evaluation),
        "calibration_error": calibration_error(evaluation),
        "reliability": [
            {"from": b.low, "to": b.high, "figures": b.figures, "confidence": b.confidence, "right": b.right}
            for b in reliability(evaluation)
        ],
        "thresholds": [
            {"confidence": t.confidence, "figures": t.figures, "precision": t.precision, "recall": t.recall}
            for t in thresholds(evaluation)
        ],
    }


def _prf(tally: Tally) -> dict[str, float]:
    return {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}


def _styles(evaluation: Evaluation) -> dict[str, Any]:
    return {
        name: {
            "documents": style.documents,
            "n": style.figure.wanted,
            "figure": _prf(style.figure),
            "full": _prf(style.full),
        }
        for name, style in sorted(evaluation.by_style.items())
    }


def as_text(scores: Figures) -> str:
    """Return the scores as a few lines for a terminal."""
    attributes = {name: share for name, share in scores["attributes"].items() if share is not None}
    measures = list(scores["by_measure"].items())[:MEASURES_IN_TEXT]
    lines = [
        f"documents {scores['documents']} (answered {scores['answered']})   "
        f"outcomes: reference {scores['reference_outcomes']}, predicted {scores['predicted_outcomes']}",
        *(_prf_line(name, scores[name]) for name in ("figure", "full")),
        f"on matched figures: {_pairs(attributes, 3)}   grounded {scores['grounded']:.3f}",
        f"study fields, mean {scores['fields_mean']:.3f}: {_pairs(scores['fields'], 2)}",
        "by measure: " + "  ".join(f"{name} {m['f1']:.2f} ({m['n']})" for name, m in measures),
        "by style: "
        + "  ".join(
            f"{name} figure {s['figure']['f1']:.3f} full {s['full']['f1']:.3f} ({s['documents']})"
            for name, s in scores["by_style"].items()
        ),
    ]
    if scores["calibration_error"] is not None:
        lines.append(f"confidence: off by {scores['calibration_error']:.3f} on average")
    return "\n".join(lines) + "\n"


def _prf_line(name: str, prf: Mapping[str, float]) -> str:
    return f"{name:7} precision {prf['precision']:.3f}  recall {prf['recall']:.3f}  F1 {prf['f1']:.3f}"


def _pairs(named: Mapping[str, float], digits: int) -> str:
    return "  ".join(f"{name} {value:.{digits}f}" for name, value in named.items())


def outcome_line(kind: str, document: str, outcome: Outcome) -> str:
    """Return one line about a missed or spurious figure: the document, the figure, and its words."""
    value = "not reached" if outcome.value is None else f"{outcome.value:g}"
    time = f"{outcome.time.value:g} {outcome.time.unit}" if outcome.time else None
    return (
        f"{kind} {document}: {outcome.measure} {outcome.statistic} {value} {outcome.unit or ''} "
        f"time={time} grade={outcome.grade} arm={outcome.arm} | {outcome.quote}"
    )
