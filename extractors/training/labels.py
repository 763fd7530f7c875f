"""When a candidate agrees with a reference outcome: the scorer's own notions of the same time point and grade."""

from __future__ import annotations

import re
from typing import Any

from extractors.training.alignment import DAYS

_SAME_GRADES = {">=3": "3+", "3-4": "3+", "3-5": "3+", ">=2": "2+", "2-4": "2+", "2-5": "2+"}


def is_entered(measure: str) -> bool:
    """Whether a figure of this measure is to be found: neither none, nor one that no name fits."""
    return measure not in ("none", "other")


def same_time(outcome: dict[str, Any], name: str | None) -> bool:
    """Whether `name` (`12 month`, or None) is the outcome's time point, within a twentieth."""
    time = outcome["time"]
    if time is None or time.get("unit") not in DAYS or name is None:
        return (time is None or time.get("unit") not in DAYS) == (name is None)
    value, unit = name.split()
    a, b = time["value"] * DAYS[time["unit"]], float(value) * DAYS[unit]
    return bool(abs(a - b) <= 0.05 * max(abs(a), abs(b)))


def same_grade(outcome: dict[str, Any], name: str | None) -> bool:
    """Whether `name` (in the guide's notation, or None) is the outcome's grade; `any` is none."""
    return _levelled(outcome["grade"]) == _levelled(name)


def _levelled(grade: str | None) -> str | None:
    if grade in (None, "", "any", "all"):
        return None
    plain = re.sub(r"\s|grade", "", str(grade).lower().replace("≥", ">=").replace("–", "-"))
    return _SAME_GRADES.get(plain, plain)
