"""What tells of a time point without standing beside a figure: a heading `Month 12`; `best response`, `at any time`.

Counted over the annotated figures of the training texts: of those in lines under a heading that is a time point, and
without another, five in six are of it; of those of a best response six in seven have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_BEST = re.compile(r"\b(?:best|at any time|ever)\b[^.;:\d]{0,40}$", re.IGNORECASE)
_ANY_TIME = re.compile(r"[%)\s]*(?:of patients )?at any (?:time|point)\b", re.IGNORECASE)
_OWN = re.compile(r"[%)\]\s]*(?:at|by|after|within|on) ", re.IGNORECASE)
_HEADING = 6


def follow_headings(scene: Scene, found: Sequence[Found], times: Sequence[Candidate]) -> None:
    """Give figures without a time point that of the heading above their line, where it is hardly more than that."""
    for f in found:
        heading = None if f.time is not None or f.figure.kind == "ratio" else scene.headings.above(f.figure.start)
        if heading is None or len(scene.levelled[slice(*heading)].split()) > _HEADING:
            continue
        told = [t for t in times if heading[0] <= t.start < heading[1]]
        others = (g for g in scene.figures if heading[0] <= g.start < heading[1])
        if len(told) == 1 and all(g.start <= told[0].start < g.end for g in others):
            f.time, f.links["time"] = told[0], "heading"


def without_time(scene: Scene, found: Sequence[Found]) -> None:
    """Take the time point from figures of a best response, or of any time, unless one stands right behind them."""
    for f in found:
        if f.time is not None and _is_of_any_time(scene, f, f.time):
            f.time, f.links["time"] = None, "any-time"


def _is_of_any_time(scene: Scene, f: Found, time: Candidate) -> bool:
    before, behind = scene.around(f.figure.start, f.figure.end, 60, 40)
    if _ANY_TIME.match(behind):
        return True
    best = _BEST.search(before)
    if best is None or f.figure.start - len(best[0]) <= time.start < f.figure.start:
        return False
    return not (time.start >= f.figure.end and _OWN.fullmatch(scene.levelled[f.figure.end : time.start]))
