"""What surrounds a name: how often it stands where group names stand, as features of the model that finds arms."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from extractors.annotation import Annotated, Mention
from extractors.arms.names import Key, chunks
from extractors.arms.parallels import Parallels
from extractors.joining import Figure
from extractors.levelling import label_words, lowered
from extractors.linking.headings import Headings

# Patterns without capitals are meant for text in lower case: they're twice as fast as those that ignore case.
GROUP_WORDS = "group|arm|cohort|recipients?|patients|donors?"
_HEAD_AFTER = re.compile(  # `the haplo group`, `MUD graft recipients`
    rf"^[- ]?(?:\w+[- ])?({GROUP_WORDS}|subset|strata|stratum|regimen|grafts?|transplants?)s?\b"
)
_VERSUS_BEFORE = re.compile(
    r"(?:\bvs?\.?|\bversus|\bagainst|\bcompared (?:with|to)|\bthan|\bor|\bopposed to|\binstead of|\bover)\s+"
    r"(?:\d[\d.]*%?\s+)?"  # versus 30% with X
    r"(?:(?:in|with|for|after|among|of|on|under)\s+)?(?:the\s+|a\s+)?$"
)
_VERSUS_AFTER = re.compile(
    rf"^(?:\s+(?:{GROUP_WORDS}))?\s*,?\s*"
    r"(?:vs?\.?|versus|against|compared (?:with|to)|rather than|as opposed to|or)\s"
)
_FRAME_BEFORE = re.compile(
    r"\b(in|with|for|after|among|of|from|under|on|to|without|no|by|receiving|given|received)\s+"
    r"(?:the\s+|those\s+|patients\s+|a\s+|an\s+)*"
    r"(?:in\s+|with\s+|on\s+|receiving\s+|given\s+)?(?:the\s+)?$"
)
_SIZE_AFTER = re.compile(r"^(?:\s+\w+){0,2}\s*[\[(]\s*(?:[nN]\s*=\s*)?\d+(?:\s*patients)?\s*[\]),;]")
_LISTED_SIZE_AFTER = re.compile(r"[)\]]?\s*(?:[,:;]\s*(?:[nN]\s*=\s*)?|[nN]\s*=\s*|\s)\d+(?![\d.,·]*\d|\s?%|\s?mg)")
_FIGURE_AFTER = re.compile(r"^(?: (?:[a-z-]+))?,?:? \(?\d+(?:[.·]\d+)?(?: ?%| of \d| months?\b| days?\b| \()")
_SIZE_BEFORE = re.compile(
    r"\b\d+\s+(?:patients\s+|children\s+|had\s+|were\s+)?"
    r"(?:(?:in|with|to|received|given|from|on|after|had|for|of)\s+)?(?:the\s+|a\s+|an\s+)?$"
)
_ASSIGN = re.compile(r"\b(?:random|assign|allocat|compar|versus|vs\b|divided|stratif|either)")
_TITLE_VERSUS = re.compile(r"\b(?:versus|vs?\.?|compared|or|against)\b")
_NEGATED = re.compile(r"\b(?:no|without|non)[- ]$")
_PARTNER = re.compile(  # `A group (n = 20) versus B`, `58% with A and 57% with B`
    rf"(?:\s+(?:{GROUP_WORDS}))?\s*(?:[(\[][^()\[\]]{{0,60}}[)\]])?\s*[,;:]?\s*"
    r"\b(?:vs?\.?|versus|against|compared (?:with|to)|(?:rather )?than|as opposed to|or|and|while|whereas|but)\s+"
    r"(?:\d[\d.,·%\s()–-]{0,60}\s)?(?:(?:of|in|with|for|after|among|on|under|to|the|an?|those|given|receiving|without"
    r"|patients|children|recipients)\s+){0,4}"
)
_KINDS = ("intervention", "condition", "outcome")

_DOCUMENT = (  # figures set against each other, lists in the order of the groups, sizes of groups
    re.compile(
        r"\d(?: ?%| \w+)?(?: ?[(\[][^()\[\]]{0,60}[)\]])?,? "
        r"(?:vs?\.?|versus|against|compared|as opposed|and) [^.;]{0,30}?\d"
    ),
    re.compile(r"\brespectively\b|\bin (?:that|this|the same) order\b", re.IGNORECASE),
    re.compile(r"\b[nN]\s*=\s*\d|[A-Za-z]\s?\(\d+\)"),
)

ARM_FEATURES: tuple[str, ...] = (
    "occurrences", "in title", "before a group word", "before group or arm", "after versus", "before versus",
    "after a figure frame", "size after", "size before", "in assigning sentence", "in sentence with figures",
    "figures beside", "words", "characters", "intervention", "condition", "outcome", "abbreviation", "has digit",
    "capitals", "first place", "last place", "after no or without", "opens title", "title has versus",
    "occurrence share", "in brackets", "slash or plus", "title versus beside", "own chunk",
    "document's figures", "frame in", "frame with", "frame after", "frame for", "frame to",
    "in headings", "opens headings", "alike frames", "alike sizes", "figures behind",
    "document's comparisons", "document's lists", "document's sizes", "negated", "has negated form", "designation",
)  # fmt: skip


class _Before(NamedTuple):
    """What stands before a name: whether it's set against another, the word that frames it, a figure before that frame,
    a size, `no`, an open bracket, a figure near by; the kind of its sentence; whether it's in a heading or opens one.
    """

    versus: bool
    frame: str
    figure_frame: bool
    size: bool
    negated: bool
    bracket: bool
    figure: bool
    assigning: bool
    with_figures: bool
    heading: bool
    opens_heading: bool


class _After(NamedTuple):
    """What stands behind a name: a word for a group, another that it's set against, a size, a bracket."""

    head: str
    versus: bool
    size: bool
    bracket: bool


