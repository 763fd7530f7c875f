"""How a linked figure is to be read: its statistic, value and unit, by its form and the words around it."""

from __future__ import annotations

import re

from extractors.evidence import Statistic, Unit
from extractors.joining import Figure
from extractors.linking.scene import Scene
from extractors.linking.spans import measure_group
from extractors.outcome_links import Found
from extractors.outcomes import parents

Reading = tuple[Statistic, float | None, Unit | None]
_RATIO_WORDS: tuple[tuple[Statistic, str], ...] = (
    ("hazard-ratio", r"\b(?i:hazards? ratios?|relative hazards?|hazards? (?:of|for))\b|\b(?:[acsS]|sd|cs)?HRs?\b"),
    ("odds-ratio", r"\b(?i:odds ratios?|odds (?:of|for))\b|\ba?ORs?\b"),
    (
        "risk-ratio",
        r"\b(?i:(?:risk|rate|incidence|mortality) ratios?|relative risks?)|\bRRs?\b|\bSIRs?\b|\bSMRs?\b"
        r"|times (?:as|more|higher|the)",
    ),
)
_RATIO_NAME = re.compile("|".join(f"({pattern})" for _, pattern in _RATIO_WORDS))
_MODEL: tuple[tuple[Statistic, re.Pattern[str]], ...] = (  # what a model's numbers are, where nothing names them
    ("hazard-ratio", re.compile(r"\b(?:Cox\b|proportional[- ]hazards)")),
    ("odds-ratio", re.compile(r"\b[Ll]ogistic\b")),
)
_MONEY = frozenset({"cost", "icer"})
_UNIT_REACH, _RATIO_REACH = 90, 600
_NUMBER_OF = re.compile(
    r"\b(?:median|mean|average)\b[^.;]{0,30}\bnumber of (day|week|month|year)s\b[^.;()]*$", re.IGNORECASE
)
_PROBABILITY = re.compile(r"\b(?:probabilit|incidence|rate|proportion|risk)", re.I)
_SPAN = re.compile(r"\b(?:within|first|at|by|after|day)\s+(?:the (?:first )?)?$", re.I)
_FOLLOWED = re.compile(r"\bfollow(?:ed)?(?:-| )?up\b[^.;]*$", re.I)
_COUNTS = re.compile(r"(?<!median )(?<!mean )\b(?:in|of|by) $", re.IGNORECASE)
_PEOPLE = re.compile(
    r"^\s*(?:[\w/-]+ )?(?:patients?|pts|children|adults|had|were alive|remained|relapsed|died|responded|alive)\b", re.I
)
_DIFFERENCE = re.compile(
    r"\bdifferences?(?: in [\w -]{2,30})?(?:,[^,.;]{3,60},)?(?: of| was| being|[:,=])?\s*[(\[]?\s*[-$€£]*$",
    re.I,
)
_MINUS = re.compile(r"(?:^|[\s(\[:=,])-\s?$")
_DIFFERENCE_BEHIND = re.compile(r"^\s*(?:%\s*)?(?:absolute |mean |risk )?difference\b", re.I)
_NONE_BEFORE = re.compile(r"\b(?:no|not|without|nor)\b(?: \w+){0,3}? $", re.I)
_SET_AGAINST = re.compile(r"^[%\s]*(?:vs?\.?|versus|compared (?:with|to)|against)\s", re.I)
_MORE_COST = re.compile(
    r"\b(?:additional|incremental|extra|excess) (?:\w+ )?costs?\b[^.;]{0,40}$"
    r"|\b(?:sav(?:ed|es|ing|ings)|raised|difference)\b[^.;]{0,40}$",
    re.I,
)

_LIFE_YEARS = re.compile(r"\bQALYs?\b|\bquality-adjusted life", re.I)
_GAINED = re.compile(
    r"\b(?:gain\w*|add(?:ed|s|ing)|additional|incremental|more|extra|benefit|difference|relative)\b", re.I
)


def reading(scene: Scene, found: Found) -> Reading:
    """Return how the figure is to be read: its statistic, value and unit."""
    figure = found.figure
    before, after = scene.around(figure.start, figure.end, 100, 40)
    if figure.kind == "ratio":
        return figure.head.form, figure.value, None  # type: ignore[return-value]
    if figure.kind == "not-reached":
        return "median", None, "month"
    if figure.kind in ("duration", "time"):
        return _average(scene, figure, before[-60:]), figure.value, figure.unit  # type: ignore[return-value]
    if _reaches_below_zero(figure):
        return "difference", _signed(figure.value, before), "%" if figure.unit == "%" else None
    if figure.unit == "%":
        if _differs(before, after):
            return "difference", _signed(figure.value, before), "%"
        return "proportion", figure.value, "%"
    if figure.kind == "size":
        return "count", None if figure.n is None else float(figure.n), None
    return _bare(scene, found, before, after)


def _average(scene: Scene, figure: Figure, before: str) -> Statistic:
    """Return whether a length of time is a mean: by the word before it, or by a standard deviation without `median`."""
    deviation = "±" in scene.levelled[figure.start : figure.end] or scene.levelled.startswith(("±", " ±"), figure.end)
    median = re.search("median", before, re.IGNORECASE) is not None
    mean = re.search(r"\b(?:mean|averag)", before, re.IGNORECASE) is not None
    return "mean" if (mean or deviation) and not median else "median"


