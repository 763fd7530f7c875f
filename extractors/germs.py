"""Which germ a figure of infections is of: `CMV reactivated in 20%, EBV in 10%`.

Infections by cytomegalovirus are a measure of their own, all others are `infection`.
"""

from __future__ import annotations

import re

from extractors.joining import Figure
from extractors.linking.scene import Scene
from extractors.rivals import Told, reach

INFECTION, CMV = "infection", "cmv-infection"
_GERM = re.compile(
    r"\b(?:(?P<cmv>CMV|cytomegalo(?:virus|viral))\b|(?:EBV|EB virus|Epstein-Barr|HHV-?6|BKV|BK|RSV|HSV|norovirus"
    r"|COVID-19|SARS-CoV-2|C(?:\.|lostridi\w+)? difficile|candid(?:a|a?emia|iasis))\b"
    r"|(?:herpes|shingles|varicella|zoster|adenovir|(?:para)?influenza|aspergill|mou?ld|fung|bacter|toxoplasm)\w*)",
    re.I,
)
"""Cytomegalovirus, and germs or diseases by others."""
_UNCLEAR = re.compile(
    r"\b(?:other than|non-?CMV|except\w*|or|mainly|mostly|most|half|chiefly|one by|lymph\w+|cystitis|ha?ematuria)\b",
    re.I,
)
"""Words by which the germ isn't that of all the figure's infections, or they are another measure."""
_GERM_REACH = 40
_AND = re.compile(r",? (?:and|or|v|vs\.?|versus|against|as against|compared (?:with|to)) ")


def germ(scene: Scene, figure: Figure) -> Told | None:
    """Return whether a figure of infections is of cytomegalovirus or of another germ, where one is named before it."""
    start, end = reach(scene, figure)
    before = scene.levelled[start : figure.start]
    named = list(_GERM.finditer(before))
    if not named and _AND.fullmatch(before) and not _speaks(scene, figure.end, end):
        last = next((f for f in scene.figures if f.end == start), None)
        return None if last is None else germ(scene, last)  # EBV in 20% and 10%
    if not named or len(before) - named[-1].end() > _GERM_REACH or _UNCLEAR.search(before):
        return None
    if re.search(r",| (?:and|but) ", before[named[-1].end() :]) and _GERM.search(
        _clause(scene.levelled, figure.end, end)
    ):
        return None  # CMV reactivated, and two had adenovirus
    kinds = {m["cmv"] is not None for m in named}
    if len(kinds) > 1:
        return None  # CMV, adenovirus and BK virus were found in 20%, 10% and 5%
    return Told(CMV, frozenset({INFECTION})) if kinds == {True} else Told(INFECTION, frozenset({CMV}))


def _speaks(scene: Scene, start: int, end: int) -> bool:
    """Whether the clause that begins at `start` names a measure or a germ of its own."""
    clause = _clause(scene.levelled, start, end)
    return _GERM.search(clause) is not None or any(start <= m.start < start + len(clause) for m in scene.measures)


def _clause(text: str, start: int, end: int) -> str:
    """Return the words from `start` up to the next comma or stop."""
    return re.split(r"[.;,:()]", text[start:end], maxsplit=1)[0]
