"""How wrong the network's answers for a batch are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from extractors.training.encoder.batch import JUDGED, NO_MEASURE, POINTED, Batch
from extractors.training.encoder.lessons import Question

WEIGHTS = {
    "measure": 1.0, "time": 0.5, "grade": 0.5, "arm": 0.8, "concept": 0.3, "size": 0.2, "group": 0.4, "study": 0.5,
}  # fmt: skip
"""How much each kind of question counts beside the others."""
_NEVER = -1e4


def losses(found: Mapping[str, Tensor], given: Batch, questions: Sequence[Question]) -> dict[str, Tensor]:
    """Return for each kind of question the mean loss over all that has a right answer."""
    scores = measure_scores(found["measure"], found["named"], given.named)
    made = {"measure": functional.cross_entropy(scores.flatten(0, 1), given.measure.flatten(), ignore_index=NO_MEASURE)}
    for name, kind in POINTED.items():
        made[name] = _pointed(found[name], given.pointed[name], given.there[kind])
    for name in JUDGED:
        right = given.judged[name]
        each = functional.binary_cross_entropy_with_logits(found[name], right.clamp(min=0).float(), reduction="none")
        made[name] = _mean(each, right >= 0)
    made["study"] = _mean(_study(found["study"], given.study, questions), given.study[:, 0] >= 0)
    return made


def measure_scores(judged: Tensor, pointed: Tensor, named: Tensor) -> Tensor:
    """Return lessons x figures x measures: the head's own scores, raised by the spans that name the measure.

    `pointed` (lessons x figures x spans) are the fit of each span, `named` (lessons x spans) the measure that it names,
    -1 for none.
    """
    weights = torch.exp(pointed.float().clamp(max=30)) * (named >= 0)[:, None].float()
    columns = named.clamp(min=0)[:, None].expand_as(weights)
    sums = torch.zeros_like(judged, dtype=torch.float32).scatter_add(2, columns, weights)
    return judged.float() + torch.log1p(sums)


def _pointed(scores: Tensor, right: Tensor, there: Tensor) -> Tensor:
    """Any of the right spans will do: what counts is the probability of them together."""
    possible = functional.pad(there, (1, 0), value=True)[:, None]
    logs = functional.log_softmax(scores.float().masked_fill(~possible, -1e9), 2).masked_fill(~right, _NEVER)
    return _mean(-torch.logsumexp(logs, 2), right.any(2))


def _mean(each: Tensor, told: Tensor) -> Tensor:
    """Return the mean of `each` where there is a right answer; a batch without any adds nothing."""
    return (each * told).sum() / told.sum().clamp(min=1)


def _study(scores: Tensor, right: Tensor, questions: Sequence[Question]) -> Tensor:
    """Return for each lesson the mean loss of the questions."""
    right = right.clamp(min=0).float()
    losses, at = [], 0
    for question in questions:
        part = slice(at, at + len(question.answers))
        at += len(question.answers)
        if question.several:
            each = functional.binary_cross_entropy_with_logits(scores[:, part], right[:, part], reduction="none")
            losses.append(each.sum(1))
        else:
            losses.append(functional.cross_entropy(scores[:, part], right[:, part].argmax(1), reduction="none"))
    return torch.stack(losses).mean(0)
