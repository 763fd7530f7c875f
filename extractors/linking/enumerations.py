"""Enumerations: sentences whose build tells what each of their figures belongs to, a measure, a time point or an arm.

- `8% for TRM, 44% for acute GVHD and 36% for chronic GVHD`: figures and spans take turns;
- `TRM 8% v 9%, acute GVHD 44% v 30%`, `(A, 44%; B, 36%)`: spans and figures take turns;
- `NRM, relapse and OS were 3% vs 21%, 59% vs 44% and 68% vs 54%`: the figures follow the order of the spans;
- `RIC: 40 patients` above bullets: the figures below are of the group that the heading names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from extractors.arms import ArmFound
from extractors.linking.chains import between, chains
from extractors.linking.features import Candidate
from extractors.linking.pairs import Ranked
from extractors.linking.scene import Scene

_SEPARATOR = re.compile(r"[,;.]|\b(?:and|or|vs?|versus|while|whereas|but|compared|than|against|as opposed)\b", re.I)
_ABOVE_COMMA = re.compile(r";|\b(?:while|whereas|but)\b", re.I)
_LISTED = re.compile(
    r"[,;/&]|\b(?:and|as well as|vs?|versus)\b"
    r"|\bor\b(?! (?:worse|higher|greater|above|more|over|better|beyond|less|lower|fewer|later|older|younger)\b)",
    re.I,
)
_SAID = re.compile(r"\b(?:were|was|is|are|being|includ(?:ed?|ing)|consisted|comprised|such as|namely)\b|:", re.I)
"""What is said of the first of two names, rather than of a list of both: `adverse events were anemia`."""
CONTRAST = re.compile(r"\b(?:vs?|versus|against|compared|than|as opposed)\b", re.I)
"""What sets one figure against another."""
IN_ORDER = re.compile(r"\brespectively\b|\bin (?:that|this|the same) order\b", re.I)
"""What says that figures follow the order of a list."""
_AMONG = re.compile(r"\b(?:in|among|with|without|after|if|achieving|attaining|reaching)\s+(?:an?\s|the\s)?$", re.I)
_RATE = re.compile(r"\s*(?:rates?|\(\w+\)\s*rates?)\b", re.I)
_DESCRIBING = frozenset(
    {
        "complete-response", "partial-response", "very-good-partial-response", "stable-disease", "progressive-disease",
        "overall-response", "mrd-negativity", "acute-gvhd", "chronic-gvhd", "graft-versus-host-disease", "relapse",
    }
)  # fmt: skip
_PATIENTS = re.compile(
    r"\s*(?:patients|pts|children|adults|cases|groups?|cohorts?|recipients|responders|arms?)\b", re.I
)
_DEATHS = re.compile(r"\b(?:died|deaths?|fatal|succumbed|causes?)\b", re.I)
_SIZE = re.compile(r"\bn ?= ?\d|\b\d+ (?:patients|pts|children|adults|recipients|cases)\b", re.I)
_AT = re.compile(r"\b(?:at|by)\s+(?:the\s)?$", re.I)
_NEAR = 60
_LIKELY = 0.02
_TOLD = 0.8
_ABOVE = 1e-6


@dataclass(frozen=True)
class Item:
    """A figure (`name` is None) or a span that names something; `index` among the scene's figures or the spans."""

    start: int
    end: int
    index: int
    name: str | None = None


Enumeration = Mapping[int, Item]
"""The figures of an enumeration (by index) with the spans that they belong to."""


def measures_in(scene: Scene, figures: Iterable[int], spans: Sequence[Candidate]) -> Iterator[Enumeration]:
    """Yield the enumerations that tell measures (`spans`) of figures apart.

    A measure that describes patients (`76% in CR, 41% in PR`) or a cause of death is none of a figure.
    """
    named = [Item(s.start, s.end, j, s.name) for j, s in enumerate(spans) if not _of_patients(scene, s)]
    for items in _sentences(scene, figures, named):
        if not _DEATHS.search(scene.sentence(items[0].start)):
            yield from _telling([*_turns(scene, items), *_lists(scene, items)])


def arms_in(scene: Scene, figures: Iterable[int], arms: Sequence[ArmFound]) -> Iterator[Enumeration]:
    """Yield the enumerations that tell arms of figures apart; a ratio is between two, and tells none."""
    named = [Item(start, end, k, a.label) for k, a in enumerate(arms) for start, end in a.mentions]
    shares = [i for i in figures if scene.figures[i].kind != "ratio"]
    for items in _sentences(scene, shares, named):
        ordered = IN_ORDER.search(scene.sentence(items[0].start))
        yield from _telling([*_turns(scene, items), *(_lists(scene, items) if ordered else ())])
        yield from _telling(_lists_behind(scene, items) if ordered else ())


