"""Grades of toxicity and of graft-versus-host disease, in Arabic and Roman numerals."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.quantities.fragments import I
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass

_GRADE = r"(?:IV|III|II|I|V|[Ⅰ-Ⅴ]|[0-5])[a-d]?"
_SIGN = r"≥|>=|>|≤|<=|<"
_NOT_A_COUNT = r"(?!\.\d|\s*%|\s*(?:patients|cases|of \d))"
_NAMED = re.compile(
    rf"\b(?:grade[ds]?(?: ?\(Gr?\))?|Gr\.?|stages?)[- ]?\s*({_SIGN}|at least|of at least|up to)?\s*({_GRADE})\b"
    r"(?![.%]\d|\s*%)"
    # a second grade; a comma alone makes a list only where a third one closes it
    rf"(?:\s*(?:-|to|or|and|/|, ?or|,(?=\s*{_GRADE},?\s*(?:and|or)\b)|through)\s*(?:grades? )?"
    rf"({_GRADE})\b{_NOT_A_COUNT}"
    # a third one, unless it begins a range (II-IV and III-IV) or a clause (1-2, and 5 (9%) died)
    rf"(?:\s*(?:-|to|,? ?(?:or|and)|/)\s*({_GRADE})\b{_NOT_A_COUNT}(?!\s*(?:-|to\b)\s*{_GRADE}\b|\s*\(\d))?)?"
    r"(\s*(?:or|and)\s*(?:higher|worse|more|greater|above|over|beyond|severe|up\b)"
    r"|\s*(?:or|and)\s*(?:lower|less|below|milder)|\s?\+|-plus| upwards?|,? at (?:the )?(?:most|worst)\b)?",
    I,
)
_SIGNED = re.compile(rf"(?<![\w.])({_SIGN})\s*(?:grades?|gr\.?)[- ]?\s*({_GRADE})\b", I)  # ≥ grade 3, ≥grade-3, ≥gr 3
_SHORT = re.compile(  # G3-4, ≥G3, G≥3, Gr2+
    rf"(?<![\w.])(?:({_SIGN})\s*)?G(?:r|rade)?(?:\s?({_SIGN})\s?)?([1-5])(?:\s*-\s*G?([1-5]))?(\+)?(?![\w-]|\.\d)"
)
_ROMAN = re.compile(r"(?<![\w-])(I{1,3}|[Ⅰ-Ⅲ])\s*(?:-|to|/)\s*(I{2,3}|IV|V|[Ⅱ-Ⅴ])°?(?![\w-])")  # aGVHD II-IV
_RANGE = re.compile(  # ICANS 3-4, high-grade (3-4)
    r"(?:\b(?:CRS|ICANS|ICAHT|GV?HD|WHO) |\b(?i:(?:high|low)[- ]grade|severe) \()"
    r"([0-4])\s?[-/]\s?([1-5])(?![\w%-]|[./]\d| ?(?:%|of\b|x\b|[×±]|days?|weeks?|months?|years?|patients|cases))"
)
_BARE = re.compile(  # CRS ≥3, aGVHD ≥II/≥III, any/≥3
    rf"({_SIGN})\s?({_GRADE})\b"
    r"(?![.,]\d|\s*(?:%|[x×/^µ]\s?\S*\d|m?g\b|days?|d\b|weeks?|months?|years?|lines?|prior|organs?|episodes?|patients"
    r"|points?|logs?)\b)"
)
_GRADED = (  # what is graded, as it stands right before a bare grade
    r"\b(?:CRS|ICANS|ICAHT|IEC-HS|CRES|a?GV?HD|(?:TE|TR)?AEs?|(?i:acute|mucositis|infections?|\w*penias?|an(?:ae|e)mia"
    r"|\w*toxicit(?:y|ies)|colitis|cystitis|diarrho?ea|events|(?:high|low)[- ]grade|severe|any|all(?:-grade| grades)?))"
)
_GRADED_BEFORE = re.compile(rf"(?:{_GRADED}|(?:{_SIGN}) ?{_GRADE})(?:,| and| /|/)? ?\(?$")
_LISTED = re.compile(  # grade 1 in 11, 2 in 9 and 3 in 4; grades 1 (5) and 3 (2)
    rf"(?:[,;]|\band) ({_GRADE})(?= in (?:\d|one|two|three|four|five|six|seven|eight|nine|ten|no)| ?\(\d)"
)
_LISTS_BEFORE = tuple(
    re.compile(rf"\bgrades? {_GRADE}{told}(?:(?:[,;]|,? and) {_GRADE}{told})*,?$", I)
    for told in (r" in [\w%() /-]{1,25}?", r" ?\([^()]{1,15}\)")
)
_GVHD_BEFORE = re.compile(r"\b(?:a?GV?HD|host disease|grades?)\b.{0,110}$|\bacute,? \(?$|\bsevere \($", I | re.DOTALL)
_GVHD_BEHIND = re.compile(r" ?(?:of )?(?:a|acute )?(?:GV?HD|graft)", I)
_NO_GRADE_BEFORE = re.compile(r"\b(?:phases?|class|types?|parts?|cohorts?|arms?|levels?|factors?|ISS|NYHA)\W{1,2}$", I)
_FIRST = re.compile(rf"\bgrades? ({_GRADE})(?=, {_GRADE},? and {_GRADE}\b(?![.%]\d|\s*%))", I)  # grades 1, 2 and 3
_NEXT = re.compile(rf", ({_GRADE})(?=,? and {_GRADE}\b)|,? and ({_GRADE})\b(?![.%]\d|\s*%)", I)
_ONE_BEFORE, _TWO_BEFORE = (re.compile(rf"\bgrades? {_GRADE}{more}$", I) for more in ("", rf", {_GRADE}"))
_NEXT_RANGE = re.compile(
    rf"(?:/|, | and | or | as well as )([0-4])\s?(?:-|to)\s?([1-5])\b{_NOT_A_COUNT}"
)  # gr 2-4 and 3-4
_RANGE_BEFORE = re.compile(r"\b(?:grades?|gr\.?) ?[0-4] ?(?:-|to) ?[1-5]$", I)
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
_DOWNWARDS = re.compile("lower|less|below|mild|most|worst")
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
    low, high = float(m[3]), float(m[4] or m[3])
    if m[1] or m[2]:
        return _related(m, m[1] or m[2], low)
    return _up(m, low) if m[5] else _between(m, low, high)


def _roman(m: Match) -> Quantity | None:
    before = m.string[max(0, m.start() - 120) : m.start()]
    if _NO_GRADE_BEFORE.search(before) or not (_GVHD_BEFORE.search(before) or _GVHD_BEHIND.match(m.string, m.end())):
        return None
    return _between(m, _value(m[1]), _value(m[2]))


def _bare(m: Match) -> Quantity | None:
    if not _GRADED_BEFORE.search(m.string[max(0, m.start() - 30) : m.start()]):
        return None
    return _related(m, m[1], _value(m[2]))


def _one(m: Match, group: int = 1) -> Quantity:
    grade = _value(m[group])
    return Quantity("grade", m.start(group), m.end(group), low=grade, high=grade, form="one")


def _range(m: Match) -> Quantity | None:
    low, high = float(m[1]), float(m[2])
    return replace(_between(m, low, high), start=m.start(1)) if low < high else None


def _first(m: Match) -> Quantity:
    return replace(_one(m), start=m.start())


def _next(m: Match) -> Quantity | None:
    listed = _ONE_BEFORE if m[1] else _TWO_BEFORE
    return _one(m, 1 if m[1] else 2) if listed.search(m.string[max(0, m.start() - 20) : m.start()]) else None


def _next_range(m: Match) -> Quantity | None:
    return _range(m) if _RANGE_BEFORE.search(m.string[max(0, m.start() - 20) : m.start()]) else None


def _listed(m: Match) -> Quantity | None:
    in_brackets = "(" in m.string[m.end() : m.end() + 2]
    if not _LISTS_BEFORE[in_brackets].search(m.string[max(0, m.start() - 120) : m.start()].rstrip()):
        return None
    return _one(m)


_WORDS = ("grade", "gr", "stage")
GRADES = (
    Pass(_SIGNED, _signed, needs=("gr",)),
    Pass(_FIRST, _first, needs=("grade",)),
    Pass(_NEXT, _next, needs=("grade",)),
    Pass(_SHORT, _short, needs=("G",)),
    Pass(_NAMED, _named, needs=_WORDS),
    Pass(_ROMAN, _roman, needs=("I", "Ⅰ", "Ⅱ", "Ⅲ")),
    Pass(_LISTED, _listed, needs=("grade",)),
    Pass(_RANGE, _range),
    Pass(_NEXT_RANGE, _next_range, needs=("gr",)),
    Pass(_BARE, _bare, needs=("≥", ">", "≤", "<")),
)
