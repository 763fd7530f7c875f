"""How coded values are shown to readers: measures, statistics, designs, units and figures in words."""

from __future__ import annotations

import re
from decimal import Decimal

_UPPER = {
    "ahsct", "cmv", "crs", "gvhd", "hlh", "hsct", "icer", "mrd", "nrm", "qaly", "ebv", "dna", "gi", "icu",
    "car", "cns",
}  # fmt: skip
_DESIGNS = {
    "randomized-controlled-trial": "Randomized controlled trial",
    "nonrandomized-trial": "Non-randomized trial",
    "single-arm-trial": "Single-arm trial",
    "meta-analysis": "Meta-analysis",
    "other": "Other design",
}
_STATISTICS = {
    "proportion": "",
    "count": "n",
    "median": "median",
    "mean": "mean",
    "hazard-ratio": "HR",
    "odds-ratio": "OR",
    "risk-ratio": "RR",
    "difference": "difference",
}
_TOPICS = {"car-t": "CAR T", "hsct": "HSCT", "car-t+hsct": "CAR T + HSCT", "neither": "Neither"}
_NOTABLE = {
    "sequence": "Treatment in sequence",
    "left-out": "A treatment left out",
    "contradiction": "Figures that contradict",
    "retracted": "Retracted",
}
_CATEGORIES = {
    "car-t": "CAR T cells",
    "hsct": "Transplantation",
    "gvhd-prophylaxis": "GVHD prophylaxis",
}
_TERMS = {"design": _DESIGNS, "topic": _TOPICS, "notable": _NOTABLE, "category": _CATEGORIES}


def sentence(code: str) -> str:
    """Return a code such as `chronic-gvhd` as words with a capital: `Chronic GVHD`."""
    words = [w.upper() if w in _UPPER else w for w in re.split(r"[-_ ]+", code.strip())]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def heading(variable: str) -> str:
    """Return a query's variable as a heading: `reported_grade` is `Reported grade`; `n` and `N` stay apart."""
    words = variable.replace("_", " ")
    return words if len(words) == 1 else words[:1].upper() + words[1:]


def term(kind: str, code: str) -> str:
    """Return how a value of a closed list (`design`, `topic`, `notable`, `category`) is shown."""
    return _TERMS.get(kind, {}).get(code) or sentence(code)


def facet_value(facet: str, value: str) -> str:
    """Return how a facet's value is shown: free names as they stand, codes in words."""
    if facet in ("condition", "intervention"):
        return value[:1].upper() + value[1:]
    return term(facet, value)


def number(value: float | Decimal | None) -> str:
    """Return a number with all its digits and no more; an empty string for None."""
    if value is None:
        return ""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def amount(value: float | Decimal | None, unit: str | None) -> str:
    """Return a number with its unit: `67%`, `11.2 months`, `1 day`."""
    if value is None:
        return ""
    if unit in (None, ""):
        return number(value)
    return f"{number(value)}%" if unit == "%" else f"{number(value)} {unit}{'' if value == 1 else 's'}"


def months(value: float | Decimal | None) -> str:
    """Return a length of time in months: `12 months`; an empty string for None."""
    return amount(value, "month")


def figure(statistic: str, value: float | None, unit: str | None, not_reached: bool = False) -> str:
    """Return a figure as a reader writes it: `67%`, `median 11.2 months`, `HR 0.4`, `median not reached`."""
    name = _STATISTICS.get(statistic, sentence(statistic).lower())
    shown = "not reached" if not_reached and value is None else amount(value, unit)
    if statistic == "count":
        return f"n = {shown}"
    return f"{name} {shown}".strip()


def limits(ci: tuple[float | None, float | None] | None) -> str:
    """Return a confidence interval's limits: `0.3–0.5`; an open end is written `NE` (not estimable)."""
    if ci is None:
        return ""
    low, high = ("NE" if end is None else number(end) for end in ci)
    joint = " to " if "-" in low + high else "–"
    return f"{low}{joint}{high}"


def probability(p: str | None) -> str:
    """Return a p value with its relation: `p < 0.001`, `p = 0.03`."""
    if not p:
        return ""
    match = re.fullmatch(r"\s*([<>=≤≥]{0,2})\s*(.+?)\s*", p)
    relation, rest = match.groups() if match else ("", p)
    return f"p {relation or '='} {rest}"


def grade(code: str | None) -> str:
    """Return a grade: `grade ≥3`, `grade 1–2`, `severe`, `any grade`."""
    if not code:
        return ""
    if code == "any":
        return "any grade"
    if not re.search(r"\d", code):
        return code
    return "grade " + code.replace(">=", "≥").replace("<=", "≤").replace("-", "–")
