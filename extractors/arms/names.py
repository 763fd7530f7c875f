"""Candidate names of groups: runs of content words, spans of years, negated treatments, and mentions of treatments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.arms.designations import Designation, designations
from extractors.levelling import Word, label_words

Key = tuple[str, ...]
"""The levelled words of a name."""

_FUNCTION_WORDS = (
    "the a an of in on at by to from for with without within after before during between among and or but nor not no "
    "as than then that which who whom whose this these those it its they their them we our us he she his her there "
    "here into onto over under above below up down out off about around against versus vs v via per until through "
    "while whereas when where if because although though however respectively vs. ie eg i.e e.g"
)
_QUANTIFIERS = (
    "only also both either neither each every all any some most more less fewer few many much other others same such "
    "one two three four five six seven eight nine ten alone first second third"
)
_VERBS = (
    "is are was were be been being has have had having do does did done can could may might will would should shall "
    "must compared comparison using used given received receiving assigned randomized allocated treated underwent "
    "undergoing achieved developed occurred observed seen reported showed found had died alive survived relapsed "
    "remained reached stood came amounted"
)
_STATISTICS = (
    "median mean estimated rate rates incidence cumulative probability overall significantly higher lower better "
    "worse similar longer shorter years year months month days day weeks week patients patient p hr ci n"
)
_LONGEST = 4
_STOP = frozenset(" ".join((_FUNCTION_WORDS, _QUANTIFIERS, _VERBS, _STATISTICS)).split())
_GENERIC = frozenset(
    "group arm cohort recipient patient subject therapy treatment transplantation transplant child adult donor case "
    "one recipients participant regimen graft strategy conditioning prophylaxis setting era period survivor alone only"
    " level".split()
)
_ALSO_NAMES = frozenset("adult child donor prophylaxis survivor treatment transplant transplantation".split())
"""Generic words that are the whole name of some groups: `in adults`, `the treatment group`."""
_CONTENT = re.compile(r"[A-Za-z0-9α-ωΑ-Ω≥≤<>][\w≥≤<>+/.,'’–-]*[\w+]|[A-Za-z]|≥\s?\d+|<\s?\d+|\+")
_UNTIL = frozenset(("through", "to", "until", "and"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPAN_OF_YEARS = re.compile(r"(?:19|20)\d\d\s?(?:[-–]|through|to|until|and)\s?(?:19|20)?\d\d")
_JOINED = re.compile(r"[ \u00a0]|[ \u00a0]?[+/–-][ \u00a0]?")  # not a line's end and the bullet behind it
_OR_MORE = re.compile(r"(?<=\d) (?:or|and) (?:more|later|less|higher|lower|above|below|greater|fewer|beyond)$")
_NEGATED = re.compile(
    r"\b(?:[Nn]o|[Ww]ithout(?: an?)?|[Nn]ot given|[Nn]ot receiving)\s+([A-Za-z][\w/+-]*(?: [a-z][\w-]+)?)"
)
_PARTICIPLE = re.compile(r"\bnot (?:previously |further )?([a-z][a-z-]*(?:ed|en))\b")


def name_words(found: Sequence[Word]) -> list[Word]:
    """Return the words that count in a name: `2001 through 2008` counts as `2001-2008`, `A plus B` as `A + B`."""
    kept = [
        w._replace(lower="+") if w.lower == "plus" else w for w in found if w.lower.isalnum() or w.lower in "+<>≥≤/"
    ]
    return [
        w
        for k, w in enumerate(kept)
        if not (
            w.lower in _UNTIL and 0 < k < len(kept) - 1 and all(_YEAR.fullmatch(kept[x].lower) for x in (k - 1, k + 1))
        )
    ]


@lru_cache(maxsize=65536)
def arm_key(label: str) -> Key:
    """Return the levelled words of a group's name, without `or later` and generic words such as `group` at its end."""
    key = [w.lower for w in name_words(label_words(_OR_MORE.sub("", label)))]
    while len(key) > 1 and key[-1] in _GENERIC:
        key.pop()
    return tuple(key)


@lru_cache(maxsize=8)
def chunks(text: str) -> tuple[tuple[int, int], ...]:
    """Return the maximal runs of content words, as offsets."""
    return tuple(_chunks(text))


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    start = end = -1
    for match in _CONTENT.finditer(text):
        token = match[0].rstrip(".,")
        stop = (
            token.lower() in _STOP
            or not (token[0].isalpha() or any(c.isalpha() or c in "≥≤<>+" for c in token))
            or text.startswith("%", match.end())
        )
        joined = start >= 0 and _JOINED.fullmatch(text, end, match.start())
        if stop or not joined:
            if start >= 0:
                yield start, end
            start = end = -1
        if not stop:
            start, end = (match.start() if start < 0 else start), match.start() + len(token)
    if start >= 0:
        yield start, end


def designated(text: str) -> dict[Key, list[Designation]]:
    """Return the designations of a text by their key."""
    found: dict[Key, list[Designation]] = {}
    for designation in designations(text):
        found.setdefault(arm_key(designation.label), []).append(designation)
    return found


def candidate_names(annotated: Annotated) -> dict[Key, str]:
    """Return the keys of all candidate names that are words of the text, with the words as first printed."""
    names: dict[Key, str] = {}
    for content in (annotated.document.title, annotated.document.text):
        for start, end in chunks(content):
            pieces = content[start:end].split(" ")
            for size in range(1, min(_LONGEST, len(pieces)) + 1):
                _name(names, " ".join(pieces[:size]))
            for k in range(max(1, len(pieces) - _LONGEST), len(pieces)):
                _name(names, " ".join(pieces[k:]))
        for match in _SPAN_OF_YEARS.finditer(content):
            _name(names, match[0])
        for match in _NEGATED.finditer(content):
            pieces = match[1].split(" ")
            for size in range(1, len(pieces) + 1):
                if pieces[size - 1].lower() not in _STOP:
                    _name(names, " ".join(["no", *pieces[:size]]))
        for match in _PARTICIPLE.finditer(content):
            if match[1] not in _STOP:
                names.setdefault(("no", *arm_key(match[1])), f"not {match[1]}")
    for mention in annotated.mentions:
        if mention.kind in ("intervention", "condition"):
            _name(names, mention.text)
    return names


def _name(names: dict[Key, str], label: str) -> None:
    key = arm_key(label)
    if key and len(key) <= 6 and not (len(key) == 1 and key[0] in _GENERIC - _ALSO_NAMES):
        names.setdefault(key, label)
