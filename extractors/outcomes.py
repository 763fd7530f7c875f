"""Outcome figures: which candidate figures are results of the study, of which measure, when, what grade, in which arm.

Each decision is scored by a small trained model over features that a person would name; without the model files plain
rules decide (`extractors.fallback`). What made each link is kept in `Outcome.links`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

import ontology.vocabulary
from extractors import fallback
from extractors.arms import (
    ARM_THRESHOLD,
    ArmFound,
    arm_candidates,
    beside_rows,
    compared_arms,
    named,
    short_forms,
)
from extractors.denied import denied
from extractors.encoder import blending
from extractors.encoder.reading import Reading, arm_shares
from extractors.joining import Figure
from extractors.linking import trees, wording
from extractors.linking.arm_pairs import ALL, arm_pairs
from extractors.linking.both import of_both
from extractors.linking.companions import drawn_together
from extractors.linking.contrasts import Told, told
from extractors.linking.enumerations import arms_headed, arms_in, lifted, likely, measures_in, times_in
from extractors.linking.features import Candidate
from extractors.linking.figure_features import figure_rows
from extractors.linking.grade_lists import follow_grade_lists
from extractors.linking.grade_words import bounded, of_others
from extractors.linking.models import data, link_model
from extractors.linking.pairs import Option, Ranked, Reported, attribute_pairs, best_by_figure, measure_pairs
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, measure_group, measure_parents, time_candidates
from extractors.linking.time_lists import follow_lists, follow_rows
from extractors.linking.time_words import follow_headings, without_time
from extractors.linking.together import neighbours, settled
from extractors.linking.unlisted import unlisted
from extractors.measure_words import measure_told
from extractors.odds import Shares, log_odds, probability
from extractors.outcome_links import Found
from ontology.errors import ModelError

THRESHOLD = 0.5
LEAST = 0.5
"""The least confidence of an outcome: with less, it's wrong more often than right."""
CALIBRATION = {True: (0.68, -0.48), False: (0.75, 0.46)}
"""Scale and shift of the log-odds of a confidence, with the encoder and without it, fitted on the reference records."""
UNGRADED = frozenset(
    {
        "time-to-event", "response", "failure", "engraftment", "engraftment-and-chimerism", "cell-product",
        "utilization", "patient-reported", "treatment-delivery",
    }
)  # fmt: skip
"""The vocabulary's groups of measures without grades: a grade in their sentence is another figure's."""
POSSIBLE = 0.3
"""The least probability of a figure that counts as a member of an enumeration."""
ATTRIBUTE = 0.5
WITH_ENCODER = ", encoder"


@cache
def parents() -> Mapping[str, str]:
    """Return the group that each measure of the packaged vocabulary belongs to."""
    return measure_parents(ontology.vocabulary.load())


def load_models() -> None:
    """Read the models, so that a missing or damaged one is told before any document is. Raises ModelError."""
    for name in ("measure", "time", "grade", "arm"):
        link_model(name)
    if link_model("measure") is not None:
        for needed in ("outcome", "measure"):
            _word_model(needed)
        _trees("figure")
    if data("arms") is not None:
        _arm_trees()
        _trees("together")


def find(scene: Scene, arms: Sequence[ArmFound] = (), reading: Reading | None = None) -> list[Found]:
    """Return the figures of a scene that are outcomes, with measure, time, grade and arm, in the order of the text.

    `reading` is the encoder's opinion, where there is an encoder.
    """
    if not scene.figures:
        return []
    measure_model = link_model("measure")
    if measure_model is None:
        return fallback.find(scene)
    features = [scene.wording.features(f) for f in scene.figures]
    outcome = _word_model("outcome").yes(features)
    shares = _word_model("measure").probabilities(features)
    pairs, spans = measure_pairs(scene, parents(), _word_model("measure").classes, shares, outcome)
    best = best_by_figure(pairs, measure_model.scores(pairs))
    rows = figure_rows(scene, best, outcome, shares)
    entered = blending.entered(_trees("figure").probabilities(np.array(rows, dtype=np.float64)), reading)
    entered = drawn_together(scene, entered)
    found = _taken(scene, blending.measures(best, reading, spans), spans, entered, reading is not None)
    times = time_candidates(scene)
    ranked = _attribute(scene, found, "time", times, None if reading is None else reading.time)
    _listed_times(scene, {f.index: f for f in found}, times, ranked)
    follow_lists(scene, found, times, len(arms))
    follow_rows(scene, found, times)
    follow_headings(scene, found, times)
    without_time(scene, found)
    graded = [f for f in found if parents().get(f.measure) not in UNGRADED]
    grades = grade_candidates(scene)
    _attribute(scene, graded, "grade", grades, None if reading is None else reading.grade)
    follow_grade_lists(scene, graded, grades)
    bounded(scene, graded, grades)
    of_others(scene, graded)
    _arms(scene, found, arms, reading)
    return found


def _taken(scene: Scene, best: Ranked, spans: Sequence[Candidate], entered: Shares, read: bool) -> list[Found]:
    """Return the figures that are likely enough outcomes, with their measures; `read`: by the encoder too."""
    possible = [i for i in best if entered[i] >= POSSIBLE]
    told = lifted(best, measures_in(scene, possible, spans))
    nameless = unlisted(scene, possible, spans)
    found = [
        _found(scene, i, _plain(scene, scene.figures[i], told[i]), spans, float(entered[i]), read)
        for i in sorted(told)
        if i not in nameless and entered[i] >= THRESHOLD
    ]
    return [
        f
        for f in found
        if f.confidence >= LEAST and not denied(scene, f.figure, parents().get(f.measure) == "response")
    ]


