"""How coded values are shown to readers: measures, statistics, designs, units and figures in words."""

from __future__ import annotations

import re
from decimal import Decimal

from ontology import vocabulary

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
_SHORT = {
    "topic": {"car-t": "CAR T", "hsct": "HSCT", "car-t+hsct": "CAR T + HSCT", "neither": "Neither"},
    "notable": {
        "sequence": "Treatment in sequence",
        "left-out": "A treatment left out",
        "contradiction": "Figures that contradict",
        "retracted": "Retracted",
    },
    "design": {"other": "Other design"},
    "outcome": {"other": "Other outcome"},
}


def sentence(code: str) -> str:
    """Return a code such as `single-center` as words with a capital: `Single center`."""
    text = " ".join(re.split(r"[-_ ]+", code.strip()))
    return text[:1].upper() + text[1:]


def term(kind: str, code: str) -> str:
    """Return how a name of a kind (`outcome`, `design`, `condition`, `topic`, ...) is shown, with a capital."""
    if short := _SHORT.get(kind, {}).get(code):
        return short
    concept = vocabulary.load().named(kind, code)
    if concept is None:
        return code[:1].upper() + code[1:] if " " in code else sentence(code)
    return concept.label[:1].upper() + concept.label[1:]


def measure(code: str, label: str | None) -> str:
    """Return the name of an outcome measure; one that has no name in the vocabulary goes by its own label."""
    return label if code == "other" and label else term("outcome", code)


def heading(variable: str) -> str:
    """Return a query's variable as a heading: `reported_grade` is `Reported grade`; `n` and `N` stay apart."""
    words = variable.replace("_", " ")
    return words if len(words) == 1 else words[:1].upper() + words[1:]


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
