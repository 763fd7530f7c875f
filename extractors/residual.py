"""Residual disease: where a text tells of its presence, `MRD was positive in 20`, the figure is none of negativity."""

from __future__ import annotations

import re

from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_ABSENT = re.compile(
    r"negativ|undetect|clear(?:ed|ance|ing)|free|eradicat|below|without|disappear|\b(?:no|not|never)\b|<", re.I
)
_PRESENT = re.compile(r"\b(?:positiv\w*|persist\w*|recurr\w*|detectable|detected|reappear\w*)\b", re.I)
_CLAUSE = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b")
_AROUND = 30


def disease_told(scene: Scene, found: Found) -> bool:
    """Whether the words about a figure tell of residual disease and none of its absence.

    `No residual disease` tells of disease too: the figure itself, which isn't looked at, denies it.
    """
    start, end = found.figure.start, found.figure.end
    first, last = found.span or (start, end)
    begin, stop = scene.layout.sentences[scene.layout.sentence_index(start)]
    before = scene.levelled[max(begin, min(first, start) - _AROUND) : start]
    if first >= start:
        before = _CLAUSE.split(before)[-1]
    behind = scene.levelled[end : min(stop, max(last, end) + _AROUND)]
    if _ABSENT.search(before) or _ABSENT.search(behind):
        return False
    return found.figure.kind == "none" or _PRESENT.search(f"{before} {behind}") is not None
