"""Ratios that measure an effect: hazard, odds and risk ratios, `2.6-fold risk`."""

from __future__ import annotations

import re

from extractors.numbers import DIGITS, NUMBER, parse
from extractors.quantities.fragments import ANY, CI_WORDS, NUM, UNIT, I
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass

_NAME = (
    r"(?:(?:hazards? ratios?|odds ratios?|risk ratios?|relative risks?|rate ratios?|relative hazards?"
    r"|standardi[sz]ed (?:mortality|incidence) ratios?|incidence rate ratios?|hazards?)"
    r"|(?-i:\b(?:a|s|cs|c)?(?:HRs?|ORs?|RRs?|SMRs?|SIRs?|IRRs?|SHRs?|RHs?)\b))"
)
_IN_BRACKETS = (  # hazard ratio [HR], HR (95% CI), OR (5 years)
    r"[a-z]?HRs?|[a-z]?ORs?|RRs?|SMR|SIR|IRR|SHR"
    rf"|(?:\d\d\s*%\s*-?\s*)?{CI_WORDS}[^()\[\]\d]{{0,15}}|(?:{NUM}|at {NUM})\s*-?\s*{UNIT}"
)
_RATIO = re.compile(
    rf"({_NAME})(?:\s*[\[(](?:{_IN_BRACKETS})[\])])*"
    r"(?:\s*(?:for|of|in favou?r of)\s[\w /+-]{2,60}?)?"  # hazard ratio for death
    r"\s*(?:[:=,;]|of|was|were|being|is|\()*\s*(?:was |of |estimated at |only |[:=~≈]\s*)?"
    rf"({NUMBER})(?![\d.]*\d|\s*(?:%|-?\s*fold))",
    I,
)
_KIND_OF_RATIO = re.compile(
    r"(?:^|\b)(?:[acs]{0,2})(HR|OR|RR|SMR|SIR|IRR|SHR|RH)s?$|(hazard)|(odds)|(risk|rate|relative|mortality|incidence)",
    I,
)
_EFFECT = r"(?:risks?|hazards?|odds|likelihood|probability|chances?|likely|incidence|mortality|rates?)"
_FOLD = re.compile(
    rf"(?:{ANY}\s*-?\s*fold|(?:two|three|four|five|six|seven|eight|nine|ten)fold"
    rf"|{ANY}\s+times(?=\s+(?:as|more|less|higher|lower|greater|the)\b))"
    rf"(?=(?:\s*\([^()]{{1,40}}\))?[\s-]+(?:[\w-]+\s+){{0,5}}?({_EFFECT})\b)"  # 2.6-fold higher risk
    rf"|(?<=\brisk was ){ANY}\s*-?\s*fold",
    I,
)
_FOLD_NUMBER = re.compile(rf"{DIGITS}|.+?(?=\s*-?\s*(?:fold|times))", I)


def _ratio(m: Match) -> Quantity:
    return Quantity("ratio", m.start(2), m.end(2), parse(m[2]), form=_statistic(m[1]))


def _statistic(name: str) -> str:
    found = _KIND_OF_RATIO.search(name)
    short, hazard, odds = (found[1] or "", found[2], found[3]) if found else ("", None, None)
    if short.upper() in ("HR", "SHR", "RH") or hazard:
        return "hazard-ratio"
    return "odds-ratio" if short.upper() == "OR" or odds else "risk-ratio"


def _fold(m: Match) -> Quantity | None:
    number = _FOLD_NUMBER.match(m[0])
    return Quantity("ratio", m.start(), m.end(), parse(number[0]), form=_statistic(m[1] or "risk")) if number else None


_RATIO_NEEDS = ("HR", "OR", "RR", "SMR", "SIR", "IRR", "RH", "ratio", "hazard", "relative risk")
EFFECTS = (
    Pass(_RATIO, _ratio, needs=_RATIO_NEEDS),
    Pass(_FOLD, _fold, at_numbers=True, needs=("fold", "times")),
)
