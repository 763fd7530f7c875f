"""From quantities to figures: what belongs together by form alone is joined into one candidate figure.

`19 of 28 (68%; 95% CI, 48-84)` is one figure with n, N, value and interval; so is `68% [19/28]`. A figure isn't yet an
outcome: that, and its measure, time, grade and arm, is decided in `extractors.outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.numbers import level
from extractors.quantities import Quantity

HEADS = frozenset({"percent", "fraction", "ratio", "duration", "not-reached", "all", "none", "number", "size", "time"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A candidate figure at `text[start:end]`; `head` is the quantity that bears its value.

    `value` is in percent for shares, in `unit` for durations; `n`, `total` as stated; `ci` with open ends as None; `p`
    as printed relation and number; `parts` are the indices of the quantities that it is made of. Of all but some,
    `left_out` says how many; these have no value before their N is known.
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
    left_out: int | None = None

    @property
    def kind(self) -> str:
        """Return the kind of the head quantity; a share with n and N is a `fraction` whatever was printed first."""
        return self.head.kind


_WORD = r"[A-Za-z][\w'-]*"
_OPENS = re.compile(  # 15 treated patients (54%
    rf"^\s*(?:{_WORD}[ -]+){{0,7}}(?:{_WORD})?\s*[\[(]\s*(?:n\s*=\s*|approximately |about |~)?$"
)
_NEXT = re.compile(r"^\s*(?:%|percent|months?|years?|days?)?\s*[\[(;,:{]{0,2}\s*(?:with (?:a )?|and )?$")
_BACK = re.compile(r"^\s*(?:of\s+(?:the\s+)?(?:patients|children|cases|subjects)\s*)?[\[(;,]{1,2}\s*(?:n\s*=\s*)?$")
_OF = re.compile(r"\s*[\])]?\s*(?:of|out of) (?:a total of )?(?:the |these |those |all |our )?")
_PATIENTS = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}(?:patients|children|adults|recipients|subjects|participants|cases|infants)\b"
)
_LIMIT = re.compile(  # performance status >80 (69%), costs of INR 164,000
    r"(?:[<>≥≤]=?|[$€£]|\b(?:than|least|INR|USD|EUR|GBP|CNY|JPY))\s?$"
)
_IS_PART = re.compile(r"\s+(?:of )?(?:grade|severe|fatal|≥|vs?\b|versus)")  # 31 had an infection (54% grade ≥3)
_COUNTS_PEOPLE = re.compile(  # 3.3% (two breast, two thyroid), 2.1% (2 hours) don't
    r"\s*(?:[\])/;,:]|of\b|out of\b|(?:[\w-]+\s+){0,2}(?:patients?|child(?:ren)?|adults?|recipients?|subjects?"
    r"|participants?|cases?|infants?|deaths?|events?|responders?|women|men|donors?|grafts?)\b)"
)
_BEHIND_COMMA = re.compile(rf"^\s*(?:{_WORD}\s+){{0,3}}(?:{_WORD})?\s*[,;:=]\s*(?:or |i\.e\.,? )?$")
_BEHIND_WORDS = re.compile(r"^(?:%|months?|years?|days?)?[^.;:()\[\]%]{0,45}[\[(,;]\s*$")
_P_GAP = re.compile(
    r"^[\s,;:)\]\[(]*(?:(?:log-?rank|two-sided|one-sided|adjusted|both|respectively|and|with|Wald|exact|stratified)"
    r"[\s,;]*)*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]|\n")
_SPREAD_NAME = re.compile(
    r"\b(?:(CIs?\b|confidence (?:interval|limit)s?)|ranges?\b|IQR\b|interquartile)", re.IGNORECASE
)
_NAME_REACH = 400
_REACH, _GAP, _GAP_TO_SHARE = 6, 60, 110
_LEAST_TOTAL = 5


@dataclass(frozen=True, slots=True)
class _Next:
    """A quantity that may belong to the figure before it: its index, the words between, the text that both stand in."""

    quantity: Quantity
    index: int
    gap: str
    text: str
    bracket_is_interval: bool

    @property
    def bracketed(self) -> bool:
        return "(" in self.gap or "[" in self.gap

    def behind(self, length: int) -> str:
        return self.text[self.quantity.end : self.quantity.end + length]

    def joined(self, figure: Figure) -> Figure:
        return replace(figure, end=self.quantity.end, parts=(*figure.parts, self.index))


def figures(text: str, found: Sequence[Quantity]) -> list[Figure]:
    """Return the candidate figures among `found`, the quantities of `text`, in order."""
    levelled = level(text)
    names = [(m.start(), m[1] is not None) for m in _SPREAD_NAME.finditer(levelled)]
    out: list[Figure] = []
    used: set[int] = set()
    for i, quantity in enumerate(found):
        if i not in used and quantity.kind in HEADS:
            figure = _joined(levelled, found, i, names)
            used.update(figure.parts)
            out.append(figure)
    return out


def _joined(text: str, found: Sequence[Quantity], i: int, names: Sequence[tuple[int, bool]]) -> Figure:
    figure = _head(found[i], i)
    bracket_is_interval = _is_interval(figure, names)
    for j in range(i + 1, min(i + _REACH, len(found))):
        gap = text[figure.end : found[j].start]
        if len(gap) > _reach(figure, found[j]) or _SENTENCE_END.search(gap):
            break
        following = _Next(found[j], j, gap, text, bracket_is_interval)
        step = next((s for s in (join(figure, following) for join in _JOINS) if s is not None), None)
        if step is None:
            break
        figure = step
    return figure


def _reach(figure: Figure, q: Quantity) -> int:
    """Return how far off a quantity may stand that belongs to the figure: n of N and its percentage embrace words."""
    return _GAP_TO_SHARE if figure.kind == "fraction" and q.kind == "percent" else _GAP


def _head(q: Quantity, i: int) -> Figure:
    figure = Figure(q, q.start, q.end, q.value, q.unit, parts=(i,))
    total = int(q.total) if q.total else None
    if q.kind == "fraction" and q.value is not None and q.total:
        share = q.low if q.low is not None else round(100 * q.value / q.total, 1)
        return replace(figure, value=share, unit="%", n=int(q.value), total=total)
    if q.kind == "size":
        return replace(figure, value=None, n=int(q.value or 0))
    if q.form == "but" and q.low is not None:
        return replace(figure, unit="%", left_out=int(q.low))
    if q.kind == "all":
        return replace(figure, value=100.0, unit="%", n=total, total=total)
    if q.kind == "none":
        return replace(figure, value=0.0, unit="%", n=None if total is None else 0, total=total)
    return figure


def _percentage(figure: Figure, following: _Next) -> Figure | None:
    """Join the percentage of a count: `19 of 28 (68%)`, `15 patients (54%)`, `(n=28; 68%)`."""
    q, head, gap = following.quantity, figure.head, following.gap
    if q.kind != "percent" or len(figure.parts) > 1 or "%" in gap:
        return None
    if figure.kind not in ("fraction", "number", "size", "all", "none") or not _whole(head.value, unknown=True):
        return None
    if figure.kind == "fraction" and _is_its_share(figure, following):
        return replace(following.joined(figure), value=q.value)
    if figure.kind == "fraction" and re.search(r"[A-Za-z]", gap) and not _agrees(head, q.value):
        return None  # `3 of 10 donors (57%`: another share
    if figure.kind == "number" and (
        _LIMIT.search(following.text[: figure.start][-8:]) or _IS_PART.match(following.behind(12))
    ):
        return None
    if not _OPENS.match(gap) and not _apposed(figure, following):
        return None
    n = figure.n if figure.n is not None else None if head.value is None else int(head.value)
    return replace(following.joined(figure), value=q.value, unit="%", n=n)


def _is_its_share(figure: Figure, following: _Next) -> bool:
    """Whether a percentage is n of N to its last printed place: `Ten of the 18 responded, a response rate of 55.6%`."""
    q, head = following.quantity, figure.head
    if q.value is None or head.value is None or not head.total:
        return False
    decimals = re.search(r"\.(\d+)", following.text[q.start : q.end])
    unit = 10.0 ** -len(decimals[1]) if decimals else 1.0
    return abs(100 * head.value / head.total - q.value) <= unit / 2 + 1e-9


def _apposed(figure: Figure, following: _Next) -> bool:
    """Whether a percentage behind a comma is the figure's own: `(n=28; 68%)`, `(28; 68%)`, `28 of 41, 68%`."""
    enclosed = following.text[: figure.start].endswith(("(", "[")) and following.behind(1) in (")", "]", ",", ";")
    if figure.kind == "size" or (figure.kind == "number" and enclosed):
        return re.fullmatch(r"\s*[;,]\s*", following.gap) is not None
    if figure.kind == "number" and re.fullmatch(r"\s*,\s*", following.gap):
        return _is_some_share(figure, following)
    agrees = figure.kind == "fraction" and _agrees(figure.head, following.quantity.value)
    return agrees and _BEHIND_COMMA.match(following.gap) is not None


