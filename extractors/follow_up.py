"""Follow-up of the whole study as stated: the median, the range and their unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.annotation import Annotated
from extractors.evidence import Anchor, FollowUp, TimeUnit
from extractors.levelling import lowered
from extractors.numbers import DIGITS, WORDS, level, parse

_number = rf"(?:{DIGITS}|{WORDS})"
_unit = r"(?:days?|d|weeks?|wks?|months?|mos?|mths?|years?|yrs?|y)\b"
_follow = r"(?:follow(?:ed)?[- ]?up|f/u|surveillance|observation)(?: times?| periods?| durations?)?"
_followed = r"(?:followed(?:[- ]up)?|observed|monitored|survivors?|alive|living|when last seen)"
_gap = r"(?:[^\d.;\n(]|\((?!\s*(?:range|IQR|\d))[^()]{0,30}\)){0,70}?"
_listed = (
    rf"(?P<listed>(?:\s*{_unit})?\s*(?:,|and|vs\.?|versus)\s*(?:and\s*)?{_number}\s*{_unit}"
    rf"|\s*{_unit} (?:in|for|with) (?:the )?[^.;,\d]{{1,30}} and {_number}\s*{_unit})?"
)
_value = rf"(?P<value>{_number}){_listed}(?:[- ]*(?P<unit>{_unit}))?"
_range = (
    rf"(?:\s*[,;]?\s*[(\[,;]?\s*(?:range[,:=]?\s*(?:of |from )?(?:=\s*)?)?(?P<low>{DIGITS})(?:\s*{_unit})?\s*(?:-|to|~)"
    rf"\s*(?P<high>{DIGITS})[)\]]?(?:[- ]*(?P<range_unit>{_unit}))?)?"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w.]){_value}(?: \([^()]{{0,20}}\))? of (?:a )?median (?:\w+ )?{_follow}{_range}",
        rf"\bmedian,? (?:\w+ ){{0,3}}{_follow}\b{_gap}\b{_value}{_range}",
        rf"\bmedian (?:of )?{_value}(?: of)?(?: \w+)? {_follow}{_range}",
        rf"\b{_follow}\b{_gap}\(?(?:\bmedian\b\)?,?:?{_gap}){_value}{_range}",
        rf"\b{_follow}\b[^\d.;\n]{{0,40}}{_value} in (?:the )?median{_range}",
        rf"\b{_followed},?(?: \w+){{0,3}} (?:a )?median(?: of|,)?(?: \w+){{0,2}} {_value}{_range}",
        rf"\b{_followed}(?: \w+){{0,2}} {_value} in (?:the )?median{_range}",
    )
)
_BETWEEN = re.compile(
    rf"\b(?:{_follow}|followed(?: up)?)\b(?:[^\d.;\n]{{0,40}}?)\b(?P<low>{DIGITS})\s*(?P<low_unit>{_unit})?"
    rf"\s*(?:-|to|and|~)\s*(?P<high>{DIGITS})[- ]*(?P<unit>{_unit})"
    rf"(?:\s*\(median,?(?: of)?\s*(?P<value>{DIGITS})(?:[- ]*{_unit})?\))?"
)
_NOT_RANGE = re.compile(r"iqr|interquartile|\bci\b|confidence|quartile")
_UNITS: dict[str, TimeUnit] = {"d": "day", "w": "week", "m": "month", "y": "year"}


def follow_up(annotated: Annotated) -> tuple[FollowUp, dict[str, tuple[Anchor, ...]]]:
    """Return the study's follow-up with the anchors of its parts; all null where none is stated or arms differ."""
    text = lowered(level(annotated.document.text))
    for match in _stated(text):
        if not match["listed"]:
            return _read(text, match)
    between = _BETWEEN.search(text)
    return _read(text, between) if between else (FollowUp(), {})


def _stated(text: str) -> Iterator[re.Match[str]]:
    """Yield the statements of a median, the surest wording first, in each wording the first in the text first."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match["unit"] or match["range_unit"]:
                yield match


def _read(text: str, match: re.Match[str]) -> tuple[FollowUp, dict[str, tuple[Anchor, ...]]]:
    groups = match.groupdict()
    unit = _unit_of(groups.get("unit")) or _unit_of(groups.get("range_unit"))
    names = {"median": "value", "min": "low", "max": "high"}
    spread = text[match.end("value") if groups["value"] else match.start() : match.end()]
    if _NOT_RANGE.search(spread):
        names = {"median": "value"}
    elif _unit_of(groups.get("low_unit")) not in (None, unit):
        del names["min"]
    found = {path: parse(groups[name]) for path, name in names.items() if groups.get(name)}
    if found.get("min", 0.0) > found.get("max", float("inf")):
        found = {path: value for path, value in found.items() if path == "median"}
    anchors: dict[str, tuple[Anchor, ...]] = {
        f"follow_up.{path}": (
            Anchor(start=match.start(names[path]), end=match.end(names[path]), by="follow-up-grammar"),
        )
        for path in found
    }
    return FollowUp(unit=unit, **found), anchors


def _unit_of(word: str | None) -> TimeUnit | None:
    return _UNITS.get(word[0].lower()) if word else None
