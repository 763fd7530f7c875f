"""Time points (`at day 100`, `the 2-year rate`), durations (`12.3 months`), ages and dates."""

from __future__ import annotations

import re

from extractors.numbers import NUMBER, parse
from extractors.quantities.fragments import ANY, NUM, OPEN, UNIT, I, time_unit
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass, plain

_AGE_NAMED = re.compile(  # aged 18-75 years, median age, 54
    r"\b(?:aged?|ages|older than|younger than)\s*"
    r"(?:(?:(?<=median age)|(?<=mean age))[,:]\s*"
    r"|of\s*|was\s*|between\s*|from\s*|at least\s*|under\s*|over\s*|up to\s*|[<>≥≤]=?\s*)*"
    rf"{ANY}(?!\.?\d|\s*(?:%|percent))(?:\s*(?:-|to|and)\s*{ANY})?(?:\s*(?:years?|yrs?|months?))?"
    r"(?:\s*(?:of age|old|or (?:older|younger|over|above|more)))?",
    I,
)
_AGE_BEHIND = re.compile(  # 45-year-old, 18 years or older
    rf"{ANY}(?:\s*(?:-|to)\s*{ANY})?[- ](?:years?|months?)[- ](?:of age|old|or (?:older|younger))", I
)

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH},?\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d"  # March 3, 2020
    rf"|\d{{1,2}}\s+{_MONTH}(?!\w)|{_MONTH}\s+\d{{1,2}}(?!\.\d|\s*%))(?!\w)"
    r"|(?<![\w.,])(?:19[5-9]\d|20[0-4]\d)(?:\s*-\s*(?:(?:19|20)?\d\d))?(?![\w%]|\.\d|,\d|/\d)"  # 2010-2019
)
_DATE_IN_DIGITS = re.compile(
    r"(?<![\w/.-])(?:(?:19|20)\d\d([-/])(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])"  # 2018-06-30
    r"|(?:[0-3]?\d([-/.]))?(?:[0-2]?\d|3[01])\2(?:19|20)\d\d"  # 15.06.2020
    r"|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d)(?![\w/-]|\.\d)"  # 06/2018
)
_DAY_BEFORE = re.compile(  # days -6 to -2, before the infusion
    r"\b(?:days?|d|D)\s-\s?\d{1,2}(?:\s*(?:-|to|and|through|,(?: and)?)\s*(?:days?\s*)?[-+]\s?\d{1,2})*(?![\w%]|\.\d)"
)

_CYCLE_DAY = re.compile(r"\bcycles? \d+,? (?:on )?days? \d+(?:\s*(?:-|to)\s*\d+)?\b")  # through cycle 7 day 1

_SHORT = re.compile(  # D28, D+100, day-28
    r"(?<![\w-])(?:[Dd]\s?\+\s?|[Dd](?=\d\d)|(?:(?<=at )|(?<=on )|(?<=by )|(?<=from )|(?<=to ))D|\b[Dd]ay-?(?=\d))"
    r"(\d{1,3})(?![\w%]|[.,]\d|\s*%)"
)
_FIRST = re.compile(  # in the first year, within a month
    r"\b(?:(?<=the )|(?<=their )|(?<=its ))(?:first|1st) (year|month|week)\b"
    r"(?!s|-| of (?:life|age|\d|the (?:study|trial)))"
    r"|(?:(?<=within )|(?<=at )|(?<=by )|(?<=after ))(?:a|the) (year|month|week)\b"
    r"(?!s|-| (?:(?:19|20)\d\d|of (?:life|age|\d)))"
)
_POINT = re.compile(  # day +100, month 6, week 4 to 6
    rf"\b(?<!\d )(day|week|month|year|D)s?\s*[+]?\s*({ANY}|\+\d+)(?:\s*(?:-|to|/)\s*(?:day\s*)?\+?({NUM}))?"
    r"(?![\d.]*\s*(?:%|patients))",
    I,
)
_POINT_MORE = re.compile(  # days 28 and 90: the second
    rf"(?:,|\band\b|\bor\b)\s*(?:and\s+|or\s+)?({NUMBER}|\+\d+)(?!\w|\.?\d|-\w|\s*(?:%|/|\(|{UNIT}|patients|children))"
)
_POINTS_BEFORE = re.compile(
    r"\b(days|weeks|months|years)\s+\+?\d+(?:(?:\s*,|\s+and|\s+or)(?:\s+and|\s+or)?\s+\+?\d+)*\s*$", I
)
_ADJECTIVE = re.compile(rf"({ANY})\s*-?\s*(?:and|or|to|,)?\s*-\s*({UNIT})(?!\s*old)", I)  # 2-year
_OR_AND = r"(?:(?:and|or)\s*)?"
_LISTED = re.compile(  # 1-, 2- and 3-year; at 1, 2 and 3 years: all but the last
    rf"(?<![\w.])({ANY})(?=-?\s*(?:,|and|or|to|/)\s*{_OR_AND}"
    rf"(?:{ANY}\s*-?\s*(?:,|and|or)\s*{_OR_AND}){{0,8}}{ANY}\s*-?\s*(?:{UNIT}))",
    I,
)