def _is_some_share(figure: Figure, following: _Next) -> bool:
    """Whether a count and the percentage behind it, to its decimals, are of one group: `occurred in 5, 31.3%,`."""
    q, n = following.quantity, figure.value
    decimals = re.search(r"\.(\d+)", following.text[q.start : q.end])
    if not n or not q.value or decimals is None or not re.match(r"[,;.)\]]|$", following.behind(1)):
        return False
    total = round(100 * n / q.value)
    return total >= _LEAST_TOTAL and abs(100 * n / total - q.value) <= 10.0 ** -len(decimals[1]) / 2 + 1e-9


def _count(figure: Figure, following: _Next) -> Figure | None:
    """Join the count behind a percentage: `68% (19 of 28)`, `68% (n = 19)`."""
    q = following.quantity
    if q.value is None or not _BACK.match(following.gap):
        return None
    if q.kind == "fraction" and q.total and figure.total is None and figure.unit == "%" and figure.n == q.value:
        return replace(following.joined(figure), total=int(q.total))  # 64 of them (53%, 64/119)
    if figure.kind != "percent" or figure.n is not None:
        return None
    if q.kind == "fraction" and q.total and (_agrees(q, figure.value) or _alone(following)):
        return replace(following.joined(figure), n=int(q.value), total=int(q.total))
    counts = q.kind == "size" or (q.kind == "number" and _COUNTS_PEOPLE.match(following.behind(60)))
    if counts and _whole(q.value) and figure.ci is None and following.bracketed:
        return replace(following.joined(figure), n=int(q.value))
    return None


