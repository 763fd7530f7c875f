"""CAR T products built from the text for targets that no list has: `anti-CD37 CAR T cells`, `CART-BCMA`, `CD19/CD22 CAR`.

The canonical name is `<TARGET> CAR T-cell therapy`; the targets of one construct are joined by `/` in the order in which
the text gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_FORM = (
    r"CD[-\s]?\d{1,3}[a-d]?(?:v\d+)?|BCMA|B[- ]cell maturation antigen|GPRC5D|BAFF-?R|SLAMF7|CS1|FcRH5|TACI|APRIL|ROR1|GD2|GPC[23]"
    r"|[Gg]lypican[- ]?3|B7-?H[346]|HER-?2|EGFR(?:vIII|v3)?|IL-?13R[αa](?:lpha)?-?2|PSMA|PSCA|MUC-?1(?:6|\*)?|CEA(?:CAM5)?|[Mm]eso(?:thelin)?|MSLN"
    r"|[Cc]laudin[- ]?(?:18\.2|6)|CLDN(?:18\.2|6)|CLL-?1|CLEC12A|FLT-?3|NKG2D|GUCY2C|GCC|FAP|EpCAM|CAIX|L1CAM|TRBC[12]|TROP-?2|AFP"
    r"|EphA2|FR[αa]|[Ff]olate receptor (?:α|alpha)|LeY|DLL3|ALK|ILT3|LILRB4|TSHR|MAGE-A\d+|NY-ESO-1|PD-L1|kappa|κ|WT1|CCR4|KLK2|STEAP[12]|DSG3|MuSK"
    r"|(?!(?:RR?|ALL|AL|MM|US|UK|EU|FDA|EMA|NHL|HIV|SLE|GVHD|LBCL|TCR|NK|NKT|DNA|RNA|ICANS|CRS|CR|OS|PR|II|III|IV|[A-Z]*CAR[A-Z-]*)\b)[A-Z][A-Z0-9]{1,6}\d[A-Z]?"
)
_ONE = rf"(?<![A-Za-z0-9-])(?:{_FORM})(?![a-z0-9])"
_WORDED = (
    r"(?:[-‐‑–/ ]*(?:positive|directed|targeted|targeting|specific|redirected|reactive|binding|based|retargeted))?"
)
_JOIN = r"(?:\s*[/×x+&]\s*|[-‐‑–](?=CD|BCMA)|\s*,\s*(?:and |or )?|[-‐‑–]?\s+(?:and|or|plus|with)\s+|-,\s*(?:and |or )?)(?:anti-)?"
_LIST = rf"{_ONE}{_WORDED}(?:{_JOIN}{_ONE}{_WORDED}){{0,4}}"
_ADJECTIVE = (
    r"(?:(?:bi-?specific|dual(?:[- ]target(?:ed|ing)?)?|tandem|bivalent|autologous|allogeneic|donor[- ]derived|universal|off-the-shelf|humani[sz]ed|(?:fully[- ])?human"
    r"|murine|commercial|academic|(?:first|second|third|fourth|new|next)[- ]generation|4-1BB|CD28|armou?red|investigational|novel|engineered|single|rapidly manufactured|standard[- ]of[- ]care"
    r"|point[- ]of[- ]care|gene[- ]edited|base[- ]edited|CRISPR[- ]edited|costimulated|based|[- ]){1,3}[ -]*)?"
)
_T = r"(?:[- ]?T(?![A-Za-z])(?:[- ]?(?:cells?|lymphocytes?)\b)?)"
_LONG = r"chimeric[- ]antigen[- ]receptors?(?:\s*\(CARs?(?:[- ]?T)?\))?(?:[- –]?(?:modified|engineered|transduced|redirected|expressing|bearing))*"
_NK = r"(?:[- ]?(?:NK|natural[- ]killer))"
_CORE = (
    rf"(?:(?i:{_LONG})(?:{_T}|[- ]?T[- ]?cells?)?(?:\s*\(CAR[- ]?T(?:s| cells?)?\))?|CAR[- ]?Ts?\b|CAR[- ]?T(?=[- ]?[Cc]ell)|CARTx?s?\b|CARs?(?:{_T})?(?![A-Za-z]))"
    r"(?:[- –]?(?:modified|engineered|transduced)[- ]T)?"
    r"(?:[- ]?(?:T[- ]?)?cells?(?:'s)?\b)?(?:[- ]?(?:immuno)?therap(?:y|ies)\b)?"
)
_BEFORE = re.compile(
    rf"(?<![A-Za-z0-9])(?:anti-?|α)?(?P<list>{_LIST})\s*[-‐‑–]?\s*(?P<adj>{_ADJECTIVE})(?P<core>{_CORE})(?P<nk>{_NK})?"
)
_AFTER = re.compile(
    rf"(?P<core>{_CORE})(?P<nk>{_NK})?(?:[- ]T)?(?:[- ]?cells?)?(?:\s*\([^()]{{1,20}}\))?[ ,-]*(?:that |which |products? |therapy |made |designed )*(?:are |were )?"
    rf"(?:directed (?:against|to|at|towards?)|targeted (?:to|at|against)|targeting|against|aimed at|specific (?:for|to)|recogni[sz]ing|for the B-cell antigen) (?:both |the )?"
    rf"(?P<list>{_LIST})"
)
_PRODUCT = re.compile(
    r"(?<![A-Za-z0-9])(?:CART|CAR\.|CAR-|CAR[- ]?T-?)[-‐‑]?(?P<list>(?:\d{1,3}(?:/\d{1,3})?)(?![\d.%])|"
    + _ONE
    + r")(?P<core> ?T[- ]?cells?)?"
)
_BARE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<core>(?i:{_LONG}){_T}(?:\s*\(CAR[- ]?T(?:s| cells?)?\))?|{_CORE})(?P<nk>{_NK})?"
)
_TCR = re.compile(rf"(?P<list>{_ONE})(?:[- ](?:specific|targeted|directed))? TCR[- ]?T?(?P<core>[- ]?cells?)?")
_SINGLE = re.compile(_ONE)
_JOINED = re.compile(r"^\s*(?:[/×x+&]|[-‐‑–](?=CD|BCMA))")
_DUAL = re.compile(r"bi-?specific|dual|tandem|bivalent|co-?target|compound|simultaneous|both", re.I)


class Car(NamedTuple):
    """A CAR (or TCR) product at `start`..`end`; `targets` is empty where none is named."""

    start: int
    end: int
    name: str
    targets: tuple[str, ...]


@lru_cache(maxsize=4096)
def antigen(form: str) -> str:
    """Return the antigen's canonical name for a form of it: `CD-19` -> `CD19`, `B-cell maturation antigen` -> `BCMA`."""
    if match := re.fullmatch(r"CD[-\s]?(\d+\w*)", form):
        return "CD" + match[1]
    low = re.sub(r"[\s-]", "", form.lower())
    words = {
        "bcellmaturationantigen": "BCMA", "meso": "mesothelin", "msln": "mesothelin", "her2": "HER2", "muc1": "MUC1", "cll1": "CLL1", "glypican3": "GPC3",
        "cldn18.2": "claudin18.2", "claudin18.2": "claudin18.2", "cldn6": "claudin6", "claudin6": "claudin6", "egfrv3": "EGFRvIII", "flt3": "FLT3", "trop2": "TROP2",
        "il13ra2": "IL13Rα2", "il13rα2": "IL13Rα2", "il13ralpha2": "IL13Rα2", "b7h3": "B7-H3", "b7h4": "B7-H4", "b7h6": "B7-H6", "mesothelin": "mesothelin",
    }  # fmt: skip
    return words.get(low, form)