class Context:
    """What surrounds the occurrences of a name; names that begin or end at one place share what is found there."""

    def __init__(self, annotated: Annotated, figures: Sequence[Figure]) -> None:
        self._a = annotated
        self._text = annotated.document.text
        self._lower = lowered(self._text)
        self._title = lowered(annotated.document.title)
        self._title_versus = _TITLE_VERSUS.search(self._title) is not None
        heads = [f for f in figures if f.kind in ("percent", "fraction", "duration", "number", "size", "ratio")]
        self._ends = sorted(f.end for f in heads)
        self._sentences_with_figures = {
            annotated.sentence(f.start) for f in heads if f.kind in ("percent", "fraction", "ratio")
        }
        self._assigning = {s for s in annotated.sentences if _ASSIGN.search(self._lower[s[0] : s[1]])}
        self._kinds = {kind: _Spans(annotated.of_kind(kind, "text")) for kind in _KINDS}
        self._parallels = Parallels(self._text, annotated.sentences, heads)
        self._document = tuple(float(len(cue.findall(self._text))) for cue in _DOCUMENT)
        self._headings = Headings(self._text)
        self._chunks = set(chunks(self._text))
        self._shorts = {tuple(w.lower for w in label_words(short)) for short in annotated.abbreviations}
        self._befores: dict[int, _Before] = {}
        self._afters: dict[int, _After] = {}

    def framed(self, place: tuple[int, int]) -> bool:
        """Whether a name that stands but once stands where group names stand."""
        before, after = self._before(place[0]), self._after(place[1])
        framed = before.versus or after.head != "" or after.versus or after.size or before.frame != ""
        return framed or before.heading or self._defined(place, before) or self._told(place)

    def _told(self, place: tuple[int, int]) -> bool:
        """Whether a name opens a sentence with figures, or stands right before one: `minor-mismatched 14%`."""
        start, end = place
        if self._kinds["outcome"].hold(start, end) or self._text[start].isdigit():
            return False
        sentence = self._a.sentence(start)
        opens = sentence[0] == start and sentence in self._sentences_with_figures
        return opens or _FIGURE_AFTER.match(self._lower[end : end + 30]) is not None

    def _defined(self, place: tuple[int, int], before: _Before) -> bool:
        """Whether a name stands where groups are named once and for all: `(control)`, `(older siblings, n = 98)`."""
        behind = self._text[place[1] : place[1] + 1]
        return (before.bracket and behind in ")],;") or _LISTED_SIZE_AFTER.match(self._text, place[1]) is not None

    def _before(self, start: int) -> _Before:
        if start not in self._befores:
            words, printed = self._lower[max(0, start - 40) : start], self._text[max(0, start - 40) : start]
            frame, sentence = _FRAME_BEFORE.search(words), self._a.sentence(start)
            framed = start - len(frame[0]) if frame else -1
            self._befores[start] = _Before(
                versus=_VERSUS_BEFORE.search(words) is not None,
                frame=frame[1] if frame else "",
                figure_frame=frame is not None and _any_within(self._ends, framed - 3, framed),
                size=_SIZE_BEFORE.search(printed) is not None,
                negated=_NEGATED.search(words) is not None,
                bracket=words.rstrip().endswith(("(", "[")),
                figure=_any_within(self._ends, start - 25, start + 2),
                assigning=sentence in self._assigning,
                with_figures=sentence in self._sentences_with_figures,
                heading=self._headings.within(start),
                opens_heading=self._headings.opened(start),
            )
        return self._befores[start]

    def _after(self, end: int) -> _After:
        if end not in self._afters:
            words = self._lower[end : end + 40]
            head = _HEAD_AFTER.match(words)
            self._afters[end] = _After(
                head=head[1] if head else "",
                versus=_VERSUS_AFTER.match(words) is not None,
                size=_SIZE_AFTER.match(self._text[end : end + 40]) is not None,
                bracket=words.lstrip().startswith((")", "]")),
            )
        return self._afters[end]

    def partners(self, places: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """Return the offsets of what a name's places are set side by side with: `B` for `A versus B`."""
        found = (_PARTNER.match(self._lower, end) for _, end in places)
        return tuple(match.end() for match in found if match)

    def features(
        self, key: Key, label: str, places: Sequence[tuple[int, int]], titles: Sequence[tuple[int, int]]
    ) -> tuple[float, ...]:
        """Return the features in the order of ARM_FEATURES."""
        befores, afters = [self._before(s) for s, _ in places], [self._after(e) for _, e in places]
        frames, n = [b.frame for b in befores], len(places)
        within = [sum(self._kinds[kind].hold(s, e) for s, e in places) / n for kind in _KINDS]
        beside = any(
            _VERSUS_AFTER.match(self._title[e : e + 30]) or _VERSUS_BEFORE.search(self._title[max(0, s - 30) : s])
            for s, e in titles
        )
        return (
            n, len(titles), sum(a.head != "" for a in afters),
            sum(a.head in ("group", "arm", "cohort") for a in afters),
            sum(b.versus for b in befores), sum(a.versus for a in afters), sum(b.figure_frame for b in befores),
            sum(a.size for a in afters), sum(b.size for b in befores), sum(b.assigning for b in befores),
            sum(b.with_figures for b in befores), sum(b.figure for b in befores), len(key), len(label), *within,
            key in self._shorts, any(c.isdigit() for c in label), sum(c.isupper() for c in label) / len(label),
            places[0][0] / max(1, len(self._text)), places[-1][0] / max(1, len(self._text)),
            sum(b.negated for b in befores), bool(titles) and titles[0][0] < 3, self._title_versus,
            n / max(1, len(self._ends)), sum(b.bracket and a.bracket for b, a in zip(befores, afters, strict=True)),
            any(c in label for c in "/+"), beside, sum(p in self._chunks for p in places) / n, len(self._ends),
            *(frames.count(word) for word in ("in", "with", "after", "for", "to")),
            sum(b.heading for b in befores), sum(b.opens_heading for b in befores),
            *(max(counts) for counts in zip(*(self._parallels.counts(*p) for p in places), strict=True)),
            *self._document,
        )  # fmt: skip


class _Spans:
    """Mentions of one kind, which don't overlap."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._starts = [m.start for m in mentions]
        self._ends = [m.end for m in mentions]

    def hold(self, start: int, end: int) -> bool:
        """Return whether a mention covers a range."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]


def _any_within(offsets: Sequence[int], first: int, last: int) -> bool:
    """Return whether one of the rising offsets lies between two, these included."""
    at = bisect_left(offsets, first)
    return at < len(offsets) and offsets[at] <= last