def arms_headed(scene: Scene, figures: Iterable[int], arms: Sequence[ArmFound]) -> Iterator[Enumeration]:
    """Yield the figures below a heading that names one group and its size, with that group: they're all of it.

    A line that names another group tells its own.
    """
    named = [Item(start, end, k, a.label) for k, a in enumerate(arms) for start, end in a.mentions]
    for i in figures:
        figure = scene.figures[i]
        above = scene.headings.above(figure.start)
        if above is None or not _SIZE.search(scene.levelled, *above):
            continue
        line = scene.levelled.rfind("\n", 0, figure.start) + 1, scene.levelled.find("\n", figure.end)
        until = line[1] if line[1] >= 0 else len(scene.levelled)
        head = [x for x in named if above[0] <= x.start < above[1]]
        own = [x for x in named if line[0] <= x.start < until]
        if len({x.name for x in head}) == 1 and not own:
            yield {i: head[0]}


def times_in(scene: Scene, figures: Iterable[int], times: Sequence[Candidate]) -> Iterator[Enumeration]:
    """Yield the enumerations that tell time points of figures apart: those said with `at` or `by`."""
    named = [
        Item(t.start, t.end, j, t.name)
        for j, t in enumerate(times)
        if _AT.search(scene.levelled[max(0, t.start - 12) : t.start])
    ]
    shares = [i for i in figures if scene.figures[i].kind != "ratio"]
    for items in _sentences(scene, shares, named):
        ordered = IN_ORDER.search(scene.sentence(items[0].start))
        yield from _telling([*_turns(scene, items), *(_lists(scene, items) if ordered else ())])


def lifted(best: Ranked, enumerations: Iterable[Enumeration]) -> Ranked:
    """Return what each figure may belong to, best first; what an enumeration tells is lifted to the top.

    An enumeration counts where what it tells is possible for more than half of its figures.
    """
    made = dict(best)
    for told in enumerations:
        if likely(best, told):
            made |= {i: _lift(best.get(i, ()), span) for i, span in told.items()}
    return made


def _telling(enumerations: Iterable[Enumeration]) -> Iterator[Enumeration]:
    return (told for told in enumerations if len({span.name for span in told.values()}) > 1)


def _of_patients(scene: Scene, span: Candidate) -> bool:
    """Whether a measure describes patients: `in CR`, `with aGVHD`, `MRD-negative patients`."""
    before, behind = scene.around(span.start, span.end, 16, 16)
    described = span.name in _DESCRIBING and _AMONG.search(before) is not None and not _RATE.match(behind)
    return described or _PATIENTS.match(behind) is not None


def likely(best: Ranked, told: Enumeration) -> bool:
    """Whether what an enumeration tells is possible for more than half of its figures."""
    possible = [_score(best.get(i, ()), span.name) >= _LIKELY for i, span in told.items()]
    return 2 * sum(possible) > len(possible)


def _score(ranked: Sequence[tuple[float, str, int]], name: str | None) -> float:
    return next((score for score, n, _ in ranked if n == name), 0.0)


def _lift(ranked: Sequence[tuple[float, str, int]], span: Item) -> list[tuple[float, str, int]]:
    """Lift what an enumeration tells to the top, as likely as enumerations are right: the models' doubt is settled."""
    top = max(ranked[0][0] if ranked else 0.0, _TOLD) + _ABOVE
    return [(top, str(span.name), span.index), *(x for x in ranked if x[1] != span.name)]


