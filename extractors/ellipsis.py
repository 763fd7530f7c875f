"""Coordinated terms that share their head: `overall and progression-free survival`, `acute and chronic GVHD`.

The first of them has lost its head; it's looked up with the head put back. Its mention covers the words that stand
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.levelling import lowered
from extractors.numbers import level

_FREE = (
    r"(?:overall|(?:progression|event|disease|leuk(?:a)?emia|relapse|recurrence|failure|lymphoma)[- ]?free"
    r"|gvhd[- ]free|grfs)"
)
_GROUPS: tuple[tuple[str, str], ...] = (
    (_FREE, r"(?:survivals?|os\b)"),
    (r"(?:acute|chronic)", r"(?:graft[- ](?:versus|vs)[- ]host[- ]disease|gvhd)"),
    (r"(?:neutrophils?|platelets?|granulocyte|myeloid)", r"(?:engraftment|recovery|reconstitution)"),
    (
        r"(?:overall|objective|complete|partial|very good partial|stringent complete)",
        r"(?:responses?|remissions?)(?: rates?)?",
    ),
    (r"(?:non-?relapse|transplant-related|treatment-related|overall)", r"mortality"),
)
_JOINT = r"\s*-?\s*(?:\([^()]{1,12}\)\s*)?(?:,|and/or|and|or|/|&|as well as)\s*(?:(?:and|or)\s+)?(?:the\s+)?"
_PATTERNS = tuple(  # for text in lower case
    re.compile(rf"\b({modifier})(?={_JOINT}(?:{modifier}{_JOINT}){{0,3}}{modifier}\s+({head}))")
    for modifier, head in _GROUPS
)
_PLURAL = re.compile(r"\s+rates?$|s$")


def elided(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of each term without its head, and the whole term as it would be written out."""
    levelled = level(text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(lowered(levelled)):
            start, end = match.span(1)
            head = _PLURAL.sub("", levelled[slice(*match.span(2))])
            yield start, end, f"{levelled[start:end]} {head}"
