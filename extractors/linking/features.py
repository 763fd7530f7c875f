"""Named features of a figure and a candidate span: what a person would point at to say why they belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from extractors.joining import Figure
from extractors.linking.layout import SEPARATORS, Layout
from extractors.linking.places import Numbers, Places, places
from extractors.numbers import level

KINDS = ("percent", "fraction", "ratio", "duration", "not-reached", "all", "none", "number", "size", "time")

_OWN = ("figure kind", "has n", "has N", "has interval", "has p", "value")

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
    *(f"between: {c}" for c, _ in SEPARATORS), *_OWN, "follows directly", "precedes directly", "span length",
)  # fmt: skip

_ALONE = (
    "figure in brackets", "respectively", "figures in sentence", "spans in sentence", "figure index",
    "figure run length", "figure run place", *_OWN,
)  # fmt: skip
_COLUMN = {name: k for k, name in enumerate(PAIR_FEATURES)}
_FAMILY = {"duration": "time", "time": "time", "not-reached": "time", "ratio": "ratio"}

Rows = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that figures may be linked to: `name` what it stands for, `extra` further features of its own."""

    start: int
    end: int
    name: str
    by: str = ""
    extra: tuple[float, ...] = field(default=())


class FigureTable:
    """What the features say of a document's figures apart from any span: their places and what they bear."""

    def __init__(self, layout: Layout, figures: Sequence[Figure]) -> None:
        levelled = level(layout.text)
        families = [figure_family(f) for f in figures]
        spans = [(f.start, f.end, family) for f, family in zip(figures, families, strict=True)]
        self.starts = np.array([f.start for f in figures], dtype=np.intp)
        self.ends = np.array([f.end for f in figures], dtype=np.intp)
        self.places = places(layout, levelled, spans)
        sentences = self.places.sentence.tolist()
        alike = Counter(zip(sentences, families, strict=True))
        told = [layout.sentences[s] for s in sentences]
        self.alike = np.array([alike[key] for key in zip(sentences, families, strict=True)], dtype=np.intp)
        self.respectively = np.array(["respectively" in levelled[a:b] for a, b in told], dtype=bool)
        self.own = np.array([_own(f) for f in figures], dtype=np.float64).reshape(-1, len(_OWN))


def figure_family(figure: Figure) -> str:
    """Return what kind of quantity a figure is: `share`, `time` or `ratio`."""
    return _FAMILY.get(figure.kind, "share")


def _own(f: Figure) -> tuple[float, ...]:
    value = -1.0 if f.value is None else min(f.value, 1000.0)
    return KINDS.index(f.kind), f.n is not None, f.total is not None, f.ci is not None, f.p is not None, value


