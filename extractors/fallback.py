"""Plain rules for figures, used where the model files are absent: fewer figures, less sure, but none without its words.

A percentage or a fraction takes the nearest measure that its sentence names before it, a ratio or a median likewise;
the last time point and the last grade before the figure in its sentence are taken as its own. The arm is left open.
"""

from __future__ import annotations

from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, time_candidates
from extractors.outcome_links import Found

RULE_CONFIDENCE = 0.5
_KINDS = frozenset({"percent", "fraction", "ratio", "duration"})


def find(scene: Scene) -> list[Found]:
    """Return the figures that stand behind a measure in their sentence, linked by nearness."""
    times, grades = time_candidates(scene), grade_candidates(scene)
    found: list[Found] = []
    for index, figure in enumerate(scene.figures):
        start, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
        named = [m for m in scene.measures if start <= m.start and m.end <= figure.start]
        if figure.kind not in _KINDS or not named:
            continue
        links = {"figure": "rule: behind a measure", "measure": "rule: nearest before"}
        span = (named[-1].start, named[-1].end)
        taken = Found(index, figure, named[-1].name, span, RULE_CONFIDENCE, links=links)
        taken.time = _last(times, start, figure.start)
        taken.grade = _last(grades, start, figure.start)
        found.append(taken)
    return found


def _last(spans: list[Candidate], start: int, end: int) -> Candidate | None:
    before = [s for s in spans if start <= s.start and s.end <= end]
    return before[-1] if before else None
