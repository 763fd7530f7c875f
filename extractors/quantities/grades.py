"""Grades of toxicity and of graft-versus-host disease, in Arabic and Roman numerals."""

from __future__ import annotations

import re

from extractors.quantities.fragments import I
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass

_GRADE = r"(?:IV|III|II|I|V|[Ⅰ-Ⅴ]|[0-5])[a-d]?"
_SIGN = r"≥|>=|>|≤|<=|<"
_NOT_A_COUNT = r"(?!\.\d|\s*%|\s*(?:patients|cases|of \d))"
_NAMED = re.compile(
    rf"\b(?:grade[ds]?|Gr\.?|stages?)[- ]?\s*({_SIGN}|at least|of at least|up to)?\s*({_GRADE})\b(?![.%]\d|\s*%)"
    # a second grade; a comma alone makes a list only where a third one closes it
    rf"(?:\s*(?:-|to|or|and|/|, ?or|,(?=\s*{_GRADE},?\s*(?:and|or)\b)|through)\s*(?:grades? )?"
    rf"({_GRADE})\b{_NOT_A_COUNT})?"
    rf"(?:\s*(?:-|to|,? ?(?:or|and)|/)\s*({_GRADE})\b{_NOT_A_COUNT})?"
    r"(\s*(?:or|and)\s*(?:higher|worse|more|greater|above|over|beyond|severe)"
    r"|\s*(?:or|and)\s*(?:lower|less|below|milder)|\s?\+|-plus| upwards?)?",
    I,
)
_SIGNED = re.compile(rf"(?<![\w.])({_SIGN})\s*grades?[- ]?\s*({_GRADE})\b", I)  # ≥ grade 3, ≥grade-3
_SHORT = re.compile(  # G3-4, ≥G3, Gr2+
    rf"(?<![\w.])(?:({_SIGN})\s*)?G(?:r|rade)?([1-5])(?:\s*-\s*G?([1-5]))?(\+)?(?![\w-]|\.\d)"
)
_ROMAN = re.compile(r"(?<![\w-])(I{1,3}|[Ⅰ-Ⅲ])\s*(?:-|to)\s*(I{2,3}|IV|V|[Ⅱ-Ⅴ])(?![\w-])")  # aGVHD II-IV
_LISTED = re.compile(  # grade 1 in 11, 2 in 9 and 3 in 4; grades 1 (5) and 3 (2)
    rf"(?:[,;]|\band) ({_GRADE})(?= in (?:\d|one|two|three|four|five|six|seven|eight|nine|ten|no)| ?\(\d)"
)
_LISTS_BEFORE = tuple(
    re.compile(rf"\bgrades? {_GRADE}{told}(?:(?:[,;]|,? and) {_GRADE}{told})*,?$", I)
    for told in (r" in [\w%() /-]{1,25}?", r" ?\([^()]{1,15}\)")
)
_GVHD_BEFORE = re.compile(r"\b(?:a?GV?HD|host disease|grades?)\W{0,3}(?:\w+\W{1,2}){0,2}$", I)
_EXCEEDED = re.compile(
    r"\b(?:above|beyond|past|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess of|over"
    r"|(?:higher|worse|greater|more|severer?) than) (?:a )?$",
    I,
)
_UNREACHED = re.compile(
    r"\b(?:(?:never|not|n't|nor)(?: \w+)?|(?:no|none|nobody)\b[^.;,]{0,30}) reach(?:ed|es)? (?:a )?$", I
)
_AT_LEAST = re.compile(r"\bat least (?:a )?$", I)
_AT_MOST = re.compile(r"\b(?:up to|at most) (?:a )?$", I)
_DOWNWARDS = re.compile("lower|less|below|mild")
_HIGHEST = 5.0
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5} | {x: k for k, x in enumerate("ⅰⅱⅲⅳⅴ", 1)}


def _value(token: str) -> float:
    bare = token.lower().rstrip("abcd") or token.lower()
    return float(_NUMERALS[bare] if bare in _NUMERALS else int(bare[0]))


def _up(m: Match, low: float) -> Quantity:
    if low >= _HIGHEST:
        return _between(m, _HIGHEST, _HIGHEST)
    return Quantity("grade", m.start(), m.end(), low=low, form="up")


def _down(m: Match, high: float) -> Quantity:
    return Quantity("grade", m.start(), m.end(), high=high, form="down")


def _between(m: Match, low: float, high: float) -> Quantity:
    return Quantity("grade", m.start(), m.end(), low=low, high=high, form="range" if high > low else "one")


def _related(m: Match, relation: str, grade: float) -> Quantity:
    """Return the grades that a relation and a grade stand for; nothing is graded between 2 and 3."""
    if relation in ("≥", ">=", ">"):
        return _up(m, grade + (relation == ">"))
    return _down(m, grade - (relation == "<"))


def _named(m: Match) -> Quantity | None:
    if m[0][:2].lower() == "st" and not m[1] and not m[3]:
        return None  # a disease stage, not a toxicity's grade
    grades = [_value(g) for g in m.groups()[1:4] if g]
    if grades == [0] and m.string[max(0, m.start() - 5) : m.start()].lower() == "high-":
        return None  # high-grade CRS 0, of grade 3 none
    relation, more = (m[1] or "").lower(), (m[5] or "").strip().lower()
    if relation or more:
        return _bounded(m, relation, more, grades)
    before = m.string[max(0, m.start() - 40) : m.start()]
    if _EXCEEDED.search(before):
        return _up(m, max(grades) + 1)
    if _UNREACHED.search(before) or _AT_LEAST.search(before):
        return _up(m, min(grades))
    if _AT_MOST.search(before):
        return _down(m, max(grades))
    return _between(m, min(grades), max(grades))


def _bounded(m: Match, relation: str, more: str, grades: list[float]) -> Quantity:
    """Return the grades from or to one: `grade ≥3`, `grade 3 or higher`, `up to grade 2`."""
    if relation in ("at least", "of at least") or (more and not _DOWNWARDS.search(more)):
        return _up(m, min(grades))
    if relation in ("≥", ">=", ">"):
        return _related(m, relation, min(grades))
    return _down(m, max(grades) - (relation == "<" and not more))


def _signed(m: Match) -> Quantity:
    return _related(m, m[1], _value(m[2]))


def _short(m: Match) -> Quantity:
    low, high = float(m[2]), float(m[3] or m[2])
    if m[1]:
        return _related(m, m[1], low)
    return _up(m, low) if m[4] else _between(m, low, high)


def _roman(m: Match) -> Quantity | None:
    if not _GVHD_BEFORE.search(m.string[max(0, m.start() - 40) : m.start()]):
        return None
    return _between(m, _value(m[1]), _value(m[2]))


def _listed(m: Match) -> Quantity | None:
    in_brackets = "(" in m.string[m.end() : m.end() + 2]
    if not _LISTS_BEFORE[in_brackets].search(m.string[max(0, m.start() - 120) : m.start()].rstrip()):
        return None
    grade = _value(m[1])
    return Quantity("grade", m.start(1), m.end(1), low=grade, high=grade, form="one")


_WORDS = ("grade", "gr", "stage")
GRADES = (
    Pass(_SIGNED, _signed, needs=("grade",)),
    Pass(_SHORT, _short, needs=("G",)),
    Pass(_NAMED, _named, needs=_WORDS),
    Pass(_ROMAN, _roman, needs=("I", "Ⅰ", "Ⅱ", "Ⅲ")),
    Pass(_LISTED, _listed, needs=("grade",)),
)
