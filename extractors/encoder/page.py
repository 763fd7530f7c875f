"""A document as the encoder sees it: word pieces, and the candidate spans in them that it is asked about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extractors.annotation import Annotated
from extractors.arms import ArmCandidate, Key, arm_candidates
from extractors.candidates import Candidate as Concept
from extractors.candidates import candidates
from extractors.document import Part
from extractors.encoder.shape import KINDS
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, time_candidates
from extractors.quantities.kinds import Kind
from extractors.sizes import Size, sizes

Pieces = NDArray[np.int64]
Offsets = tuple[Part, int, int]
Marks = NDArray[np.bool_]
QUANTITIES: tuple[str, ...] = get_args(Kind)
MARKS = 2 * len(KINDS) + len(QUANTITIES)
"""How many marks a piece may bear: beginning and inside of each kind of span, and the kinds of quantities."""


@dataclass(frozen=True)
class Asked:
    """The candidates of a document that the encoder is asked about, each list in a fixed order."""

    scene: Scene
    measures: tuple[Candidate, ...]
    times: tuple[Candidate, ...]
    grades: tuple[Candidate, ...]
    arms: tuple[ArmCandidate, ...]
    concepts: tuple[Concept, ...]
    sizes: tuple[Size, ...]

    def spans(self, kind: str) -> list[Offsets]:
        """Return the offsets of all spans of a kind; of concepts and arms every mention, one after another."""
        if kind == "figure":
            return [("text", f.head.start, f.head.end) for f in self.scene.figures]
        if kind == "arm":
            return [("text", start, end) for c in self.arms for start, end in c.occurrences]
        if kind == "concept":
            return [(m.part, m.start, m.end) for c in self.concepts for m in c.mentions]
        if kind == "size":
            return [(s.part, s.start, s.end) for s in self.sizes]
        found = {"measure": self.measures, "time": self.times, "grade": self.grades}[kind]
        return [("text", c.start, c.end) for c in found]

    def owners(self) -> list[int]:
        """Return for each span of `concept` the index of the concept that it mentions."""
        return [k for k, c in enumerate(self.concepts) for _ in c.mentions]

    def arm_names(self) -> list[Key]:
        """Return for each span of `arm` the name that it bears."""
        return [c.key for c in self.arms for _ in c.occurrences]


def asked(scene: Scene) -> Asked:
    """Return all candidates of a scene."""
    annotated = scene.annotated
    return Asked(
        scene=scene,
        measures=tuple(Candidate(m.start, m.end, m.name, m.by) for m in scene.measures),
        times=tuple(time_candidates(scene)),
        grades=tuple(grade_candidates(scene)),
        arms=tuple(arm_candidates(annotated, scene.figures)),
        concepts=(*candidates(annotated, "condition"), *candidates(annotated, "intervention")),
        sizes=tuple(sizes(annotated)),
    )


@dataclass(frozen=True)
class Page:
    """A document for the network.

    `pieces`: piece numbers; `parts`: 0 where a piece is of the title, 1 of the text; `marks` (pieces x marks): which
    kinds of spans begin at a piece and which cover it, and the kind of quantity of a figure; `names`: 0, or 1 + the
    number of the measure that a span over the piece names; `spans`: for each kind their first and last piece
    (spans x 2).
    """

    pieces: Pieces
    parts: Pieces
    marks: Marks
    names: Pieces
    spans: dict[str, Pieces]


def page(tokenizer: Tokenizer, question: Asked, measures: Sequence[str]) -> Page:
    """Return the page of a document; `measures` are the names of the measures in the order of their numbers."""
    annotated: Annotated = question.scene.annotated
    encoding = tokenizer.encode(annotated.document.title, annotated.document.text)
    index = {
        part: _Index(encoding.offsets, [k for k, s in enumerate(encoding.sequence_ids) if s == number])
        for number, part in enumerate(("title", "text"))
    }
    spans = {kind: _table(index[part].pieces(a, b) for part, a, b in question.spans(kind)) for kind in KINDS}
    return Page(
        pieces=np.array(encoding.ids, dtype=np.int64),
        parts=np.array(encoding.type_ids, dtype=np.int64),
        marks=_marks(len(encoding.ids), spans, [f.kind for f in question.scene.figures]),
        names=_names(len(encoding.ids), spans["measure"], numbers(question.measures, measures)),
        spans=spans,
    )


def numbers(spans: Iterable[Candidate], measures: Sequence[str]) -> Pieces:
    """Return for each measure span the number of the measure that it names, -1 for none of `measures`."""
    known = {name: k for k, name in enumerate(measures)}
    return np.array([known.get(s.name, -1) for s in spans], dtype=np.int64)


def _marks(length: int, spans: Mapping[str, Pieces], quantities: Sequence[str]) -> Marks:
    marks = np.zeros((length, MARKS), dtype=bool)
    for k, kind in enumerate(KINDS):
        for first, last in spans[kind].tolist():
            marks[first, 2 * k] = True
            marks[first : last + 1, 2 * k + 1] = True
    for (first, last), quantity in zip(spans["figure"].tolist(), quantities, strict=True):
        marks[first : last + 1, 2 * len(KINDS) + QUANTITIES.index(quantity)] = True
    return marks


def _names(length: int, spans: Pieces, named: Pieces) -> Pieces:
    names = np.zeros(length, dtype=np.int64)
    for (first, last), number in zip(spans.tolist(), named.tolist(), strict=True):
        if number >= 0:
            names[first : last + 1] = number + 1
    return names


def _table(spans: Iterable[tuple[int, int]]) -> Pieces:
    return np.array(list(spans), dtype=np.int64).reshape(-1, 2)


class _Index:
    """The pieces of one part by their offsets."""

    def __init__(self, offsets: Sequence[tuple[int, int]], numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._starts = [offsets[k][0] for k in numbers]
        self._ends = [offsets[k][1] for k in numbers]

    def pieces(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first and the last piece of a range of characters."""
        if not self._numbers:
            return 0, 0
        first = min(bisect_right(self._ends, start), len(self._numbers) - 1)
        last = min(max(bisect_left(self._starts, end) - 1, first), len(self._numbers) - 1)
        return self._numbers[first], self._numbers[last]