def _plain(scene: Scene, figure: Figure, ranked: Sequence[Option]) -> Sequence[Option]:
    """Return a figure's measures, likeliest first, without doubt between two where the words tell."""
    return of_both(scene, figure, measure_told(scene, figure, ranked))


def arms(scene: Scene, reading: Reading | None = None) -> list[ArmFound]:
    """Return the groups that the text reports figures for, with their sizes; empty for a single group."""
    candidates = arm_candidates(scene.annotated, scene.figures)
    if not candidates or data("arms") is None:
        return []
    first, second = _arm_trees()
    rows = np.array([c.features for c in candidates], dtype=np.float64)
    beside = np.array(beside_rows(candidates, first.probabilities(rows).tolist()), dtype=np.float64)
    scores = second.probabilities(np.column_stack([rows, beside]))
    scores = blending.groups(scores, [c.key for c in candidates], reading)
    shorts = short_forms(scene.annotated.abbreviations)
    return named(compared_arms(candidates, scores.tolist(), shorts, ARM_THRESHOLD), scene.annotated)


def _arms(scene: Scene, found: Sequence[Found], arms: Sequence[ArmFound], reading: Reading | None) -> None:
    """Give each figure the arm that it is likeliest of, or leave it with everybody."""
    model = link_model("arm")
    if model is None or not arms:
        return
    reports = {f.index: _told(f) for f in found}
    pairs = arm_pairs(scene, arms, reports)
    best = best_by_figure(pairs, model.scores(pairs))
    shares = None if reading is None else _arm_shares(reading, arms)
    ranked = {f.index: blending.arms(best.get(f.index, ()), None if shares is None else shares[f.index]) for f in found}
    enumerated = [*arms_in(scene, ranked, arms), *arms_headed(scene, ranked, arms)]
    chosen = settled(lifted(ranked, enumerated), _alike(scene, reports, arms))
    for f in found:
        f.arm = chosen.get(f.index, ALL)
        f.links["arm"] = f"link-model: arm{'' if shares is None else WITH_ENCODER}"


def _alike(scene: Scene, reports: Mapping[int, Told], arms: Sequence[ArmFound]) -> dict[tuple[int, int], float]:
    """Return how likely neighbouring figures, by their indices, are of one arm."""
    rows = neighbours(scene, reports, arms)
    if not rows:
        return {}
    shares = _trees("together").probabilities(np.array(list(rows.values())))
    return dict(zip(rows, shares.tolist(), strict=True))


def _arm_shares(reading: Reading, arms: Sequence[ArmFound]) -> list[dict[str, float]]:
    """Return for each figure the encoder's probabilities of the arms by their labels, and of everybody."""
    everybody, named = arm_shares(reading)
    return [
        {a.label: sum(float(named[key][i]) for key in a.keys if key in named) for a in arms}
        | {ALL: float(everybody[i])}
        for i in range(len(everybody))
    ]


def _told(f: Found) -> Told:
    return told(
        f.figure, f.measure, measure_group(parents(), f.measure), f.time and f.time.name, f.grade and f.grade.name
    )


@cache
def _word_model(name: str) -> wording.Linear:
    return wording.from_dict(_required("wording")[name])


def _required(name: str) -> dict[str, Any]:
    found = data(name)
    if found is None:
        raise ModelError(f"{name}.json", "is missing")
    return found


@cache
def _arm_trees() -> tuple[trees.Trees, trees.Trees]:
    found = _required("arms")
    return trees.from_dict(found["first"]), trees.from_dict(found["second"])


@cache
def _trees(name: str) -> trees.Trees:
    return trees.from_dict(_required(name))


def _calibrated(likely: float, read: bool) -> float:
    """Return how many of the figures held to be this likely are right; `read`: by the encoder too."""
    scale, shift = CALIBRATION[read]
    return round(float(probability(scale * log_odds(likely) + shift)), 3)


def _found(
    scene: Scene,
    i: int,
    ranked: Sequence[tuple[float, str, int]],
    spans: Sequence[Candidate],
    entered: float,
    read: bool,
) -> Found:
    score, name, j = ranked[0]
    span = (spans[j].start, spans[j].end) if j >= 0 else None
    beside = WITH_ENCODER if read else ""
    made_by = f"link-model: {spans[j].by}" if j >= 0 else "word-model"
    return Found(
        i,
        scene.figures[i],
        name,
        span,
        _calibrated(entered * min(1.0, score / 0.9), read),
        links={"figure": f"figure-model{beside}", "measure": f"{made_by}{beside}"},
    )


def _attribute(
    scene: Scene, found: Sequence[Found], name: str, spans: Sequence[Candidate], shares: Shares | None
) -> Ranked:
    """Give each figure its time point or grade; return what the link models hold for possible."""
    model = link_model(name)
    if model is None or not spans:
        return {}
    pairs = attribute_pairs(
        scene, spans, {f.index: Reported(f.measure, measure_group(parents(), f.measure)) for f in found}
    )
    best = best_by_figure(pairs, model.scores(pairs))
    for f in found:
        own = None if shares is None else shares[f.index]
        chosen = blending.attribute(best.get(f.index, []), spans, own, ATTRIBUTE)
        if chosen is not None:
            span = spans[chosen]
            setattr(f, name, span)
            f.links[name] = f"link-model: {span.by}{'' if shares is None else WITH_ENCODER}"
    return best


def _listed_times(scene: Scene, found: Mapping[int, Found], spans: Sequence[Candidate], best: Ranked) -> None:
    """Give the figures of an enumeration the time points that it tells, where these are possible for half of them."""
    for row in times_in(scene, found, spans):
        if likely(best, row):
            for i, item in row.items():
                found[i].time, found[i].links["time"] = spans[item.index], "enumeration"
