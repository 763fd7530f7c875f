"""Figures that a text doesn't report as results: `a predicted 40%`, `two had no response`, `before infusion 17 in PR`.

Each pattern is of words right beside the figure; among the annotated figures of the training texts hardly one that
stands so is a result of the kind.
"""

from __future__ import annotations

import re

from extractors.joining import Figure
from extractors.linking.scene import Scene

_EXPECTED = re.compile(
    r"\b(?:predicted|expected|historical|assumed|hypothesi[sz]ed|anticipated|targeted|null)"
    r"(?: (?:rate|value|survival|incidence|control|rates|of|an?|the))* ?$",
    re.I,
)
_CHANGE = re.compile(
    r"%? ?(?:(?:relative|absolute|further|risk) )?(?:reduction|decrease|improvement|increase)\b"
    r"|%? (?:lower|higher|reduced|increased|greater) (?:risk|odds|hazard|likelihood|rate)\b",
    re.I,
)
_UNANSWERED = re.compile(
    r"(?:(?!\b(?:and|but|while|who|of whom)\b)[^.;,:\n\d]){0,40}?\b(?:"
    r"no (?:(?:objective|clinical|complete|overall) )?(?:response|remission)|never (?:achieved|reached|attained|had)"
    r"|(?:failed to|did not) (?:achieve|reach|attain|respond))\b",
    re.I,
)
_BEFOREHAND = re.compile(  # before the transplant 17 were in partial remission
    r"\W*(?:(?:immediately|just|shortly) )?(?:before|prior to"
    r"|at (?:(?:study )?(?:entry|enrol\w+)|baseline|infusion|transplant\w*|(?:leuk)?apheresis))\b"
    r"(?:(?!\b(?:after|then|thereafter|afterwards|whereas|while|but)\b)[^;])*",
    re.I,
)
_BEFORE, _BEHIND = 40, 70


def denied(scene: Scene, figure: Figure, of_response: bool) -> bool:
    """Whether the words beside a figure say that it's no result; `of_response`: it was taken for one of a response."""
    before, behind = scene.around(figure.start, figure.end, _BEFORE, _BEHIND)
    if _EXPECTED.search(before) or (figure.unit == "%" and _CHANGE.match(behind)):
        return True
    if not of_response:
        return False
    start, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    beforehand = _BEFOREHAND.fullmatch(scene.levelled, start, figure.start) is not None
    return beforehand or _UNANSWERED.match(behind) is not None
