"""Named features of a figure and a candidate span: what a person would point at to say why they belong together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.joining import Figure
from extractors.linking.layout import SEPARATORS, Layout
from extractors.numbers import level

_CUE_NAMES = tuple(name for name, _ in SEPARATORS)
KINDS = ("percent", "fraction", "ratio", "duration", "not-reached", "all", "none", "number", "size", "time")

PAIR_FEATURES: tuple[str, ...] = (
    "same sentence", "sentences apart", "span before", "characters between", "words between", "figures between",
    "spans between", "rank in sentence", "span in brackets", "figure in brackets", "same brackets",
    "figure's bracket opens after span", "span heads line", "respectively",
    "order agrees", "order agrees cyclic", "order agrees block",
    "figures in sentence", "spans in sentence", "span index", "figure index",
    "figure run length", "figure run place", "span run length", "span run place", "runs agree",
    "same name nearer", "same name in sentence", "aligned", "other span aligned", "aligned cyclic", "aligned block",
    "figure separator before", "figure separator after", "span separator before", "span separator after",
    "versus in figure run", "alone in brackets behind", "stands before its run",
    *(f"between: {c}" for c in _CUE_NAMES),
    "figure kind", "has n", "has N", "has interval", "has p", "value", "follows directly", "precedes directly",
    "span length",
)  # fmt: skip

_COLUMN = {name: k for k, name in enumerate(PAIR_FEATURES)}
_RUN_GAP = re.compile(
    r"^[-\s,;:()\[\]%/]*"
    r"(?:and|or|versus|vs?\.?|to|against|but|plus|compared (?:with|to)|as (?:compared|opposed) (?:with|to))?"
    r"[\s,;()\[\]]*"
    r"(?:(?:the|of|in|for|a|an|at|with|after|by|from|median|estimated|rates?|was|were|had)\s+){0,2}$",
    re.IGNORECASE,
)
_FAMILY = {"duration": "time", "time": "time", "not-reached": "time", "ratio": "ratio"}
_VERSUS = 3
_SHORT_FORM = re.compile(r"^\s*[\[(][^()\[\]]{1,12}[\])]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that figures may be linked to: `name` what it stands for, `extra` further features of its own."""

    start: int
    end: int
    name: str
    by: str = ""
    extra: tuple[float, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands: sentence, index there among its like, run of coordinated neighbours, place in the run.

    `before` and `after` are the separators beside it within its run, `versus` how many of the run's are comparisons.
    """

    sentence: int
    index: int
    run: int
    run_place: int
    run_length: int
    bracket: int
    family: str
    before: int
    after: int
    versus: int


class PairFeatures:
    """Computes the feature rows of one document's figures against one kind of candidate spans (sorted by offset)."""

    def __init__(self, layout: Layout, figures: Sequence[Figure], spans: Sequence[Candidate]) -> None:
        self._layout = layout
        self._figures = figures
        self._spans = spans
        self._figure_starts = [f.start for f in figures]
        self._span_starts = [s.start for s in spans]
        levelled = level(layout.text)
        families = [(f.start, f.end, _FAMILY.get(f.kind, "share")) for f in figures]
        self._figure_place = _places(layout, levelled, families)
        self._span_place = _places(layout, levelled, [(s.start, s.end, "") for s in spans])
        self._figures_in = _by_sentence(self._figure_place)
        self._alike = Counter((p.sentence, p.family) for p in self._figure_place)
        self._spans_in = _by_sentence(self._span_place)
        self._respectively = {s for s in self._figures_in if "respectively" in levelled[slice(*layout.sentences[s])]}
        self._partners = self._pair_runs()
        self._heads = [layout.heads_line(s.start, s.end) for s in spans]

    def candidates(self, i: int, back: int = 3) -> list[int]:
        """Return the indices of the spans that figure `i` may belong to: its sentence's and those of `back` before."""
        here = self._figure_place[i].sentence
        found = [j for gone in range(back + 1) for j in self._spans_in.get(here - gone, ())]
        if not found:
            at = bisect_left(self._span_starts, self._figures[i].start)
            found = list(range(max(0, at - 2), at))
        return found

    def run(self, i: int) -> tuple[int, int]:
        """Return the place of figure `i` in its run of coordinated figures, and the run's length."""
        return self._figure_place[i].run_place, self._figure_place[i].run_length

    def row(self, i: int, j: int) -> list[float]:
        """Return the feature row of figure `i` and span `j`, in the order of PAIR_FEATURES, then the span's extras."""
        lay, f, s = self._layout, self._figures[i], self._spans[j]
        fp, sp = self._figure_place[i], self._span_place[j]
        before = s.start < f.start
        a, b = (s.end, f.start) if before else (f.end, s.start)
        b = max(a, b)
        same = fp.sentence == sp.sentence
        here = self._spans_in.get(fp.sentence, [])
        rank = abs(j - bisect_left(self._span_starts, f.start)) if same else 12
        gap = lay.text[a:b]
        return [
            same, fp.sentence - sp.sentence, before, min(b - a, 400), min(lay.words_between(a, b), 80),
            bisect_left(self._figure_starts, b) - bisect_left(self._figure_starts, a),
            bisect_left(self._span_starts, b) - bisect_left(self._span_starts, a), rank,
            sp.bracket >= 0, fp.bracket >= 0, fp.bracket == sp.bracket, before and fp.bracket >= s.end,
            self._heads[j], fp.sentence in self._respectively, *self._order(fp, sp),
            self._alike[fp.sentence, fp.family], len(here), sp.index, fp.index,
            fp.run_length, fp.run_place, sp.run_length, sp.run_place,
            same and fp.run_length == sp.run_length > 1 and fp.run_place == sp.run_place,
            self._nearer(i, j, before), sum(self._spans[x].name == s.name for x in here), *self._aligned(i, j),
            fp.before, fp.after, sp.before, sp.after, fp.versus,
            not before and gap.strip() in ("(", "[", "% (", "%(")
            and lay.text[s.end : s.end + 1] in (")", "]", ",", ";"),
            before and fp.run_place == 0 and not gap.strip(" (:,["),
            *(lay.count(c, a, b) for c in _CUE_NAMES),
            KINDS.index(f.kind), f.n is not None, f.total is not None, f.ci is not None, f.p is not None,
            -1.0 if f.value is None else min(f.value, 1000.0),
            before and not gap.strip(" (:,["), not before and not gap.strip(" )%]([:-"), s.end - s.start, *s.extra,
        ]  # fmt: skip

    def alone(self, i: int) -> list[float]:
        """Return the row of figure `i` with no span at all: what is known of the figure, and zeros."""
        f, fp = self._figures[i], self._figure_place[i]
        row = [0.0] * len(PAIR_FEATURES)
        known: dict[str, float] = {
            "figure in brackets": fp.bracket >= 0, "respectively": fp.sentence in self._respectively,
            "figures in sentence": self._alike[fp.sentence, fp.family],
            "spans in sentence": len(self._spans_in.get(fp.sentence, ())),
            "figure index": fp.index, "figure run length": fp.run_length, "figure run place": fp.run_place,
            "figure kind": KINDS.index(f.kind), "has n": f.n is not None, "has N": f.total is not None,
            "has interval": f.ci is not None, "has p": f.p is not None,
            "value": -1.0 if f.value is None else min(f.value, 1000.0),
        }  # fmt: skip
        for name, value in known.items():
            row[_COLUMN[name]] = float(value)
        return row

    def _aligned(self, i: int, j: int) -> tuple[float, float, float, float]:
        """Return whether list order pairs figure and span, whether it pairs the figure with another span, and whether
        lists of unequal length pair them: with the shorter one repeated, or each of its items standing for a block.
        """
        fp, sp = self._figure_place[i], self._span_place[j]
        partner = self._partners.get(fp.run)
        if fp.sentence != sp.sentence or fp.run_length < 2 or partner is None:
            return (0.0, 0.0, 0.0, 0.0)
        if partner != sp.run:
            return (0.0, 1.0, 0.0, 0.0)
        if sp.run_length == fp.run_length:
            same = fp.run_place == sp.run_place
            return (float(same), float(not same), 0.0, 0.0)
        block = fp.run_length // sp.run_length
        return (
            0.0,
            0.0,
            float(fp.run_place % sp.run_length == sp.run_place),
            float(fp.run_place // block == sp.run_place),
        )

    def _pair_runs(self) -> dict[int, int]:
        """Return for each run of figures the run of spans whose order it follows.

        That is the nearest of fitting length in the sentence: rather of equal length, rather before than behind.
        """
        spans: dict[int, list[int]] = {}
        for j, sp in enumerate(self._span_place):
            if sp.run_length > 1:
                spans.setdefault(sp.run, []).append(j)
        runs: dict[int, list[int]] = {}
        for i, fp in enumerate(self._figure_place):
            if fp.run_length > 1:
                runs.setdefault(fp.run, []).append(i)
        found: dict[int, int] = {}
        for run, members in runs.items():
            start = self._figures[members[0]].start
            fitting = [
                (
                    len(members) != len(js),
                    self._spans[js[0]].start > start,
                    abs(self._spans[js[-1]].start - start),
                    number,
                )
                for number, js in spans.items()
                if self._span_place[js[0]].sentence == self._figure_place[members[0]].sentence
                and len(members) % len(js) == 0
            ]
            if fitting:
                found[run] = min(fitting)[3]
        return found

    def _order(self, fp: _Place, sp: _Place) -> tuple[float, float, float]:
        """Return whether figure and span stand at the same place of parallel lists: plain, repeating, and in blocks."""
        if fp.sentence != sp.sentence:
            return (0.0, 0.0, 0.0)
        figures, spans = self._alike[fp.sentence, fp.family], len(self._spans_in[sp.sentence])
        block = max(1, figures // spans)
        return (
            float(fp.index == sp.index),
            float(fp.index % spans == sp.index),
            float(min(fp.index // block, spans - 1) == sp.index),
        )

    def _nearer(self, i: int, j: int, before: bool) -> int:
        """Return how many spans of the same name stand nearer to the figure on the same side."""
        at, name = bisect_left(self._span_starts, self._figures[i].start), self._spans[j].name
        between = range(j + 1, at) if before else range(at, j)
        return sum(self._spans[x].name == name for x in between)


def _by_sentence(places: Sequence[_Place]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for i, place in enumerate(places):
        found.setdefault(place.sentence, []).append(i)
    return found


def _places(layout: Layout, text: str, spans: Sequence[tuple[int, int, str]]) -> list[_Place]:
    sentences = [layout.sentence_index(start) for start, _, _ in spans]
    runs: list[list[int]] = []
    for i, (start, _, family) in enumerate(spans):
        if (
            i
            and sentences[i] == sentences[i - 1]
            and family == spans[i - 1][2]
            and _coordinated(text, spans[i - 1][1], start)
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    seen: Counter[tuple[int, str]] = Counter()
    places: list[_Place] = []
    for number, run in enumerate(runs):
        between = [_separator(text[spans[x][1] : spans[y][0]]) for x, y in pairwise(run)]
        for place, i in enumerate(run):
            key = (sentences[i], spans[i][2])
            places.append(
                _Place(
                    sentences[i], seen[key], number, place, len(run), layout.bracket(spans[i][0]), spans[i][2],
                    between[place - 1] if place else 0, between[place] if place < len(between) else 0,
                    between.count(_VERSUS),
                )
            )  # fmt: skip
            seen[key] += 1
    return places


def _separator(gap: str) -> int:
    """Return what separates two coordinated items: 1 a comma or nothing, 2 `and`, 3 a comparison, 4 a semicolon."""
    if re.search(r"\bv(?:s|ersus)?\b|against|compared|opposed", gap, re.IGNORECASE):
        return _VERSUS
    if ";" in gap:
        return 4
    return 2 if re.search(r"\b(?:and|or|plus)\b|/", gap) else 1


def _coordinated(text: str, start: int, end: int) -> bool:
    if end - start > 60:
        return False
    gap = text[start:end]
    short = _SHORT_FORM.match(gap)
    return bool(_RUN_GAP.match(gap) or (short and _RUN_GAP.match(gap[short.end() :])))
