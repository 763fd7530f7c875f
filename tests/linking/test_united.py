"""Figures that a sentence tells one after another lean to one group, where it names none."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.arms import ArmFound
from extractors.document import Document
from extractors.linking.contrasts import told
from extractors.linking.scene import scene
from extractors.linking.united import of_one_arm

ROW = "Adults were treated. After 12 months 52% were alive, 30% free of progression and 6% dead without relapse."
NAMED = ROW.replace("52%", "52% with tisa-cel")
TWICE = ROW.replace("30% free of progression", "30% alive, it is said,")


def _arms_of_row(text: str, measures: tuple[str, str, str], sure: float) -> list[str]:
    """Return the arms of a row's figures; the models are `sure` of the second arm for the last one."""
    of = scene(annotate(Document("t", "", text)))
    shares = [i for i, f in enumerate(of.figures) if f.kind == "percent"]
    reports = {i: told(of.figures[i], m, 0, None, None) for i, m in zip(shares, measures, strict=True)}
    start = text.find("tisa-cel")
    mentions = ((start, start + 8),) if start >= 0 else ()
    arms = [ArmFound("tisa-cel", (), mentions, 0.9), ArmFound("axi-cel", (), (), 0.9)]
    ranked = {i: sorted(((p, "tisa-cel", 0), (1 - p, "axi-cel", 1)), reverse=True)
              for i, p in zip(shares, (0.9, 0.9, 1 - sure), strict=True)}  # fmt: skip
    made = of_one_arm(of, reports, ranked, arms)
    return [made[i][0][1] for i in shares]


DIFFERENT = ("overall-survival", "progression-free-survival", "non-relapse-mortality")


@pytest.mark.parametrize(
    ("text", "measures", "sure", "last"),
    [
        (ROW, DIFFERENT, 0.6, "tisa-cel"),
        (ROW, DIFFERENT, 0.99, "axi-cel"),
        (NAMED, DIFFERENT, 0.6, "axi-cel"),
        (TWICE, ("overall-survival", "overall-survival", "non-relapse-mortality"), 0.6, "axi-cel"),
    ],
)
def test_a_row_of_different_results_is_of_one_arm(
    text: str, measures: tuple[str, str, str], sure: float, last: str
) -> None:
    """The likeliest common arm wins unless the models are sure, the sentence names an arm or tells a thing twice."""
    assert _arms_of_row(text, measures, sure) == ["tisa-cel", "tisa-cel", last]
