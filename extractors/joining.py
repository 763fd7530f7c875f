"""From quantities to figures: what belongs together by form alone is joined into one candidate figure.

`19 of 28 (68%; 95% CI, 48-84)` is one figure with n, N, value and interval; so is `68% [19/28]`. A figure isn't yet an
outcome: that, and its measure, time, grade and arm, is decided in `extractors.outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.numbers import level
from extractors.quantities import Quantity

HEADS = frozenset({"percent", "fraction", "ratio", "duration", "not-reached", "all", "none", "number", "size", "time"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A candidate figure at `text[start:end]`; `head` is the quantity that bears its value.

    `value` is in percent for shares, in `unit` for durations; `n`, `total` as stated; `ci` with open ends as None; `p` as
    printed relation and number; `parts` are the indices of the quantities that it is made of.
    """

    head: Quantity
    start: int
    end: int
    value: float | None
    unit: str | None = None
    n: int | None = None
    total: int | None = None
    ci: tuple[float | None, float | None] | None = None
    ci_level: float | None = None
    p: str | None = None
    parts: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """Return the kind of the head quantity; a share with n and N is a `fraction` whatever was printed first."""
        return self.head.kind


_OPENS = re.compile(r"^\s*(?:[A-Za-z][\w'-]*[ -]+){0,4}(?:[A-Za-z][\w'-]*)?\s*[\[(]\s*(?:n\s*=\s*|approximately |about |~)?$")
_NEXT = re.compile(r"^\s*(?:%|percent|months?|years?|days?)?\s*[\[(;,:{]{0,2}\s*(?:with (?:a )?|and )?$")
_BACK = re.compile(r"^\s*(?:of\s+(?:the\s+)?(?:patients|children|cases|subjects)\s*)?[\[(;,]{1,2}\s*(?:n\s*=\s*)?$")
_OF = re.compile(r"\s*[\])]?\s*(?:of|out of) (?:a total of )?(?:the |these |those |all |our )?")
_PATIENTS = re.compile(r"\s+(?:[\w-]+\s+){0,2}(?:patients|children|adults|recipients|subjects|participants|cases|infants)\b")
_BEHIND_COMMA = re.compile(r"^\s*(?:[A-Za-z][\w'-]*\s+){0,3}(?:[A-Za-z][\w'-]*)?\s*[,;:=]\s*(?:or |i\.e\.,? )?$")
_LOOSE = re.compile(r"^(?:%|months?|years?|days?)?[^.;:()\[\]%]{0,45}[\[(,;]\s*$")
_SPREAD_NAME = re.compile(r"\b(?:(CIs?\b|confidence (?:interval|limit)s?)|ranges?\b|IQR\b|interquartile)", re.IGNORECASE)
_NAME_REACH = 400
_P_GAP = re.compile(r"^[\s,;:)\]\[(]*(?:(?:log-?rank|two-sided|one-sided|adjusted|both|respectively|and|with|Wald|exact|stratified)[\s,;]*)*$", re.IGNORECASE)


def figures(text: str, found: Sequence[Quantity]) -> list[Figure]:
    """Return the candidate figures among `found`, the quantities of `text`, in order."""
    levelled = level(text)
    names = [(m.start(), m[1] is not None) for m in _SPREAD_NAME.finditer(levelled)]
    out: list[Figure] = []
    used: set[int] = set()
    for i, quantity in enumerate(found):
        if i in used or quantity.kind not in HEADS:
            continue
        figure = _joined(levelled, found, i, names)
        used.update(figure.parts)
        out.append(figure)
    return out


def _joined(text: str, found: Sequence[Quantity], i: int, names: Sequence[tuple[int, bool]]) -> Figure:
    figure = _head(found[i], i)
    bracket_is_interval = _is_interval(figure, names)
    for j in range(i + 1, min(i + 6, len(found))):
        gap = text[figure.end : found[j].start]
        if len(gap) > 60 or re.search(r"[.!?]\s+[A-Z]|\n", gap):
            break
        step = _share(text, figure, found[j], j, gap) or _total(text, figure, found[j], j, gap) or _bounds(figure, found[j], j, gap, bracket_is_interval)
        if step is None:
            break
        figure = step
    return figure


def _head(q: Quantity, i: int) -> Figure:
    figure = Figure(q, q.start, q.end, q.value, q.unit, parts=(i,))
    if q.kind == "fraction" and q.value is not None and q.total:
        share = q.low if q.low is not None else round(100 * q.value / q.total, 1)
        return replace(figure, value=share, unit="%", n=int(q.value), total=int(q.total))
    if q.kind == "size":
        return replace(figure, value=None, n=int(q.value or 0))
    total = int(q.total) if q.total else None
    if q.kind == "all":
        return replace(figure, value=100.0, unit="%", n=total, total=total)
    if q.kind == "none":
        return replace(figure, value=0.0, unit="%", n=None if total is None else 0, total=total)
    return figure


