"""One figure, several results: `no CRS or ICANS`, `14% in either group`, `94% at both 1 and 2 years`.

Where measures are listed and a single figure is said of the whole list, each of them gets it; likewise the
arms and time points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.annotation import Mention
from extractors.arms import ArmFound
from extractors.implied import implied
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, time_candidates
from extractors.linking.time_lists import same_times
from extractors.outcome_links import Found, beside
from extractors.outcomes import UNGRADED, parents
from extractors.sharing_arms import each_arm

_KIND = r"(?:(?:severe|any|of|no|fatal|median)\s)?"
_ASIDE = r"(?:\([^()%=]{0,25}\)|\))?\s*(?:of\s+)?"  # neutropenia (<500/µl) and; overall survival (OS) and
_HAD = r"(?:(?:had|has|have|developed|experienced|suffered|showed)\s)?"
_AND = re.compile(rf"\s*{_ASIDE}(?:,\s*(?:(?:and|or|nor)\s)?|\band\b|\bas well as\b|/)\s*{_HAD}{_KIND}\s*", re.I)
_WORD = (  # of a name in a list, unlike what would end the list
    r"(?!(?:was|were|is|are|been|had|has|have|in|with|without|after|for|but|while|during|until|by|at|on|from|than|which"
    r"|who|that|there|as|occurred|developed|died|seen|noted|observed|reported|received|no|none|all|one|two)\b)"
    r"[a-z][\w/+-]*"
)
_UNKNOWN = rf"(?:,\s*{_WORD}(?: {_WORD}){{0,2}}){{0,2}}"  # no CRS, renal failure, or death
_OR = re.compile(
    rf"\s*{_ASIDE}{_UNKNOWN}(?:,\s*(?:(?:and|or|nor)\s)?|\s?\b(?:and|nor|or)\b|/)\s*{_HAD}{_KIND}\s*"
    rf"(?:{_WORD}\s){{0,2}}",
    re.I,
)
_OPPOSITE = re.compile(
    r"\b(?:incomplete|delayed|poor|loss of|lack of|failed|prior|previous|other(?: [\w-]+)?)\s+$", re.I
)
_OPENED = re.compile(r"\s*\(")
_NEW_CANCER = re.compile(  # beside others that nobody had; `relapse of the malignancy` is none
    r"(?<!of )(?<!of the )(?<!underlying )(?<!primary )\b(?:malignanc(?:y|ies)|cancers?"
    r"|insertional (?:oncogenesis|leuka?emogenesis)|(?:leuka?emic|malignant) transformation)\b",
    re.I,
)
_OF_LISTS = ("none", "all", "not-reached")
_TIMES = ("not-reached", "duration", "time", "number")
_EACH = re.compile(r"\b(?:each|both|either|equally|the same|likewise)\b", re.I)
_AS_WELL = re.compile(r"\bas well as\b", re.I)
_EACH_BEHIND = re.compile(r"[%\s]*(?:patients?\s)?each\b")
_EACH_BEFORE = re.compile(r"\b(?:both|each) (?:at )?$", re.I)
_BOTH_BEFORE = re.compile(r"\bboth (?:the )?(?:median )?$", re.I)
_BELOW_A_GRADE = re.compile(r"(?:never|did not|didn't)\b", re.I)


def shared(scene: Scene, found: Sequence[Found], arms: Sequence[ArmFound]) -> list[Found]:
    """Return the linked figures with a copy for each further measure or arm that a figure is said of, in order."""
    made: list[Found] = []
    for f in found:
        others = [*((m.name, m.start, m.end) for m in _other_measures(scene, f, found)), *implied(scene, f, found)]
        each = [f, *(_of_measure(scene, f, *other) for other in others)]
        named = each_arm(scene, f, found, arms) or [f.arm]
        made += [replace(x, arm=arm) for arm in named for x in each]
    times = time_candidates(scene)
    return [copy for f in made for copy in _at_each_time(scene, f, times)]


def _of_measure(scene: Scene, f: Found, measure: str, start: int, end: int) -> Found:
    """Return a figure as one of another measure, named from `start` to `end`, with the grade that stands there."""
    graded = parents().get(measure) not in UNGRADED and not _of_its_own(scene, f, start)
    return replace(
        f, measure=measure, span=(start, end), grade=grade_before(scene, start) or (f.grade if graded else None)
    )


def _of_its_own(scene: Scene, f: Found, start: int) -> bool:
    """Whether a figure's grade is of its own measure alone in a list, not of the one named at `start`.

    It stands before the name of its own, and the other before it (`GVHD and grade 3 CRS`), or another grade between.
    """
    if f.span is None or f.grade is None or grade_before(scene, f.span[0]) != f.grade:
        return False
    between = any(f.span[1] <= g.start and g.end <= start for g in grade_candidates(scene))
    return start < f.grade.start or between


def grade_before(scene: Scene, start: int) -> Candidate | None:
    """Return the grade that stands directly before the name of a measure."""
    return next((g for g in grade_candidates(scene) if g.end <= start <= g.end + 2), None)


def _at_each_time(scene: Scene, f: Found, times: Sequence[Candidate]) -> list[Found]:
    """Return the figure once for each of the time points that it's said of."""
    a_share = f.figure.unit == "%" or f.figure.kind == "none"
    each = same_times(scene, f, times) if a_share and f.time is not None else []
    return [replace(f, time=t) for t in each] or [f]


