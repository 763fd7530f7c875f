"""What surrounds a name: how often it stands where group names stand, as features of the model that finds arms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from extractors.annotation import Annotated
from extractors.arms.names import Key, chunks
from extractors.arms.parallels import Parallels
from extractors.joining import Figure
from extractors.levelling import words
from extractors.linking.headings import headings

_GROUP_WORDS = "group|arm|cohort|recipients?|patients|donors?"
_HEAD_AFTER = re.compile(  # `the haplo group`, `MUD graft recipients`
    rf"^[- ]?(?:\w+[- ])?({_GROUP_WORDS}|subset|strata|stratum|regimen|grafts?|transplants?)s?\b",
    re.IGNORECASE,
)
_VERSUS_BEFORE = re.compile(
    r"(?:\bvs?\.?|\bversus|\bagainst|\bcompared (?:with|to)|\bthan|\bor|\bopposed to|\binstead of|\bover)\s+"
    r"(?:\d[\d.]*%?\s+)?"  # versus 30% with X
    r"(?:(?:in|with|for|after|among|of|on|under)\s+)?(?:the\s+|a\s+)?$",
    re.IGNORECASE,
)
_VERSUS_AFTER = re.compile(
    rf"^(?:\s+(?:{_GROUP_WORDS}))?\s*,?\s*"
    r"(?:vs?\.?|versus|against|compared (?:with|to)|rather than|as opposed to|or)\s",
    re.IGNORECASE,
)
_FRAME_BEFORE = re.compile(
    r"\b(in|with|for|after|among|of|from|under|on|to|without|no|by|receiving|given|received)\s+"
    r"(?:the\s+|those\s+|patients\s+|a\s+|an\s+)*"
    r"(?:in\s+|with\s+|on\s+|receiving\s+|given\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_SIZE_AFTER = re.compile(r"^(?:\s+\w+){0,2}\s*[\[(]\s*(?:[nN]\s*=\s*)?\d+(?:\s*patients)?\s*[\]),;]")
_SIZE_BEFORE = re.compile(
    r"\b\d+\s+(?:patients\s+|children\s+|had\s+|were\s+)?"
    r"(?:(?:in|with|to|received|given|from|on|after|had|for|of)\s+)?(?:the\s+|a\s+|an\s+)?$"
)
_ASSIGN = re.compile(r"\b(?:random|assign|allocat|compar|versus|vs\b|divided|stratif|either)", re.IGNORECASE)

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
    "document's comparisons", "document's lists", "document's sizes", "negated", "has negated form", "years or ages",
)  # fmt: skip


class Context:
    """What surrounds the occurrences of a name."""

    def __init__(self, annotated: Annotated, figures: Sequence[Figure]) -> None:
        self._a = annotated
        self._text = annotated.document.text
        self._title = annotated.document.title
        self._heads = [f for f in figures if f.kind in ("percent", "fraction", "duration", "number", "size", "ratio")]
        self._ends = [f.end for f in self._heads]
        self._sentences_with_figures = {
            annotated.sentence(f.start) for f in self._heads if f.kind in ("percent", "fraction", "ratio")
        }
        self._assigning = {s for s in annotated.sentences if _ASSIGN.search(self._text[s[0] : s[1]])}
        self._kinds: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for m in annotated.mentions:
            if m.part == "text":
                self._kinds[m.kind].append((m.start, m.end))
        self._parallels = Parallels(self._text, annotated.sentences, self._heads)
        self._document = tuple(float(len(cue.findall(self._text))) for cue in _DOCUMENT)
        self._headings = headings(self._text)
        self._chunks = {(s, e) for s, e in chunks(self._text)}
        self._shorts = {tuple(w.lower for w in words(short)) for short in annotated.abbreviations}

    def framed(self, place: tuple[int, int]) -> bool:
        """Whether a name that stands but once stands where group names stand."""
        before, after = self._around(*place)
        return bool(
            _VERSUS_BEFORE.search(before)
            or _HEAD_AFTER.match(after)
            or _VERSUS_AFTER.match(after)
            or _SIZE_AFTER.match(after)
            or _FRAME_BEFORE.search(before)
            or any(a <= place[0] < b for a, b, _ in self._headings)
        )

    def _around(self, start: int, end: int) -> tuple[str, str]:
        return self._text[max(0, start - 40) : start], self._text[end : end + 40]

    def features(
        self, key: Key, label: str, places: Sequence[tuple[int, int]], titles: Sequence[tuple[int, int]]
    ) -> tuple[float, ...]:
        """Return the features in the order of ARM_FEATURES."""
        counts: dict[str, float] = defaultdict(float)
        for start, end in places:
            self._count(counts, start, end)
        n = len(places)
        title_versus = re.search(r"\b(?:versus|vs?\.?|compared|or|against)\b", self._title, re.IGNORECASE) is not None
        beside = any(
            _VERSUS_AFTER.match(self._title[e : e + 30]) or _VERSUS_BEFORE.search(self._title[max(0, s - 30) : s])
            for s, e in titles
        )
        return (
            n, len(titles), counts["head"], counts["group"], counts["versus before"], counts["versus after"],
            counts["figure frame"], counts["size after"], counts["size before"], counts["assigning"],
            counts["with figures"], counts["figures beside"], len(key), len(label),
            counts["intervention"] / n, counts["condition"] / n, counts["outcome"] / n,
            key in self._shorts, any(c.isdigit() for c in label), sum(c.isupper() for c in label) / len(label),
            places[0][0] / max(1, len(self._text)), places[-1][0] / max(1, len(self._text)),
            counts["no"], bool(titles) and titles[0][0] < 3, title_versus, n / max(1, len(self._heads)),
            counts["brackets"], any(c in label for c in "/+"), beside, counts["own chunk"] / n, len(self._heads),
            counts["in"], counts["with"], counts["after"], counts["for"], counts["to"],
            counts["heading"], counts["opens heading"], counts["alike"], counts["sizes"], counts["behind"],
            *self._document,
        )  # fmt: skip

    def _count(self, counts: dict[str, float], start: int, end: int) -> None:
        before, after = self._around(start, end)
        head = _HEAD_AFTER.match(after)
        frame = _FRAME_BEFORE.search(before)
        sentence = self._a.sentence(start)
        counts["head"] += head is not None
        counts["group"] += head is not None and head[1].lower() in ("group", "arm", "cohort")
        counts["versus before"] += _VERSUS_BEFORE.search(before) is not None
        counts["versus after"] += _VERSUS_AFTER.match(after) is not None
        counts["size after"] += _SIZE_AFTER.match(after) is not None
        counts["size before"] += _SIZE_BEFORE.search(before) is not None
        counts["assigning"] += sentence in self._assigning
        counts["with figures"] += sentence in self._sentences_with_figures
        counts["figures beside"] += any(-2 <= start - e <= 25 for e in self._ends)
        counts["figure frame"] += frame is not None and any(0 <= start - len(frame[0]) - e <= 3 for e in self._ends)
        counts["no"] += re.search(r"\b(?:no|without|non)[- ]$", before, re.IGNORECASE) is not None
        counts["brackets"] += before.rstrip().endswith(("(", "[")) and after.lstrip().startswith((")", "]"))
        counts["own chunk"] += (start, end) in self._chunks
        for name, number in zip(("alike", "sizes", "behind"), self._parallels.counts(start, end), strict=True):
            counts[name] = max(counts[name], number)
        counts["heading"] += any(a <= start < b for a, b, _ in self._headings)
        counts["opens heading"] += any(a == start for a, _, _ in self._headings)
        if frame is not None and frame[1].lower() in ("in", "with", "after", "for", "to"):
            counts[frame[1].lower()] += 1
        for kind in ("intervention", "condition", "outcome"):
            counts[kind] += any(s <= start and end <= e for s, e in self._kinds[kind])
