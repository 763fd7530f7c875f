"""When an extracted figure agrees with a reference figure, and when a quote bears its number.

The tolerances are those of reading, not of statistics: a proportion may be rounded (0.6 of a point), a ratio not
(0.006), a median may be told in another unit of time (1 %), a time point may be rounded (`12 months`, `day 360`: 5 %).
"""

from __future__ import annotations

import re
from typing import Final

from extractors.evidence import Outcome, TimePoint

DAYS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
RATIOS: Final = frozenset({"hazard-ratio", "odds-ratio", "risk-ratio"})
COUNTED: Final = frozenset({"proportion", "count"})
PROPORTION_TOLERANCE: Final = 0.6
EXACT_TOLERANCE: Final = 0.006
MEDIAN_TOLERANCE: Final = 0.01
TIME_TOLERANCE: Final = 0.05

_SAME_GRADE: Final = {
    ">=3": "3+",
    "3-4": "3+",
    "3-5": "3+",
    "3orhigher": "3+",
    ">=2": "2+",
    "2-4": "2+",
    "moderate-to-severe": "moderate-severe",
}
_ROMAN: Final = (("iv", "4"), ("iii", "3"), ("ii", "2"), ("i", "1"))
_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NOTHING: Final = "no none never neither nor without absent free not nobody".split()
_EVERYTHING: Final = "all both every each".split()
_ONE: Final = "only a an single another fifth".split()
_NUMBER: Final = re.compile(
    r"\d{1,3}(?:[,\s]\d{3})+(?!\d)"  # 1,204
    r"|\d+(?:[.·]\d+)?"  # 68 and 0·31
    r"|(?<![\w.])[.·]\d+"  # .40
)
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)?")


def _number_words() -> dict[str, float]:
    words: dict[str, float] = {word: float(k) for k, word in enumerate(_ONES)}
    for tens, ten in enumerate(_TENS, 2):
        words[ten] = 10.0 * tens
        words |= {f"{ten}-{one}": 10.0 * tens + k for k, one in enumerate(_ONES[1:10], 1)}
    words |= dict.fromkeys(_NOTHING, 0.0) | dict.fromkeys(_EVERYTHING, 100.0) | dict.fromkeys(_ONE, 1.0)
    return words | {"half": 50.0}


_WORDS: Final = _number_words()


def days(value: float | None, unit: str | None) -> float | None:
    """Return a duration in days, or None where the value is missing or `unit` isn't one of time."""
    if value is None or unit is None or unit not in DAYS:
        return None
    return value * DAYS[unit]


def near(a: float | None, b: float | None, share: float) -> bool:
    """Whether both are unknown, or both known and no further apart than `share` of the larger."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= share * max(abs(a), abs(b), 1e-9)


def same_time(a: TimePoint | None, b: TimePoint | None) -> bool:
    """Whether two time points agree, in whichever unit; none agrees with none only."""
    return near(_in_days(a), _in_days(b), TIME_TOLERANCE)


def _in_days(time: TimePoint | None) -> float | None:
    return days(time.value, time.unit) if time else None


def levelled_grade(grade: str | None) -> str | None:
    """Return a grade in one notation (`3-4`, `>=3` and `III-IV` are all `3+`); any grade is none."""
    if grade in (None, "", "any", "all"):
        return None
    levelled = str(grade).lower().replace("≥", ">=").replace(" ", "").replace("–", "-").replace("grade", "")
    for roman, arabic in _ROMAN:
        levelled = re.sub(rf"\b{roman}\b", arabic, levelled)
    return _SAME_GRADE.get(levelled, levelled)


def same_figure(reference: Outcome, predicted: Outcome) -> bool:
    """Whether measure, statistic and value agree; `8 of 10` agrees with itself whether said as a count or as 80 %."""
    if reference.measure != predicted.measure:
        return False
    if {reference.statistic, predicted.statistic} <= COUNTED:
        return _same_counted(reference, predicted)
    if reference.statistic != predicted.statistic:
        return False
    if reference.not_reached or predicted.not_reached:
        return reference.not_reached == predicted.not_reached
    return _same_value(reference, predicted)


def _same_counted(a: Outcome, b: Outcome) -> bool:
    if a.n is not None and a.n == b.n and (not a.N or not b.N or a.N == b.N):
        return True
    if a.statistic == b.statistic == "count":
        return a.value == b.value
    if a.statistic != b.statistic or a.value is None or b.value is None:
        return False
    return abs(a.value - b.value) <= PROPORTION_TOLERANCE


def _same_value(a: Outcome, b: Outcome) -> bool:
    if a.value is None or b.value is None:
        return False
    if a.statistic in RATIOS:
        return abs(a.value - b.value) <= EXACT_TOLERANCE
    days_a, days_b = days(a.value, a.unit), days(b.value, b.unit)
    if days_a is not None and days_b is not None:
        return near(days_a, days_b, MEDIAN_TOLERANCE)
    return abs(a.value - b.value) <= EXACT_TOLERANCE and a.unit == b.unit


def grounded(outcome: Outcome, text: str) -> bool:
    """Whether the quote stands letter for letter in `text` (at its offsets where it has any) and bears the number."""
    quote = outcome.quote
    if not quote or quote not in text:
        return False
    if outcome.start is not None and text[outcome.start : outcome.end] != quote:
        return False
    return outcome.not_reached or _bears_number(outcome, quote)


def _bears_number(outcome: Outcome, quote: str) -> bool:
    if outcome.n == outcome.N == 1:  # a single patient's event is told without a number
        return True
    named = _numbers(quote)
    numbers = named | {100 * x for x in named if x < 1}
    if outcome.measure == "manufacturing-success":  # told as the share that failed
        numbers |= {100 - x for x in named}
    if outcome.n is not None and outcome.N and outcome.N - outcome.n in numbers:
        return True
    wanted = [abs(w) for w in (outcome.value, outcome.n) if w is not None]
    return any(abs(w - x) < EXACT_TOLERANCE for w in wanted for x in numbers)


def _numbers(quote: str) -> set[float]:
    printed = {float(re.sub(r"[,\s]", "", m).replace("·", ".")) for m in _NUMBER.findall(quote)}
    return printed | {_WORDS[w] for w in _WORD.findall(quote.lower()) if w in _WORDS}
