"""Features that tell an outcome of the study from doses, baseline shares, thresholds and background figures."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.linking.features import KINDS
from extractors.linking.scene import Scene


class _Cue(NamedTuple):
    """A cue in lower-case text: `words` are substrings each of which tells it, `pattern` whatever else does."""

    name: str
    words: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def found(self, text: str) -> bool:
        return any(word in text for word in self.words) or (
            self.pattern is not None and self.pattern.search(text) is not None
        )


def _cue(name: str, words: str, pattern: str = "") -> _Cue:
    return _Cue(name, tuple(words.split("|")), re.compile(pattern) if pattern else None)


_CUES: tuple[_Cue, ...] = (
    _cue(
        "eligibility",
        "eligib|inclusion criteri|exclu|were included|required|candidate for|candidates for|must have",
    ),
    _cue(
        "background",
        "previous|historical|in the literature|is known|are known|other stud|earlier stud|earlier report"
        "|earlier trial|so far|have been reported|remain|approximately|typically|usually",
    ),
    _cue(
        "plan",
        "will be|planned|power|assum|sample size|hypothesi|was designed|target|anticipat|expected"
        "|non-inferiority margin|noninferiority margin|primary end point|primary endpoint",
    ),
    _cue(
        "baseline",
        "women|female|sex|stage|ecog|karnofsky|performance|cytogenetic|karyotype|comorbid|prior|previous lines"
        "|refractory to|had received|pretreated|primary refractory|extramedullary|bulky|had high|had double|had triple",
        r"\bmale|\bmen\b",
    ),
    _cue(
        "treatment",
        "mg|dose|infus|received|given|administered|underwent|conditioning|donor|graft were|grafts were|graft was"
        "|grafts was|source|consisted|prophylaxis|bridging|schedule|cycle",
    ),
    _cue("follow-up", "follow-up|followup|followed"),
    _cue("age", "years old", r"\bage[ds]?\b|\byoung|\bold"),
    _cue("comparison", "versus|compared|than|against|whereas|respectively", r"\bvs?\.?\b"),
    _cue(
        "result",
        "achiev|respon|surviv|remission|relaps|incidence|occurr|develop|died|death|mortality|toxicit|engraft|event",
    ),
    _cue(
        "share of",
        "among them|among these|among those",
        r"\bof (?:them|these|those|whom|which)\b|of the \w+ (?:patients|responders)",
    ),
    _cue("risk factor", "risk factor|predict|associated|prognos|multivaria|univaria|independent"),
    _cue("conclusion", "conclu|in summary|suggest|these results|these data|these findings|support|warrant"),
    _cue("first line", "median age|median number|median time from|median interval|line of|lines of"),
)
# Patterns without capitals are meant for text in lower case.
_AFTER_MEDIAN = re.compile(r"\b(?:median|mean|average)\b[^.;,]{0,12}$")
_BEFORE_PATIENTS = re.compile(r"\s*(?:\w+ ){0,2}(?:patients|children|adults|recipients|cases|subjects|participants)")
_AFTER_OF = re.compile(r"\b(?:of|among|in|from)\s+(?:the\s+)?$")
_AFTER_ABOUT = re.compile(r"(?:about|approximately|nearly|almost|roughly|some|~)\s*$")
_AFTER_RELATION = re.compile(r"[<>≥≤=]\s*$|(?:at least|more than|less than|up to|over|under|below|above)\s*$")
_UNIT_FOLLOWS = re.compile(  # not a number of patients
    r"\s*(?:mg|Gy|cGy|kg|lines?|cycles?|cent(?:er|re)s?|sites?|doses?|times?|trials?|studies"
    r"|of age|years? old|points?)\b"
)
_UNITS = ("", "%", "day", "week", "month", "year")
_ROLES = ("background", "methods", "results", "conclusions", "other")

FIGURE_FEATURES: tuple[str, ...] = (
    "kind", "form", "value", "unit", "n", "N", "interval", "p", "parts", "section", "place in text",
    "sentence index", "sentences",
    *(f"sentence: {c.name}" for c in _CUES), *(f"near: {c.name}" for c in _CUES),
    "figures in sentence", "figure index", "in brackets", "measures in sentence",
    "after median", "after median wide", "before patients", "after n of", "hyphen after",
    "line length", "list item", "decimal", "whole", "after about", "after relation", "unit follows", "range behind",
    "wording outcome", "wording top", "best link", "second link", "link sum", "best is virtual", "earlier best link",
    "results before", "figures before",
)  # fmt: skip


def figure_row(
    scene: Scene, i: int, wording: tuple[float, float], links: tuple[float, float, float, float, float]
) -> list[float]:
    """Return the feature row of the figure with index `i`, in the order of FIGURE_FEATURES.

    `wording` are the word models' probabilities that it is an outcome, and of its likeliest measure; `links` the best
    and second best measure link, the sum of all, whether the best one has no mention, and the best link of the figure
    before.
    """
    figure, lay = scene.figures[i], scene.layout
    index = lay.sentence_index(figure.start)
    before, after = scene.around(figure.start, figure.end)
    left, right = before.lower(), after.lower()
    start, end = lay.sentences[index]
    first, last = bisect_left(scene.figure_starts, start), bisect_left(scene.figure_starts, end)
    line_start = scene.text.rfind("\n", 0, figure.start) + 1
    line_end = scene.text.find("\n", figure.end)
    q = figure.head
    value = -1.0 if figure.value is None else min(figure.value, 5000.0)
    return [
        KINDS.index(figure.kind), _form(q.form), value, _UNITS.index(figure.unit or ""),
        -1 if figure.n is None else figure.n, -1 if figure.total is None else figure.total,
        figure.ci is not None, figure.p is not None, len(figure.parts),
        _ROLES.index(scene.annotated.role(figure.start)), figure.start / max(1, len(scene.text)),
        index, len(lay.sentences),
        *_sentence_cues(scene.sentence(figure.start)), *_cues(left[-30:] + " # " + right[:30]),
        last - first, i - first, lay.bracket(figure.start) >= 0,
        sum(start <= m.start < end for m in scene.measures),
        _AFTER_MEDIAN.search(left) is not None, "median" in left,
        _BEFORE_PATIENTS.match(right) is not None, _AFTER_OF.search(before) is not None, after[:1] == "-",
        (line_end if line_end >= 0 else len(scene.text)) - line_start,
        scene.text[line_start : line_start + 3].strip()[:1] in ("•", "-", "*", "–"), value != int(value), 0 < value < 1,
        _AFTER_ABOUT.search(left) is not None, _AFTER_RELATION.search(left) is not None,
        _UNIT_FOLLOWS.match(after) is not None,
        any(scene.quantities[p].kind == "range" for p in figure.parts), *wording, *links,
        scene.annotated.role(start) == "results", i,
    ]  # fmt: skip


def _cues(lower: str) -> tuple[bool, ...]:
    return tuple(cue.found(lower) for cue in _CUES)


@lru_cache(maxsize=256)
def _sentence_cues(sentence: str) -> tuple[bool, ...]:
    return _cues(sentence.lower())


def _form(form: str) -> float:
    forms = (
        "",
        "digit",
        "word",
        "listed",
        "part",
        "of",
        "slash",
        "point",
        "adjective",
        "hazard-ratio",
        "odds-ratio",
        "risk-ratio",
    )
    return float(forms.index(form)) if form in forms else -1.0


def figure_rows(
    scene: Scene,
    best: dict[int, list[tuple[float, str, int]]],
    outcome: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> list[list[float]]:
    """Return the feature rows of all figures of a scene, given their measure links and word models' verdicts."""
    rows, before = [], 0.0
    for i in range(len(scene.figures)):
        ranked = best.get(i, [])
        first = ranked[0][0] if ranked else 0.0
        links = (
            first,
            ranked[1][0] if len(ranked) > 1 else 0.0,
            sum(x[0] for x in ranked),
            float(bool(ranked) and ranked[0][2] < 0),
            before,
        )
        rows.append(figure_row(scene, i, (float(outcome[i]), float(shares[i].max(initial=0.0))), links))
        before = first
    return rows
