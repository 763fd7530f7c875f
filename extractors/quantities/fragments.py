"""Pattern fragments that several passes share; all are meant for levelled text (`extractors.numbers.level`)."""

from __future__ import annotations

import re

from extractors.numbers import DIGITS, NUMBER, WORDS

I = re.IGNORECASE  # noqa: E741 - as the library calls it
NUM = rf"(?:{DIGITS})"
SIGNED = rf"[-+]?(?:{DIGITS})"
ANY = rf"(?:{NUMBER}|{WORDS})"
COUNTED = rf"(?:{WORDS}|\d{{1,6}})"
EXPONENT = r"[\d⁰¹²³⁴-⁹]+"
UNIT = r"(?<![A-Za-z])(?:days?|d|weeks?|wks?|wk|months?|mos?|mon|years?|yrs?|yr|y)\b"
CI_WORDS = (  # not the HCT-CI (a comorbidity index), nor CRi (a remission)
    r"(?:(?<!HCT[- ])(?:CIs?|IC)\b|confidence[ -]intervals?|credib(?:le|ility)[ -]intervals?|(?-i:CrIs?)\b"
    r"|confidence limits?)"
)
OPEN = (
    r"(?:NR|NE|NA|NC|∞|infinity"
    r"|not (?:yet )?(?:been )?(?:reached|achieved|attained|estimable|evaluable|reported|calculable|applicable)"
    r"(?:\s*[\[(]N[A-Z][\])])?)"  # not reached [NR]
)
PATIENTS = r"(?:patients|children|recipients|subjects|cases|participants|adults)"
THESE = r"(?:the |these |those |all |our |its |their )?"

_UNIT_NAMES = {"d": "day", "w": "week", "m": "month", "y": "year"}


def time_unit(word: str) -> str:
    """Return the unit of time that a word or abbreviation of it names: day, week, month or year."""
    return _UNIT_NAMES[word[0].lower()]
