"""From linked figures to outcome entries: statistic, value, denominators, quote; a repeated figure is entered once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.causes import cause
from extractors.denominators import Sizes, denominator
from extractors.evidence import Outcome, Statistic, TimePoint, Unit
from extractors.joining import Figure
from extractors.linking.scene import Scene
from extractors.linking.spans import DAYS, measure_group
from extractors.outcome_links import Found
from extractors.outcomes import parents

Interval = tuple[float | None, float | None] | None
_RATIO_WORDS: tuple[tuple[Statistic, str], ...] = (
    ("hazard-ratio", r"\bhazards? ratios?|\b[acs]?HRs?\b|relative hazards?"),
    ("odds-ratio", r"\bodds ratios?|\ba?ORs?\b"),
    (
        "risk-ratio",
        r"\b(?:risk|rate|incidence|mortality) ratios?|relative risks?|\bRRs?\b|\bSIRs?\b|\bSMRs?\b"
        r"|times (?:as|more|higher|the)",
    ),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _RATIO_WORDS)
_MONEY = frozenset({"cost", "icer"})
_QUOTE_REACH = 320
_UNIT_REACH = 90
_NUMBER_OF = re.compile(
    r"\b(?:median|mean|average)\b[^.;]{0,30}\bnumber of (day|week|month|year)s\b[^.;()]*$", re.IGNORECASE
)
_COUNTS = re.compile(r"(?<!median )(?<!mean )\b(?:in|of|by) $", re.IGNORECASE)


def outcomes(scene: Scene, found: Sequence[Found], sizes: Sizes) -> tuple[Outcome, ...]:
    """Return the outcome entries of the linked figures, in the order of the text.

    `sizes` are the sizes of the arms and of the whole study that the text states.
    """
    made = [_outcome(scene, f, f.arm, f.comparator, sizes) for f in found]
    return tuple(_once([o for o in made if o is not None]))


def _outcome(scene: Scene, found: Found, arm: str, other: str | None, sizes: Sizes) -> Outcome | None:
    figure = found.figure
    statistic, value, unit = _reading(scene, found)
    ci = _interval(figure, statistic)
    n, total = figure.n, None
    if statistic == "count":
        n = int(value or 0)
        total = denominator(scene, found, n, None, sizes)
        if total:
            statistic, value, unit = "proportion", round(100 * n / total, 1), "%"
        else:
            total, unit = None, None
    elif statistic == "proportion":
        printed = None if figure.kind in ("all", "none") and figure.n is None else value
        total = denominator(scene, found, n, printed, sizes)
        if figure.kind in ("all", "none") and n is None and total is not None:
            n = total if figure.kind == "all" else 0
    else:
        n = None
    if statistic == "proportion" and (value is None or not 0 <= value <= 100):
        return None
    if found.measure == "manufacturing-success" and value is not None and _failure(scene, found):
        value, n, ci = _turned(value, n, total, ci)
    start, end = _quote(scene, found)
    return Outcome(
        measure=found.measure,
        statistic=statistic,
        value=value,
        not_reached=figure.kind == "not-reached",
        unit=unit,
        n=n,
        N=total,
        ci=ci,
        ci_level=figure.ci_level if ci else None,
        p=figure.p,
        time=_time_point(found),
        grade=found.grade.name if found.grade else None,
        arm=arm,
        subgroup=cause(scene, found),
        comparator=other if statistic in ("hazard-ratio", "odds-ratio", "risk-ratio", "difference") else None,
        quote=scene.text[start:end],
        start=start,
        end=end,
        figure=(figure.head.start, figure.head.end),
        confidence=found.confidence,
        links=dict(found.links),
    )


def _interval(figure: Figure, statistic: Statistic) -> Interval:
    """Return the figure's interval on the scale of its value: in percent where a share is printed as a fraction."""
    if figure.ci is None or statistic != "proportion" or figure.kind != "number":
        return figure.ci
    if figure.value is None or figure.value >= 1:
        return figure.ci
    low, high = (None if x is None else round(100 * x, 4) for x in figure.ci)
    return low, high


def _reading(scene: Scene, found: Found) -> tuple[Statistic, float | None, Unit | None]:
    """Return how the figure is to be read: its statistic, value and unit."""
    figure = found.figure
    before, after = scene.around(figure.start, figure.end, 60, 40)
    if figure.kind == "ratio":
        return figure.head.form, figure.value, None  # type: ignore[return-value]
    if figure.kind == "not-reached":
        return "median", None, "month"
    if figure.kind in ("duration", "time"):
        mean = re.search(r"\b(?:mean|averag)", before, re.IGNORECASE) and not re.search("median", before, re.IGNORECASE)
        return "mean" if mean else "median", figure.value, figure.unit  # type: ignore[return-value]
    if figure.unit == "%":
        difference = re.search(
            r"\bdifference(?:s)?(?: in [\w -]{2,30})?(?: of| was| being|[:,=])?\s*[(\[]?\s*-?$", before, re.IGNORECASE
        )
        return "difference" if difference else "proportion", figure.value, "%"
    if figure.kind == "size":
        return "count", None if figure.n is None else float(figure.n), None
    return _bare(scene, found, before, after)


