"""p-values, confidence intervals, ranges and spreads."""

from __future__ import annotations

import re

from extractors.numbers import parse
from extractors.quantities.fragments import ANY, CI_WORDS, EXPONENT, NUM, OPEN, SIGNED, UNIT, I, time_unit
from extractors.quantities.kinds import Kind, Quantity
from extractors.quantities.passes import Match, Pass, plain

_NAMES_CI = ("CI", "IC", "CrI", "% ci", "onfidence", "ONFIDENCE", "redib")

_RELATION = r"(?:less than or equal to|less than|below|under|greater than|more than|above|over|[<>≤≥]=?)"
_P_VALUE = re.compile(
    r"\b[pP](?:[- ]?values?)?"
    r"(?:\s*\(?(?:for|by|of the)\s[\w -]{2,20}\)?)?\s*"  # what it tests: P for trend
    rf"(?:([=:]|<=|>=|<|>|≤|≥)|(?:of|was|is|were)\s({_RELATION})?\s*|({_RELATION})\s)\s*"
    rf"(0,\d+|{NUM}(?:\s*[x×]\s*10\s*\^?[-⁻]?\s*{EXPONENT})?)"
    r"((?:(?:\s*,\s*(?:and\s)?|\s+and\s+)0?\.\d+)+(?=\s*(?:[\])]|,?\s*respectively)))?"  # P = 0.03, 0.005 and 0.02)
)
_SIGNS = {
    ":": "=", "<=": "≤", "less than or equal to": "≤", ">=": "≥", "less than": "<", "below": "<", "under": "<",
    "greater than": ">", "more than": ">", "above": ">", "over": ">",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

_TO = r"\s*(?:%|months?|years?|mo|days?)?\s*(?:-|~|to|,|;|and|/)\s*"
_INTERVAL = re.compile(
    r"(?:(?<![\d.])(\d{2}(?:\.\d+)?)\s*(?:%|percent|per cent)?\s*-?\s*)?\b"  # its level before its name: 95% CI
    rf"(?:{CI_WORDS}\b|CI\s?(\d\d)(?:\s?%)?(?=\s*[:,=]?\s*[\[(]?\s*{SIGNED}\s*%?\s*(?:-|~|to|,|;|and)))"
    # (or its level behind its name: CI95)
    r"(?:\s*[\[(](?:\d\d ?% ?)?C[IL]s?[\])])?"  # 95% confidence interval [CI]
    r"\s*(?:of|was|from|between|:|=|,|;)?\s*[\[({]?\s*"
    rf"[$£€]?({SIGNED}|{OPEN})\s*%?{_TO}[$£€]?({SIGNED}|{OPEN})(?!\d)(?:\s*%)?",
    I,
)
_INTERVAL_BEHIND = re.compile(  # (34-53, 95% CI)
    rf"(?<=[\[(])\s*({SIGNED})\s*%?\s*(?:-|~|to)\s*({SIGNED})\s*%?\s*[,;]\s*(\d\d)\s*%\s*{CI_WORDS}(?=[\])])", I
)
_LEVEL = re.compile(  # a 95% CI whose bounds weren't read
    rf"(?<![\d.])\d\d(?:\.\d)?\s*(?:%|percent|per cent)?\s*-?\s*{CI_WORDS}", I
)

_BRACKETED_OPEN = re.compile(  # (26.3 to NR)
    rf"(?<=[\[(])\s*({NUM})\s*(%)?\s*(?:{UNIT})?\s*(?:-|to|;|,)\s*{OPEN}(?=\s*[\])])", I
)
_LISTS = re.compile(r"\s*%?\s*[,;]")
_FIGURE_BEFORE = re.compile(  # not a limit: ICANS ≥2 (31%, 34%)
    rf"(?<![\d.<>≥≤=])(?<![<>≥≤] )\d[\d.]*\s*(?:%|percent|{UNIT})?\s*[\[(]\s*$", I
)
_END = r"(?=\s*(?:[\])]|[;,]\s*(?:[pP]\b|I²|I2)))"
_BRACKETED = re.compile(  # [34-53], (IQR 2.0, 4.5 years)
    r"(?<=[\[(])\s*(?:(range|IQR|interquartile range|Q1-Q3|from|SD|±)\s*[,:;]?\s*)?"
    rf"({SIGNED})\s*(%)?\s*(?:-|to|;|,)\s*({SIGNED})\s*(%)?(?:\s*({UNIT}))?{_END}",
    I,
)
_BEHIND_COMMA = re.compile(  # (53%, 46.8-59.4), (HR 5.30, 3.17-8.86; p<0.001), (88%; 78, 98%)
    rf"(?:(?<=\d[,;] )|(?<=%[,;] ))({SIGNED})\s*(%)?\s*(?:-|to)\s*({SIGNED})\s*(%)?{_END}"
    rf"|(?<=%; )({SIGNED}),\s*({SIGNED})\s*%{_END}"
)
_RANGE = re.compile(  # range, 19-72 years; ranging from 9 to 28
    r"\b(range[sd]?|ranging|IQR|interquartile range|inter-quartile range)\b(?:\s*\[IQR\]|\s*\(IQR\))?"
    rf"\s*(?:of|was|from|between|:|,|=)?\s*[\[(]?\s*({ANY}|<\s?1)\s*(%|\+)?\s*(?:{UNIT})?\s*"
    rf"(?:-|to|and|,|;)\s*(?:>|≥)?\s*({ANY})(\s*%|\+)?(?:\s*({UNIT}))?",
    I,
)
_PLUS_MINUS = re.compile(  # ± 4.5%, (SE 3.1), standard deviation 32,565
    rf"(?:±|\+/-)\s*{NUM}\s*%?|(?<=[\[(])\s*(?:SE|SD|SEM)\s*[=:,]?\s*[±]?\s*{NUM}\s*%?"
    rf"|\bstandard (?:deviation|error)s?\s*(?:of|was|[\]),:;=])?\s*[$£€]?{NUM}\s*%?",
    I,
)


def _p(m: Match) -> Quantity:
    printed = m[1] or m[2] or m[3] or "="
    value = None if m[5] else _small(m[4])  # which figure each of a list belongs to isn't told
    return Quantity("p", m.start(), m.end(), value, form=_SIGNS.get(printed, printed))


def _small(printed: str) -> float:
    """Return a p-value: `.03`, `0,05` or `3 x 10-5`."""
    mantissa, *power = re.split(r"\s*[x×]\s*10\s*\^?", printed.translate(_SUPERSCRIPTS).replace("0,", "0."))
    return float(f"{parse(mantissa)}e-{power[0].strip(' -')}") if power else parse(mantissa)


def _bound(token: str) -> float | None:
    return None if re.fullmatch(OPEN, token, I) else (-1 if token[0] == "-" else 1) * parse(token.lstrip("+-"))


def _interval(m: Match) -> Quantity:
    low, high, level = _bound(m[3]), _bound(m[4]), float(m[1] or m[2] or 95)
    return Quantity("interval", m.start(), m.end(), low=low, high=high, level=level, form="named")


def _interval_behind(m: Match) -> Quantity:
    low, high, level = _bound(m[1]), _bound(m[2]), float(m[3])
    return Quantity("interval", m.start(), m.end(), low=low, high=high, level=level, form="named")


def _bracketed(m: Match) -> Quantity | None:
    if m[3] and " to " in m[0] and m.string[m.end() :].lstrip()[:1] in (";", ","):
        return None  # a change, with its p: (3.69% to 11.16%; P<0.001)
    if m[1] is None and _LISTS.match(m.string, m.end(2)) and _are_two(m):
        return None
    kind: Kind = "range" if m[1] else "interval"
    form = "range" if m[1] else "bracket"
    unit = "%" if m[3] or m[5] else time_unit(m[6]) if m[6] else None
    return Quantity(kind, m.start(), m.end(), low=_bound(m[2]), high=_bound(m[4]), unit=unit, form=form)


def _are_two(m: Match) -> bool:
    """Whether a bracket holds two figures: `relapse (28%, 20%)`, `(60; 98%)`; `88% (78%, 98%)` is an interval."""
    if parse(m[2].lstrip("+-")) >= parse(m[4].lstrip("+-")) and "-" not in m[2]:
        return True
    return m[5] is not None and not _FIGURE_BEFORE.search(m.string[max(0, m.start() - 12) : m.start()])


def _behind_comma(m: Match) -> Quantity:
    low, high = _bound(m[1] or m[5]), _bound(m[3] or m[6])
    unit = "%" if m[2] or m[4] or m[5] else None
    return Quantity("interval", m.start(), m.end(), low=low, high=high, unit=unit, form="bracket")


def _bracketed_open(m: Match) -> Quantity:
    return Quantity("interval", m.start(), m.end(), low=parse(m[1]), form="bracket", unit="%" if m[2] else None)


def _range(m: Match) -> Quantity:
    low = None if "<" in m[2] else parse(m[2])
    unit = "%" if m[3] == "%" or (m[5] or "").strip() == "%" else time_unit(m[6]) if m[6] else None
    return Quantity("range", m.start(), m.end(), low=low, high=parse(m[4]), unit=unit, form=m[1].lower())


P_VALUES = Pass(_P_VALUE, _p)
INTERVALS = (
    Pass(_INTERVAL_BEHIND, _interval_behind, needs=_NAMES_CI),
    Pass(_INTERVAL, _interval, needs=_NAMES_CI),
    Pass(_LEVEL, plain("label"), needs=_NAMES_CI),
)
RANGES = (
    Pass(_RANGE, _range, needs=("rang", "iqr", "quartile")),
    Pass(_BRACKETED_OPEN, _bracketed_open),
    Pass(_BRACKETED, _bracketed),
    Pass(_BEHIND_COMMA, _behind_comma),
)
SPREADS = Pass(_PLUS_MINUS, plain("range"), needs=("±", "+/-", "SE", "SD", "se", "sd", "tandard"))
