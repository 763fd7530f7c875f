"""A figure that was taken as an outcome, with what it was linked to; those beside it, and the arms of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.arms import ArmFound
from extractors.joining import Figure
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene


@dataclass
class Found:
    """One figure taken as an outcome: `index` among the scene's figures, its measure and the span that names it (None
    where only the wording tells), time point and grade as spans, arm as a label, and what made each link.
    """

    index: int
    figure: Figure
    measure: str
    span: tuple[int, int] | None
    confidence: float
    time: Candidate | None = None
    grade: Candidate | None = None
    arm: str = "all"
    links: dict[str, str] = field(default_factory=dict)


def two_arms(found: Sequence[Found], arms: Sequence[ArmFound]) -> tuple[str, str] | None:
    """Return the study's two arms: those that figures are of, else those that the text names; None if not two."""
    own = {f.arm for f in found}
    reported = [a.label for a in arms if a.label in own]
    both = reported if len(reported) > 1 else [a.label for a in arms]
    return (both[0], both[1]) if len(both) == 2 else None


def beside(scene: Scene, f: Found, found: Sequence[Found]) -> list[Found]:
    """Return the other figures of the sentence."""
    sentence = scene.layout.sentence_index(f.figure.start)
    return [x for x in found if x is not f and scene.layout.sentence_index(x.figure.start) == sentence]
