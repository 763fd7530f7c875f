"""A figure that was taken as an outcome, with what it was linked to."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.joining import Figure
from extractors.linking.features import Candidate


@dataclass
class Found:
    """One figure taken as an outcome: `index` among the scene's figures, its measure and the span that names it (None
    where only the wording tells), time point and grade as spans, arm and comparator as labels, and what made each link.
    """

    index: int
    figure: Figure
    measure: str
    span: tuple[int, int] | None
    confidence: float
    time: Candidate | None = None
    grade: Candidate | None = None
    arm: str = "all"
    comparator: str | None = None
    links: dict[str, str] = field(default_factory=dict)
