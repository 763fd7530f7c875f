"""CAR T products built from the text for targets that no list has: `anti-CD37 CAR T`, `CART-BCMA`, `CD19/CD22 CAR`.

The canonical name is `<TARGET> CAR T-cell therapy`; the targets of one construct are joined by `/` in their natural
order (`CD19/CD20` whichever the text names first).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_KNOWN = (
    r"CD[-\s]?\d{1,3}[a-d]?(?:v\d+)?|BCMA|B[- ]cell maturation antigen|GPRC5D|BAFF-?R|SLAMF7|CS1|FcRH5|TACI|APRIL"
    r"|ROR1|GD2|GPC[23]|[Gg]lypican[- ]?3|B7-?H[346]|HER-?2|EGFR(?:vIII|v3)?|IL-?13R[αa](?:lpha)?-?2|PSMA|PSCA"
    r"|MUC-?1(?:6|\*)?|CEA(?:CAM5)?|[Mm]eso(?:thelin)?|MSLN|[Cc]laudin[- ]?(?:18\.2|6)|CLDN(?:18\.2|6)|CLL-?1|CLEC12A"
    r"|FLT-?3|NKG2D|GUCY2C|GCC|FAP|EpCAM|CAIX|L1CAM|TRBC[12]|TROP-?2|AFP|EphA2|FR[αa]|[Ff]olate receptor (?:α|alpha)"
    r"|LeY|DLL3|ALK|ILT3|LILRB4|TSHR|MAGE-A\d+|NY-ESO-1|PD-L1|kappa|κ|WT1|CCR4|KLK2|STEAP[12]|DSG3|MuSK|HIV"
)
_START = r"(?<![A-Za-z0-9])(?<![A-Z0-9][-‐‑–])"
_WORDED = r"[-‐‑–/ ]*(?:positive|directed|targeted|targeting|specific|redirected|reactive|binding|retargeted)"
_ONE = rf"(?<![A-Za-z0-9])(?:{_KNOWN})(?![a-z0-9])"
_ITEM = (
    rf"(?:(?:anti-?|α)?{_ONE}(?:{_WORDED})?"
    rf"|anti-(?!CAR|T\b|PD-?1|CTLA)[A-Z][A-Za-z0-9]{{1,8}}(?:{_WORDED})?"
    rf"|{_START}(?!CAR)[A-Z][A-Z0-9]{{2,7}}(?:{_WORDED}))"
)
_JOIN = r"(?:\s*[/×x+&]\s*|[-‐‑–](?=CD|BCMA)|[-‐‑–]?\s*,\s*(?:and |or )?|[-‐‑–]?\s+(?:and|or|plus|with)\s+)"
_LIST = rf"{_ITEM}(?:{_JOIN}{_ITEM}){{0,4}}"
_ADJECTIVE = (
    r"(?:(?:bi-?specific|dual(?:[- ]target(?:ed|ing)?)?|tandem|bivalent|autologous|allogeneic|donor[- ]derived"
    r"|universal"
    r"|off-the-shelf|humani[sz]ed|(?:fully[- ])?human|murine|commercial|academic|(?:first|second|third|fourth|new|next)"
    r"[- ]generation|4-1BB|CD28|armou?red|investigational|novel|engineered|single|rapidly manufactured"
    r"|standard[- ]of[- ]care|point[- ]of[- ]care|(?:gene|base|CRISPR)[- ]edited|costimulated|based|Fas|Fast"
    r"|[- ]){1,3}[ -]*)?"
)
_T = r"(?:[- ]?T(?![A-Za-z])(?:[- ]?(?:cells?|lymphocytes?)\b)?)"
_LONG = (
    r"chimeric[- ]antigen[- ]receptors?(?:\s*\(CARs?(?:[- ]?T)?\))?"
    r"(?:[- –]?(?:modified|engineered|transduced|redirected|expressing|bearing))*"
)
_NK = r"(?:[- ]?(?:NK|natural[- ]killer))"
_CORE = (
    rf"(?:(?i:{_LONG})(?:{_T}|[- ]?T[- ]?cells?)?(?:\s*\(CAR[- ]?T(?:s| cells?)?\))?"
    rf"|(?:Fast)?CAR[- ]?Ts?\b|CAR[- ]?T(?=[- ]?[Cc]ell)|CARTx?s?\b|CARs?(?:{_T})?(?![A-Za-z]))"
    r"(?:[- –]?(?:modified|engineered|transduced)[- ]T)?"
    r"(?:[- ]?(?:T[- ]?)?cells?(?:'s)?\b)?(?:[- ]?(?:immuno)?therap(?:y|ies)\b)?"
)
_DIRECTED = (
    r"(?:directed (?:against|to|at|towards?)|targeted (?:to|at|against)|(?:dual )?targeting(?: of)?|against|aimed at"
    r"|specific (?:for|to)|recogni[sz](?:ing|e)|with (?:dual )?(?:specificity|targeting) (?:for|of)"
    r"|for(?: the [\w-]+ antigen)?|of both)"
)
_BEFORE = re.compile(rf"(?<![A-Za-z0-9])(?P<list>{_LIST})\s*[-‐‑–]?\s*(?:{_ADJECTIVE})(?P<core>{_CORE})(?P<nk>{_NK})?")
_AFTER = re.compile(
    rf"(?P<core>{_CORE})(?P<nk>{_NK})?(?:[- ]T)?(?:[- ]?cells?)?(?:\s*\([^()]{{1,20}}\))?"
    rf"[ ,-]*(?:that |which |products? |therapy |made |designed |described here )*(?:are |were |with )?"
    rf"{_DIRECTED} (?:both |the |either )?(?P<list>{_LIST})(?![+⁺]|[- ](?:positive|negative))"
)
_PRODUCT = re.compile(
    rf"(?<![A-Za-z0-9])(?:CART|CAR\.|CAR-|CAR[- ]?T-?|CAR(?=\d\d))[-‐‑]?"
    rf"(?P<list>(?:\d{{1,3}}(?:/\d{{1,3}})?)(?![\d.%])|{_ONE})(?P<core> ?T[- ]?cells?)?"
)
_CODED = re.compile(r"(?<![A-Za-z0-9])(?P<list>CD\d{1,3})[- ]?CART?(?P<core>[-A-Z0-9]*)")
_BARE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<core>(?i:{_LONG}){_T}(?:\s*\(CAR[- ]?T(?:s| cells?)?\))?|{_CORE})(?P<nk>{_NK})?"
)
_TCR = re.compile(rf"(?P<list>{_ONE})(?:[- ](?:specific|targeted|directed))? TCR[- ]?T?(?P<core>[- ]?cells?)?")
_SINGLE = re.compile(rf"{_ONE}|(?<=anti-)[A-Z][A-Za-z0-9]{{1,8}}|{_START}(?!CAR)[A-Z][A-Z0-9]{{2,7}}(?={_WORDED})")
_JOINED = re.compile(r"^\s*(?:[/×x+&]|[-‐‑–](?=CD|BCMA|$))")
_DUAL = re.compile(r"bi-?specific|\bdual|tandem|bivalent|co-?target|compound|simultaneous|\bboth\b", re.I)
_NATURAL = re.compile(r"([A-Za-z]+)(\d*)")
_WORDS = {
    "bcellmaturationantigen": "BCMA", "meso": "mesothelin", "msln": "mesothelin", "mesothelin": "mesothelin",
    "her2": "HER2", "muc1": "MUC1", "cll1": "CLL1", "glypican3": "GPC3", "cldn18.2": "CLDN18.2", "flt3": "FLT3",
    "claudin18.2": "claudin18.2", "cldn6": "CLDN6", "claudin6": "claudin6", "egfrv3": "EGFRvIII", "trop2": "TROP2",
    "il13ra2": "IL13Rα2", "il13rα2": "IL13Rα2", "il13ralpha2": "IL13Rα2", "b7h3": "B7-H3",
    "b7h4": "B7-H4", "b7h6": "B7-H6",
}  # fmt: skip


class Car(NamedTuple):
    """A CAR (or TCR) product at `start`..`end`; `targets` is empty where none is named."""

    start: int
    end: int
    name: str
    targets: tuple[str, ...]


@lru_cache(maxsize=4096)
def antigen(form: str) -> str:
    """Return an antigen's canonical name for a form of it: `CD-19` -> `CD19`, `B-cell maturation antigen` -> `BCMA`."""
    if match := re.fullmatch(r"CD[-\s]?(\d+\w*)", form):
        return "CD" + match[1]
    return _WORDS.get(re.sub(r"[\s-]", "", form.lower()), form)


