"""A figure that is said of a whole list belongs to each measure or arm of it."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.arms import ArmFound
from extractors.document import Document
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import grade_candidates
from extractors.outcome_links import Found, two_arms
from extractors.sharing import shared


def _scene(text: str) -> Scene:
    return scene(annotate(Document(id="t", title="CAR T cells", text=text)))


def _found(a_scene: Scene, words: str, measure: str, arm: str = "all") -> Found:
    figure = next(f for f in a_scene.figures if words in a_scene.text[f.head.start : f.head.end])
    mention = next(m for m in a_scene.measures if m.name == measure)
    return Found(a_scene.figures.index(figure), figure, measure, (mention.start, mention.end), confidence=0.9, arm=arm)


@pytest.mark.parametrize(
    ("text", "words", "measure", "wanted"),
    [
        ("No CRS or ICANS was seen.", "No", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("No grade ≥3 CRS, ICANS or infection.", "No", "neurotoxicity", {"cytokine-release-syndrome", "infection"}),
        ("CRS and ICANS each had an incidence of 13.2%.", "13.2", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("CRS (grade ≥3) and severe ICANS: 13% each.", "13%", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("Both PFS and OS were 19.7 months in the median.", "19.7", "overall-survival", {"progression-free-survival"}),
        ("Median OS and DFS were not reached.", "not reached", "overall-survival", {"disease-free-survival"}),
        ("Neither median PFS nor OS has been reached.", "Neither", "progression-free-survival", {"overall-survival"}),
        ("CRS as well as ICANS had an incidence of 14%.", "14", "cytokine-release-syndrome", {"neurotoxicity"}),
        ("Nobody died or had disease progression.", "Nobody", "mortality", {"progressive-disease"}),
        ("All six had neutropenia (<500/µl) and thrombocytopenia.", "All", "neutropenia", {"thrombocytopenia"}),
        ("OS and DFS at 2 years were both 81%; NRM was 3%.", "81", "overall-survival", {"disease-free-survival"}),
        ("OS and DFS at 1 year were both 43% (25, 62%).", "43", "overall-survival", {"disease-free-survival"}),
        ("Sepsis (n = 2); anemia and thrombocytopenia (n = 1 each).", "n = 1", "anemia", {"thrombocytopenia"}),
        ("No hospital admission, renal failure, or death was seen.", "No", "hospitalization", {"mortality"}),
        ("No death, insertional oncogenesis, or malignancy was seen.", "No", "mortality", {"second-malignancy"}),
        ("No graft failure, grade III-IV acute GVHD or death.", "No", "graft-failure", {"acute-gvhd", "mortality"}),
    ],
)  # fmt: skip
def test_a_figure_of_a_list_is_of_each_measure(text: str, words: str, measure: str, wanted: set[str]) -> None:
    """Where one figure is said of listed measures, each further one gets a copy with its own span."""
    a_scene = _scene(text)
    made = shared(a_scene, [_found(a_scene, words, measure)], [])
    assert {f.measure for f in made} - {measure} == wanted
    assert all(f.span is not None and f.figure is made[0].figure for f in made)


@pytest.mark.parametrize(
    ("text", "words", "measure"),
    [
        ("OS and PFS were 68% and 55%.", "68", "overall-survival"),
        ("CRS and neurotoxicity were common; OS was 68%.", "68", "overall-survival"),
        ("CRS occurred in 13%, and ICANS was rare.", "13", "cytokine-release-syndrome"),
        ("There were cytopenia and CRS, never above grade 1.", "never", "cytokine-release-syndrome"),
        ("Among responders, median overall survival was not reached.", "not reached", "overall-survival"),
        ("There was no CRS, nor any other infusion-related toxicity.", "no", "cytokine-release-syndrome"),
        ("No CRS was seen while infections were frequent.", "No", "cytokine-release-syndrome"),
        ("No relapse of the malignancy was seen.", "No", "relapse"),
        ("Two had CRS, and no malignancy but infections arose.", "Two", "cytokine-release-syndrome"),
    ],
)
def test_a_figure_of_one_measure_stays_alone(text: str, words: str, measure: str) -> None:
    """Without a word that says so, a figure beside a list is of one measure."""
    a_scene = _scene(text)
    assert len(shared(a_scene, [_found(a_scene, words, measure)], [])) == 1


def test_each_measure_of_a_list_has_its_own_grade() -> None:
    """A grade within a list is of the measure behind it; the first measure's is of all that have grades."""
    a_scene = _scene("No graft failure, grade III-IV acute GVHD or death occurred.")
    made = shared(a_scene, [_found(a_scene, "No", "graft-failure")], [])
    assert {f.measure: f.grade and f.grade.name for f in made} == {
        "graft-failure": None,
        "acute-gvhd": "3-4",
        "mortality": None,
    }


