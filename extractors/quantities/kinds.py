"""What a quantity is: its kind, its place and its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "p", "interval", "range", "grade", "dose", "age", "date", "time", "fraction", "percent", "ratio", "size",
    "duration", "not-reached", "all", "none", "number", "label",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """One typed quantity at `text[start:end]`.

    `value` is the number (a percentage in percent, a duration in `unit`, a fraction's n); `low` and `high` bound an
    interval, a range or a grade (None where open), `low` is also how many `all` leaves out; `total` is a fraction's N,
    or how many `all` and `none` speak of; `level` an interval's level in percent; `form` a finer type: the ratio's
    statistic, the relation of p, `point`, `adjective` or `listed` of a time, `word`, `digit` or `place` of a number
    (`the fifth died`), `but` of `all`. A `label` counts and measures nothing: a phase, an allocation ratio.
    """

    kind: Kind
    start: int
    end: int
    value: float | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    level: float | None = None
    form: str = ""
