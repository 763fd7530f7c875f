"""Candidate spans that figures may be linked to: measures, time points, grades; each with features of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from extractors.levelling import lowered
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.quantities import Quantity
from ontology.vocabulary import Vocabulary

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
GROUPS = (
    "time-to-event", "response", "failure", "graft-versus-host-disease", "gvhd", "engraftment",
    "engraftment-and-chimerism", "adverse-event", "cytopenia", "infection", "cell-product", "treatment-delivery",
    "utilization", "patient-reported",
)  # fmt: skip
"""The vocabulary's groups of measures in the order of their numbers in the models' features."""
TIME_EXTRAS = (
    "form", "unit", "days", "after at", "after within", "after after", "after for", "after median", "near follow-up",
    "beside post or from", "opens line",
)  # fmt: skip
GRADE_EXTRAS = ("grade form", "low", "high", "is word")
_TIME_FORMS = ("point", "adjective", "listed", "duration")
_UNITS = ("day", "week", "month", "year")
_AGAIN = re.compile(  # words that refer to the time point named before
    r"\b(?:(?:at|by|up to|over|within|during|in|until) (?:that|this|the same) "
    r"(?:time(?: ?points?)?|point|period|interval|date|day|landmark|age)|by then)\b",
    re.IGNORECASE,
)
_SAME_GRADE = re.compile(  # words that refer to the grade named before
    r"\b(?:the|these|those|that|this|like|such|similar|equal) (?:same |corresponding |like )?"
    r"(?:severity|degree|grades?)\b(?! (?:of|as|than|[0-5IV])\b)|\bsame grades?\b",
    re.IGNORECASE,
)
_BACK = 250
_GRADE_WORDS = re.compile(
    r"\b(?:(?P<any>(?:any|all)[- ]grades?|grades? (?:any|all)|of (?:any|all) grades?|(?:any|all) (?=crs|icans)"
    r"|(?:any|whatever) (?:degree|severity|extent))"
    r"|(?P<moderate_severe>moderate[- ](?:to|or|and)[- ]severe|mod(?:erate|\.)? ?[-/] ?sev(?:ere|\.)?"
    r"|severe[- ]to[- ]moderate)"
    r"|(?P<mild_moderate>mild(?:[- ](?:to|or)[- ]|[-/])moderate)"
    r"|(?P<severe>severe|serious|life-threatening|high-grade)|(?P<mild>mild)|(?P<moderate>moderate)"
    r"|(?P<extensive>extensive)|(?P<limited>limited)|(?P<fatal>fatal|lethal))\b"
)
_WORD_FORMS = {
    "any": 4.0, "moderate_severe": 5.0, "severe": 6.0, "mild": 7.0, "mild_moderate": 7.0, "moderate": 8.0,
    "extensive": 9.0, "limited": 10.0, "fatal": 11.0,
}  # fmt: skip
"""The kinds of words for grades, with their numbers in the models' features."""


def measure_parents(vocabulary: Vocabulary) -> dict[str, str]:
    """Return for each outcome measure the last part of its parent's IRI (`time-to-event`, `cytopenia`)."""
    return {c.name: c.broader[0].rsplit("/", 1)[1] for c in vocabulary.of_kind("outcome") if c.broader}


def measure_group(parents: Mapping[str, str], measure: str) -> float:
    """Return the number of a measure's group, -1 where it has none."""
    group = parents.get(measure, "")
    return float(GROUPS.index(group)) if group in GROUPS else -1.0


def time_candidates(scene: Scene) -> list[Candidate]:
    """Return the time points and durations of the text, in order (`12 month`); a median follow-up is never one."""
    return list(_times(scene))


@lru_cache(maxsize=2)
def _times(scene: Scene) -> tuple[Candidate, ...]:
    told = [
        Candidate(q.start, q.end, f"{q.value:g} {q.unit}", "time-grammar", _time_extras(scene, q))
        for q in scene.quantities
        if q.kind in ("time", "duration") and q.unit in DAYS and q.value is not None and not _is_follow_up(scene, q)
    ]
    return tuple(sorted((*told, *_referring(scene, told)), key=lambda c: c.start))