def _tally(figure: Figure, following: _Next) -> Figure | None:
    """Join the fraction that says none or all in figures: `No CRS or ICANS arose (0 of 15)`, `all had CRS (5/5)`."""
    q = following.quantity
    if figure.kind not in ("none", "all") or q.kind != "fraction" or figure.total not in (None, q.total):
        return None
    agrees = q.total and q.value == (0 if figure.kind == "none" else q.total)
    if not agrees or not _OPENS.match(following.gap) or not re.match(r"\s*(?:patients\s*)?[\])]", following.behind(12)):
        return None
    return replace(following.joined(figure), n=int(q.value or 0), total=int(q.total or 0))


def _short_form(figure: Figure, following: _Next) -> Figure | None:
    """Join the short form of what was just said: `not reached (NR)`, `NR (not reached)`."""
    if figure.kind != "not-reached" or following.quantity.kind != "not-reached" or len(figure.parts) > 1:
        return None
    return following.joined(figure) if re.fullmatch(r"\s*[\[(]\s*", following.gap) else None


def _alone(following: _Next) -> bool:
    """Whether a bracket holds one fraction only: those of `82% (20/22; 12/17)` are of the arms."""
    return following.bracketed and re.match(r"\s*[;,]\s*\d+\s*/\s*\d", following.behind(12)) is None


