"""Figures paired with the groups that they may be of: mentions of arms near them, each arm as such, and everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from extractors.arms import ArmFound
from extractors.arms.context import GROUP_WORDS
from extractors.linking.contrasts import CONTRAST_COLUMNS, Contrast, Told, circles, contrasts
from extractors.linking.features import PAIR_FEATURES, Candidate, PairFeatures
from extractors.linking.frames import FRAME_COLUMNS, frames
from extractors.linking.lexical import PairWords
from extractors.linking.pairs import VIRTUAL, Pairs
from extractors.linking.scene import Scene

ALL = "all"
"""The label of everybody in the study."""
ARM_COLUMNS = (
    *PAIR_FEATURES, "measure group", "ratio", "arm score", "arm place", "arms", "size agrees", "size differs",
    "run is arms", "run place is arm's", "contrast is arms", "contrast place is arm's", "everybody", "arm's mentions",
    *CONTRAST_COLUMNS, "virtual", "before group word", "arms in sentence", "named in sentence",
    "named before in sentence", "last named", "in heading", "arms in heading", "whole in heading", "whole in sentence",
    "contrast place is arm's in sentence", "contrast is arms in sentence", "contrast place is arm's in order before",
    "place in order before", *FRAME_COLUMNS, "lexical",
)  # fmt: skip
_GROUP_WORD = re.compile(rf"^[- ]?(?:\w+[- ])?(?:{GROUP_WORDS})\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:all (?:\d+ )?(?:patients|recipients|children|adults|cases|comers|groups)"
    r"|overall(?! survival| response| and\b|, )|whole|entire|total (?=cohort|population|group|series)"
    r"|(?:two|both|either|three) (?:groups|arms|cohorts))\b",
    re.IGNORECASE,
)


def arm_pairs(scene: Scene, arms: Sequence[ArmFound], outcomes: Mapping[int, Told], back: int = 2) -> Pairs:
    """Pair the figures in `outcomes` with the mentions of arms near them, and with each arm as such (VIRTUAL).

    The pairs' names are the arms' labels, and ALL for everybody.
    """
    sizes = [a.size for a in arms if a.size is not None]
    whole = sum(sizes) if len(sizes) == len(arms) else None
    everybody = ArmFound(ALL, (), tuple(m.span() for m in _WHOLE.finditer(scene.levelled)), 0.0, whole)
    groups = (*arms, everybody)
    spans = arm_spans(groups)
    features, word = PairFeatures(scene.layout, scene.figure_table, spans), PairWords(scene)
    named = _Named(scene, spans)
    before_group = [_GROUP_WORD.match(scene.levelled[s.end : s.end + 30]) is not None for s in spans]
    framed = frames(scene, outcomes, spans)
    found = contrasts(scene, outcomes)
    pairs, extra = Pairs(circles=circles(scene, found)), []
    for i, contrast in found.items():
        figure, run, group = scene.figures[i], features.run(i), outcomes[i].group
        place = named.place(figure.start)
        own = {a.label: _own(scene, i, a, k, len(arms), run, contrast, group) for k, a in enumerate(groups)}
        for j in features.candidates(i, back):
            name = spans[j].name
            pairs.add(i, j, name, word.of(figure, spans[j], "arm" if name != ALL else ALL, group))
            extra.append((*own[name], 0.0, before_group[j], *place.told(name, contrast), *framed[i].row(name)))
        for k, arm in enumerate(groups):
            of = ALL if arm is everybody else f"arm {k} of {len(arms)} at {run[0]} of {run[1]}"
            pairs.add(i, VIRTUAL, arm.label, word.of(figure, None, of, group))
            extra.append((*own[arm.label], 1.0, False, *place.told(arm.label, contrast), *framed[i].row(arm.label)))
    return pairs.describe(features, extra)


def arm_spans(arms: Sequence[ArmFound]) -> list[Candidate]:
    """Return the arms' mentions as candidate spans, in order."""
    spans = [Candidate(a, b, arm.label, "arm") for arm in arms for a, b in arm.mentions]
    return sorted(spans, key=lambda s: (s.start, s.end))


def _own(
    scene: Scene,
    i: int,
    arm: ArmFound,
    place: int,
    count: int,
    run: tuple[int, int],
    contrast: Contrast,
    group: float,
) -> tuple[float, ...]:
    figure = scene.figures[i]
    agrees = arm.size is not None and figure.total == arm.size
    differs = arm.size is not None and figure.total is not None and figure.total != arm.size
    everybody = arm.label == ALL
    return (
        group, figure.kind == "ratio", arm.score, -1 if everybody else place, count, agrees, differs,
        run[1] == count, not everybody and run[0] == place, contrast.alike == count,
        not everybody and contrast.place == place, everybody, len(arm.mentions), *contrast.row,
    )  # fmt: skip


class _Place(NamedTuple):
    """Which arms are named where a figure stands: in its sentence, before it there, last, in the heading above it."""

    here: tuple[str, ...]
    passed: frozenset[str]
    last: str | None
    headed: frozenset[str]
    whole: tuple[bool, bool]
    earlier: tuple[str, ...]

    def told(self, name: str, contrast: Contrast) -> tuple[float, ...]:
        at = self.here.index(name) if name in self.here else -1
        ordered = self.earlier.index(name) if name in self.earlier else -1
        return (
            len(self.here), at >= 0, name in self.passed, self.last == name, name in self.headed, len(self.headed),
            *self.whole, at == contrast.place, contrast.alike == len(self.here), ordered == contrast.place, ordered,
        )  # fmt: skip


class _Named:
    """Where arms are named, sentence by sentence."""

    def __init__(self, scene: Scene, spans: Sequence[Candidate]) -> None:
        self._scene = scene
        self._spans = [s for s in spans if s.name != ALL]
        self._above = scene.headings
        self._orders: list[tuple[str, ...]] = []
        for start, end in scene.layout.sentences:
            self._orders.append(tuple(dict.fromkeys(s.name for s in self._spans if start <= s.start < end)))

    def place(self, offset: int) -> _Place:
        """Return which arms are named where a figure stands; `earlier`: those of the last sentence with two."""
        number = self._scene.layout.sentence_index(offset)
        start, _ = self._scene.layout.sentences[number]
        head = self._above.above(offset) or (0, 0)
        return _Place(
            here=self._orders[number],
            passed=frozenset(s.name for s in self._spans if start <= s.start and s.end <= offset),
            last=next((s.name for s in reversed(self._spans) if s.end <= offset), None),
            headed=frozenset(s.name for s in self._spans if head[0] <= s.start < head[1]),
            whole=(
                _WHOLE.search(self._scene.levelled, *head) is not None,
                _WHOLE.search(self._scene.levelled, start, offset) is not None,
            ),
            earlier=next((x for x in reversed(self._orders[:number]) if len(x) > 1), ()),
        )
