"""Lines of earlier treatment: the median that a text states for the whole study."""

from __future__ import annotations

import re

from extractors.levelling import lowered
from extractors.numbers import DIGITS, WORDS, level, parse

_number = rf"(?P<value>(?:{DIGITS})|{WORDS})"
_earlier = r"(?:prior|previous|earlier|preceding|antecedent|past)"
_treatments = r"(?:lines?|therap(?:y|ies)|treatments?|regimens?|courses)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bmedian (?:of |number of )?{_number} (?:\w+ )?{_earlier} (?:\w+ )?{_treatments}",
        rf"\bmedian (?:of )?{_number} (?:\([^()]*\) )?(?:\w+ )?(?:{_treatments})(?: of \w+)?(?: \w+)? (?:before"
        r"|beforehand|previously|given before|had failed|behind)",
        rf"\bmedian (?:of )?{_number} (?:\([^()]*\) )?(?:lines|regimens)\b",
        rf"\b{_earlier} (?:\w+ ){{0,2}}{_treatments}[^\d.;\n]{{0,25}}\bmedian\b[^\d.;\n(]{{0,15}}{_number}",
        rf"\bmedian (?:number of )?(?:{_earlier} )?(?:\w+ )?(?:{_treatments})(?: of (?:\w+ )?{_treatments})?\b"
        rf"[^\d.;\n]{{0,25}}?{_number}",
        rf"\b{_earlier} {_treatments}[,:]? {_number} in (?:the )?median",
        rf"\b{_number} (?:{_earlier} )?{_treatments} in (?:the )?median",
    )
)
_LISTED = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:and|vs\.?|versus)\s*\d+(?:\.\d+)?\b(?!\s*[(%])")
_MOST = 20


def median_prior_lines(text: str) -> tuple[float, int, int] | None:
    """Return the median number of earlier lines of treatment with the offsets of its number, or None."""
    levelled = lowered(level(text))
    if "median" not in levelled:
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(levelled):
            value = parse(match["value"])
            if 0 < value <= _MOST and not _LISTED.match(levelled, match.end("value")):
                return value, match.start("value"), match.end("value")
    return None
