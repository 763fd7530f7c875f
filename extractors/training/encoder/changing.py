"""What the network sees of a batch while it learns: some pieces hidden, and the figures of some lessons shifted.

A network that has seen `68%` beside survival often enough knows it by heart. Shifted figures keep their order and
their equals, so that a lesson stays as true as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from extractors.encoder.shape import KINDS
from extractors.training.encoder.batch import Batch

MASK_PIECE, ORDINARY = 103, 110
HIDDEN = 0.05
"""The share of the pieces that are hidden."""
SHIFTED = 0.5
"""The share of the lessons whose figures are shifted."""
_FARTHEST = 9
_LEAST, _MOST = 10, 99


class Changes:
    """Changes batches by chance; `vocabulary` are the word pieces in the order of their numbers."""

    def __init__(self, vocabulary: Sequence[str], device: torch.device) -> None:
        numbers = {p: k for k, p in enumerate(vocabulary)}
        self._point = numbers["."]
        self._pieces = torch.tensor([numbers[str(n)] for n in range(_MOST + 1)], device=device)
        self._values = torch.full((len(vocabulary),), -1, device=device)
        self._values[self._pieces] = torch.arange(_MOST + 1, device=device)

    def __call__(self, given: Batch) -> Tensor:
        """Return the pieces of a batch as they're shown (lessons x pieces)."""
        pieces = self.shifted(given)
        hidden = (torch.rand(pieces.shape, device=pieces.device) < HIDDEN) & (pieces > ORDINARY)
        return torch.where(hidden, MASK_PIECE, pieces)

    def shifted(self, given: Batch, share: float = SHIFTED) -> Tensor:
        """Return the pieces with the figures of a `share` of the lessons raised or lowered, each lesson's alike.

        Changed are numbers of two digits and the first digit behind a point; time points and grades stay.
        """
        pieces, lessons = given.pieces, len(given.pieces)
        told = (torch.rand(lessons, 1, device=pieces.device) < share) & _figures(given.marks)
        by = torch.randint(-_FARTHEST, _FARTHEST + 1, (lessons, 1), device=pieces.device)
        values = self._values[pieces]
        pieces = torch.where(told & (values >= _LEAST), self._pieces[(values + by).clamp(_LEAST, _MOST)], pieces)
        decimal = (values >= 0) & (values < _LEAST) & (functional.pad(pieces[:, :-1], (1, 0)) == self._point)
        return torch.where(told & decimal, self._pieces[(values + by) % _LEAST], pieces)


def _figures(marks: Tensor) -> Tensor:
    """Return where a piece is inside a figure, and neither of a time point nor of a grade (lessons x pieces)."""
    inside = {kind: marks[:, :, 2 * k + 1] > 0 for k, kind in enumerate(KINDS)}
    return inside["figure"] & ~inside["time"] & ~inside["grade"]
