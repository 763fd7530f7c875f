"""Several lessons as one batch: padded tensors, and where in them something stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from extractors.encoder.shape import KINDS, POSITIONS
from extractors.training.encoder.lessons import Lesson

PIECES_AT_ONCE = 3000
POINTED = {"time": "time", "grade": "grade", "arm": "arm"}
"""Questions that a span answers, with the kind of these spans."""
JUDGED = {"concept": "concept", "size": "size", "group": "arm"}
"""Questions that are answered yes or no of each span, with the kind of these spans."""
NO_MEASURE = -100


@dataclass(frozen=True)
class Batch:
    """Lessons side by side (first dimension), padded; see `Lesson` for what each holds.

    `here` (lessons x pieces) and `there` (kind to lessons x spans) tell what is no padding.
    """

    pieces: Tensor
    parts: Tensor
    places: Tensor
    marks: Tensor
    names: Tensor
    here: Tensor
    spans: dict[str, Tensor]
    there: dict[str, Tensor]
    measure: Tensor
    named: Tensor
    pointed: dict[str, Tensor]
    judged: dict[str, Tensor]
    study: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in moved.items():
            moved[name] = {k: t.to(device) for k, t in value.items()} if isinstance(value, dict) else value.to(device)
        return Batch(**moved)


def batch(lessons: Sequence[Lesson]) -> Batch:
    """Return lessons as a batch."""

    def padded(of: Callable[[Lesson], Tensor], fill: float = 0) -> Tensor:
        return pad_sequence([of(x) for x in lessons], batch_first=True, padding_value=fill)

    longest = max(len(x.pieces) for x in lessons)
    return Batch(
        pieces=padded(lambda x: x.pieces),
        parts=padded(lambda x: x.parts),
        places=torch.arange(longest).clamp(max=POSITIONS - 1)[None],
        marks=padded(lambda x: x.marks).float(),
        names=padded(lambda x: x.names),
        here=padded(lambda x: torch.ones(len(x.pieces), dtype=torch.bool)),
        spans={kind: padded(lambda x, k=kind: x.spans[k]) for kind in KINDS},  # type: ignore[misc]
        there={kind: padded(lambda x, k=kind: torch.ones(len(x.spans[k]), dtype=torch.bool)) for kind in KINDS},  # type: ignore[misc]
        measure=padded(lambda x: x.measure, NO_MEASURE),
        named=padded(lambda x: x.named, -1),
        pointed={name: _tables([getattr(x, name) for x in lessons]) for name in POINTED},
        judged={name: padded(lambda x, n=name: getattr(x, n), -1) for name in JUDGED},  # type: ignore[misc]
        study=torch.stack([x.study for x in lessons]),
    )


def _tables(tables: Sequence[Tensor]) -> Tensor:
    rows, columns = (max(t.shape[d] for t in tables) for d in (0, 1))
    made = torch.zeros(len(tables), rows, columns, dtype=torch.bool)
    for k, t in enumerate(tables):
        made[k, : t.shape[0], : t.shape[1]] = t
    return made


def batches(lengths: Sequence[int], chance: random.Random, at_once: int = PIECES_AT_ONCE) -> list[list[int]]:
    """Return documents' numbers in batches of about the same length (`lengths` in pieces), in random order.

    A batch has `at_once` pieces at most, padding included, or is a single longer document.
    """
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] * chance.uniform(0.8, 1.25))
    made: list[list[int]] = [[]]
    for i in order:
        if made[-1] and (len(made[-1]) + 1) * max(lengths[k] for k in (*made[-1], i)) > at_once:
            made.append([])
        made[-1].append(i)
    chance.shuffle(made)
    return made