def _share(text: str, figure: Figure, q: Quantity, j: int, gap: str) -> Figure | None:
    """Join counts and percentages that are printed with each other."""
    parts = (*figure.parts, j)
    if q.kind == "percent" and figure.kind in ("fraction", "number", "size", "all", "none") and len(figure.parts) == 1:
        whole = figure.head.value is None or figure.head.value == int(figure.head.value)
        apart = figure.kind == "fraction" and re.search(r"[A-Za-z]", gap) is not None
        if apart and not _agrees(figure.head, q.value):
            return None  # `10/10 donors (57%` is no count of 57%
        if whole and "%" not in gap and (_OPENS.match(gap) or _apposed(text, figure, q, gap)):
            n = figure.n if figure.n is not None else None if figure.head.value is None else int(figure.head.value)
            return replace(figure, end=q.end, value=q.value, unit="%", n=n, parts=parts)
    if figure.kind == "percent" and figure.n is None and _BACK.match(gap):
        bracketed = "(" in gap or "[" in gap
        if q.kind == "fraction" and q.total and q.value is not None and (bracketed or _agrees(q, figure.value)):
            return replace(figure, end=q.end, n=int(q.value), total=int(q.total), parts=parts)
        if q.kind in ("size", "number") and q.value == int(q.value or 0) and figure.ci is None and "(" in gap + "[":
            return _count_behind(figure, q, parts, gap)
    return None


def _total(text: str, figure: Figure, q: Quantity, j: int, gap: str) -> Figure | None:
    """Join the denominator that follows a share: `19 (37%; 95% CI, 24-51) of the 52 patients`, `68% of the 28 patients`."""
    if figure.unit != "%" or figure.total is not None or q.kind != "number" or q.value is None or not _OF.fullmatch(gap):
        return None
    whole = q.value == int(q.value) and q.value > 0 and figure.value is not None
    if not whole or (figure.n is None and not _PATIENTS.match(text[q.end : q.end + 40])):
        return None
    if figure.n is not None and abs(100 * figure.n / q.value - (figure.value or 0.0)) > 1:
        return None
    return replace(figure, end=q.end, total=int(q.value), parts=(*figure.parts, j))


def _apposed(text: str, figure: Figure, q: Quantity, gap: str) -> bool:
    """Whether a percentage behind a comma is the figure's own: `(n=28; 68%)`, `(28; 68%)`, `28 of 41, 68%`."""
    bracketed = text[: figure.start].endswith(("(", "[")) and text[q.end : q.end + 1] in (")", "]", ",", ";")
    if figure.kind == "size" or (figure.kind == "number" and bracketed):
        return re.fullmatch(r"\s*[;,]\s*", gap) is not None
    return figure.kind == "fraction" and _BEHIND_COMMA.match(gap) is not None and _agrees(figure.head, q.value)


def _agrees(fraction: Quantity, percent: float | None) -> bool:
    """Whether n of N is the percentage, give or take its rounding."""
    if fraction.value is None or not fraction.total or percent is None:
        return False
    return abs(100 * fraction.value / fraction.total - percent) <= 1


def _count_behind(figure: Figure, q: Quantity, parts: tuple[int, ...], gap: str) -> Figure | None:
    bracketed = "(" in gap or "[" in gap
    if not bracketed or figure.value is None:
        return None
    return replace(figure, end=q.end, n=int(q.value or 0), parts=parts)


def _bounds(figure: Figure, q: Quantity, j: int, gap: str, bracket_is_interval: bool) -> Figure | None:
    """Join the interval, the range and the p-value that follow a figure."""
    parts = (*figure.parts, j)
    if q.kind == "interval" and figure.ci is None and (_NEXT.match(gap) or _belongs(figure, q, gap)):
        unreached = figure.kind == "not-reached" and _open_ended(q)
        if q.form == "bracket" and not unreached and not (_within(figure.value, q) and (bracket_is_interval or _open_ended(q))):
            return replace(figure, end=q.end, parts=parts)
        low, high = q.low, q.high
        if figure.unit == "%" and figure.value is not None and figure.value > 1 and high is not None and 0 <= (low or 0) and high <= 1:
            low, high = (None if low is None else round(100 * low, 4)), round(100 * high, 4)
        return replace(figure, end=q.end, ci=(low, high), ci_level=q.level or 95.0, parts=parts)
    if q.kind == "range" and re.fullmatch(r"[\s\[(,;:]*", gap):
        return replace(figure, end=q.end, parts=parts)
    if q.kind == "p" and figure.p is None and _P_GAP.match(gap) and q.value is not None:
        return replace(figure, end=q.end, p=_printed(q, figure), parts=parts)
    return None


def _is_interval(figure: Figure, names: Sequence[tuple[int, bool]]) -> bool:
    """Whether an unnamed bracket behind `figure` is its confidence interval, going by what the text last named before it.

    Percentages and ratios are given with intervals; medians as often with ranges.
    """
    if figure.unit == "%" or figure.kind == "ratio":
        return True
    before = [is_interval for at, is_interval in names if at < figure.start]
    if figure.kind in ("duration", "time"):
        near = [is_interval for at, is_interval in names if figure.start - _NAME_REACH < at < figure.start]
        return bool(near) and near[-1]
    return any(is_interval for _, is_interval in names) and (not before or before[-1])


def _belongs(figure: Figure, q: Quantity, gap: str) -> bool:
    """Whether a named interval a few words on is the figure's: `53 months in the median (95% CI, 37-69)`."""
    return q.form == "named" and _LOOSE.match(gap) is not None and _within(figure.value, q)


def _open_ended(q: Quantity) -> bool:
    return q.high is None or q.low is None


def _within(value: float | None, q: Quantity) -> bool:
    """Whether `value` lies between the bounds of `q`; an open end bounds nothing."""
    return value is not None and (q.low is None or q.low <= value) and (q.high is None or value <= q.high)


def _printed(q: Quantity, figure: Figure) -> str:
    return ("" if q.form == "=" else q.form) + f"{q.value:g}"
