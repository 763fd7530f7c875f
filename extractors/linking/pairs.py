"""Figures paired with the spans that they may be linked to, one table of feature rows for each kind of link.

The same tables train the scorers (`extractors.training`) and are scored when extracting, so that both see the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from extractors.arms import ArmFound
from extractors.joining import Figure
from extractors.linking.features import PAIR_FEATURES, Candidate, PairFeatures
from extractors.linking.headings import Headings
from extractors.linking.lexical import PairWords
from extractors.linking.scene import Scene
from extractors.linking.spans import measure_group

Rows = NDArray[np.float64]
Ranked = dict[int, list[tuple[float, str, int]]]
"""For each figure its (score, name, index of the span or VIRTUAL), best first."""
VIRTUAL = -1
_RANKS = 20
_LIKELY = 0.08


@dataclass
class Pairs:
    """Pairs of one document: `figure[k]`, `candidate[k]` (index, or VIRTUAL), `name[k]`, `words[k]` and `rows[k]`.

    `rows` (pairs x features) are computed for all pairs at once, when they are all known.
    """

    figure: list[int] = field(default_factory=list)
    candidate: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    rows: Rows = field(default_factory=lambda: np.zeros((0, 0)))

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


def attribute_pairs(scene: Scene, spans: Sequence[Candidate], groups: Mapping[int, float], back: int = 2) -> Pairs:
    """Pair the figures in `groups` (index to their measure's group) with the candidate times or grades near them."""
    features, word = PairFeatures(scene.layout, scene.figure_table, spans), PairWords(scene)
    pairs, extra = Pairs(), []
    for i, group in groups.items():
        figure = scene.figures[i]
        read_as = (group, figure.kind == "ratio", figure.kind in ("duration", "not-reached", "time"))
        for j in features.candidates(i, back):
            if spans[j].start < figure.head.end and figure.head.start < spans[j].end:
                continue
            pairs.add(i, j, spans[j].name, word.of(figure, spans[j], spans[j].by, group))
            extra.append(read_as)
    return pairs.describe(features, extra)


ARM_COLUMNS = (
    *PAIR_FEATURES, "measure group", "ratio", "arm score", "arm place", "arms", "size agrees", "size differs",
    "run is arms", "run place is arm's", "virtual", "mentions", "before group word", "arms in sentence",
    "arm before figure in sentence", "last named arm", "in heading", "arms in heading", "whole in heading",
    "whole in sentence", "lexical",
)  # fmt: skip
_GROUP_WORD = re.compile(r"^[- ]?(?:\w+[- ])?(?:group|arm|cohort|recipients?|patients|donors?)\b", re.IGNORECASE)


_WHOLE = re.compile(
    r"\b(?:all (?:\d+ )?(?:patients|recipients|children|adults|cases)|overall(?! survival| response)|whole|entire|total"
    r"|(?:two|both|either|three) (?:groups|arms|cohorts))\b",
    re.IGNORECASE,
)


def arm_pairs(scene: Scene, arms: Sequence[ArmFound], groups: Mapping[int, float], back: int = 2) -> Pairs:
    """Pair the figures in `groups` with the mentions of arms near them, and with each arm as such (VIRTUAL).

    The pairs' names are the arms' labels; `groups` gives the group of each figure's measure by the figure's index.
    """
    spans = arm_spans(arms)
    features, word = PairFeatures(scene.layout, scene.figure_table, spans), PairWords(scene)
    place = {arm.label: k for k, arm in enumerate(arms)}
    above = Headings(scene.levelled)
    before_group = [_GROUP_WORD.match(scene.levelled[s.end : s.end + 30]) is not None for s in spans]
    pairs, extra = Pairs(), []
    for i, group in groups.items():
        figure, run = scene.figures[i], features.run(i)
        start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
        here = [s for s in spans if start <= s.start < end]
        named, passed = {s.name for s in here}, {s.name for s in here if s.end <= figure.start}
        last = next((s.name for s in reversed(spans) if s.end <= figure.start), None)
        head = above.above(figure.start) or (0, 0)
        headed = {s.name for s in spans if head[0] <= s.start < head[1]}
        whole = (
            _WHOLE.search(scene.levelled, *head) is not None,
            _WHOLE.search(scene.levelled, start, figure.start) is not None,
        )
        known = {a.label: _arm_extra(figure, a, place[a.label], len(arms), run, group) for a in arms}
        for j in features.candidates(i, back):
            name = spans[j].name
            many = len(arms[place[name]].mentions)
            pairs.add(i, j, name, word.of(figure, spans[j], "arm", group))
            extra.append(
                (
                    *known[name],
                    0.0,
                    many,
                    before_group[j],
                    len(named),
                    name in passed,
                    last == name,
                    name in headed,
                    len(headed),
                    *whole,
                )
            )
        for arm in arms:
            of = f"arm {place[arm.label]} of {len(arms)} at {run[0]} of {run[1]}"
            pairs.add(i, VIRTUAL, arm.label, word.of(figure, None, of, group))
            told = (arm.label in named, last == arm.label, arm.label in headed, len(headed), *whole)
            extra.append((*known[arm.label], 1.0, len(arm.mentions), False, len(named), *told))
    return pairs.describe(features, extra)


def arm_spans(arms: Sequence[ArmFound]) -> list[Candidate]:
    """Return the arms' mentions as candidate spans, in order."""
    spans = [Candidate(a, b, arm.label, "arm") for arm in arms for a, b in arm.mentions]
    return sorted(spans, key=lambda s: (s.start, s.end))


def _arm_extra(
    figure: Figure, arm: ArmFound, place: int, count: int, run: tuple[int, int], group: float
) -> tuple[float, ...]:
    agrees = arm.size is not None and figure.total == arm.size
    differs = arm.size is not None and figure.total is not None and figure.total != arm.size
    run_place, run_length = run
    return (
        group, figure.kind == "ratio", arm.score, place, count, agrees, differs, run_length == count,
        run_place == place,
    )  # fmt: skip


def best_by_figure(pairs: Pairs, scores: Rows) -> Ranked:
    """Return for each figure its (score, name, candidate), best first; of each name the best pair alone."""
    found: dict[int, dict[str, tuple[float, str, int]]] = {}
    for i, j, name, score in zip(pairs.figure, pairs.candidate, pairs.name, scores.tolist(), strict=True):
        held = found.setdefault(i, {})
        if name not in held or score > held[name][0]:
            held[name] = (score, name, j)
    return {i: sorted(held.values(), key=lambda x: (-x[0], x[1])) for i, held in found.items()}