def targets_of(name: str) -> tuple[str, ...]:
    """Return the targets that a canonical name tells: `CD19/CD22 CAR T-cell therapy` -> CD19, CD22."""
    listed, car, _ = name.partition(" CAR ")
    return tuple(listed.split("/")) if car else ()


def cars(text: str) -> list[Car]:
    """Return the CAR products that `text` names, in order; the form that names a target wins over the bare one."""
    if "CAR" not in text and "chimeric" not in text.lower() and "TCR" not in text:
        return []
    found: list[Car] = []
    for pattern in (_BEFORE, _AFTER, _PRODUCT, _CODED, _TCR):
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
    dual = _DUAL.search(text, max(0, match.start() - 40), match.end()) is not None
    constructs = _constructs(listed, dual)
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
    return [(_natural({antigen(m.group()) for m in g}), g[0].start(), g[-1].end()) for g in groups]


def _natural(targets: set[str]) -> tuple[str, ...]:
    def key(target: str) -> tuple[str, int, str]:
        match = _NATURAL.match(target)
        return (match[1], int(match[2] or 0), target) if match else (target, 0, target)

    return tuple(sorted(targets, key=key))


def _name(targets: tuple[str, ...], match: re.Match[str]) -> str:
    groups = match.groupdict()
    if match.re is _TCR:
        return "/".join(targets) + " TCR T-cell therapy"
    kind = "CAR NK-cell therapy" if groups.get("nk") else "CAR T-cell therapy"
    return f"{'/'.join(targets)} {kind}" if targets else kind
