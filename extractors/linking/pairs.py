"""Figures paired with the spans that they may be linked to, one table of feature rows for each kind of link.

The same tables train the scorers (`extractors.training`) and are scored when extracting, so that both see the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.linking.features import PAIR_FEATURES, Candidate, PairFeatures
from extractors.linking.lexical import PairWords
from extractors.linking.scene import Scene
from extractors.linking.spans import measure_group

Rows = NDArray[np.float64]
Option = tuple[float, str, int]
Ranked = dict[int, list[Option]]
"""For each figure its (score, name, index of the span or VIRTUAL), best first."""
VIRTUAL = -1
_RANKS = 20
_LIKELY = 0.08


@dataclass
class Pairs:
    """Pairs of one document: `figure[k]`, `candidate[k]` (index, or VIRTUAL), `name[k]`, `words[k]` and `rows[k]`.

    `rows` (pairs x features) are computed for all pairs at once, when they are all known. `circles[i]` are sets of
    other figures whose opinions count for figure `i`, as many sets for each figure; empty where there are none.
    """

    figure: list[int] = field(default_factory=list)
    candidate: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    rows: Rows = field(default_factory=lambda: np.zeros((0, 0)))
    circles: Mapping[int, Sequence[Sequence[int]]] = field(default_factory=dict)

    def add(self, figure: int, candidate: int, name: str, words: list[str]) -> None:
        """Append one pair."""
        self.figure.append(figure)
        self.candidate.append(candidate)
        self.name.append(name)
        self.words.append(words)

    def describe(self, features: PairFeatures, extra: Sequence[Sequence[float]]) -> Pairs:
        """Return the pairs with their rows: their features, then what `extra` says of each."""
        if extra:
            own = features.rows(self.figure, self.candidate)
            self.rows = np.column_stack([own, np.array(extra, dtype=np.float64)])
        return self


MEASURE_COLUMNS = (
    *PAIR_FEATURES, "measure group", "wording share", "wording rank", "wording outcome", "from abbreviation", "virtual",
    "lexical",
)  # fmt: skip


def measure_pairs(
    scene: Scene, parents: Mapping[str, str], classes: Sequence[str], shares: Rows, outcome: Rows, virtual: int = 3
) -> tuple[Pairs, list[Candidate]]:
    """Pair every figure with the measures named near it, and with the likeliest ones by wording that aren't named.

    `shares` (figures x classes) are the word model's probabilities of each measure, `outcome` (figures) of being one.
    """
    spans = [Candidate(m.start, m.end, m.name, m.by) for m in scene.measures]
    features, word = PairFeatures(scene.layout, scene.figure_table, spans), PairWords(scene)
    column = {name: k for k, name in enumerate(classes)}
    groups = {name: measure_group(parents, name) for name in {*classes, *(s.name for s in spans)}}
    pairs, extra = Pairs(), []
    for i, figure in enumerate(scene.figures):
        share, entered = shares[i].tolist(), float(outcome[i])
        ranked = np.argsort(-shares[i], kind="stable").tolist()
        rank = {classes[c]: k for k, c in enumerate(ranked[:_RANKS])}
        near = features.candidates(i)
        for j in near:
            span, name = spans[j], spans[j].name
            own = share[column[name]] if name in column else 0.0
            pairs.add(i, j, name, word.of(figure, span, name, groups[name]))
            extra.append((groups[name], own, rank.get(name, _RANKS), entered, float(span.by == "abbreviation"), 0.0))
        named = {spans[j].name for j in near}
        for k, c in enumerate(ranked[:virtual]):
            name = classes[c]
            if name not in named and share[c] >= _LIKELY:
                pairs.add(i, VIRTUAL, name, word.of(figure, None, name, groups[name]))
                extra.append((groups[name], share[c], k, entered, 0.0, 1.0))
    return pairs.describe(features, extra), spans


ATTRIBUTE_COLUMNS = (*PAIR_FEATURES, "measure group", "statistic ratio", "statistic median")


ATTRIBUTE_CIRCLES = ("run", "same measure in sentence", "others in sentence")
"""Figures to which a figure may look for its time point or grade: its coordinated neighbours, and its sentence's."""


class Reported(NamedTuple):
    """The measure that a figure is of, and the number of the measure's group."""

    measure: str
    group: float


def attribute_pairs(scene: Scene, spans: Sequence[Candidate], outcomes: Mapping[int, Reported], back: int = 2) -> Pairs:
    """Pair the figures in `outcomes` with the candidate times or grades near them."""
    features, word = PairFeatures(scene.layout, scene.figure_table, spans), PairWords(scene)
    pairs, extra = Pairs(circles=_circles(scene, outcomes)), []
    for i, (_, group) in outcomes.items():
        figure = scene.figures[i]
        read_as = (group, figure.kind == "ratio", figure.kind in ("duration", "not-reached", "time"))
        for j in features.candidates(i, back):
            if spans[j].start < figure.head.end and figure.head.start < spans[j].end:
                continue
            pairs.add(i, j, spans[j].name, word.of(figure, spans[j], spans[j].by, group))
            extra.append(read_as)
    return pairs.describe(features, extra)


def _circles(scene: Scene, outcomes: Mapping[int, Reported]) -> dict[int, tuple[list[int], ...]]:
    """Return for each figure the figures of each of ATTRIBUTE_CIRCLES."""
    places = scene.figure_table.places
    run, sentence = places.run.tolist(), places.sentence.tolist()
    made: dict[int, tuple[list[int], ...]] = {}
    for i, own in outcomes.items():
        near = [k for k in outcomes if k != i and sentence[k] == sentence[i]]
        alike = [k for k in near if outcomes[k].measure == own.measure]
        made[i] = ([k for k in near if run[k] == run[i]], alike, [k for k in near if k not in alike])
    return made


def best_by_figure(pairs: Pairs, scores: Rows) -> Ranked:
    """Return for each figure its (score, name, candidate), best first; of each name the best pair alone."""
    found: dict[int, dict[str, tuple[float, str, int]]] = {}
    for i, j, name, score in zip(pairs.figure, pairs.candidate, pairs.name, scores.tolist(), strict=True):
        held = found.setdefault(i, {})
        if name not in held or score > held[name][0]:
            held[name] = (score, name, j)
    return {i: sorted(held.values(), key=lambda x: (-x[0], x[1])) for i, held in found.items()}
