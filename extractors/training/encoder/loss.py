"""How wrong the network's answers for one document are."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from extractors.training.encoder.labels import QUESTIONS, Lesson

WEIGHTS = {"measure": 1.0, "time": 0.3, "grade": 0.3, "arm": 0.5, "concept": 0.3, "size": 0.2, "study": 0.5}
"""How much each kind of question counts beside the others."""


def measure_scores(judged: Tensor, pointed: Tensor, named: Tensor) -> Tensor:
    """Return figures x measures: the head's own scores, raised by the spans that name the measure.

    `pointed` (figures x spans) are the fit of each span, `named` (spans) the measure that it names, -1 for none.
    """
    known = named >= 0
    sums = torch.zeros_like(judged, dtype=torch.float32)
    sums = sums.index_add(1, named[known], torch.exp(pointed[:, known].float().clamp(max=30)))
    return judged.float() + torch.log1p(sums)


def losses(found: dict[str, Tensor], lesson: Lesson) -> dict[str, tuple[Tensor, int]]:
    """Return for each kind of question the sum of losses and their number, where there's a right answer."""
    scores = measure_scores(found["measure"], found["named"], torch.from_numpy(lesson.named))
    wanted = torch.from_numpy(lesson.measure)
    made = {"measure": (functional.cross_entropy(scores, wanted, reduction="sum"), len(wanted))}
    entered = torch.from_numpy(lesson.entered)
    for kind in ("time", "grade", "arm"):
        right = torch.from_numpy(getattr(lesson, kind))
        answered = right.any(1) if len(entered) else torch.zeros(0, dtype=torch.bool)
        if bool(answered.any()):
            made[kind] = _pointed(found[kind][entered][answered], right[answered])
    for kind in ("concept", "size"):
        marks = getattr(lesson, kind)
        if marks is not None and len(marks):
            target = torch.from_numpy(marks).float()
            made[kind] = (
                functional.binary_cross_entropy_with_logits(found[kind].float(), target, reduction="sum"),
                len(marks),
            )
    if lesson.study is not None:
        made["study"] = _study(found["study"].float(), torch.from_numpy(lesson.study))
    return made


def _pointed(scores: Tensor, right: Tensor) -> tuple[Tensor, int]:
    """Any of the right spans will do: what counts is the probability of them together."""
    logs = functional.log_softmax(scores.float(), 1).masked_fill(~right, -1e4)
    return -torch.logsumexp(logs, 1).sum(), len(right)


def _study(scores: Tensor, right: Tensor) -> tuple[Tensor, int]:
    total, at = torch.zeros(()), 0
    for question in QUESTIONS:
        part = slice(at, at + len(question.answers))
        at += len(question.answers)
        if question.several:
            total = total + functional.binary_cross_entropy_with_logits(
                scores[part], right[part].float(), reduction="sum"
            )
        else:
            total = total + functional.cross_entropy(scores[part][None], right[part].long().argmax()[None])
    return total, len(QUESTIONS)
