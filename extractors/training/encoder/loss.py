"""How wrong the network's answers for a batch are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional

from extractors.training.encoder.batch import JUDGED, NO_MEASURE, POINTED, Batch
from extractors.training.encoder.lessons import Question

WEIGHTS = {
    "measure": 1.0, "time": 0.5, "grade": 0.5, "arm": 0.8, "concept": 0.3, "size": 0.2, "group": 0.4, "study": 0.5,
}  # fmt: skip
"""How much each kind of question counts beside the others."""
SOFT = 1.5
"""What scores are divided by before they're compared with the teacher's: its second choices tell something too."""
_NEVER, _NOWHERE = -1e4, -1e9


def losses(found: Mapping[str, Tensor], given: Batch, questions: Sequence[Question]) -> dict[str, Tensor]:
    """Return for each kind of question the mean loss over all that has a right answer."""
    scores = measure_scores(found["measure"], found["named"], given.named)
    made = {"measure": functional.cross_entropy(scores.flatten(0, 1), given.measure.flatten(), ignore_index=NO_MEASURE)}
    for name, kind in POINTED.items():
        made[name] = _pointed(found[name], given.pointed[name], given.there[kind])
    for name in JUDGED:
        right = given.judged[name]
        made[name] = _mean(_yes_or_no(found[name], right.clamp(min=0).float()), right >= 0)
    study = _study(found["study"], given.study.clamp(min=0).float(), questions)
    made["study"] = _mean(study, given.study[:, 0] >= 0)
    return made


def unlike(
    found: Mapping[str, Tensor], better: Mapping[str, Tensor], given: Batch, questions: Sequence[Question]
) -> dict[str, Tensor]:
    """Return for each kind of question how far the answers are from a teacher's, also where no right one is known.

    What figure it is counts by how surely the teacher takes it for a result, as for time points, grades and arms.
    """
    own, its = (
        {"measure": measure_scores(x["measure"], x["named"], given.named)}
        | {name: _open(x[name], given.there[kind]) for name, kind in POINTED.items()}
        for x in (found, better)
    )
    figures = (given.measure != NO_MEASURE).float()
    results = figures * (1 - torch.softmax(its["measure"], 2)[:, :, 0])
    made = {n: _mean(_divergence(own[n], its[n]), figures if n == "measure" else results) for n in own}
    for name, kind in JUDGED.items():
        made[name] = _mean(_yes_or_no(found[name], torch.sigmoid(better[name])), given.there[kind].float())
    shares = [
        torch.sigmoid(better["study"][:, part]) if q.several else torch.softmax(better["study"][:, part], 1)
        for q, part in _parts(questions)
    ]
    made["study"] = _study(found["study"], torch.cat(shares, 1), questions).mean()
    return made


def _open(scores: Tensor, there: Tensor) -> Tensor:
    """Return the scores of a question that a span answers, those of padding out of reach."""
    return scores.float().masked_fill(~functional.pad(there, (1, 0), value=True)[:, None], _NOWHERE)


def _yes_or_no(scores: Tensor, shares: Tensor) -> Tensor:
    """Return the loss of each answer; `shares` are 1 or 0, or how sure a teacher is of yes."""
    return functional.binary_cross_entropy_with_logits(scores, shares, reduction="none")


def _divergence(own: Tensor, its: Tensor) -> Tensor:
    """Return lessons x figures: the Kullback-Leibler divergence of softened answers."""
    share = torch.softmax(its / SOFT, 2)
    apart = share.clamp(min=1e-9).log() - torch.log_softmax(own / SOFT, 2)
    return SOFT**2 * (share * apart).sum(2)


def _parts(questions: Sequence[Question]) -> list[tuple[Question, slice]]:
    """Return each question with the columns of its answers."""
    ends = list(accumulate(len(q.answers) for q in questions))
    return [(q, slice(end - len(q.answers), end)) for q, end in zip(questions, ends, strict=True)]


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
    logs = functional.log_softmax(_open(scores, there), 2).masked_fill(~right, _NEVER)
    return _mean(-torch.logsumexp(logs, 2), right.any(2))


def _mean(each: Tensor, told: Tensor) -> Tensor:
    """Return the mean of `each` where there is an answer, or weighed so; a batch without any adds nothing."""
    return (each * told).sum() / told.sum().clamp(min=1)


def _study(scores: Tensor, shares: Tensor, questions: Sequence[Question]) -> Tensor:
    """Return for each lesson the mean loss of the questions; `shares` (lessons x answers) as in `_yes_or_no`."""
    losses = [
        _yes_or_no(scores[:, part], shares[:, part]).sum(1)
        if question.several
        else functional.cross_entropy(scores[:, part], shares[:, part], reduction="none")
        for question, part in _parts(questions)
    ]
    return torch.stack(losses).mean(0)