@pytest.mark.parametrize(
    ("text", "words", "grades"),
    [
        ("GVHD, ICANS and grade 3 CRS were not observed.", "not observed", [None, None, "3"]),
        ("One patient each had grade 3 CRS, grade 1 ICANS, and infection.", "One", ["3", "1", None]),
        ("No grade 3 CRS, ICANS or infection was seen.", "No", ["3", "3", "3"]),
    ],
)
def test_a_grade_before_a_name_is_of_that_and_those_behind(text: str, words: str, grades: list[str | None]) -> None:
    """In a list a grade is neither of the measures before it nor of those behind another grade."""
    a_scene = _scene(text)
    own = _found(a_scene, words, "cytokine-release-syndrome")
    own.grade = next(g for g in grade_candidates(a_scene) if g.name == "3")
    made = sorted(shared(a_scene, [own], []), key=lambda f: f.span or (0, 0))
    assert [f.grade and f.grade.name for f in made] == grades


@pytest.mark.parametrize(
    ("text", "words", "measure", "wanted"),
    [
        (
            "The objective response rate was 54% (6/11), all responses being partial.",
            "54",
            "overall",
            "partial-response",
        ),
        ("Objective responses, all partial, were seen in 19 (37%).", "19", "overall", "partial-response"),
        ("The overall response rate was 38% (all complete).", "38", "overall", "complete-response"),
        ("Complete remission with MRD negativity was attained by 87%.", "87", "complete", "mrd-negativity"),
        ("By day 28, 90% had CR with no measurable residual disease.", "90", "complete", "mrd-negativity"),
        ("CR with measurable residual disease was seen in 9%.", "9%", "complete", None),
        ("The overall response rate was 38%, and 12% had partial responses, all late.", "38", "overall", None),
        ("The overall response rate was 38%; all were alive.", "38", "overall", None),
    ],
)
def test_a_response_tells_more_than_its_measure(text: str, words: str, measure: str, wanted: str | None) -> None:
    """Responses that are all of one kind are told of that kind too, and remissions without residual disease of both."""
    a_scene = _scene(text)
    made = shared(a_scene, [_found(a_scene, words, f"{measure}-response")], [])
    assert [f.measure for f in made[1:]] == ([] if wanted is None else [wanted])


@pytest.mark.parametrize("arm", ["oral", "all"])
def test_a_figure_of_either_group_is_of_both_arms(arm: str) -> None:
    """`14% in either group` is entered for each of the two arms, whichever it was linked to before."""
    a_scene = _scene("Deaths were equally frequent, at 14% in either group.")
    arms = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral")]
    found = _found(a_scene, "14", "mortality", arm)
    assert [f.arm for f in shared(a_scene, [found], arms)] == ["oral", "parenteral"]


def test_either_group_is_one_that_figures_are_of() -> None:
    """A group that no figure is reported for is none of the two."""
    a_scene = _scene("OS was 60% (oral) and 50% (parenteral); deaths were equally frequent, at 14% in either group.")
    arms = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral", "second-line")]
    found = [
        _found(a_scene, "60", "overall-survival", "oral"),
        _found(a_scene, "50", "overall-survival", "parenteral"),
        _found(a_scene, "14", "mortality"),
    ]
    made = shared(a_scene, found, arms)
    assert [f.arm for f in made if f.measure == "mortality"] == ["oral", "parenteral"]


