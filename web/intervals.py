"""The geometry of small interval plots: values and confidence limits laid out on one shared axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 180
HEIGHT = 22
_PAD = 7
_LEAST = 1e-4  # smaller differences and ratios can't be drawn


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from `low` to `high`; `log` for ratios, whose line of no effect is 1."""

    low: float
    high: float
    log: bool = False

    def x(self, value: float) -> float:
        """Return the horizontal position of `value` in the plot, held inside its borders."""
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(max(value, low))
        share = (at - low) / (high - low)
        return round(_PAD + min(max(share, 0.0), 1.0) * (WIDTH - 2 * _PAD), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Return positions and labels of a few round values."""
        values = _log_ticks(self.low, self.high) if self.log else _linear_ticks(self.low, self.high)
        return [(self.x(v), f"{v:g}") for v in values]

    @property
    def reference(self) -> float | None:
        """The position of the line of no effect: 1 for ratios, 0 where the axis crosses it."""
        if self.log:
            return self.x(1.0)
        return self.x(0.0) if self.low < 0 < self.high else None


@dataclass(frozen=True, slots=True)
class Interval:
    """One row's plot: the dot, the line of its interval, and which ends are open or run off the axis."""

    dot: float | None
    left: float | None
    right: float | None
    open_left: bool = False
    open_right: bool = False


def axis_for(values: Iterable[float], *, statistic: str) -> Axis:
    """Return an axis that holds `values`: 0 to 100 for proportions, logarithmic for ratios, else from zero."""
    finite = [v for v in values if math.isfinite(v)]
    if statistic == "proportion":
        return Axis(0.0, 100.0)
    if statistic.endswith("-ratio"):
        positive = [v for v in finite if v >= _LEAST]
        return Axis(min([0.5, *positive]) / 1.15, min(max([2.0, *positive]) * 1.15, 1000.0), log=True)
    low, high = min([0.0, *finite]), max([0.0, *finite])
    if high - low < _LEAST:
        return Axis(low, low + 1.0)
    return Axis(low * 1.05, high * 1.05)


def interval(axis: Axis, value: float | None, ci: Sequence[float | None] | None) -> Interval | None:
    """Return where a row's dot and line go, or None where there is nothing to draw."""
    low, high = ci if ci is not None else (None, None)
    if value is None and low is None and high is None:
        return None
    has_line = low is not None or high is not None
    return Interval(
        dot=None if value is None else axis.x(value),
        left=(axis.x(axis.low) if low is None else axis.x(low)) if has_line else None,
        right=(axis.x(axis.high) if high is None else axis.x(high)) if has_line else None,
        open_left=has_line and (low is None or low < axis.low),
        open_right=has_line and (high is None or high > axis.high),
    )


def _linear_ticks(low: float, high: float) -> list[float]:
    step = 10 ** math.floor(math.log10((high - low) / 2))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= 5:
            step *= factor
            break
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    candidates = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2, 4, 10, 100, 1000]
    inside = [v for v in candidates if low <= v <= high]
    return inside if len(inside) <= 6 else [v for v in inside if v in (0.01, 0.1, 1, 10, 100)]
