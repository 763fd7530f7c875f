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
from extractors.linking.lexical import pair_words
from extractors.linking.scene import Scene
from extractors.linking.spans import measure_group

Rows = NDArray[np.float64]
VIRTUAL = -1


@dataclass
class Pairs:
    """Pairs of one document: `figure[k]`, `candidate[k]` (index, or VIRTUAL), `name[k]`, `rows[k]` and `words[k]`."""

    figure: list[int] = field(default_factory=list)
    candidate: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)

    def add(self, figure: int, candidate: int, name: str, row: list[float], words: list[str]) -> None:
        """Append one pair."""
        self.figure.append(figure)
        self.candidate.append(candidate)
        self.name.append(name)
        self.rows.append(row)
        self.words.append(words)


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
    features = PairFeatures(scene.layout, scene.figures, spans)
    column = {name: k for k, name in enumerate(classes)}
    groups = {name: measure_group(parents, name) for name in {*classes, *(s.name for s in spans)}}
    pairs = Pairs()
    for i in range(len(scene.figures)):
        ranked = sorted(range(len(classes)), key=lambda c: (-shares[i, c], c)) if len(classes) else []
        rank = {classes[c]: k for k, c in enumerate(ranked)}
        near = features.candidates(i)
        for j in near:
            name = spans[j].name
            share = float(shares[i, column[name]]) if name in column else 0.0
            extra = [
                groups[name],
                share,
                min(rank.get(name, 20), 20),
                float(outcome[i]),
                spans[j].by == "abbreviation",
                0.0,
            ]
            words = pair_words(scene, scene.figures[i], spans[j], name, groups[name])
            pairs.add(i, j, name, features.row(i, j) + extra, words)
        named = {spans[j].name for j in near}
        for c in ranked[:virtual]:
            if classes[c] not in named and shares[i, c] >= 0.08:
                extra = [groups[classes[c]], float(shares[i, c]), rank[classes[c]], float(outcome[i]), 0.0, 1.0]
                words = pair_words(scene, scene.figures[i], None, classes[c], groups[classes[c]])
                pairs.add(i, VIRTUAL, classes[c], features.alone(i) + extra, words)
    return pairs, spans


ATTRIBUTE_COLUMNS = (*PAIR_FEATURES, "measure group", "statistic ratio", "statistic median")


def attribute_pairs(scene: Scene, spans: Sequence[Candidate], groups: Mapping[int, float], back: int = 2) -> Pairs:
    """Pair the figures in `groups` (index to their measure's group) with the candidate times or grades near them."""
    features = PairFeatures(scene.layout, scene.figures, spans)
    pairs = Pairs()
    for i, group in groups.items():
        figure = scene.figures[i]
        for j in features.candidates(i, back):
            if spans[j].start < figure.head.end and figure.head.start < spans[j].end:
                continue
            extra = [group, figure.kind == "ratio", figure.kind in ("duration", "not-reached", "time")]
            words = pair_words(scene, figure, spans[j], spans[j].by, group)
            pairs.add(i, j, spans[j].name, features.row(i, j) + [float(x) for x in extra], words)
    return pairs


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
    features = PairFeatures(scene.layout, scene.figures, spans)
    place = {arm.label: k for k, arm in enumerate(arms)}
    above = Headings(scene.levelled)
    pairs = Pairs()
    for i, group in groups.items():
        figure = scene.figures[i]
        start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
        here = [s for s in spans if start <= s.start < end]
        before = [s.name for s in spans if s.end <= figure.start]
        named = {s.name for s in here}
        head = above.above(figure.start) or (0, 0)
        headed = {s.name for s in spans if head[0] <= s.start < head[1]}
        whole = (
            _WHOLE.search(scene.levelled, *head) is not None,
            _WHOLE.search(scene.levelled, start, figure.start) is not None,
        )
        run_place, run_length = features.run(i)
        for j in features.candidates(i, back):
            span = spans[j]
            arm = arms[place[span.name]]
            extra = _arm_extra(scene, figure, arm, place[arm.label], len(arms), run_place, run_length, group)
            tail = [
                0.0, len(arm.mentions), _GROUP_WORD.match(scene.levelled[span.end : span.end + 30]) is not None,
                len(named), span.name in {s.name for s in here if s.end <= figure.start},
                bool(before) and before[-1] == span.name, span.name in headed, len(headed), *whole,
            ]  # fmt: skip
            words = pair_words(scene, figure, span, "arm", group)
            pairs.add(i, j, span.name, features.row(i, j) + [float(x) for x in (*extra, *tail)], words)
        for arm in arms:
            extra = _arm_extra(scene, figure, arm, place[arm.label], len(arms), run_place, run_length, group)
            tail = [
                1.0,
                len(arm.mentions),
                False,
                len(named),
                arm.label in named,
                bool(before) and before[-1] == arm.label,
                arm.label in headed,
                len(headed),
                *whole,
            ]
            words = pair_words(
                scene, figure, None, f"arm {place[arm.label]} of {len(arms)} at {run_place} of {run_length}", group
            )
            pairs.add(i, VIRTUAL, arm.label, features.alone(i) + [float(x) for x in (*extra, *tail)], words)
    return pairs


def arm_spans(arms: Sequence[ArmFound]) -> list[Candidate]:
    """Return the arms' mentions as candidate spans, in order."""
    spans = [Candidate(a, b, arm.label, "arm") for arm in arms for a, b in arm.mentions]
    return sorted(spans, key=lambda s: (s.start, s.end))


def _arm_extra(
    scene: Scene, figure: Figure, arm: ArmFound, place: int, count: int, run_place: int, run_length: int, group: float
) -> tuple[float, ...]:
    agrees = arm.size is not None and figure.total == arm.size
    differs = arm.size is not None and figure.total is not None and figure.total != arm.size
    return (
        group,
        figure.kind == "ratio",
        arm.score,
        place,
        count,
        agrees,
        differs,
        run_length == count,
        run_place == place,
    )


def best_by_figure(pairs: Pairs, scores: Rows) -> dict[int, list[tuple[float, str, int]]]:
    """Return for each figure its (score, name, candidate), best first; of each name the best pair alone."""
    found: dict[int, dict[str, tuple[float, str, int]]] = {}
    for i, j, name, score in zip(pairs.figure, pairs.candidate, pairs.name, scores.tolist(), strict=True):
        held = found.setdefault(i, {})
        if name not in held or score > held[name][0]:
            held[name] = (score, name, j)
    return {i: sorted(held.values(), key=lambda x: (-x[0], x[1])) for i, held in found.items()}