def test_the_two_arms_are_those_that_figures_are_of() -> None:
    """Two reported arms are the study's, however many names the text has; without them its two names are; else none."""
    a_scene = _scene("OS was 60% and 50%.")
    arms = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral", "second-line")]
    oral, parenteral = (
        _found(a_scene, w, "overall-survival", arm) for w, arm in (("60", "oral"), ("50", "parenteral"))
    )
    assert two_arms([oral, parenteral], arms) == ("oral", "parenteral")
    assert two_arms([oral], arms[:2]) == ("oral", "parenteral")
    assert two_arms([oral], arms) is None


def test_medians_not_reached_are_shared_beside_rates() -> None:
    """A rate of a listed measure in the same sentence doesn't keep it from the median that wasn't reached."""
    a_scene = _scene("Median overall survival (OS) and DFS were not reached; DFS was 65%.")
    found = [_found(a_scene, "not", "overall-survival"), _found(a_scene, "65", "disease-free-survival")]
    assert [f.measure for f in shared(a_scene, found, [])] == [
        "overall-survival",
        "disease-free-survival",
        "disease-free-survival",
    ]


def test_both_said_of_a_list_holds_beside_other_figures() -> None:
    """`Both A and B were x` shares x though the sentence has other figures."""
    a_scene = _scene("CR was 92%; both progression-free survival and overall survival were 19.7 months.")
    found = [_found(a_scene, "92", "complete-response"), _found(a_scene, "19.7", "overall-survival")]
    assert [f.measure for f in shared(a_scene, found, [])][1:] == ["overall-survival", "progression-free-survival"]


def test_a_list_in_either_group_is_of_both_arms() -> None:
    """Each measure of a list gets each of the two arms; a figure further off gets none."""
    a_scene = _scene("OS was 60% in the oral group, and no CRS or ICANS was seen in either group.")
    arms = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral")]
    found = [
        _found(a_scene, "60", "overall-survival", "oral"),
        _found(a_scene, "no", "cytokine-release-syndrome", "oral"),
    ]
    made = shared(a_scene, found, arms)
    assert len(made) == 5
    assert [f.arm for f in made if f.measure != "neurotoxicity"] == ["oral", "oral", "parenteral"]


def _named(text: str, *names: str) -> list[ArmFound]:
    """Return the arms of these names, at their first places in a text."""
    return [ArmFound(n, ((n,),), ((text.index(n), text.index(n) + len(n)),), 0.9) for n in names]


@pytest.mark.parametrize(
    ("text", "arms"),
    [
        ("EFS was 81% both with siblings and with cord blood, and 57% with haplo.", ["siblings", "cord blood"]),
        ("EFS was 81% in both siblings (n = 9) and cord blood, and 57% with haplo.", ["siblings", "cord blood"]),
        ("EFS was 81% with siblings and 57% with both cord blood and haplo.", []),
        ("EFS was 81% with siblings, both cord blood and haplo doing worse.", []),
    ],
)
def test_a_figure_is_of_the_two_arms_named_behind_it(text: str, arms: list[str]) -> None:
    """`81% both with A and with B` is entered for each of the two, though there is a third."""
    a_scene = _scene(text)
    found = _found(a_scene, "81", "event-free-survival", "siblings")
    made = shared(a_scene, [found], _named(text, "siblings", "cord blood", "haplo"))
    assert [f.arm for f in made] == (arms or ["siblings"])


@pytest.mark.parametrize(
    ("words", "arms"),
    [
        ("partial response was seen in 64% in each.", ["oral", "parenteral"]),
        ("64% of either cohort responded.", ["oral", "parenteral"]),
        ("64% responded, which was lasting in each.", ["oral"]),
    ],
)
def test_a_figure_of_each_group_beside_others(words: str, arms: list[str]) -> None:
    """`64% in each` is of both arms, whatever else the sentence tells, where it stands right behind the figure."""
    a_scene = _scene(f"CR was seen in 40% and 36%, and {words}")
    oral, parenteral, both = (f for f in a_scene.figures if f.unit == "%")
    found = [
        Found(0, oral, "complete-response", None, 0.9, arm="oral"),
        Found(1, parenteral, "complete-response", None, 0.9, arm="parenteral"),
        Found(2, both, "partial-response", None, 0.9, arm="oral"),
    ]
    groups = [ArmFound(name, ((name,),), (), 0.9) for name in ("oral", "parenteral")]
    assert [f.arm for f in shared(a_scene, found, groups)[2:]] == arms