def _referring(scene: Scene, told: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield a candidate for each place where words refer to the time point named last before: `at that time`."""
    for words in _AGAIN.finditer(scene.levelled):
        before = next((t for t in reversed(told) if t.end <= words.start()), None)
        if before is not None and words.start() - before.end <= _BACK:
            yield replace(before, start=words.start(), end=words.end(), by="time-reference")


_FOLLOW_UP_BEFORE = re.compile(
    r"\b(?:median|mean|average)\b[^.;()]{0,30}\bfollow(?:ed|ing|-?\s?up)\b[^.;()\d]{0,30}$"
    r"|\bfollow(?:ed|-?\s?up)\b[^.;()]{0,30}\b(?:median|mean|average)\b[^.;()\d]{0,15}$",
    re.IGNORECASE,
)
_FOLLOW_UP_AFTER = re.compile(r"^[^.;()]{0,4}(?:of |in )?(?:median )?follow-?\s?up\b", re.IGNORECASE)


def _is_follow_up(scene: Scene, q: Quantity) -> bool:
    """Whether a duration is how long patients were followed in the median."""
    before, after = scene.around(q.start, q.end, 80, 30)
    if _FOLLOW_UP_BEFORE.search(before):
        return True
    return (
        bool(_FOLLOW_UP_AFTER.match(after))
        and re.search(r"\bmedian\b", before[-30:] + after, re.IGNORECASE) is not None
    )


def _time_extras(scene: Scene, q: Quantity) -> tuple[float, ...]:
    before, after = scene.around(q.start, q.end, 45, 30)
    near = re.search(r"(\w+)\W*$", before)
    last = near[1].lower() if near else ""
    value, unit = q.value or 0.0, q.unit or "day"
    return (
        float(_TIME_FORMS.index(q.form) if q.form in _TIME_FORMS else 3), float(_UNITS.index(unit)), value * DAYS[unit],
        last == "at", last in ("within", "by", "in", "until", "through", "first"),
        last in ("after", "beyond", "post", "following"),
        last in ("for", "over", "lasted", "of"), bool(re.search(r"median|mean|average", before[-25:], re.IGNORECASE)),
        bool(re.search(r"follow", before[-40:] + after[:25], re.IGNORECASE)),
        bool(re.match(r"\s*(?:post|after|from|following|on\b|later|out)", after, re.IGNORECASE)),
        not before.strip(" -•*"),
    )  # fmt: skip


def grade_candidates(scene: Scene) -> list[Candidate]:
    """Return the grades that the text states, in numbers and in words, in order; `name` is the guide's notation."""
    return list(_grades(scene))


@lru_cache(maxsize=2)
def _grades(scene: Scene) -> tuple[Candidate, ...]:
    found = [
        Candidate(
            q.start,
            q.end,
            grade_name(q),
            "grade-grammar",
            (float(("one", "range", "up", "down").index(q.form)), q.low or 0.0, q.high or 9.0, 0.0),
        )
        for q in scene.quantities
        if q.kind == "grade"
    ]
    taken = [(c.start, c.end) for c in found]
    for match in _GRADE_WORDS.finditer(lowered(scene.levelled)):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            word = match.lastgroup or "any"
            name = "5" if word == "fatal" else word.replace("_", "-")
            found.append(Candidate(match.start(), match.end(), name, "grade-words", (_WORD_FORMS[word], 0.0, 9.0, 1.0)))
    told = sorted(found, key=lambda c: c.start)
    return tuple(sorted((*told, *_same_grades(scene, told)), key=lambda c: c.start))


def _same_grades(scene: Scene, told: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield a candidate for each place where words refer to the grade named last before: `of the same severity`."""
    stated = [g for g in told if g.name != "any"]
    for words in _SAME_GRADE.finditer(scene.levelled):
        before = next((g for g in reversed(stated) if g.end <= words.start()), None)
        if before is not None and words.start() - before.end <= _BACK:
            yield replace(before, start=words.start(), end=words.end(), by="grade-reference")


def grade_name(q: Quantity) -> str:
    """Return a grade quantity in the guide's notation: `3`, `3-4`, `>=3`, `<=2`."""
    if q.form == "up":
        return f">={q.low:g}"
    if q.form == "down":
        return f"<={q.high:g}"
    return f"{q.low:g}-{q.high:g}" if q.form == "range" else f"{q.low:g}"