def _sentences(scene: Scene, figures: Iterable[int], spans: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the figures and spans of each sentence with two figures or more, in order."""
    numbers = [Item(scene.figures[i].start, scene.figures[i].end, i) for i in figures]
    apart = [s for s in spans if not any(f.start < s.end and s.start < f.end for f in numbers)]
    items = sorted((*numbers, *apart), key=lambda x: (x.start, x.end))
    for _, group in groupby(items, key=lambda x: scene.layout.sentence_index(x.start)):
        members = list(group)
        if sum(x.name is None for x in members) > 1:
            yield members


def _gap(scene: Scene, a: Item, b: Item) -> str:
    return between(scene, a.end, b.start)


def _runs(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items in runs: figures side by side, and spans side by side that name the same."""
    return [list(run) for _, run in groupby(items, key=lambda x: x.name)]


def _turns(scene: Scene, items: Sequence[Item]) -> Iterator[Enumeration]:
    """Yield rows in which runs of figures, equally long, and spans take turns: separators stand between the pairs only.

    Where the pairs are told apart by semicolons, a comma may stand within a pair. The last of a list of spans has no
    figures of its own.
    """
    runs = _runs(items)
    ends = [b for a, b in pairwise(runs) if a[0].name and b[0].name and _joined(scene, a[-1], b[0])]
    for first in (True, False):  # whether the figures stand before their spans
        pairs = [
            (a, b)
            for a, b in pairwise(runs)
            if (a[0].name is None) == first and (b[0].name is None) != first and (first or a not in ends)
        ]
        for row in _rows(scene, pairs):
            figures = [a if first else b for a, b in row]
            named = [b if first else a for a, b in row]
            if len({len(f) for f in figures}) == 1:
                yield {x.index: s[-1] for f, s in zip(figures, named, strict=True) for x in f}


Pair = tuple[list[Item], list[Item]]


def _rows(scene: Scene, pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield the rows of at least two neighbouring pairs, with separators between the pairs and not within them."""
    for group in _separated(scene, pairs):
        outside = [_gap(scene, a[1][-1], b[0][0]) for a, b in pairwise(group)]
        within = [_gap(scene, a[-1], b[0]) for a, b in group]
        separator = _ABOVE_COMMA if outside and all(map(_ABOVE_COMMA.search, outside)) else _SEPARATOR
        tight = [len(gap) <= _NEAR and not separator.search(gap) for gap in within]
        for is_tight, numbers in groupby(range(len(group)), key=tight.__getitem__):
            row = [group[k] for k in numbers]
            if is_tight and len(row) > 1:
                yield row


def _separated(scene: Scene, pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Return the pairs in groups of such as have a separator between one and the next."""
    return chains(pairs, lambda a, b: _SEPARATOR.search(_gap(scene, a[1][-1], b[0][0])))


def _lists(scene: Scene, items: Sequence[Item]) -> Iterator[Enumeration]:
    """Yield the lists of spans whose figures follow in the same order."""
    runs = [list(run) for _, run in groupby(items, key=lambda x: x.name is None)]
    for one, other in pairwise(runs):
        listed = _listed(scene, one)
        if one[0].name is None or len(other) < 2 or len(listed) < 2 or not _alike(scene, other):
            continue
        places = places_in_list(scene, other, len(listed))
        if places:
            yield {f.index: listed[k] for f, k in zip(other, places, strict=True)}


def places_in_list(scene: Scene, figures: Sequence[Item], size: int) -> list[int]:
    """Return for each figure its place in the list of `size` that stands before them; empty where they don't follow it.

    Each of the list has as many figures, set against each other (`3% vs 21%, 59% vs 44%`), or the list is gone through
    several times (`28%/9% and 36%/12%`; `28% and 9%, compared with 36% and 12%`).
    """
    groups = _contrasted(scene, figures)
    if len(groups) == size and len({len(g) for g in groups}) == 1:
        return [k for k, g in enumerate(groups) for _ in g]
    if not len(figures) % size and _in_blocks(scene, figures, size, len(groups) == len(figures)):
        return [k % size for k in range(len(figures))]
    return []


def _lists_behind(scene: Scene, items: Sequence[Item]) -> Iterator[Enumeration]:
    """Yield the lists of spans that stand behind their figures: `45% and 50% in A and B`."""
    runs = [list(run) for _, run in groupby(items, key=lambda x: x.name is None)]
    for figures, spans in pairwise(runs):
        listed = _listed(scene, spans)
        if figures[0].name is None and len(figures) == len(listed) > 1 and _alike(scene, figures):
            yield {f.index: s for f, s in zip(figures, listed, strict=True)}


def _alike(scene: Scene, figures: Sequence[Item]) -> bool:
    return len({scene.figures[f.index].unit for f in figures}) == 1


def _listed(scene: Scene, spans: Sequence[Item]) -> list[Item]:
    """Return the last list of a run of spans, each name once: the long forms where short ones follow in brackets."""
    start = len(spans) - 1
    while start and _joined(scene, spans[start - 1], spans[start]):
        start -= 1
    once: dict[str, Item] = {}
    for s in spans[start:]:
        once.setdefault(str(s.name), s)
    return list(once.values())


def _joined(scene: Scene, a: Item, b: Item) -> bool:
    gap = scene.levelled[a.end : b.start]
    if len(gap) > _NEAR:
        return False
    return a.name == b.name or (_LISTED.search(gap) is not None and _SAID.search(gap) is None)


def _contrasted(scene: Scene, figures: Sequence[Item]) -> list[list[Item]]:
    """Return the figures in groups of those that are set against each other."""
    return list(chains(figures, lambda a, b: CONTRAST.search(_gap(scene, a, b))))


def _in_blocks(scene: Scene, figures: Sequence[Item], size: int, uncontrasted: bool) -> bool:
    """Whether figures repeat a list: the sentence says so, slashes join those of a turn, or turns are contrasted."""
    gaps = [_gap(scene, a, b).strip() for a, b in pairwise(figures)]
    within = [bool((k + 1) % size) for k in range(len(gaps))]
    if not uncontrasted:
        return [CONTRAST.search(gap) is None for gap in gaps] == within
    return IN_ORDER.search(scene.sentence(figures[0].start)) is not None or [gap == "/" for gap in gaps] == within
