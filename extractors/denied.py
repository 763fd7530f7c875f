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
_FORESEEN = re.compile(  # less than the 65% hoped for
    r"%? ?(?:\([^)]*\) ?)?(?:that (?:was|were|had been) )?(?:hoped for|assumed|stipulated"
    r"|set (?:as|beforehand|in advance)|anticipated|hypothesi[sz]ed|prespecified|preset|expected|predicted)\b"
    r"(?! (?:toxicit|side|adverse|reaction))",
    re.I,
)
_BOUND = re.compile(  # the prespecified bar of 55%, common events (in >10%)
    r"\b(?:pre-?specified|preset|lower bound|benchmark|null hypothesis|hurdle|stopping rule)\b"
    r"[^.;:,()]{0,30}(?:of|was|at|=|\(|exceed\w*|above)\s*$"
    r"|\b(?:in|of|by) (?:[>≥]=?|more than|over|at least) ?$",
    re.I,
)
_ELSEWHERE = r"\b(?:in the literature|in (?:previous|earlier|published) (?:series|reports|studies|trials)"
_PUBLISHED = re.compile(  # as against 17% in earlier series
    rf"%?[^.;,\d]{{0,30}}{_ELSEWHERE}|as (?:reported|published) (?:earlier|previously|elsewhere))\b", re.I
)
_PUBLISHED_BEFORE = re.compile(
    rf"{_ELSEWHERE}|published (?:rates?|series|reports?|figures?)"
    r"|historical (?:rates?|figures?|series|benchmarks?|expectations?|data))\b"
    r"(?![^.;]{0,40}\b(?:cohorts?|groups?|controls?|patients)\b)[^.;,]{0,50}$",
    re.I,
)
_SEX = re.compile(  # of these, 60 (62%) were men
    r"%?(?: \(\d[\d.]*%\))? (?:of (?:them|these|whom) )?(?:were|was|are|being) "
    r"(?:men|women|males?|females?|boys|girls)\b",
    re.I,
)
_NOTHING = re.compile(  # no prophylaxis, no difference in relapse
    r" (?:unexpected|differences?|effects?|influence|associations?|correlations?|impact"
    r"|(?:[\w-]+ ){0,2}(?:prophylaxis|prevention))\b",
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
_BEFORE, _BEHIND = 100, 70


def denied(scene: Scene, figure: Figure, of_response: bool) -> bool:
    """Whether the words beside a figure say that it's no result; `of_response`: it was taken for one of a response."""
    before, behind = scene.around(figure.start, figure.end, _BEFORE, _BEHIND)
    if figure.unit == "%" and (_CHANGE.match(behind) or _BOUND.search(before)):
        return True
    if _EXPECTED.search(before) or _FORESEEN.match(behind) or _SEX.match(behind) or _told_elsewhere(before, behind):
        return True
    if figure.kind == "none" and _NOTHING.match(behind):
        return True
    if not of_response:
        return False
    start, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    beforehand = _BEFOREHAND.fullmatch(scene.levelled, start, figure.start) is not None
    return beforehand or _UNANSWERED.match(behind) is not None


def _told_elsewhere(before: str, behind: str) -> bool:
    """Whether a figure is one of other studies."""
    return _PUBLISHED.match(behind) is not None or _PUBLISHED_BEFORE.search(before) is not None
