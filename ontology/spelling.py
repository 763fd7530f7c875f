"""Spellings of one name brought together: for looking names up, and for telling whether two labels are one.

Case, hyphens, plurals, British and American spelling, `transplant` for `transplantation`, `nonrelapse` for
`non-relapse` and the ways to write a CAR T-cell therapy don't tell names apart. Folded text is for comparing only: it
isn't always a word.
"""

from __future__ import annotations

import re
from functools import lru_cache

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu"}
_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=[a-z])['’]s\b", ""),
        (r"[\s\-‐‑‒–—−\u00ad_/]+", " "),
        (r"(?<=[a-z])ae(?=[a-z]{2})|(?<=[a-z])oe(?=[a-z]{2})|\b[ao]e(?=[a-z]{4})", "e"),
        (r"(?<=[a-z]{2})our(?=s?\b)", "or"),
        (r"(?<=[a-z]{3})is(?=(?:ed|ing|ations?)\b)", "iz"),
        (r"\bcentre", "center"),
        (r"hemopoietic", "hematopoietic"),
        (r"transplantation", "transplant"),
        (r"chimeric antigen receptor(?: \(car\))?", "car"),
        (r"\bcar ?t?\b(?: cells?\b)?(?: (?:immuno)?(?:therapy|therapies|treatment|products?)\b)?$|\bcarts?$", "car t"),
        (r"^anti ?(?=.* car t$)|(?:directed|targeted|targeting|specific) (?=car t$)", ""),
        (r"\b(non|post|pre|anti) (?=[a-z])", r"\1"),
        (r"(?<=[a-z]{3})ies\b", "y"),
        (r"(?<=[a-z]{3})(?<![sui])s\b", ""),
    )
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` as names are compared; two spellings of one name give the same."""
    folded = "".join(_GREEK.get(char, char) for char in text.strip().casefold())
    for pattern, replacement in _RULES:
        folded = pattern.sub(replacement, folded)
    return folded.strip()
