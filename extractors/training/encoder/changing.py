"""What the network sees of a batch while it learns: pieces hidden, figures shifted, names of groups replaced.

A network that has seen `68%` beside survival, or `haplo` behind `in the`, often enough knows it by heart. Shifted
figures keep their order and their equals, and a name is replaced wherever it stands, so that a lesson stays as true as
it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from extractors.encoder.shape import KINDS
from extractors.training.encoder.batch import Batch
from extractors.training.encoder.lessons import Lesson

MASK_PIECE, ORDINARY = 103, 110
HIDDEN = 0.05
"""The share of the pieces that are hidden."""
SHIFTED = 0.5
"""The share of the lessons whose figures are shifted."""
RENAMED = 0.5
"""The share of the lessons of which half the words that may name a group are replaced."""
ORDINARY_WORDS = 350
_FARTHEST = 9
_HALF = 0.5
_FIRST_WORD, _SHORTEST = 1000, 4
"""From here on the pieces are words and parts of words; a replacement is this long at least."""
_LEAST, _MOST = 10, 99


def ordinary(lessons: Iterable[Lesson]) -> frozenset[int]:
    """Return the commonest pieces of lessons, which aren't replaced: they make the sentences."""
    counts = Counter(piece for lesson in lessons for piece in lesson.pieces.tolist())
    return frozenset(piece for piece, _ in counts.most_common(ORDINARY_WORDS))


class Changes:
    """Changes batches by chance; `vocabulary` are the word pieces in the order of their numbers.

    `kept` are the numbers of pieces that are never replaced.
    """

    def __init__(self, vocabulary: Sequence[str], kept: frozenset[int] = frozenset()) -> None:
        numbers = {p: k for k, p in enumerate(vocabulary)}
        self._point = numbers["."]
        self._pieces = torch.tensor([numbers[str(n)] for n in range(_MOST + 1)])
        self._values = torch.full((len(vocabulary),), -1)
        self._values[self._pieces] = torch.arange(_MOST + 1)
        free = [k for k, p in enumerate(vocabulary) if k >= _FIRST_WORD and _spelt(p) and k not in kept]
        self._replaceable = torch.zeros(len(vocabulary), dtype=torch.bool)
        self._replaceable[free] = True
        self._behind = torch.tensor([p.startswith("##") for p in vocabulary])
        self._words = torch.tensor([k for k in free if _opens(vocabulary[k])])
        self._ends = torch.tensor([k for k in free if vocabulary[k].startswith("##")])

    def told(self, given: Batch) -> Tensor:
        """Return the pieces of a batch with figures shifted and names replaced (lessons x pieces)."""
        return self.renamed(given, self.shifted(given))

    def hidden(self, pieces: Tensor) -> Tensor:
        """Return pieces with some of them hidden."""
        chosen = (torch.rand(pieces.shape) < HIDDEN) & (pieces > ORDINARY)
        return torch.where(chosen, MASK_PIECE, pieces)

    def shifted(self, given: Batch, share: float = SHIFTED) -> Tensor:
        """Return the pieces with the figures of a `share` of the lessons raised or lowered, each lesson's alike.

        Changed are numbers of two digits and the first digit behind a point; time points and grades stay.
        """
        pieces, lessons = given.pieces, len(given.pieces)
        told = (torch.rand(lessons, 1) < share) & _figures(given.marks)
        by = torch.randint(-_FARTHEST, _FARTHEST + 1, (lessons, 1))
        values = self._values[pieces]
        pieces = torch.where(told & (values >= _LEAST), self._pieces[(values + by).clamp(_LEAST, _MOST)], pieces)
        decimal = (values >= 0) & (values < _LEAST) & (functional.pad(pieces[:, :-1], (1, 0)) == self._point)
        return torch.where(told & decimal, self._pieces[(values + by) % _LEAST], pieces)

    def renamed(self, given: Batch, pieces: Tensor, share: float = RENAMED) -> Tensor:
        """Return the pieces with half the words that may name a group replaced in a `share` of the lessons.

        A word is replaced by the same one throughout a lesson; one that stands in a figure, a measure, a time point or
        a grade as well isn't.
        """
        changed, inside = pieces.clone(), _inside(given.marks)
        told = inside["figure"] | inside["measure"] | inside["time"] | inside["grade"]
        for k in range(len(pieces)):
            if torch.rand(()) >= share:
                continue
            names = pieces[k][inside["arm"][k]].unique()
            names = names[self._replaceable[names] & ~torch.isin(names, pieces[k][told[k]])]
            names = names[torch.rand(names.shape) < _HALF]
            table = torch.arange(len(self._replaceable))
            table[names] = torch.where(self._behind[names], _some(self._ends, names), _some(self._words, names))
            changed[k] = table[pieces[k]]
        return changed


def _spelt(piece: str) -> bool:
    letters = piece.removeprefix("##")
    return letters.isalpha() and letters.isascii()


def _opens(piece: str) -> bool:
    return not piece.startswith("##") and len(piece) >= _SHORTEST


def _some(pieces: Tensor, like: Tensor) -> Tensor:
    """Return as many pieces, by chance, as another tensor has."""
    return pieces[torch.randint(0, max(1, len(pieces)), like.shape)]


def _inside(marks: Tensor) -> dict[str, Tensor]:
    """Return for each kind of span where a piece is inside one (lessons x pieces)."""
    return {kind: marks[:, :, 2 * k + 1] > 0 for k, kind in enumerate(KINDS)}


def _figures(marks: Tensor) -> Tensor:
    """Return where a piece is inside a figure, and neither of a time point nor of a grade (lessons x pieces)."""
    inside = _inside(marks)
    return inside["figure"] & ~inside["time"] & ~inside["grade"]
