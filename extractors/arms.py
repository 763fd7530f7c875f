"""Arms: the groups that a text reports figures for, found in the document's own words.

Every run of content words is a candidate group name; how often it stands where group names stand (`in the X group`,
`X versus Y`, `62% with X`, `X (n = 48)`, after `randomized to`) is counted over the whole document, and a small trained
model says which candidates are arms. An arm's mentions are then all places where its words, or its short form, stand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.annotation import Annotated
from extractors.joining import Figure
from extractors.levelling import Word, words
from extractors.quantities import Quantity

Key = tuple[str, ...]
ARM_THRESHOLD = 0.1

_STOP = frozenset(
    "the a an of in on at by to from for with without within after before during between among and or but nor not no as than then that "
    "which who whom whose this these those it its they their them we our us he she his her there here is are was were be been being has "
    "have had having do does did done can could may might will would should shall must only also both either neither each every all any "
    "some most more less fewer few many much other others same such one two three four five six seven eight nine ten into onto over under "
    "above below up down out off about around against versus vs v via per until through while whereas when where if because although though "
    "however respectively compared comparison using used given received receiving assigned randomized allocated treated underwent undergoing "
    "achieved developed occurred observed seen reported showed found had died alive survived relapsed remained reached stood came amounted "
    "median mean estimated rate rates incidence cumulative probability overall significantly higher lower better worse similar longer shorter "
    "years year months month days day weeks week patients patient p hr ci n vs. ie eg i.e e.g alone first second third".split()
)
_GENERIC = frozenset(
    "group arm cohort recipient patient subject therapy treatment transplantation transplant child adult donor case one recipients "
    "participant regimen graft strategy conditioning prophylaxis setting era period survivor".split()
)
_CONTENT = re.compile(r"[A-Za-z0-9α-ωΑ-Ω≥≤<>][\w≥≤<>+/.,'’–-]*[\w+]|[A-Za-z]|≥\s?\d+|<\s?\d+|\+")
_HEAD_AFTER = re.compile(
    r"^[- ]?(?:\w+[- ])?(group|arm|cohort|recipients?|patients|donors?|subset|strata|stratum|regimen|grafts?|transplants?)s?\b",
    re.IGNORECASE,
)
_VERSUS_BEFORE = re.compile(
    r"(?:\bvs?\.?|\bversus|\bagainst|\bcompared (?:with|to)|\bthan|\bor|\bopposed to|\binstead of|\bover)\s+(?:\d[\d.]*%?\s+)?(?:(?:in|with|for|after|among|of|on|under)\s+)?(?:the\s+|a\s+)?$",
    re.IGNORECASE,
)
_VERSUS_AFTER = re.compile(
    r"^(?:\s+(?:group|arm|cohort|recipients?|patients|donors?))?\s*,?\s*(?:vs?\.?|versus|against|compared (?:with|to)|rather than|as opposed to|or)\s",
    re.IGNORECASE,
)
_FRAME_BEFORE = re.compile(
    r"\b(in|with|for|after|among|of|from|under|on|to|without|no|by|receiving|given|received)\s+(?:the\s+|those\s+|patients\s+|a\s+|an\s+)*(?:in\s+|with\s+|on\s+|receiving\s+|given\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_SIZE_AFTER = re.compile(r"^(?:\s+\w+){0,2}\s*[\[(]\s*(?:[nN]\s*=\s*)?\d+(?:\s*patients)?\s*[\]),;]")
_SIZE_BEFORE = re.compile(
    r"\b\d+\s+(?:patients\s+|children\s+|had\s+|were\s+)?(?:(?:in|with|to|received|given|from|on|after|had|for|of)\s+)?(?:the\s+|a\s+|an\s+)?$"
)
_ASSIGN = re.compile(r"\b(?:random|assign|allocat|compar|versus|vs\b|divided|stratif|either)", re.IGNORECASE)

_SPAN_OF_YEARS = re.compile(r"(?:19|20)\d\d\s?[-–]\s?(?:19|20)?\d\d|[<>≥≤]\s?\d+(?:\.\d+)?\s?(?:years?|yrs?|y)\b")
_NEGATED = re.compile(
    r"\b(?:[Nn]o|[Ww]ithout(?: an?)?|[Nn]ot given|[Nn]ot receiving)\s+([A-Za-z][\w/+-]*(?: [a-z][\w-]+)?)"
)
_NEGATIONS = frozenset({"no", "without", "non", "not"})

ARM_FEATURES: tuple[str, ...] = (
    "occurrences", "in title", "before a group word", "before group or arm", "after versus", "before versus", "after a figure frame",
    "size after", "size before", "in assigning sentence", "in sentence with figures", "figures beside", "words", "characters",
    "intervention", "condition", "outcome", "abbreviation", "has digit", "capitals", "first place", "last place", "after no or without",
    "opens title", "title has versus", "occurrence share", "in brackets", "slash or plus", "title versus beside", "own chunk",
    "document's figures", "frame in", "frame with", "frame after", "frame for", "frame to",
    "negated", "has negated form", "years or ages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArmCandidate:
    """A possible group name: its levelled `key`, the words as first printed, its occurrences in the text, its features."""

    key: Key
    label: str
    occurrences: tuple[tuple[int, int], ...]
    in_title: tuple[tuple[int, int], ...]
    features: tuple[float, ...]


def arm_key(label: str) -> Key:
    """Return the levelled words of a group's name, without generic words such as `group` at its end."""
    key = [w.lower for w in words(label) if w.lower.isalnum() or w.lower in "+<>≥≤/"]
    while len(key) > 1 and key[-1] in _GENERIC:
        key.pop()
    return tuple(key)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the maximal runs of content words, as offsets."""
    start = end = -1
    for match in _CONTENT.finditer(text):
        token = match[0].rstrip(".,")
        stop = (
            token.lower() in _STOP
            or not any(c.isalpha() or c in "≥≤<>+" for c in token)
            or "%" in text[match.end() : match.end() + 1]
        )
        joined = start >= 0 and re.fullmatch(r"[ \u00a0]|\s?[+/–-]\s?", text[end : match.start()])
        if stop or not joined:
            if start >= 0:
                yield start, end
            start = end = -1
        if not stop:
            start, end = (match.start() if start < 0 else start), match.start() + len(token)
    if start >= 0:
        yield start, end


def _names(annotated: Annotated) -> dict[Key, str]:
    """Return the keys of all candidate names with the words as first printed."""
    names: dict[Key, str] = {}
    for content in (annotated.document.title, annotated.document.text):
        for start, end in _chunks(content):
            chunk = content[start:end]
            pieces = chunk.split(" ")
            for k in range(len(pieces)):
                for size in (1, 2, 3, 4):
                    label = " ".join(pieces[k : k + size])
                    if k + size <= len(pieces) and (k == 0 or k + size == len(pieces)):
                        _name(names, label)
        for match in _SPAN_OF_YEARS.finditer(content):
            _name(names, match[0])
        for match in _NEGATED.finditer(content):
            pieces = match[1].split(" ")
            for size in range(1, len(pieces) + 1):
                if pieces[size - 1].lower() not in _STOP:
                    _name(names, " ".join(["no", *pieces[:size]]))
    for mention in annotated.mentions:
        if mention.kind in ("intervention", "condition"):
            _name(names, mention.text)
    return names


def _name(names: dict[Key, str], label: str) -> None:
    key = arm_key(label)
    if key and len(key) <= 6 and not (len(key) == 1 and key[0] in _GENERIC):
        names.setdefault(key, label)


def arm_candidates(annotated: Annotated, figures: Sequence[Figure], found: Sequence[Quantity]) -> list[ArmCandidate]:
    """Return the candidate group names of a document with their features, in a fixed order."""
    names = _names(annotated)
    text, title = annotated.document.text, annotated.document.title
    index = _Index(words(text))
    title_index = _Index(words(title))
    context = _Context(annotated, figures)
    made: list[ArmCandidate] = []
    for key, label in sorted(names.items()):
        places = index.find(key)
        titles = title_index.find(key)
        marked = key[0] == "no" or key[0][:2] in ("19", "20") or label[0] in "<>≥≤"
        if places and (len(places) > 1 or titles or marked or context.framed(places[0])):
            contrast = (
                float(key[0] in ("no", "non")),
                float(("no", *key) in names or ("non", *key) in names),
                float(marked),
            )
            features = (*context.features(key, label, places, titles), *contrast)
            made.append(ArmCandidate(key, label, tuple(places), tuple(titles), features))
    return made


class _Index:
    """Levelled words by first word, to find a key's occurrences."""

    def __init__(self, levelled: Sequence[Word]) -> None:
        self._words = [w for w in levelled if w.lower.isalnum() or w.lower in "+<>≥≤/"]
        self._at: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self._words):
            self._at[word.lower].append(i)

    def find(self, key: Key) -> list[tuple[int, int]]:
        """Return start and end of each place where the key's words stand in sequence."""
        if key[0] == "no" and len(key) > 1:
            return [
                (self._words[i - 1].start, end)
                for i, end in self._runs(key[1:])
                if i and self._words[i - 1].lower in _NEGATIONS
            ]
        return [
            (self._words[i].start, end)
            for i, end in self._runs(key)
            if not i or self._words[i - 1].lower not in _NEGATIONS
        ]

    def _runs(self, key: Key) -> Iterator[tuple[int, int]]:
        for i in self._at.get(key[0], ()):
            run = self._words[i : i + len(key)]
            if len(run) == len(key) and all(w.lower == k for w, k in zip(run, key, strict=True)):
                yield i, run[-1].end


