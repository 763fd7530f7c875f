"""Figures that the words beside them deny, and what is told of residual disease."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.assembling import outcomes
from extractors.denied import denied
from extractors.denominators import Sizes
from extractors.document import Document
from extractors.linking.scene import Scene, scene
from extractors.outcome_links import Found


def _scene(text: str) -> Scene:
    return scene(annotate(Document(id="denied", title="", text=text)))


@pytest.mark.parametrize(
    ("text", "of_response", "kept"),
    [
        ("GRFS at 1 year was 64%, against a predicted 40%.", False, ["64%"]),
        ("The rate was 43%, the historical rate of 20% being exceeded.", False, ["43%"]),
        ("OS was 71%, a 73% lower risk of death.", False, ["71%"]),
        ("PFS was 58%, less than the 65% hoped for.", False, ["58%"]),
        ("PFS was 72%, above the prespecified bar of 55%.", False, ["72%"]),
        ("Relapse was 12%, as against 17% in earlier series.", False, ["12%"]),
        ("In the literature mortality is 30%. Here it was 8%.", False, ["8%"]),
        ("Survival was 61%, in the historical controls 40%.", False, ["61%", "40%"]),
        ("Of those who relapsed, 60% were men, and 12% died.", False, ["12%"]),
        ("The toxicities seen in >10% were mucositis (34%) and anaemia (20%).", False, ["34%", "20%"]),
        ("Relapse fell to 12%, a 40% relative reduction.", False, ["12%"]),
        ("Of them 67% responded and 9% had no response.", True, ["67%"]),
        ("Then 44% had never achieved a complete response.", True, []),
        ("Then 44% had never achieved a complete response.", False, ["44%"]),
        ("The drug helped 83% who had no response before.", True, ["83%"]),
        ("Before the infusion 17% were in partial remission and 30% had stable disease.", True, []),
        ("Before the infusion 17% were in partial remission, after it 60%.", True, ["60%"]),
        ("At the time of the primary end point 73% had responded.", True, ["73%"]),
    ],
)
def test_what_is_expected_changed_or_missing_is_no_result(text: str, of_response: bool, kept: list[str]) -> None:
    """A predicted rate, a change in percent, and of a response the lack of it or one before the treatment, are none."""
    a_scene = _scene(text)
    shares = [f for f in a_scene.figures if f.kind == "percent"]
    left = [f for f in shares if not denied(a_scene, f, of_response)]
    assert [a_scene.text[f.head.start : f.head.end] for f in left] == kept


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("There was no unexpected toxicity.", 0),
        ("Patients received no GVHD prophylaxis.", 0),
        ("There was no difference in relapse.", 0),
        ("There was no chronic GVHD.", 1),
    ],
)
def test_no_difference_is_no_zero(text: str, left: int) -> None:
    """`No` denies patients with a result only where it stands before the result itself."""
    a_scene = _scene(text)
    nothing = [f for f in a_scene.figures if f.kind == "none"]
    assert len([f for f in nothing if not denied(a_scene, f, False)]) == left


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("At day 28 there was no measurable residual disease.", [100.0]),
        ("None achieved MRD negativity.", [0.0]),
        ("MRD was positive in 15%.", []),
        ("MRD negativity was reached by 80%, and 20% remained MRD positive.", [80.0]),
        ("MRD became undetectable in 70%.", [70.0]),
    ],
)
def test_residual_disease_is_no_negativity(text: str, values: list[float]) -> None:
    """Disease that is found is no figure of negativity, and disease that isn't found is one of all."""
    a_scene = _scene(text)
    mentions = [m for m in a_scene.measures if m.name == "mrd-negativity"]
    found = [
        Found(i, f, "mrd-negativity", (m.start, m.end), confidence=0.9)
        for i, f in enumerate(a_scene.figures)
        if f.unit == "%" or f.kind == "none"
        for m in [min(mentions, key=lambda m, f=f: abs(m.start - f.start))]  # type: ignore[misc]
    ]
    assert [o.value for o in outcomes(a_scene, found, Sizes({}, (), False, frozenset()))] == values
