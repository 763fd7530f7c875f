"""Value, confidence interval and p of one figure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from statistics import NormalDist
from typing import Final, NamedTuple

from extractors.checks.case import Case, flag
from extractors.checks.reading import shown, step
from extractors.evidence import Flag, Outcome
from extractors.numbers import level

RATIOS: Final = frozenset({"hazard-ratio", "odds-ratio", "risk-ratio"})
LOPSIDED: Final = 3.0
"""How many times longer one side of an interval may be than the other on its scale."""
_P: Final = re.compile(r"\s*(<=|>=|<|>|=|≤|≥)?\s*(\d*\.?\d+(?:e-?\d+)?)\s*", re.IGNORECASE)
_OTHER_TEST: Final = re.compile(r"inferior|interaction|trend|one[- ]sided|posterior|credible|bayes", re.IGNORECASE)
_NOT_SIGNIFICANT: Final = re.compile(r"n\.?\s?s\.?|not significant", re.IGNORECASE)
_NORMAL: Final = NormalDist()


class _Bounds(NamedTuple):
    """What p may be; `above` where the text only says what it's above of."""

    least: float
    most: float
    above: bool


class Interval(NamedTuple):
    """A figure with both ends of its interval."""

    place: int
    outcome: Outcome
    value: float
    low: float
    high: float

    @property
    def worded(self) -> str:
        """Return the interval as it's printed: `95% CI 53 to 80`."""
        return f"{shown(self.outcome.ci_level or 95)}% CI {shown(self.low)} to {shown(self.high)}"


def value_outside(case: Case) -> Iterator[Flag]:
    """Yield values that lie outside their own interval by more than rounding.

    One that lies inside with the other sign is passed over: signs are lost more easily than made.
    """
    for i in _intervals(case):
        slack = step(i.value, i.low, i.high) / 2 + 1e-9
        below, above = i.low - i.value > slack, i.value - i.high > slack
        other_sign = i.low <= -i.value <= i.high
        if i.low <= i.high and (below or above) and not other_sign:
            side = f"below {shown(i.low)}" if below else f"above {shown(i.high)}"
            message = f"{shown(i.value)} lies outside its own interval: {i.worded}, and {shown(i.value)} is {side}"
            yield flag("value-outside-interval", message, i.place)


def reversed_interval(case: Case) -> Iterator[Flag]:
    """Yield intervals whose lower end is above the upper one."""
    for i in _intervals(case):
        if i.low > i.high:
            yield flag("interval-reversed", f"{i.worded}: the lower end is above the upper one", i.place)


def asymmetric(case: Case) -> Iterator[Flag]:
    """Yield intervals far longer on one side of the value than on the other, on every scale that is usual for it.

    Whatever the rounding hides is granted. Medians are left out: nothing binds the shape of their intervals.
    """
    for i in _intervals(case):
        found = _lopsided(i) if i.low < i.value < i.high else None
        if found is not None:
            left, right, scale = found
            times = f"{max(left, right) / min(left, right):.2g}"
            message = (
                f"{shown(i.value)} with {i.worded}: the interval reaches {left:.2g} below and {right:.2g} above "
                f"the value{scale}, {times} times as far on one side as on the other"
            )
            yield flag("interval-asymmetric", message, i.place)


def p_against_interval(case: Case) -> Iterator[Flag]:
    """Yield p values that say clearly the contrary of the interval about 1 (ratios) or 0 (differences).

    Tests of another question (non-inferiority, interaction, trend) are passed over where they're named; a one-sided p
    and a test that isn't the interval's are granted.
    """
    for i in _intervals(case):
        o = i.outcome
        p = _p(o.p) if 50 <= (o.ci_level or 95) < 100 else None
        if p is None or i.low >= i.high or o.statistic not in RATIOS | {"difference"} or _OTHER_TEST.search(o.quote):
            continue
        null, alpha = (1.0 if o.statistic in RATIOS else 0.0), round(1 - (o.ci_level or 95) / 100, 6)
        slack, implied = step(i.low, i.high) / 2, _implied(i, null)
        significant = p.most < 0.8 * alpha and p.most < implied / 5
        not_significant = (p.least > 1.3 * alpha or (p.above and p.least >= alpha)) and implied < alpha / 2
        if (i.low - slack > null or i.high + slack < null) and not_significant:
            yield flag("p-against-interval", f"{i.worded} leaves out {null:g}, but the text says p {o.p}", i.place)
        elif i.low + slack < null < i.high - slack and significant:
            message = f"{i.worded} includes {null:g} (p would be about {implied:.2g}), but the text says p {o.p}"
            yield flag("p-against-interval", message, i.place)