class PairFeatures:
    """Computes the feature rows of one document's figures against one kind of candidate spans (sorted by offset)."""

    def __init__(self, layout: Layout, figures: FigureTable, spans: Sequence[Candidate]) -> None:
        self._layout = layout
        self._figures = figures
        self._starts = np.array([s.start for s in spans], dtype=np.intp)
        self._ends = np.array([s.end for s in spans], dtype=np.intp)
        self._places = places(layout, level(layout.text), [(s.start, s.end, "") for s in spans])
        self._heads = np.array([layout.heads_line(s.start, s.end) for s in spans], dtype=bool)
        width = len(spans[0].extra) if spans else 0
        self._extra = np.array([s.extra for s in spans], dtype=np.float64).reshape(len(spans), width)
        self._spans_in = _by_sentence(self._places)
        self._partner = self._partners()
        # for each figure, the spans of its sentence (from, to) and how many spans stand before it
        self._from = np.searchsorted(self._places.sentence, figures.places.sentence)
        self._to = np.searchsorted(self._places.sentence, figures.places.sentence, side="right")
        self._before = np.searchsorted(self._starts, figures.starts)
        number = {name: k for k, name in enumerate(dict.fromkeys(s.name for s in spans))}
        self._name = np.array([number[s.name] for s in spans], dtype=np.intp)
        is_named = self._name == np.arange(len(number))[:, None]
        self._named = np.concatenate([np.zeros((len(number), 1), np.intp), np.cumsum(is_named, axis=1)], axis=1)

    def candidates(self, i: int, back: int = 3) -> list[int]:
        """Return the indices of the spans that figure `i` may belong to: its sentence's and those of `back` before."""
        here = int(self._figures.places.sentence[i])
        found = [j for gone in range(back + 1) for j in self._spans_in.get(here - gone, ())]
        at = int(self._before[i])
        return found or list(range(max(0, at - 2), at))

    def run(self, i: int) -> tuple[int, int]:
        """Return the place of figure `i` in its run of coordinated figures, and the run's length."""
        return int(self._figures.places.run_place[i]), int(self._figures.places.run_length[i])

    def rows(self, figures: Sequence[int], spans: Sequence[int]) -> Rows:
        """Return the feature row of each figure and its span, in the order of PAIR_FEATURES, then the span's extras.

        Where a figure's span is -1, there is none: what is known of the figure, and zeros.
        """
        i, j = np.array(figures, dtype=np.intp), np.array(spans, dtype=np.intp)
        found = np.zeros((len(i), len(PAIR_FEATURES) + self._extra.shape[1]))
        paired = j >= 0
        if paired.any():
            found[paired] = np.column_stack([self._pairs(i[paired], j[paired]), self._extra[j[paired]]])
        if not paired.all():
            known = np.array([_COLUMN[name] for name in _ALONE], dtype=np.intp)
            found[np.ix_(np.flatnonzero(~paired), known)] = self._alone(i[~paired])
        return found

    def _pairs(self, i: Numbers, j: Numbers) -> Rows:
        figures, fp, sp = self._figures, self._figures.places.take(i), self._places.take(j)
        f_start, f_end, s_start, s_end = figures.starts[i], figures.ends[i], self._starts[j], self._ends[j]
        before, same = s_start < f_start, fp.sentence == sp.sentence
        a = np.where(before, s_end, f_end)
        b = np.maximum(a, np.where(before, f_start, s_start))
        between = self._layout.between(a, b)
        many, place = self._to[i] - self._from[i], self._before[i]
        columns = [
            same, fp.sentence - sp.sentence, before, np.minimum(b - a, 400), np.minimum(between.words, 80),
            np.searchsorted(figures.starts, b) - np.searchsorted(figures.starts, a),
            np.searchsorted(self._starts, b) - np.searchsorted(self._starts, a),
            np.where(same, np.abs(j - place), 12),
            sp.bracket >= 0, fp.bracket >= 0, fp.bracket == sp.bracket, before & (fp.bracket >= s_end),
            self._heads[j], figures.respectively[i], *_order(fp, sp, same, figures.alike[i], many),
            figures.alike[i], many, sp.nth, fp.nth, fp.run_length, fp.run_place, sp.run_length, sp.run_place,
            same & (fp.run_length == sp.run_length) & (sp.run_length > 1) & (fp.run_place == sp.run_place),
            self._alike(j, np.where(before, j + 1, place), np.where(before, place, j)),
            self._alike(j, self._from[i], self._to[i]), *_aligned(fp, sp, same, self._partner[i]),
            fp.before, fp.after, sp.before, sp.after, fp.versus,
            self._alone_in_brackets(~before & (between.words == 0), a, b, s_end),
            before & (fp.run_place == 0) & between.opening, *between.cues.T, *figures.own[i].T,
            before & between.opening, ~before & between.closing, s_end - s_start,
        ]  # fmt: skip
        return np.array(columns, dtype=np.float64).T

    def _alike(self, j: Numbers, start: Numbers, end: Numbers) -> Numbers:
        """Return how many spans from `start` to `end` have the name of span `j`."""
        names = self._name[j]
        return np.asarray(self._named[names, end] - self._named[names, start])

    def _alone_in_brackets(self, likely: Flags, a: Numbers, b: Numbers, s_end: Numbers) -> Flags:
        """Return where the span stands alone in brackets behind the figure: `68% (OS)`."""
        found, text = likely.copy(), self._layout.text
        for k in np.flatnonzero(likely):
            closed = text[s_end[k] : s_end[k] + 1] in (")", "]", ",", ";")
            found[k] = closed and text[a[k] : b[k]].strip() in ("(", "[", "% (", "%(")
        return found

    def _alone(self, i: Numbers) -> Rows:
        """Return what is known of figures, in the order of _ALONE."""
        figures, fp = self._figures, self._figures.places.take(i)
        columns = [
            fp.bracket >= 0, figures.respectively[i], figures.alike[i], self._to[i] - self._from[i],
            fp.nth, fp.run_length, fp.run_place, *figures.own[i].T,
        ]  # fmt: skip
        return np.array(columns, dtype=np.float64).T

    def _partners(self) -> Numbers:
        """Return for each figure the run of spans whose order its own run follows, -1 where there is none.

        That is the nearest of fitting length in the sentence: rather of equal length, rather before than behind.
        """
        spans, figures = _runs(self._places), _runs(self._figures.places)
        starts, sentences = self._starts.tolist(), self._places.sentence.tolist()
        found = np.full(len(self._figures.starts), -1, dtype=np.intp)
        for members in figures.values():
            start, sentence = int(self._figures.starts[members[0]]), int(self._figures.places.sentence[members[0]])
            fitting = [
                (len(members) != len(js), starts[js[0]] > start, abs(starts[js[-1]] - start), number)
                for number, js in spans.items()
                if sentences[js[0]] == sentence and len(members) % len(js) == 0
            ]
            if fitting:
                found[members] = min(fitting)[3]
        return found


def _by_sentence(found: Places) -> dict[int, list[int]]:
    sentences: dict[int, list[int]] = {}
    for i, sentence in enumerate(found.sentence.tolist()):
        sentences.setdefault(sentence, []).append(i)
    return sentences


def _runs(found: Places) -> dict[int, list[int]]:
    """Return the items of each run of several."""
    runs: dict[int, list[int]] = {}
    for i in np.flatnonzero(found.run_length > 1).tolist():
        runs.setdefault(int(found.run[i]), []).append(i)
    return runs


def _order(fp: Places, sp: Places, same: Flags, figures: Numbers, spans: Numbers) -> tuple[Flags, Flags, Flags]:
    """Return whether figure and span stand at the same place of parallel lists: plain, repeating, and in blocks."""
    many = np.maximum(spans, 1)
    block = np.maximum(1, figures // many)
    return (
        same & (fp.nth == sp.nth),
        same & (fp.nth % many == sp.nth),
        same & (np.minimum(fp.nth // block, many - 1) == sp.nth),
    )


def _aligned(fp: Places, sp: Places, same: Flags, partner: Numbers) -> tuple[Flags, Flags, Flags, Flags]:
    """Return whether list order pairs figure and span, whether it pairs the figure with another span, and whether
    lists of unequal length pair them: with the shorter one repeated, or each of its items standing for a block.
    """
    listed, own = same & (partner >= 0), partner == sp.run
    equal, place = fp.run_length == sp.run_length, fp.run_place == sp.run_place
    block = np.maximum(1, fp.run_length // sp.run_length)
    return (
        listed & own & equal & place,
        listed & ~(own & (place | ~equal)),
        listed & own & ~equal & (fp.run_place % sp.run_length == sp.run_place),
        listed & own & ~equal & (fp.run_place // block == sp.run_place),
    )