class _Context:
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
        self._chunks = {(s, e) for s, e in _chunks(self._text)}
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
            n, len(titles), counts["head"], counts["group"], counts["versus before"], counts["versus after"], counts["figure frame"],
            counts["size after"], counts["size before"], counts["assigning"], counts["with figures"], counts["figures beside"], len(key), len(label),
            counts["intervention"] / n, counts["condition"] / n, counts["outcome"] / n, key in self._shorts, any(c.isdigit() for c in label),
            sum(c.isupper() for c in label) / len(label), places[0][0] / max(1, len(self._text)), places[-1][0] / max(1, len(self._text)),
            counts["no"], bool(titles) and titles[0][0] < 3, title_versus, n / max(1, len(self._heads)), counts["brackets"], any(c in label for c in "/+"),
            beside, counts["own chunk"] / n, len(self._heads),
            counts["in"], counts["with"], counts["after"], counts["for"], counts["to"],
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
        if frame is not None and frame[1].lower() in ("in", "with", "after", "for", "to"):
            counts[frame[1].lower()] += 1
        for kind in ("intervention", "condition", "outcome"):
            counts[kind] += any(s <= start and end <= e for s, e in self._kinds[kind])


@dataclass(frozen=True, slots=True)
class ArmFound:
    """An arm of the document: `label` as the text names it, the places where it's named, its size where stated."""

    label: str
    keys: tuple[Key, ...]
    mentions: tuple[tuple[int, int], ...]
    score: float
    size: int | None = None


