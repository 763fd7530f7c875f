"""The outcomes of a case report, which counts nobody: what happened to its one patient is 1 of 1.

`Grade 2 cytokine release syndrome called for tocilizumab` has no number to start from: the mention is the result.
What didn't happen has one (`no neurotoxicity`) and is found with the other figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.causes import cause_behind
from extractors.concepts import Mention
from extractors.evidence import Outcome, TimePoint
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import DAYS
from extractors.patient_course import Span, course
from extractors.patient_events import RESPONSES, TIMED, TOXICITIES, asserted, grade_of, time_of, words_of
from extractors.study import StudyFields

GRADED, REACHED, BARE = 0.95, 0.9, 0.8
"""How often an entry is right: with its grade, of a response or a death, and of all else; counted on training texts."""
_MALIGNANT = re.compile(r"leuk|lymphom|myelom|carcinom|cancer|myelodys", re.I)


def of_one_patient(scene: Scene, study: StudyFields, made: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes `made` of a document's figures, and in a case report those that are told without any.

    A measure that a figure tells already, or that is told twice, is entered once. A sentence that counts several people
    tells of others.
    """
    if study.design.type != "case-report":
        return tuple(made)
    counting = {_sentence(scene, o) for o in made if max(o.n or 0, o.N or 0) > 1}
    events = (o for o in _events(scene, study) if _sentence(scene, o) not in counting)
    further = [o for o in events if not any(_tells(o, m) for m in made)]
    kept = [m for m in made if not any(_counts(m, o) for o in further)]
    return tuple(sorted((*kept, *_once(further)), key=lambda o: (o.figure or (0, 0), o.measure)))


def _sentence(scene: Scene, o: Outcome) -> int:
    return scene.layout.sentence_index(o.figure[0] if o.figure else 0)


def _events(scene: Scene, study: StudyFields) -> Iterator[Outcome]:
    for mention, sentence in asserted(scene, course(scene, study.interventions)):
        grade = grade_of(scene, mention, sentence) if mention.name in TOXICITIES else None
        time = time_of(scene, mention, sentence) if mention.name in TIMED else None
        parts = [words_of(scene, mention, sentence), *((c.start, c.end) for c in (grade, time) if c is not None)]
        quote = _closed(scene.text, min(a for a, _ in parts), max(b for _, b in parts))
        yield _outcome(scene, mention, quote, grade, time, _measure(mention, study))


def _closed(text: str, start: int, end: int) -> Span:
    """Return a passage with the other half of a bracket that it cuts through."""
    opened = text.count("(", start, end) - text.count(")", start, end)
    if opened > 0 and text[end : end + 1] == ")":
        end += 1
    if opened < 0:
        start = max(0, text.rfind("(", 0, start))
    return start, end


def _measure(mention: Mention, study: StudyFields) -> str:
    """Return the measure that a mention is of: of a malignant disease a remission without drugs is a complete one."""
    if mention.name == "clinical-remission" and any(_MALIGNANT.search(c) for c in study.population.conditions):
        return "complete-response"
    return mention.name


def _outcome(
    scene: Scene, m: Mention, quote: Span, grade: Candidate | None, time: Candidate | None, measure: str
) -> Outcome:
    """Return the entry of an event that the patient had: 1 of 1."""
    start, end = quote
    links = {"figure": "single-patient", "measure": f"single-patient: {m.by}"}
    links |= {name: f"single-patient: {c.by}" for name, c in (("time", time), ("grade", grade)) if c is not None}
    sure = GRADED if grade is not None else REACHED if measure in RESPONSES or measure == "mortality" else BARE
    return Outcome(
        measure=measure,
        statistic="proportion",
        value=100.0,
        unit="%",
        n=1,
        N=1,
        time=None if time is None else _time_point(time),
        grade=None if grade is None else grade.name,
        subgroup=cause_behind(scene, m.start) if measure == "mortality" else None,
        quote=scene.text[start:end],
        start=start,
        end=end,
        figure=(m.start, m.end),
        confidence=sure,
        links=links,
    )


def _time_point(time: Candidate) -> TimePoint:
    value, unit = time.name.split()
    return TimePoint(value=float(value), unit=unit)  # type: ignore[arg-type]


def _tells(event: Outcome, made: Outcome) -> bool:
    """Whether an outcome with a figure tells the event already, or denies it in the very words."""
    if made.measure != event.measure or made.statistic != "proportion" or None in (made.start, event.start):
        return False
    beside = (made.start or 0) <= (event.end or 0) and (event.start or 0) <= (made.end or 0)
    return beside or (made.value == event.value and made.grade == event.grade and made.time == event.time)


def _counts(made: Outcome, event: Outcome) -> bool:
    """Whether an outcome is a count without a group that the event's own words were taken for: `CRS called for one`."""
    beside = (made.start or 0) <= (event.end or 0) and (event.start or 0) <= (made.end or 0)
    return made.measure == event.measure and made.statistic == "count" and made.n == 1 and beside


def _once(events: Sequence[Outcome]) -> list[Outcome]:
    """Return the events without repetition; of two that agree the one that says more stays."""
    kept: list[Outcome] = []
    for event in events:
        twin = next((k for k, o in enumerate(kept) if _repeats(o, event)), None)
        if twin is None:
            kept.append(event)
        elif _said(event) > _said(kept[twin]):
            kept[twin] = event
    return kept


def _repeats(a: Outcome, b: Outcome) -> bool:
    """Whether a later event repeats an earlier one: of the same measure, and no other time or grade.

    A response that was reached and one that lasts at a time point told later are two.
    """
    times = [o.time.value * DAYS[o.time.unit] for o in (a, b) if o.time is not None]
    grades = {o.grade for o in (a, b) if o.grade is not None}
    if a.measure != b.measure or len(set(times)) == 2 or len(grades) == 2:
        return False
    return not (a.measure in RESPONSES and a.time is None and b.time is not None)


def _said(o: Outcome) -> int:
    return (o.time is not None) + (o.grade is not None)
