"""Numbers as abstracts print them: digits, words, fractions, odd decimal points and spaces.

`level` maps look-alike characters one to one, so that every offset found in the levelled text holds in the original.
The pattern fragments are meant for that levelled text; `parse` gives a fragment's value.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LOOK_ALIKES = {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "－": "-", "﹣": "-",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2004": " ", "\u2005": " ", "\u2006": " ", "\u2007": " ",
    "\u2008": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ", "\t": " ",
    "·": ".", "∙": ".", "⋅": ".", "％": "%", "﹪": "%", "＝": "=", "⩾": "≥", "⩽": "≤", "≧": "≥", "≦": "≤", "＜": "<",
    "＞": ">", "ſ": "s", "ı": "i", "İ": "I", "\u212a": "K",
    "‘": "'", "’": "'", "“": '"', "”": '"', "／": "/", "（": "(", "）": ")", "，": ",",
}  # fmt: skip
_LEVEL = str.maketrans(_LOOK_ALIKES)

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNIT_VALUE = {w: i for i, w in enumerate(_UNITS)}
_TENS_VALUE = {w: 10 * i for i, w in enumerate(_TENS, 2)}
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "sixth": 1 / 6, "tenth": 1 / 10}

_unit = "(?:" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
_tens = "(?:" + "|".join(_TENS) + ")"
_below_100 = rf"(?:{_tens}(?:[- ]{_unit})?|{_unit})"
WORDS = rf"\b(?:(?:{_below_100}|a) hundred(?:(?: and)?[- ]{_below_100})?|{_below_100})\b"
"""A cardinal in words up to 999 (case is ignored by the patterns that use it)."""

DIGITS = r"(?:\d{1,3}(?:[, ]\d{3}){1,4}(?!\d)|\d{1,15}(?!\d))(?:\.\d+)?|\.\d+"
"""A number in digits, with a thousands comma or space and a decimal point that may lead."""

NUMBER = rf"(?:(?<![\w.])|(?<=\bvs\.))(?<![A-Za-z]-)(?:{DIGITS})"
"""A number in digits that isn't part of a name (`CD19`, `ZUMA-7`)."""

INTEGER = r"(?<![\w.])(?<![A-Za-z]-)(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?![\w.,]*\d)"
FRACTION = r"\b(?:(?:(?:one|a)[- ])?half|(?:one|a|two|three|four)[- ](?:third|quarter|fifth|sixth|tenth)s?)\b"

_STARTS = (  # two patterns: each skips quickly to where it may match
    re.compile(r"[.\d](?:(?<![\w.].)|(?<=\bvs\..))", re.DOTALL),
    re.compile(rf"\b(?:a(?= hundred)|{_unit}|{_tens})"),
)


@lru_cache(maxsize=32)
def level(text: str) -> str:
    """Return `text` with look-alike dashes, spaces, dots and signs levelled, character for character."""
    return text.translate(_LEVEL)


def starts(lower: str) -> list[int]:
    """Return where numbers in digits or in words may begin in `lower`, levelled text in lower case, in order."""
    return sorted(match.start() for pattern in _STARTS for match in pattern.finditer(lower))


def parse(number: str) -> float:
    """Return the value of a number in digits, in words or as a fraction in words; raises ValueError otherwise."""
    compact = number.strip().replace(",", "").replace(" ", "") if any(c.isdigit() for c in number) else ""
    if compact:
        return float("0" + compact if compact.startswith(".") else compact)
    words = re.split(r"[- ]+", number.strip().lower())
    part = _PARTS.get(words[-1].removesuffix("s"))
    if part is not None:
        return part * (parse(" ".join(words[:-1])) if len(words) > 1 and words[0] != "a" else 1)
    return _cardinal(words)


def _cardinal(words: list[str]) -> float:
    if "hundred" in words:
        at = words.index("hundred")
        head = 1.0 if words[:at] == ["a"] else _cardinal(words[:at])
        rest = [w for w in words[at + 1 :] if w != "and"]
        return 100 * head + (_cardinal(rest) if rest else 0)
    total = 0
    for word in words:
        if word not in _TENS_VALUE and word not in _UNIT_VALUE:
            raise ValueError(f"not a number: {' '.join(words)}")
        total += _TENS_VALUE.get(word, 0) + _UNIT_VALUE.get(word, 0)
    return float(total)