def _total(figure: Figure, following: _Next) -> Figure | None:
    """Join the denominator behind a share: `19 (37%; 95% CI, 24-51) of the 52 patients`, `68% of the 28 patients`."""
    q = following.quantity
    if figure.unit != "%" or figure.value is None or figure.total is not None or not _OF.fullmatch(following.gap):
        return None
    if q.kind != "number" or q.value is None or not _whole(q.value) or q.value <= 0:
        return None
    if figure.n is None and not _PATIENTS.match(following.behind(40)):
        return None
    if figure.n is not None and abs(100 * figure.n / q.value - figure.value) > 1:
        return None
    return replace(following.joined(figure), total=int(q.value))


def _interval(figure: Figure, following: _Next) -> Figure | None:
    """Join the interval behind a figure; an unnamed bracket that's no interval is its range and only joined."""
    q = following.quantity
    if q.kind != "interval" or figure.ci is not None:
        return None
    if not _NEXT.match(following.gap) and not _belongs(figure, following):
        return None
    if q.form == "bracket" and not _bounds(figure, following):
        return following.joined(figure)
    return replace(following.joined(figure), ci=_in_unit(figure, q), ci_level=q.level or 95.0)


def _bounds(figure: Figure, following: _Next) -> bool:
    """Whether an unnamed bracket bounds the figure; ranges have no open ends."""
    q = following.quantity
    open_ended = q.low is None or q.high is None
    if figure.kind == "not-reached" and open_ended:
        return True
    return _within(figure.value, q) and (following.bracket_is_interval or open_ended)


def _in_unit(figure: Figure, q: Quantity) -> tuple[float | None, float | None]:
    """Return the bounds in the figure's unit: an interval in fractions behind a percentage is given in percent."""
    low, high = q.low, q.high
    in_percent = figure.unit == "%" and figure.value is not None and figure.value > 1
    if in_percent and high is not None and high <= 1 and (low or 0) >= 0:
        return None if low is None else round(100 * low, 4), round(100 * high, 4)
    return low, high


def _range(figure: Figure, following: _Next) -> Figure | None:
    ranged = following.quantity.kind == "range" and re.fullmatch(r"[\s\[(,;:]*", following.gap)
    return following.joined(figure) if ranged else None


def _p_value(figure: Figure, following: _Next) -> Figure | None:
    q = following.quantity
    if q.kind != "p" or q.value is None or figure.p is not None or not _P_GAP.match(following.gap):
        return None
    return replace(following.joined(figure), p=("" if q.form == "=" else q.form) + f"{q.value:g}")


_JOINS: tuple[Callable[[Figure, _Next], Figure | None], ...] = (
    _percentage, _count, _tally, _short_form, _total, _interval, _range, _p_value,
)  # fmt: skip


def _is_interval(figure: Figure, names: Sequence[tuple[int, bool]]) -> bool:
    """Whether an unnamed bracket behind `figure` is its confidence interval, by what the text last named before it.

    Percentages and ratios are given with intervals; medians as often with ranges.
    """
    if figure.unit == "%" or figure.kind == "ratio":
        return True
    before = [is_interval for at, is_interval in names if at < figure.start]
    if figure.kind in ("duration", "time"):
        near = [is_interval for at, is_interval in names if figure.start - _NAME_REACH < at < figure.start]
        return bool(near) and near[-1]
    return any(is_interval for _, is_interval in names) and (not before or before[-1])


def _belongs(figure: Figure, following: _Next) -> bool:
    """Whether a named interval a few words on is the figure's: `53 months in the median (95% CI, 37-69)`."""
    q = following.quantity
    return q.form == "named" and _BEHIND_WORDS.match(following.gap) is not None and _within(figure.value, q)


def _agrees(fraction: Quantity, percent: float | None) -> bool:
    """Whether n of N is the percentage, give or take its rounding."""
    if fraction.value is None or not fraction.total or percent is None:
        return False
    return abs(100 * fraction.value / fraction.total - percent) <= 1


def _whole(value: float | None, unknown: bool = False) -> bool:
    return unknown if value is None else value == int(value)


def _within(value: float | None, q: Quantity) -> bool:
    """Whether `value` lies between the bounds of `q`; an open end bounds nothing."""
    return value is not None and (q.low is None or q.low <= value) and (q.high is None or value <= q.high)