def _bare(scene: Scene, found: Found, before: str, after: str) -> tuple[Statistic, float | None, Unit | None]:
    """Return the reading of a number that stands without a unit."""
    figure = found.figure
    value = figure.value if figure.value is not None else 0.0
    if found.measure in _MONEY:
        return "mean" if found.measure == "cost" else "difference", value, None
    sentence = scene.sentence(figure.start)
    whole = value == int(value)
    for name, pattern in _COMPILED:
        if pattern.search(sentence) and (
            not whole or figure.ci is not None or pattern.search(after[:30] + before[-30:])
        ):
            return name, value, None
    share = 0 < value < 1 and (figure.ci is None or all(x is None or 0 <= x <= 1 for x in figure.ci))
    if (
        share
        and measure_group(parents(), found.measure) >= 0
        and not re.search(r"\bmedian\b[^.;]{0,40}$", before, re.IGNORECASE)
    ):
        return "proportion", round(100 * value, 4), "%"
    unit = _borrowed_unit(scene, figure)
    if unit is not None:
        return "mean" if re.search(r"\bmean\b", before) else "median", value, unit  # type: ignore[return-value]
    return ("count", value, None) if whole else ("median", value, None)


def _borrowed_unit(scene: Scene, figure: Figure) -> str | None:
    """Return the unit of time of a neighbour that the figure is set against (`4.4 days in one, 13.3 in another`)."""
    before = scene.around(figure.start, figure.end, _UNIT_REACH, 0)[0]
    counted = _NUMBER_OF.search(before)
    if counted:
        return counted[1].lower()
    if _COUNTS.search(before):
        return None
    beside = [f for f in scene.figures if f.kind == "duration" and abs(f.start - figure.start) < 60 and f is not figure]
    for other in sorted(beside, key=lambda f: (f.start < figure.start, abs(f.start - figure.start))):
        between = scene.levelled[min(figure.end, other.end) : max(figure.start, other.start)]
        if re.search(r"[.;\n]\s", between) is None and not re.search(r"\b(?:patients|had|died|of whom)\b", between):
            return other.unit
    return None


def _turned(value: float, n: int | None, total: int | None, ci: Interval) -> tuple[float, int | None, Interval]:
    """Return a share of failures as one of successes: value in percent, n (None without its N) and interval."""
    low, high = ci or (None, None)
    turned = None if ci is None else tuple(None if x is None else round(100 - x, 4) for x in (high, low))
    return round(100 - value, 4), None if n is None or total is None else total - n, turned  # type: ignore[return-value]


def _failure(scene: Scene, found: Found) -> bool:
    start, end = found.span or (found.figure.start, found.figure.end)
    return (
        re.search(
            r"fail|out of specification|unsuccessful|could not be",
            scene.levelled[max(0, start - 15) : end + 25],
            re.IGNORECASE,
        )
        is not None
    )


def _time_point(found: Found) -> TimePoint | None:
    if found.time is None:
        return None
    value, unit = found.time.name.split()
    return TimePoint(value=float(value), unit=unit)  # type: ignore[arg-type]


def _quote(scene: Scene, found: Found) -> tuple[int, int]:
    """Return the shortest passage that bears figure and measure; the figure's own clause where they stand apart."""
    figure = found.figure
    if found.span and max(figure.end, found.span[1]) - min(figure.start, found.span[0]) <= _QUOTE_REACH:
        start, end = min(figure.start, found.span[0]), max(figure.end, found.span[1])
    else:
        sentence, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
        start, end = max(sentence, figure.start - 60), figure.end
        while start > sentence and scene.text[start - 1].isalnum():
            start += 1
            if start >= figure.start:
                start = figure.start
                break
    return _trimmed(scene.text, start, _closed(scene.text, start, end))


def _closed(text: str, start: int, end: int) -> int:
    """Return `end` moved behind a percent sign and the bracket that the passage opens."""
    if text[end : end + 1] == "%":
        end += 1
    opened = text[start:end].count("(") - text[start:end].count(")")
    return end + 1 if opened > 0 and text[end : end + 1] == ")" else end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _once(made: Sequence[Outcome]) -> list[Outcome]:
    """Return the entries without repetitions; of two that agree the one that says more stays."""
    kept: list[Outcome] = []
    for outcome in made:
        twin = next((k for k, o in enumerate(kept) if _repeats(o, outcome)), None)
        if twin is None:
            kept.append(outcome)
        elif _said(outcome) > _said(kept[twin]):
            kept[twin] = outcome
    return sorted(kept, key=lambda o: (o.figure or (0, 0), o.measure))


def _said(o: Outcome) -> int:
    return sum(x is not None for x in (o.n, o.N, o.ci, o.p, o.time, o.grade)) + (o.arm != "all")


def _repeats(a: Outcome, b: Outcome) -> bool:
    same = (a.measure, a.statistic, a.value, a.not_reached, a.unit) == (
        b.measure,
        b.statistic,
        b.value,
        b.not_reached,
        b.unit,
    )
    if not same or (a.n is not None and b.n is not None and a.n != b.n):
        return False
    times = (_days(a), _days(b))
    return (
        (a.arm == b.arm or "all" in (a.arm, b.arm))
        and (None in times or times[0] == times[1])
        and (None in (a.grade, b.grade) or a.grade == b.grade)
        and (a.figure or (0, 0))[1] + 60 < (b.figure or (0, 0))[0]
    )


def _days(o: Outcome) -> float | None:
    return None if o.time is None else o.time.value * DAYS[o.time.unit]