def _differs(before: str, after: str) -> bool:
    """Whether a figure is a difference, and not one of two of which a text says that they don't differ."""
    if _DIFFERENCE_BEHIND.match(after):
        return True
    named = _DIFFERENCE.search(before)
    return named is not None and not (_SET_AGAINST.match(after) or _NONE_BEFORE.search(before[: named.start()]))


def _reaches_below_zero(figure: Figure) -> bool:
    """Whether a figure's interval has negative values, as that of a difference may and that of nothing else."""
    return figure.ci is not None and any(x is not None and x < 0 for x in figure.ci)


def _bare(scene: Scene, found: Found, before: str, after: str) -> Reading:
    """Return the reading of a number that stands without a unit."""
    figure = found.figure
    value = figure.value if figure.value is not None else 0.0
    if found.measure in _MONEY:
        return _of_money(found.measure, before), value, None
    if found.measure == "quality-of-life" and (_LIFE_YEARS.search(before[-60:]) or _LIFE_YEARS.search(after)):
        return "difference" if _GAINED.search(scene.sentence(figure.start)) else "mean", value, None
    printed = scene.levelled[figure.head.start : figure.head.end]
    whole = value == int(value) and "." not in printed
    ratio = _ratio(scene, figure, whole)
    if ratio is not None:
        return ratio, value, None
    if not whole and _differs(before, after):
        return "difference", _signed(value, before), None
    share = 0 <= value < 1 and not whole and (figure.ci is None or all(x is None or 0 <= x <= 1 for x in figure.ci))
    if (
        share
        and (measure_group(parents(), found.measure) >= 0 or _PROBABILITY.search(before))
        and not re.search(r"\bmedian\b[^.;]{0,40}$", before[-60:], re.IGNORECASE)
    ):
        return "proportion", round(100 * value, 4), "%"
    unit = _borrowed_unit(scene, figure)
    if unit is not None:
        return "mean" if re.search(r"\bmean\b", before[-60:]) else "median", value, unit  # type: ignore[return-value]
    if whole:
        return "count", value, None
    sentence = scene.sentence(figure.start)
    mean = re.search(r"\bmean\b", sentence, re.I) and not re.search(r"\bmedian\b", sentence, re.I)
    return ("mean", _signed(value, before), None) if mean else ("median", value, None)


def _signed(value: float | None, before: str) -> float | None:
    """Return a difference or change with the sign that stands before it."""
    return -value if value and value > 0 and _MINUS.search(before) else value


def _of_money(measure: str, before: str) -> Statistic:
    if measure != "cost" or _MORE_COST.search(before):
        return "difference"
    return "median" if re.search(r"\bmedian\b[^.;]{0,60}$", before, re.I) else "mean"


def _ratio(scene: Scene, figure: Figure, whole: bool) -> Statistic | None:
    """Return the kind of ratio that a number is, by the nearest name of one.

    A number with decimals or an interval takes the one before it in its sentence, else the one behind; a number with
    an interval that reaches above 1, or with an interval and p, also that of a sentence before, or what the model named
    last gives. A whole number takes a name right beside it only.
    """
    start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    near = scene.levelled[max(start, figure.start - 30) : figure.start], scene.levelled[figure.end : figure.end + 30]
    if whole and figure.ci is None and not any(map(_RATIO_NAME.search, near)):
        return None
    unnamed = figure.ci is not None and figure.unit is None and ((figure.ci[1] or 0) > 1 or figure.p is not None)
    places = [
        *reversed(list(_RATIO_NAME.finditer(scene.levelled, start, figure.start))),
        *_RATIO_NAME.finditer(scene.levelled, figure.end, end),
        *reversed(list(_RATIO_NAME.finditer(scene.levelled, max(0, start - _RATIO_REACH), start) if unnamed else ())),
    ]
    if places:
        return _RATIO_WORDS[int(places[0].lastindex or 1) - 1][0]
    return _of_model(scene.levelled[max(0, start - _RATIO_REACH) : figure.start]) if unnamed and not whole else None


def _of_model(before: str) -> Statistic | None:
    """Return the kind of ratio that the last model named in a text gives."""
    last = {kind: max((m.start() for m in name.finditer(before)), default=-1) for kind, name in _MODEL}
    kind = max(last, key=last.__getitem__)
    return kind if last[kind] >= 0 else None


def _borrowed_unit(scene: Scene, figure: Figure) -> str | None:
    """Return the unit of time of a neighbour that the figure is set against (`4.4 days in one, 13.3 in another`)."""
    before, after = scene.around(figure.start, figure.end, _UNIT_REACH, 40)
    counted = _NUMBER_OF.search(before)
    if counted:
        return counted[1].lower()
    in_words = scene.levelled[figure.head.start : figure.head.start + 1].isalpha()  # `three months` has its unit itself
    if in_words or _COUNTS.search(before) or _PEOPLE.match(after):
        return None
    beside = [f for f in scene.figures if f.kind == "duration" and abs(f.start - figure.start) < 60 and f is not figure]
    for other in sorted(beside, key=lambda f: (f.start < figure.start, abs(f.start - figure.start))):
        first, last = min(figure.end, other.end), max(figure.start, other.start)
        named = any(first <= m.start and m.end <= last for m in scene.measures) and figure.value == int(
            figure.value or 0
        )
        between = scene.levelled[first:last]
        apart = re.search(r"[.;:\n]\s", between) or re.search(r"\b(?:patients|had|died|of whom)\b", between)
        beforehand = scene.levelled[max(0, other.start - 24) : other.start]
        apart = apart or _SPAN.search(beforehand) or _FOLLOWED.search(beforehand)
        if not named and not apart:
            return other.unit
    return None