_AT = r"(?:(?<=\bat )|(?<=\bafter ))"
_UNIT_BEHIND = re.compile(  # 80% at 12 and 60% at 24 months: the first
    rf"{_AT}({ANY})(?=\s*(?:,|;|and\b|or\b)(?:[^.;]|\.(?=\d)){{0,60}}?\b(?:at|after) {ANY}\s*-?\s*({UNIT}))", I
)
_UNIT_BEFORE = re.compile(  # 38% at one year and 29% at four
    rf"{_AT}({ANY})(?!\s*(?:,|and\b|or\b)\s*(?:(?:and|or|at|after)\s+)*{ANY}(?!\s*%|\.\d))"
    r"(?=\s*(?:[.,;)\]](?!\d)|and\b|or\b|$))",
    I,
)
_AT_BEFORE = re.compile(rf"\b(?:at|after) {ANY}\s*({UNIT})", I)
_HALF_YEAR = re.compile(r"\bhalf a year\b", I)

_DURATION = re.compile(rf"({ANY})\+?\s*({UNIT})", I)
_DURATION_SPREAD = re.compile(rf"({NUMBER})\s*(?:±|\+/-)\s*{NUM}\s*-?\s*({UNIT})", I)  # 12.3 ± 4.5 days
_DURATION_LISTED = re.compile(  # 12.3 (9-15) v 8.1 months: the first
    rf"({NUMBER})(?=\s*(?:[\[(][^\[\]()]{{1,40}}[\])]\s*)?"
    r"(?:vs?\.?|versus|compared (?:with|to)|against|and|,)\s+"
    rf"(?:{NUMBER},? (?:and |or )?)?{NUMBER}\s*(?:±\s*{NUM}\s*)?({UNIT}))",
    I,
)
_DURATION_RANGED = re.compile(  # 37 (6-176) months
    rf"({NUMBER})(?=\s*[\[(]\s*(?:(?:range|IQR|interquartile range|\d\d\s*%\s*-?\s*CI)\s*[,:;]?\s*)?"
    rf"{NUM}\s*(?:-|to|,|;)\s*(?:{NUM}|{OPEN})\s*[\])]\s*({UNIT})(?! old))",
    I,
)
_SET_AGAINST = re.compile(r"[^,]*?\b(?:vs?\b|versus|compared|against)", I)


def _short(m: Match) -> Quantity:
    return Quantity("time", m.start(), m.end(), parse(m[1]), "day", form="point")


def _first(m: Match) -> Quantity:
    return Quantity("time", m.start(), m.end(), 1.0, time_unit(m[1] or m[2]), form="point")


