"""Names of groups that aren't runs of content words: `arm A`, `cohorts 1 and 2`, `CR1`, `400 mg`, `<60 years`, `8/8`.

The same group may be printed in other words elsewhere (`younger than 60 years`); its label is then the shortest form.
All places that speak of those who aren't in the group named before (`40% without`, `the remainder`) get one label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Designation(NamedTuple):
    """A group's name in short, and the place in the text where it is printed, in whatever words."""

    label: str
    start: int
    end: int


_NUMBER = r"\d+(?:[.,·]\d+)?"
_NUMBERED = re.compile(
    r"\b(?P<kind>arm|group|cohort|trial|study|regimen|period|part|era|stratum|course|dose level|level|class|step|stage"
    r"|score|CR|DL)"
    r"s?"
    r"(?P<gap>[ -]| of )?"
    r"(?P<first>[A-H](?![\w-])|\d{1,2}[a-c]?(?![\w%]|[.,]\d)|I{1,3}(?!\w)|IV(?!\w))",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"(?:\s?[,/]\s?(?:and |or )?|\s(?:and|or|versus|vs?\.?)\s)(?:CR|DL)?"
    r"(?P<next>[A-H](?!\w)|\d{1,2}[a-c]?(?![\w%]|[.,]\d)|I{1,3}(?!\w)|IV(?!\w))"
)
_ORDINAL = re.compile(
    r"\b(first|second|third|fourth|initial|later|earlier|same|new|1st|2nd|3rd)"
    r"(?: or (?:later|subsequent|third|greater|beyond))?[ -]"
    r"(cohort|line|period|era|group|salvage|transplant(?:ation)?|allograft|autograft|infusion|donor|half|phase"
    r"|relapse|decade)\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    rf"(?<![\w.]){_NUMBER}(?:\s?[-–]\s?{_NUMBER})?\s?"
    r"(?:[×x]\s?10(?:\^|\*\*)?[⁰¹²³⁴-⁹\d]+|cGy|Gy|mg|µg|μg|mcg|g|IU|U|min(?:ute)?s?|million|drugs?)(?!\w)"
    r"(?:/(?:kg|m²|m2|d|day))*(?: (?:once|twice|three times) (?:daily|weekly|a day)| daily| weekly| BID)?"
)
_FEW = r"(?:one|two|three|four|five|six|\d{1,2})"
_COUNTED = re.compile(  # `two or more doses`, `1-2 prior lines`
    rf"\b{_FEW}(?:(?: or | to |\s?[-–]\s?)(?:{_FEW}|more|fewer|less|later))? (?:prior |previous |earlier )?"
    r"(?:lines?|doses?|cycles?|courses?|infusions?|relapses?|risk factors?|alleles?|loci|antigens?)\b",
    re.IGNORECASE,
)
_MATCH = re.compile(r"(?<![\d/])(?:[4-9]|10)/(?:6|8|10)(?=[- ](?:HLA|allele|match|mismatch|M?MUD|URD|antigen|or)|\s)")
_UNIT = (
    r"(?:\s?(?:years?|yrs?|y|months?|mo|weeks?|days?|d|lines?|prior lines?|cm|mg/dL|ng/mL|x ?ULN|%|points?))?(?![\w.])"
)
_SIGN = re.compile(rf"(?P<sign>[<>≤≥])\s?(?P<number>{_NUMBER})(?P<unit>{_UNIT})")
_AGED = r"(?:years?(?: (?:of age|old))?|yrs?)"
_BETWEEN_AGES = re.compile(
    rf"\b(?:aged|ages?|between|those|of) (?:of )?(?P<low>\d{{1,2}})(?: {_AGED})?(?:\s?[-–]\s?| to | and )"
    rf"(?P<high>\d{{1,2}}) {_AGED}"
)
_WORDED = (
    (re.compile(rf"\b(?:younger|less|fewer|lower|earlier|shorter) than (?P<number>{_NUMBER})(?P<unit>{_UNIT})"), "<"),
    (re.compile(rf"\b(?:older|more|greater|higher|later|longer) than (?P<number>{_NUMBER})(?P<unit>{_UNIT})"), ">"),
    (re.compile(rf"\b(?:under|below|within) (?:age |the age of )?(?P<number>{_NUMBER})(?P<unit>{_UNIT})"), "<"),
    (re.compile(rf"\b(?:over|above|beyond|after) (?:age |the age of )?(?P<number>{_NUMBER})(?P<unit>{_UNIT})"), ">"),
    (re.compile(rf"\b(?:at least|no less than) (?P<number>{_NUMBER})(?P<unit>{_UNIT})"), "≥"),
    (re.compile(rf"\b(?:at most|no more than|up to) (?P<number>{_NUMBER})(?P<unit>{_UNIT})"), "≤"),
    (re.compile(rf"\b(?P<number>{_NUMBER}) (?P<unit>{_AGED}) (?:or|and) (?:older|over|above|more)\b"), "≥"),
    (re.compile(rf"\b(?P<number>{_NUMBER}) (?P<unit>{_AGED}) (?:or|and) (?:younger|under|below|less)\b"), "≤"),
)
_DATED = re.compile(
    r"\b(before|until|since|from|after) ((?:19|20)\d\d)\b(?!\s?(?:[-–]|to|through|until|and|/)\s?\d)", re.I
)
_CHANGED = re.compile(  # 21 (30%) before, 12 (14%) after the change
    r"\b(?P<when>before|after)(?=\s*[,;:.)(\]|]|\s+(?:and after|or after|versus after|vs\.? after)\b"
    r"|\s+(?:the |its |this |that |our )?(?:change|switch|introduction|implementation|adoption|policy|amendment|bundle"
    r"|intervention)\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"y|yrs?|year.*", re.IGNORECASE)
_REMISSION = re.compile(
    r"\b(first|second|third|1st|2nd|3rd)\b(?=[^.;:]{0,60}?\b(?:remissions?|CR)\b)"
    r"(?: (?:complete )?(?:remission|CR)\b)?",
    re.IGNORECASE,
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}
REST = "others"
"""The label of whoever isn't in the group that the text has named."""
# `those not bridged` have a name of their own
_NO_PARTICIPLE = r"(?! (?!given|received|treated|had|been)\w+(?:ed|en)\b)"
_REST = re.compile(
    r"\b(?:without(?=\s*(?:[.,;:)(\[]|$|it\b|them\b|one\b|any\b|such\b))|(?:those|patients|the ones) without\b"
    r"|the (?:others?|remainder|rest|remaining(?: \w+)?)\b(?! hand\b)(?: (?:patients|group|arm|cohort|children))?"
    rf"|others\b|those not\b{_NO_PARTICIPLE}|\d+ (?:did|had|were|was) not\b{_NO_PARTICIPLE}"
    r"|(?:those|patients|recipients|children|adults|women|men|cases|donors|people|individuals)"
    rf" (?:who|that) (?:did|were|had|do|are|have|was|has)(?: not|n't)\b{_NO_PARTICIPLE})",
    re.IGNORECASE,
)


def designations(text: str) -> Iterator[Designation]:
    """Yield the numbered groups, ordinals, doses, changes, degrees of matching and thresholds of a text, by kind."""
    yield from _numbered(text)
    for match in _ORDINAL.finditer(text):
        yield Designation(f"{match[1]} {match[2]}", *match.span())
    for match in _REMISSION.finditer(text):
        yield Designation(f"CR{_NTH[match[1].lower()]}", *match.span())
    for match in _REST.finditer(text):
        yield Designation(REST, *match.span())
    for match in _DATED.finditer(text):
        yield Designation(match[0].lower(), *match.span())
    for match in _CHANGED.finditer(text):
        yield Designation(match["when"].lower(), *match.span())
    for pattern in (_DOSE, _MATCH, _COUNTED):
        for match in pattern.finditer(text):
            yield Designation(match[0].strip(), match.start(), match.end())
    for match in _SIGN.finditer(text):
        yield _threshold(match, match["sign"])
    for match in _BETWEEN_AGES.finditer(text):
        yield Designation(f"{match['low']}-{match['high']} years", match.start("low"), match.end())
    for pattern, sign in _WORDED:
        for match in pattern.finditer(text):
            yield _threshold(match, sign)


def _numbered(text: str) -> Iterator[Designation]:
    for match in _NUMBERED.finditer(text):
        kind, end = match["kind"] + ((match["gap"] or "").replace(" of", "")), match.end()
        yield Designation(kind + match["first"], match.start(), end)
        while further := _FURTHER.match(text, end):
            end = further.end()
            yield Designation(kind + further["next"], further.start("next"), end)


def _threshold(match: re.Match[str], sign: str) -> Designation:
    unit = (match["unit"] or "").strip()
    years = _YEAR.fullmatch(unit)
    label = f"{sign}{match['number']}" + (" years" if years else f" {unit}" if unit else "")
    return Designation(label, match.start(), match.end())