def _other_measures(scene: Scene, f: Found, found: Sequence[Found]) -> Iterator[Mention]:
    if f.span is None or (f.figure.ci is not None and not _of_each(scene, f)):
        return
    others = beside(scene, f, found)
    joint = _OR if f.figure.kind in ("none", "not-reached") else _AND
    listed = _listed_with(scene, f, f.span, joint)
    if not listed or not _said_of_all(scene, f, listed, others):
        return
    a_time = f.figure.kind == "not-reached"  # rates beside it don't tell how long
    taken = {f.measure, *(x.measure for x in others if not a_time or x.figure.kind in _TIMES)}
    for mention in listed:
        timeless = a_time and parents().get(mention.name) == "response"  # responders, median OS not reached
        if mention.name not in taken and not timeless and not opposed(scene, mention):
            taken.add(mention.name)
            yield mention


def opposed(scene: Scene, mention: Mention) -> bool:
    """Whether the word before a measure turns it into its opposite, into something of before, or into the rest."""
    return _OPPOSITE.search(scene.levelled[max(0, mention.start - 40) : mention.start]) is not None


def _said_of_all(scene: Scene, f: Found, listed: Sequence[Mention], others: Sequence[Found]) -> bool:
    """Whether a figure is said of a whole list: the only one of its sentence, `(n = 1 each)`, `both A and B were x`."""
    if f.figure.kind in _OF_LISTS:
        return _BELOW_A_GRADE.match(scene.levelled, f.figure.start) is None
    if _of_each(scene, f):
        return True
    start, end = min(m.start for m in listed), max(m.end for m in listed)
    start, end = (start, end) if f.span is None else (min(start, f.span[0]), max(end, f.span[1]))
    if not others:
        as_well = _AS_WELL.search(scene.levelled, start, end) is not None
        return as_well or _EACH.search(scene.sentence(f.figure.start)) is not None
    between = any(end <= x.figure.start < f.figure.start for x in others)
    return not between and _BOTH_BEFORE.search(scene.levelled[max(0, start - 20) : start]) is not None


def _of_each(scene: Scene, f: Found) -> bool:
    """Whether the words beside a figure say that it's each one's: `were both 81%`, `n = 1 each`."""
    before = scene.levelled[max(0, f.figure.start - 12) : f.figure.start]
    return _EACH_BEFORE.search(before) is not None or _EACH_BEHIND.match(scene.levelled, f.figure.end) is not None


def _listed_with(scene: Scene, f: Found, span: tuple[int, int], joint: re.Pattern[str]) -> list[Mention]:
    """Return the measures of the list that the figure's span belongs to, itself left out."""
    mentions = _with_cancers(scene) if f.figure.kind == "none" else scene.measures
    at = next((k for k, m in enumerate(mentions) if (m.start, m.end) == span), None)
    if at is None:
        return []
    first = last = at
    while first and _joined(scene, mentions[first - 1], mentions[first], joint):
        first -= 1
    while last + 1 < len(mentions) and _joined(scene, mentions[last], mentions[last + 1], joint):
        last += 1
    return [*mentions[first:at], *mentions[at + 1 : last + 1]]


def _with_cancers(scene: Scene) -> list[Mention]:
    """Return the measures, and what a list of things that nobody had calls a new cancer: `no death or malignancy`."""
    new = [
        Mention(
            m.start(), m.end(), "text", scene.text[m.start() : m.end()], None, "second-malignancy", "outcome", "list"
        )
        for m in _NEW_CANCER.finditer(scene.levelled)
        if not any(x.start < m.end() and m.start() < x.end for x in scene.measures)
    ]
    return sorted((*scene.measures, *new), key=lambda m: m.start)


def _joined(scene: Scene, left: Mention, right: Mention, joint: re.Pattern[str]) -> bool:
    """Whether two neighbouring mentions are of one list; `overall survival (OS)` is one measure with its short form."""
    between = _ungraded(scene, left.end, right.start)
    return joint.fullmatch(between) is not None or (left.name == right.name and _OPENED.fullmatch(between) is not None)


def _ungraded(scene: Scene, start: int, end: int) -> str:
    """Return the levelled text from `start` to `end` without the grades that the grammar reads there."""
    words = ""
    for g in grade_candidates(scene):
        if start <= g.start and g.end <= end:
            words += scene.levelled[start : g.start]
            start = g.end
    return words + scene.levelled[start:end]