def cars(text: str) -> list[Car]:
    """Return the CAR products that `text` names, in order; the form that names a target wins over the bare one."""
    found: list[Car] = []
    for match in _BEFORE.finditer(text):
        found += _products(match, text)
    for pattern in (_AFTER, _PRODUCT, _TCR):
        for match in pattern.finditer(text):
            if not any(c.start < match.end() and match.start() < c.end for c in found):
                found += _products(match, text)
    for match in _BARE.finditer(text):
        if not any(c.start < match.end() and match.start() < c.end for c in found):
            found.append(Car(match.start(), match.end(), _name((), match), ()))
    return sorted(found)


def _products(match: re.Match[str], text: str) -> Iterator[Car]:
    """Yield one product for each construct of the list of targets: joined by a slash, or listed apart."""
    listed, offset = match["list"], match.start("list")
    if listed[0].isdigit():
        targets = tuple(f"CD{number}" for number in listed.split("/"))
        yield Car(match.start(), match.end(), _name(targets, match), targets)
        return
    constructs = _constructs(listed, _DUAL.search(text, max(0, match.start() - 40), match.end()) is not None)
    last = len(constructs) - 1
    for k, (targets, start, end) in enumerate(constructs):
        first = match.start() if k == 0 else offset + start
        yield Car(first, match.end() if k == last else offset + end, _name(targets, match), targets)


def _constructs(listed: str, dual: bool) -> list[tuple[tuple[str, ...], int, int]]:
    """Return the constructs of a list of targets, each with its targets and its place in the list."""
    groups: list[list[re.Match[str]]] = []
    for match in _SINGLE.finditer(listed):
        between = listed[groups[-1][-1].end() : match.start()] if groups else ""
        if groups and (dual or _JOINED.match(between)):
            groups[-1].append(match)
        else:
            groups.append([match])
    return [(tuple(dict.fromkeys(antigen(m.group()) for m in g)), g[0].start(), g[-1].end()) for g in groups]


def _name(targets: tuple[str, ...], match: re.Match[str]) -> str:
    groups = match.groupdict()
    if match.re is _TCR:
        return "/".join(targets) + " TCR T-cell therapy"
    kind = "CAR NK-cell therapy" if groups.get("nk") else "CAR T-cell therapy"
    return f"{'/'.join(targets)} {kind}" if targets else kind