def short_forms(abbreviations: Mapping[str, str]) -> dict[Key, Key]:
    """Return the document's abbreviations as keys: short form to long form."""
    return {arm_key(short): arm_key(long) for short, long in abbreviations.items() if arm_key(short) and arm_key(long)}


def same_arm(a: Key, b: Key, shorts: Mapping[Key, Key]) -> bool:
    """Whether two names are of one group: equal, short and long form, one the beginning of the other, or all its words."""
    if a == b or shorts.get(a) == b or shorts.get(b) == a:
        return True
    if len(a) == len(b) == 1:
        short, long = sorted((a[0], b[0]), key=len)
        return len(short) >= 4 and long.startswith(short) and short.isalpha()
    small, large = sorted((set(a), set(b)), key=len)
    return small < large and len(large) - len(small) <= 1 and not (large - small) & _OPPOSITES


_OPPOSITES = frozenset(
    "no non without not double dual single second first two post pre anti + unrelated related mis mismatched".split()
)


_SIZE_BEHIND = re.compile(
    r"^(?:\s+(?:group|arm|cohort|recipients?|patients|donors?|therapy|alone))?\s*[\[(,:]\s*(?:[nN]\s*=\s*)?(\d{1,3}(?:,\d{3})+|\d+)(?:\s*(?:patients|pts|children))?\s*(?:[\]),;]|\s*$)"
)
_SIZE_AHEAD = re.compile(
    r"(?<![\d.,/-])(\d{1,3}(?:,\d{3})+|\d+)\s+(?:(?:patients|children|adults|recipients|pts|cases)\s+)?(?:(?:were |was |had |have |who )?(?:randomly )?"
    r"(?:received|given|assigned|allocated|randomized|randomised|transplanted|treated|went|in|to|on|with|from|underwent|got|by|under)\s+){0,3}(?:to\s+|with\s+|from\s+|on\s+)?(?:the\s+|a\s+|an\s+)?$"
)


def sized(arms: Sequence[ArmFound], text: str) -> list[ArmFound]:
    """Return the arms with their sizes, where `text` (levelled) states them beside an arm's name."""
    return [replace(arm, size=_size(arm, text)) for arm in arms]


def _size(arm: ArmFound, text: str) -> int | None:
    for start, end in arm.mentions:
        behind = _SIZE_BEHIND.match(text[end : end + 45])
        if behind and not text[end : end + 45][behind.end(1) :].lstrip().startswith("%"):
            return int(behind[1].replace(",", ""))
    for start, _ in arm.mentions:
        ahead = _SIZE_AHEAD.search(text[max(0, start - 60) : start])
        if ahead:
            return int(ahead[1].replace(",", ""))
    return None


def arms_of(
    candidates: Sequence[ArmCandidate], scores: Sequence[float], shorts: Mapping[Key, Key], threshold: float
) -> list[ArmFound]:
    """Return the arms among the candidates: names of one group are put together, weaker ones within stronger ones left out."""
    ranked = sorted(
        ((s, c) for s, c in zip(scores, candidates, strict=True) if s >= threshold),
        key=lambda x: (-x[0], -len(x[1].occurrences), x[1].key),
    )
    groups: list[list[tuple[float, ArmCandidate]]] = []
    for score, candidate in ranked:
        home = [g for g in groups if same_arm(g[0][1].key, candidate.key, shorts)]
        if len(home) == 1:
            home[0].append((score, candidate))
        elif not home:
            groups.append([(score, candidate)])
    found = [_arm(g) for g in groups]
    return sorted(found, key=lambda a: a.mentions[0])


def _arm(group: Sequence[tuple[float, ArmCandidate]]) -> ArmFound:
    places = sorted({p for _, c in group for p in c.occurrences}, key=lambda p: (p[0], -p[1]))
    outer: list[tuple[int, int]] = []
    for start, end in places:
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    score, first = group[0]
    return ArmFound(first.label, tuple(c.key for _, c in group), tuple(outer), score)
