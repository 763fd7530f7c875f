"""Outcome figures: which candidate figures are results of the study, of which measure, when, what grade, in which arm.

Each decision is scored by a small trained model over features that a person would name; without the model files plain
rules decide (`extractors.fallback`). What made each link is kept in `Outcome.links`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

import ontology.vocabulary
from extractors.joining import Figure
from extractors.linking import trees, wording
from extractors.linking.features import Candidate
from extractors.linking.figure_features import figure_rows
from extractors.linking.models import data, link_model
from extractors.linking.pairs import attribute_pairs, best_by_figure, measure_pairs
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, measure_group, measure_parents, time_candidates

Ranked = dict[int, list[tuple[float, str, int]]]
THRESHOLD = 0.5


@dataclass
class Found:
    """One figure taken as an outcome, with its links: each a name, the candidate span (None where virtual) and a score."""

    index: int
    figure: Figure
    measure: str
    span: tuple[int, int] | None
    confidence: float
    time: Candidate | None = None
    grade: Candidate | None = None
    links: dict[str, str] = field(default_factory=dict)


@cache
def parents() -> Mapping[str, str]:
    """Return the group that each measure of the packaged vocabulary belongs to."""
    return measure_parents(ontology.vocabulary.load())


def find(scene: Scene) -> list[Found]:
    """Return the figures of a scene that are outcomes, with measure, time and grade, in the order of the text."""
    if not scene.figures:
        return []
    words = data("wording")
    figure_data, measure_model = data("figure"), link_model("measure")
    if words is None or figure_data is None or measure_model is None:
        raise RuntimeError("model files are missing")
    features = [scene.wording.features(f) for f in scene.figures]
    outcome = _word_model("outcome").yes(features)
    shares = _word_model("measure").probabilities(features)
    pairs, spans = measure_pairs(scene, parents(), _word_model("measure").classes, shares, outcome)
    best = best_by_figure(pairs, measure_model.scores(pairs))
    rows = figure_rows(scene, best, outcome, shares)
    entered = _figure_model().probabilities(np.array(rows, dtype=np.float64))
    found = [
        _found(scene, i, best[i], spans, float(entered[i]))
        for i in range(len(scene.figures))
        if i in best and entered[i] >= THRESHOLD
    ]
    _attribute(scene, found, "time", time_candidates(scene))
    _attribute(scene, found, "grade", grade_candidates(scene))
    return found


@cache
def _word_model(name: str) -> wording.Linear:
    found = data("wording")
    if found is None:
        raise RuntimeError("model files are missing")
    return wording.from_dict(found[name])


@cache
def _figure_model() -> trees.Trees:
    found = data("figure")
    if found is None:
        raise RuntimeError("model files are missing")
    return trees.from_dict(found)


def _found(scene: Scene, i: int, ranked: Sequence[tuple[float, str, int]], spans: Sequence[Candidate], entered: float) -> Found:
    score, name, j = ranked[0]
    span = (spans[j].start, spans[j].end) if j >= 0 else None
    made_by = f"link-model: {spans[j].by}" if j >= 0 else "word-model"
    return Found(i, scene.figures[i], name, span, round(entered * min(1.0, score / 0.9), 3), links={"figure": "figure-model", "measure": made_by})


def _attribute(scene: Scene, found: Sequence[Found], name: str, spans: Sequence[Candidate]) -> None:
    model = link_model(name)
    if model is None or not spans:
        return
    groups = {f.index: measure_group(parents(), f.measure) for f in found}
    pairs = attribute_pairs(scene, spans, groups)
    best = best_by_figure(pairs, model.scores(pairs))
    for f in found:
        ranked = best.get(f.index)
        if ranked and ranked[0][0] >= THRESHOLD:
            span = spans[ranked[0][2]]
            setattr(f, name, span)
            f.links[name] = f"link-model: {span.by}"
