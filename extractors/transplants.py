"""Transplants named in the text, by their most specific kind: how the graft is got, from whom, and how it's called.

The wordings are too many for a list (`allogeneic stem-cell transplantation`, `grafts from HLA-identical siblings`,
`alloHCT`), so they're built from their parts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CELLS = (
    r"(?:(?:ha?ematopoietic|ha?emopoietic|peripheral|blood|bone|marrow|stem|progenitor|cells?|allogeneic|and|derived"
    r"|HSC)"
    r"[-‐–/ ]+){0,6}"
)
_ACT = (
    r"(?:transplant(?:s|ation|ations|ed|ing)?|grafts?|HS?CTs?|S?CTx|SCTs?|BMTs?|PBSCTs?|HSCTs?|rescue"
    r"|infusion of stem cells)"
)
_ACRONYM = r"(?:HSCTs?|HCTs?|SCTs?|BMTs?|PBSCTs?|HPCT|SCTx|BMTx|PBSC|HSC)"
_HLA = (
    r"(?:HLA[-‐– ])?(?:genotypically |phenotypically |fully |well[- ]|antigen[- ]|allele[- ]"
    r"|\d+/\d+[- ](?:HLA[- ])?|HLA[- ])*"
)
_IDENTICAL = rf"(?:{_HLA}(?:matched|identical|compatible)[-,]?\s+)"
_DONOR = r"(?:[- ]*(?:donors?|volunteers?|grafts?|transplant\w*|recipients?))"

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("tandem autologous HSCT", "tandem double two planned sequential",
     r"(?:tandem|double|two|planned second|sequential)[- ](?:consecutive )?(?:autologous|auto[- ]?|autografts?"
         rf"|ASCTs?|AHSCTs?)[- ]?(?:{_CELLS}{_ACT})?"
     r"|(?:tandem|double)[- ](?:transplant\w*|ASCTs?|HSCTs?|HDCT/auto-?SCT|high-dose chemotherapy)"),
    ("haploidentical HSCT", "aplo HHCT partially mismatched",
     rf"haplo-?identical(?:[- ](?:related|family|familial|parental|T[- ]cell[- ]depleted))*[- ]*(?:{_CELLS}{_ACT}"
         r"|donors?|relatives?)?"
     rf"|(?<![A-Za-z])[Hh]aplo(?:[- ]?{_ACRONYM}|[- ](?:donors?|transplant\w*|grafts?))?(?![A-Za-z])|HHCT"
         r"|partially[- ]matched related(?: donors?)?"
     rf"|(?:HLA[- ])?mismatched (?:related|family)(?: donors?)?"),
    ("mismatched unrelated donor HSCT", "mismatched mis-matched MMUD",
     rf"(?:HLA[- ])?mis-?matched[-,]? (?:and )?unrelated{_DONOR}?"
        r"|MMUDs?(?![A-Za-z])"),
    ("matched unrelated donor HSCT", "unrelated MUD",
     rf"{_IDENTICAL}(?:and )?unrelated{_DONOR}?|MUDs?(?![A-Za-z])"
        r"|unrelated(?: donors?)?,? (?:HLA[- ])?matched"),
    ("matched sibling donor HSCT", "sibling brother sister MSD",
     rf"{_IDENTICAL}(?:\w+ )?(?:siblings?|brothers?|sisters?){_DONOR}?|siblings?[- ](?:donors?|grafts?|transplant\w*"
         rf"|allo\w+|{_ACRONYM})|MSDs?(?![A-Za-z])"
     rf"|MSD[- ]?{_ACRONYM}|(?:an? )(?:HLA-)?(?:identical|matched) siblings?|(?:her|his|a|their) (?:brother|sister"
         r"|sibling)s?(?= (?:donor|was|as|\())"),
    ("HSCT from matched related donor", "related famil relative MRD MFD",
     rf"{_IDENTICAL}(?:related|family|familial|relatives?){_DONOR}?"
        r"|MRDs?(?= (?:donor|transplant|HSCT|HCT|graft))|MFDs?(?![A-Za-z])"),
    ("HSCT from unrelated donor", "unrelated UD URD",
     r"unrelated[- ](?:adult |volunteer |marrow |living )*(?:donors?|volunteers?"
        rf"|transplant\w*|grafts?|{_ACRONYM})|(?<![A-Za-z])U[R]?Ds?(?![A-Za-z])(?= (?:donor|HSCT|HCT|SCT|transplant"
        r"|graft))"),
    ("HSCT from related donor", "related family",
     rf"(?<!un)related[- ](?:donors?|transplant\w*|{_ACRONYM})|family[- ]donors?"
        r"|(?<![A-Za-z])related (?=(?:and|or|/) (?:\w+ )?unrelated)"),
    ("cord blood transplantation", "cord CB",
     r"(?:(?:unrelated|double|single|dual|allogeneic)[- ](?:unit )?)*(?:umbilical[- ])?cord[- ]blood(?: cell| unit"
         r"| stem[- ]cell)?s?(?:[- ](?:units?|grafts?|transplant\w*|HSCTs?|HCTs?|SCTs?|cells?))?"
     r"|(?<![A-Za-z])d?UCB[T]?(?![A-Za-z])|(?<![A-Za-z])CBTs?(?![A-Za-z])|(?<![A-Za-z])CBU?(?= (?:unit|graft"
         r"|transplant))"),
    ("allogeneic HSCT", "llo",
     r"allogenei?c[- ](?:(?:T[- ]cell[- ]depleted|sibling|myeloablative|nonmyeloablative|reduced[- ]intensity"
         rf"|conditioning|nonablative) )*{_CELLS}{_ACT}"
     rf"|(?<![A-Za-z])[Aa]llo[-‐– ]?{_ACRONYM}(?![A-Za-z])|allo-?transplant\w*|allo-?graft\w*|allo(?=[- ](?:and|or"
         r"|vs))|allogenei?c (?:BMT|PBSC|PBPC)"
     r"|(?:HS?CT|transplant\w*) from (?:an? )?allogeneic|RIC-?allo-?HS?CT|allogenei?c (?:marrow|stem cells"
         r"|progenitors?|blood|procedure)"),
    ("autologous HSCT", "uto HSCT ASCT AHCT AuSCT ABMT APBSCT",
     rf"autologous[- ](?:(?:unpurged|purged|CD34\+?[- ]selected) )*{_CELLS}{_ACT}"
         rf"|(?<![A-Za-z])[Aa]uto[-‐– ]?(?:{_ACRONYM})(?![A-Za-z])|auto-?transplant\w*|auto-?graft\w*"
     r"|(?<![A-Za-z])(?:AHSCTs?|ASCTs?|AHCTs?|AuSCT|ABMT|APBSCT|aHSCTs?|HDT/ASCT|HDCT/ASCT|auto-PBSCT)(?![A-Za-z])"
         rf"|autologous (?:stem[- ]cell|marrow|blood|progenitor|PBSC|bone marrow)[-\w ]{{0,12}}(?:support|rescue"
         r"|reinfusion)"
     r"|autologous (?:marrow|PBSC|stem cells|procedure)"),
    ("HSCT", "",
     r"(?<![A-Za-z-])(?:(?:ha?ematopoietic|ha?emopoietic|peripheral|blood|bone|marrow|stem"
         rf"|progenitor)[-‐–/ ]+){_CELLS}(?:transplant(?:s|ation|ations|ed|ing)?)"
     rf"|(?<![A-Za-z-]){_ACRONYM}(?![A-Za-z/-])(?<!HSC)(?<!PBSC)"),
)  # fmt: skip
_COMPILED = tuple(
    (name, tuple(keys.split()), re.compile(rf"(?<![A-Za-z])(?:{pattern})")) for name, keys, pattern in _PATTERNS
)
"""Names with their patterns, each tried only where one of its keys stands in the text (where it has any)."""
_ANY = re.compile(
    r"transplant|graft|HS?CT|SCT|BMT|donor|sibling|haplo|cord|MUD|MSD|UCB|CBT|relative|family", re.I
)  # fmt: skip
_CASELESS = re.compile(r"[A-Z][a-z]{2,}")
_OTHER_ORGAN = re.compile(
    r"(?:liver|kidney|renal|heart|lung|cardiac|organ|microbiota|fecal|faecal|islet|tumou?r|skin)[- ]$", re.I
)


class Transplant(NamedTuple):
    """A transplant (or its donor) named at `start`..`end`, by its canonical name."""

    start: int
    end: int
    name: str


def transplants(text: str) -> list[Transplant]:
    """Return the transplants that `text` names, in order; where readings overlap, the more specific one."""
    if not _ANY.search(text):
        return []
    lowered = _CASELESS.sub(lambda m: m.group().lower(), text)
    found = [
        Transplant(match.start(), match.start() + len(match.group().rstrip()), name)
        for name, keys, pattern in _COMPILED
        if not keys or any(key in lowered for key in keys)
        for match in pattern.finditer(lowered)
        if match.group() and not _OTHER_ORGAN.search(lowered, max(0, match.start() - 12), match.start())
    ]
    return _specific(found)


def _specific(found: list[Transplant]) -> list[Transplant]:
    """Drop what a longer reading covers, and the readings of fewer words that a more specific one overlaps."""
    order = {name: k for k, (name, _, _) in enumerate(_PATTERNS)}
    kept: list[Transplant] = []
    for t in sorted(found, key=lambda t: (order[t.name], t.start - t.end)):
        if not any(t.start < k.end and k.start < t.end for k in kept):
            kept.append(t)
    return sorted(kept)