def _intervals(case: Case) -> Iterator[Interval]:
    for k, o in enumerate(case.outcomes):
        if o.value is None or o.ci is None:
            continue
        low, high = o.ci
        if low is None or high is None or (o.statistic == "proportion" and o.value > 2 > max(low, high)):
            continue
        if o.statistic not in RATIOS or min(low, high, o.value) > 0:
            yield Interval(k, o, o.value, low, high)


def _lopsided(i: Interval) -> tuple[float, float, str] | None:
    """Return the lengths of both sides and the name of their scale, where it's beyond reason on all scales."""
    scales = _scales(i)
    sides = [_sides(i, scale) for scale in scales.values()]
    if not sides or not all(s is not None and _uneven(*s) for s in sides):
        return None
    first = next(iter(scales))
    plain = scales[first]
    return plain(i.value) - plain(i.low), plain(i.high) - plain(i.value), first


def _scales(i: Interval) -> dict[str, Callable[[float], float]]:
    """Return the scales on which the figure's interval may be symmetric, by their names in a message."""
    if i.outcome.statistic in RATIOS:
        return {" on the log scale": math.log}
    if i.outcome.statistic == "difference" and i.outcome.unit == "%":
        return {"": float}
    if i.outcome.statistic == "proportion" and i.low > 0 and i.high < 100:
        return {"": float, " on the logit scale": _logit, " on the log-log scale": _log_log}
    return {}


def _sides(i: Interval, scale: Callable[[float], float]) -> tuple[float, float, float, float] | None:
    """Return the least and greatest length of the left and the right side that rounding allows."""
    h = step(i.value) / 2, step(i.low) / 2, step(i.high) / 2
    try:
        shortest_left, longest_left = (scale(i.value - s * h[0]) - scale(i.low + s * h[1]) for s in (1, -1))
        shortest_right, longest_right = (scale(i.high - s * h[2]) - scale(i.value + s * h[0]) for s in (1, -1))
    except (ValueError, ZeroDivisionError):  # rounding reaches the end of the scale
        return None
    return shortest_left, longest_left, shortest_right, longest_right


def _uneven(shortest_left: float, longest_left: float, shortest_right: float, longest_right: float) -> bool:
    return shortest_left > LOPSIDED * longest_right or shortest_right > LOPSIDED * longest_left


def _logit(share: float) -> float:
    return math.log(share / (100 - share))


def _log_log(share: float) -> float:
    return -math.log(-math.log(share / 100))


def _p(p: str | None) -> _Bounds | None:
    """Return the least and the greatest p that the text allows, or None where it says nothing definite."""
    if p is not None and _NOT_SIGNIFICANT.fullmatch(p.strip()):
        return _Bounds(0.05, 1.0, above=True)
    found = _P.fullmatch(level(p or ""))
    if not found:
        return None
    relation, value = found.group(1) or "=", float(found.group(2))
    if relation == "=":
        return _Bounds(value, value, above=False)
    below = relation in ("<", "<=", "≤")
    return _Bounds(0.0 if below else value, value if below else 1.0, above=not below)


def _implied(i: Interval, null: float) -> float:
    """Return the two-sided p that value and interval imply under a normal approximation on their scale."""
    scale: Callable[[float], float] = math.log if i.outcome.statistic in RATIOS else float
    quantile = _NORMAL.inv_cdf(0.5 + (i.outcome.ci_level or 95) / 200)
    error = (scale(i.high) - scale(i.low)) / (2 * quantile)
    return 2 * (1 - _NORMAL.cdf(abs(scale(i.value) - scale(null)) / error))
