"""Ages as abstracts state them: the median age of the whole study, and the ages that patients had or could have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from extractors.levelling import lowered
from extractors.numbers import DIGITS, WORDS, level, parse

_digits = rf"(?:{DIGITS})"
_number = rf"(?:{DIGITS}|{WORDS})"
_years = r"(?:years?|yrs?|y/?o?)\b"
_months = r"(?:months?|mos?)\b"
_gap = r"(?:(?!(?:respectively|follow|surviv))[^\d.;\n(]|\([^()\d]{0,40}\)){0,60}?"
_listed = (
    rf"(?P<listed>(?:\s*{_years})?(?: \([^()]*\))?\s*(?:,|and|vs\.?|versus"
    rf"|or)\s*(?:and\s*)?{_digits}(?!\s*(?:women|men|wom|m\b|f\b|male|female|%|\w+ (?:were|had)))(?:\s*{_years}|\)"
    r"|,? respectively))?"
)
_age = rf"(?P<value>{_number}){_listed}(?:\s*[-]?\s*(?:(?P<months>{_months})|{_years}))?"
_MEDIAN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bmedian,? (?:\w+ )?(?:patient |recipient )?ages?\b{_gap}\b{_age}",
        rf"(?<!months of )\bage\b[^\d.;\n]{{0,30}}\bmedian\b[^\d.;\n(]{{0,25}}{_age}",
        rf"\b{_age} old(?: \w+)? in (?:the )?median",
        rf"\baged \d+ {_years} or (?:younger|older) \(median,? {_age}",
        rf"\b{_years} old \((?:mean,? [\d.]+; )?median,? {_age}",
        rf"\bages? (?:was |were |of )?{_age} in (?:the )?median",
        rf"\b(?:aged?|old) (?:\w+ ){{0,2}}{_age} in (?:the )?median",
        rf"\b(?:aged|age|ages)\b,?:? {_digits}\s*(?:-"
        rf"|to)\s*{_digits}(?:\s*{_years})?(?: of age)?,?\s*[(;,\[]\s*median,?:?\s*(?:of |age,? )?{_age}",
        rf"\bmedian of {_age} (?:old|of age)",
        rf"\bmedian {_age} (?:years )?(?:old|of age)",
        rf"\b{_digits} (?:to|-) {_digits} {_years}(?: old| of age)?,?\s*[(;,]\s*median,?:?\s*(?:of )?{_age}",
        rf"\ba median of {_age}\s*(?:{_years})? (?:old|of age)",
    )
)
_OF_AGE = re.compile(r"\bage|\byear|\bold\b|-year")
Kind = Literal["between", "from", "below", "at"]


class Ages(NamedTuple):
    """A statement of patients' ages in years at `start`..`end`: between `low` and `high`, or open at one end."""

    start: int
    end: int
    low: float
    high: float
    kind: Kind


_BETWEEN = re.compile(
    rf"(?:\b(?:aged?|ages?|old|years?)\b(?:[^\d.;\n%]{{0,25}})|\brange,?:?=? ?(?:of |from )?|(?:patients|people"
    r"|adults|men|women|children|recipients) (?:from |of )?|(?<=[(\[,]) ?|\bfrom |\bbetween |\bwere )"
    rf"(?P<low>{_digits})\s*(?P<low_unit>{_months}|{_years})?\s*(?:-|to"
    rf"|and)\s*(?P<high>{_digits})[- ]*(?P<unit>{_years}|{_months})?(?P<tail>(?: of age| old)?)",
)
_FROM = re.compile(
    r"(?:(?:≥|>|older than|over|above|at least|from|past"
    rf"|beyond)\s*(?:the age of )?(?P<low>\d{{1,2}})[- ]*(?:{_years}|of age\b))"
    rf"|\b(?:aged?|age of)\s*(?:≥|>|over|above|at least)?\s*(?P<low2>\d{{1,2}})\s*(?:{_years})?\s*(?:of age )?(?:and"
    r"|or) (?:older|above|over|more|beyond)"
    rf"|\b(?P<low3>\d{{1,2}}) {_years}(?: of age)? (?:and|or) (?:older|above|over|more)|\bage (?:≥"
    rf"|>)\s*(?P<low4>\d{{1,2}})|≥\s*(?P<low5>\d{{2}})-year-olds",
)
_BELOW = re.compile(
    rf"(?:≤|<|younger than|under|up to|below|less than)\s*(?:the age of )?(?P<high>\d{{1,2}})\s*(?:{_years}|of age\b)"
    rf"|\b(?:aged?)\s*(?:≤|<|under|up to)\s*(?P<high2>\d{{1,2}})",
)
_AT = re.compile(rf"\b(?P<age>{_number})[- ](?P<unit>years?|months?)[- ]old\b")


@lru_cache(maxsize=8)
def median_age(text: str) -> tuple[float, int, int] | None:
    """Return the median age in years with its number's offsets, or None where none (or one for each arm) is stated."""
    low = lowered(level(text))
    if "median" not in low or not _OF_AGE.search(low):
        return None
    for pattern in _MEDIAN:
        stated: dict[float, tuple[int, int]] = {}
        for match in pattern.finditer(low):
            value = parse(match["value"]) / (12 if match["months"] else 1)
            if not match["listed"] and 0 < value < 100:
                stated.setdefault(round(value, 2), (match.start("value"), match.end("value")))
        if stated:
            return _only(stated)
    return None


def _only(stated: dict[float, tuple[int, int]]) -> tuple[float, int, int] | None:
    """Return the one age stated; where several are, they are those of arms."""
    if len(stated) > 1:
        return None
    [(value, (start, end))] = stated.items()
    return value, start, end


def ages(text: str) -> Iterator[Ages]:
    """Yield the statements of patients' ages in `text`, kind by kind."""
    low = lowered(level(text))
    if not _OF_AGE.search(low):
        return
    for match in _BETWEEN.finditer(low):
        yield from _between(match)
    for match in _FROM.finditer(low):
        yield Ages(match.start(), match.end(), float(next(g for g in match.groups() if g)), 120.0, "from")
    for match in _BELOW.finditer(low):
        yield Ages(match.start(), match.end(), 0.0, float(match["high"] or match["high2"]), "below")
    for match in _AT.finditer(low):
        value = parse(match["age"]) / (12 if match["unit"][0] == "m" else 1)
        yield Ages(match.start(), match.end(), value, value, "at")


def _between(match: re.Match[str]) -> Iterator[Ages]:
    head = match.group()[: match.start("low") - match.start()].lower()
    speaks_of_age = "age" in head or bool(match["tail"].strip())
    unit = (match["unit"] or "").lower()
    if not speaks_of_age and not (unit.startswith("y") and ("range" in head or "old" in head)):
        return
    low, high = parse(match["low"]), parse(match["high"])
    if unit.startswith("m"):
        high /= 12
    if (match["low_unit"] or unit).lower().startswith("m"):
        low /= 12
    if low < high < 105:
        yield Ages(match.start(), match.end(), low, high, "between")