def _point(m: Match) -> Quantity | None:
    if m[1] == "d":
        return None
    return Quantity("time", m.start(), m.end(), parse((m[3] or m[2]).lstrip("+")), time_unit(m[1]), form="point")


def _point_more(m: Match) -> Quantity | None:
    before = _POINTS_BEFORE.search(m.string[max(0, m.start() - 50) : m.start()])
    if before is None:
        return None
    return Quantity("time", m.start(1), m.end(1), parse(m[1].lstrip("+")), time_unit(before[1]), form="point")


def _adjective(m: Match) -> Quantity:
    return Quantity("time", m.start(), m.end(), parse(m[1]), time_unit(m[2]), form="adjective")


def _listed(m: Match) -> Quantity:
    named = re.search(UNIT, m.string[m.end() : m.end() + 60], I)
    return Quantity("time", m.start(), m.end(), parse(m[1]), time_unit(named[0]) if named else "day", form="listed")


def _unit_behind(m: Match) -> Quantity:
    return Quantity("time", m.start(), m.end(), parse(m[1]), time_unit(m[2]), form="listed")


def _unit_before(m: Match) -> Quantity | None:
    units = _AT_BEFORE.findall(m.string[max(0, m.start() - 80) : m.start()])
    value = parse(m[1])
    if not units or value != int(value):
        return None  # survival was estimated at 85.1 and 76.6%
    return Quantity("time", m.start(), m.end(), value, time_unit(units[-1]), form="listed")


def _half_year(m: Match) -> Quantity:
    return Quantity("time", m.start(), m.end(), 6.0, "month", form="point")


def _duration(m: Match) -> Quantity:
    return Quantity("duration", m.start(), m.end(), parse(m[1]), time_unit(m[2]))


def _duration_ranged(m: Match) -> Quantity:
    return Quantity("duration", m.start(), m.end(), parse(m[1]), time_unit(m[2]), form="listed")


def _duration_listed(m: Match) -> Quantity | None:
    """Return a duration whose unit stands behind the next one, where both read like results.

    They do with decimals, or set against each other; `at 6 and 12 months` are time points.
    """
    if "." not in m[1] and not _SET_AGAINST.match(m.string[m.end(1) : m.end(1) + 30]):
        return None
    return _duration_ranged(m)


AGES = (
    Pass(_AGE_NAMED, plain("age"), needs=("age", "older", "younger")),
    Pass(_AGE_BEHIND, plain("age"), at_numbers=True, needs=("age", "old", "younger")),
)
DATES_IN_DIGITS = (
    Pass(_DATE_IN_DIGITS, plain("date"), at_numbers=True),
    Pass(_DAY_BEFORE, plain("date"), needs=(" -",)),
    Pass(_CYCLE_DAY, plain("date"), needs=("cycle",), caseless=True),
)
DATES = Pass(_DATE, plain("date"))
SPREAD_DURATIONS = Pass(_DURATION_SPREAD, _duration, at_numbers=True, needs=("±", "+/-"))
LISTED_DURATIONS = (
    Pass(_DURATION_RANGED, _duration_ranged, at_numbers=True),
    Pass(_DURATION_LISTED, _duration_listed, at_numbers=True),
)
WITHOUT_UNIT = (
    Pass(_UNIT_BEHIND, _unit_behind, at_numbers=True),
    Pass(_UNIT_BEFORE, _unit_before, at_numbers=True),
    Pass(_HALF_YEAR, _half_year, needs=("half a year",), caseless=True),
)
TIMES = (
    Pass(_LISTED, _listed, at_numbers=True),
    Pass(_ADJECTIVE, _adjective, at_numbers=True),
    Pass(_SHORT, _short),
    Pass(_FIRST, _first, needs=("year", "month", "week"), caseless=True),
    Pass(_POINT, _point),
    Pass(_POINT_MORE, _point_more, needs=("days ", "weeks ", "months ", "years ")),
)
DURATIONS = Pass(_DURATION, _duration, at_numbers=True)
