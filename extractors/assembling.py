"""From linked figures to outcome entries: statistic, value, denominators, quote; a repeated figure is entered once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.causes import cause
from extractors.denominators import Sizes, counted, denominator
from extractors.evidence import Outcome, Statistic, TimePoint
from extractors.joining import Figure
from extractors.linking.scene import Scene
from extractors.linking.spans import DAYS
from extractors.outcome_links import Found
from extractors.readings import reading
from extractors.residual import disease_told

Interval = tuple[float | None, float | None] | None
_QUOTE_REACH = 320
_ROUNDED = 0.6
_AGAIN = re.compile(  # 24 of 30 patients (80%); twenty-six, or 76%; 11 such events, for an incidence of 14%
    r"[^.;:()%]{0,60}[(\[](?:[^.;()%\d]{0,60}\D)?|[^.;:()%\d]{0,40},? (?:or|that is|i\.e\.),? "
    r"|[^.;:()%\d]{0,60},? (?:for|with|giving) an? (?:\w+ ){0,2}(?:incidence|rate|probability|frequency) of "
)


def outcomes(
    scene: Scene, found: Sequence[Found], sizes: Sizes, both: tuple[str, str] | None = None
) -> tuple[Outcome, ...]:
    """Return the outcome entries of the linked figures, in the order of the text.

    `sizes` are the sizes of the arms and of the whole study that the text states, `both` the study's two arms, if it
    has two, which ratios and differences compare.
    """
    made = [o for f in counted(scene, found, sizes) if (o := _outcome(scene, f, sizes)) is not None]
    return tuple(_once(_without_shares_again(scene, _compared(scene, made, both) if both else made)))


def _compared(scene: Scene, made: Sequence[Outcome], both: tuple[str, str]) -> list[Outcome]:
    """Return the entries; ratios and differences of one arm have the other as comparator.

    Where a sentence has those of both arms, they're against something else.
    """
    index = scene.layout.sentence_index
    places = [index(o.figure[0] if o.figure else 0) if _compares(o, both) else None for o in made]
    arms: dict[int | None, set[str]] = {}
    for place, o in zip(places, made, strict=True):
        arms.setdefault(place, set()).add(o.arm)
    return [
        o if place is None or len(arms[place]) > 1 else o.model_copy(update={"comparator": both[1 - both.index(o.arm)]})
        for place, o in zip(places, made, strict=True)
    ]


def _compares(o: Outcome, both: tuple[str, str]) -> bool:
    return o.statistic in ("hazard-ratio", "odds-ratio", "risk-ratio", "difference") and o.arm in both


def _outcome(scene: Scene, found: Found, sizes: Sizes) -> Outcome | None:
    figure = found.figure
    statistic, value, unit = reading(scene, found)
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
    if found.measure == "mrd-negativity" and disease_told(scene, found):
        if figure.kind != "none":
            return None
        value, n, ci = _turned(0.0, n, total, ci)
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
        arm=found.arm,
        subgroup=cause(scene, found),
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


def _without_shares_again(scene: Scene, made: Sequence[Outcome]) -> list[Outcome]:
    """Return the entries; a share that tells the one before again is entered with it.

    `24 of the 30 patients seen on day 28 (80%)`, `all nine responded (ORR, 100%)`, `in 24.2% (pooled rate 0.24)`,
    `three, or 10%`.
    """
    kept: list[Outcome] = []
    for o in made:
        if kept and _tells_again(scene, kept[-1], o):
            more = {name: value for name in ("ci", "ci_level", "p") if (value := getattr(o, name)) is not None}
            surer = max(kept[-1].confidence or 0.0, o.confidence or 0.0)
            kept[-1] = kept[-1].model_copy(update=more | {"confidence": surer})
        else:
            kept.append(o)
    return kept


def _tells_again(scene: Scene, a: Outcome, b: Outcome) -> bool:
    """Whether `b` stands in a bracket or apposition behind `a`, of the same, and is as much when rounded."""
    if (a.measure, a.statistic, b.statistic) != (b.measure, "proportion", "proportion") or b.n is not None:
        return False
    if a.figure is None or b.figure is None or a.value is None or b.value is None or not _of_one_group(a, b):
        return False
    one_printed = "%" not in scene.text[slice(*a.figure)] or "%" not in scene.text[slice(*b.figure)]
    between = scene.levelled[a.figure[1] : b.figure[0]]
    return one_printed and abs(a.value - b.value) <= _ROUNDED and _AGAIN.fullmatch(between) is not None


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
    return _of_one_group(a, b) and (a.figure or (0, 0))[1] + 60 < (b.figure or (0, 0))[0]


def _of_one_group(a: Outcome, b: Outcome) -> bool:
    """Whether nothing that is told of two entries sets them apart: arm, time point, grade."""
    times = (_days(a), _days(b))
    return (
        (a.arm == b.arm or "all" in (a.arm, b.arm))
        and (None in times or times[0] == times[1])
        and (None in (a.grade, b.grade) or a.grade == b.grade)
    )


def _days(o: Outcome) -> float | None:
    return None if o.time is None else o.time.value * DAYS[o.time.unit]
