"""Figures that a sentence lists or sets against each other stand or fall together."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.companions import drawn_together
from extractors.linking.scene import scene


def _drawn(text: str, likely: dict[str, float]) -> list[float]:
    """Return what becomes of the probabilities of the shares printed, in order."""
    of = scene(annotate(Document("t", "", text)))
    before = np.array([likely.get(of.text[f.start : f.end], 0.5) for f in of.figures])
    after = drawn_together(of, before)
    return [float(p) for p, f in zip(after, of.figures, strict=True) if of.text[f.start : f.end] in likely]


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 38% with the drug and 25% without it.",
        "Survival was 38% as against 25% in the control group.",
        "Response rates lay between 38% and 25%.",
        "Survival stayed at 38%-25%.",
    ],
)
def test_doubt_is_shared(text: str) -> None:
    """Of two figures that are told together, the surer one lifts the other, which in turn lowers it."""
    sure, doubted = _drawn(text, {"38%": 0.98, "25%": 0.4})
    assert 0.5 < doubted < sure < 0.98


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 38% at one year. Of all patients 25% were women.",
        "Survival was 38%; the patients who had been treated before were, at 25%, in the minority.",
    ],
)
def test_figures_apart_keep_their_own(text: str) -> None:
    """Figures of different sentences or clauses aren't told together."""
    assert _drawn(text, {"38%": 0.98, "25%": 0.4}) == pytest.approx([0.98, 0.4])
