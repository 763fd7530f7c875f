"""Words levelled so that spellings of one term agree: hyphens, plurals, possessives, British spelling, Greek letters.

`allo-HSCT`, `allo HSCT`, `allo–HSCT` and `alloHSCT`; `tumour` and `tumor`; `leukaemias` and `leukemia`; `Hodgkin's` and
`Hodgkin` all come out as the same words. Labels and texts are levelled alike, so the levelled forms need not be words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?:[Aa]llo|[Aa]uto|[Hh]aplo)(?=[A-Z])"
    r"|(?<=[a-zà-ÿ])['’]s\b"
    r"|[A-Za-zÀ-ÖØ-öø-ÿ]+|\d+|\S"
)
_DASHES = frozenset("-‐‑‒–—−\u00ad")
_GREEK = dict(zip("αβγδεκλμ", "alpha beta gamma delta epsilon kappa lambda mu".split(), strict=True))
_BRITISH = (
    (re.compile(r"(?<=\w)our(?=(?:s|ed|ing|able)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[ds]?|ing|ations?)$)"), "iz"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"^grey$"), "gray"),
)


@lru_cache(maxsize=32)
def lowered(text: str) -> str:
    """Return `text` in lower case, character for character, so that offsets stay (`İ` would become two characters)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Word(NamedTuple):
    """One levelled word: `lower` for ordinary labels, `exact` for those whose case matters, and its place."""

    lower: str
    exact: str
    start: int
    end: int


def level(word: str) -> str:
    """Return `word` lower-cased, in American spelling and in the singular."""
    low = word.lower()
    if not low.isalpha():
        return _GREEK.get(low, low)
    if low in _GREEK:
        return _GREEK[low]
    if len(low) > 4:
        low = low.replace("ae", "e").replace("oe", "e")
        for pattern, american in _BRITISH:
            low = pattern.sub(american, low)
    return _singular(low)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith("sses") else word[:-1]


def _exact(word: str) -> str:
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        return word[:-1]
    return _GREEK.get(word, word)


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, str]:
    return level(word), _exact(word)


@lru_cache(maxsize=8)
def words(text: str) -> tuple[Word, ...]:
    """Return the levelled words of `text` in order; hyphens within words and possessive endings are left out.

    The words of the last few texts are kept; those of mere labels are rather got by `label_words`.
    """
    return label_words(text)


def label_words(text: str) -> tuple[Word, ...]:
    """Return the levelled words of a label as `words` does, without keeping them."""
    found = []
    previous_end = -1
    for match in _TOKEN.finditer(text):
        token = match[0]
        start, end = match.span()
        if token in _DASHES and start == previous_end:
            continue
        if token[0] in "'’" and len(token) > 1:
            previous_end = end
            continue
        previous_end = end
        found.append(Word(*_forms(token), start, end))
    return tuple(found)
