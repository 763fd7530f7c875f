"""Measures that plain words tell, and what looks like them but tells nothing."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.germs import germ
from extractors.joining import Figure
from extractors.linking.scene import Scene, scene
from extractors.measure_words import denied_measure, measure_told, phrased, with_examples
from extractors.rivals import Told, put_first


def _scene(text: str) -> Scene:
    return scene(annotate(Document(id="words", title="", text=text)))


def _numbers(found: Scene) -> list[Figure]:
    """Return the figures with a number, save for time points in words."""
    return [f for f in found.figures if found.text[f.start].isdigit()]


def _measure(told: Told | None) -> str | None:
    return None if told is None else told.measure


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("At two years 41% were alive without progression.", ["progression-free-survival"]),
        ("Alive and free of progression were 52% of the patients.", ["progression-free-survival"]),
        ("At two years, 60% were alive and 44% were alive without leukemia.", [None, "disease-free-survival"]),
        (
            "Median time to progression was 14 months with maintenance and 9 months in controls.",
            ["progressive-disease"] * 2,
        ),
        ("The duration of neutropenia was 11 days after marrow, 8 after blood.", ["neutropenia"] * 2),
        ("Severe neutropenia lasted 9 days.", ["neutropenia"]),
        ("Duration of grade 4 neutropenia (ANC <0.5 × 10⁹/L): 12 days.", ["neutropenia"]),
        ("Fever during neutropenia was recorded in 61%.", ["febrile-neutropenia"]),
        ("Neutrophils below 0.5 × 10⁹/L were found in 19%.", ["neutropenia"]),
        ("Platelet counts under 50 × 10⁹/L were found in 33%.", ["thrombocytopenia"]),
        ("Skin cancers were diagnosed in 6%, and 3% had a carcinoma.", ["second-malignancy"] * 2),
        ("The hazard ratio for progression or death was 0.64.", ["progression-free-survival"]),
        ("MRD-negative complete remission was reached by 71%.", ["mrd-negativity"]),
        ("CR or CRi was seen in 80%.", ["complete-response"]),
        ("The yearly duration of response was 60%.", ["duration-of-response"]),
        ("EBV-driven lymphoproliferation occurred in 4%.", ["post-transplant-lymphoproliferative-disorder"]),
    ],
)
def test_a_set_phrase_tells_the_measure_of_its_figure_and_of_a_row(text: str, measures: list[str | None]) -> None:
    """It stands before the figure or right behind it, and holds for figures set beside that one."""
    found = _scene(text)
    assert [_measure(phrased(found, f)) for f in _numbers(found)] == measures


@pytest.mark.parametrize(
    "text",
    [
        "At two years 41% were alive.",
        "Alive without progression and alive at all were 40% and 55%.",
        "Time to progression or death was 14 months.",
        "Two had skin cancers, 11 herpes zoster.",
        "Time to progression was short, and overall survival 22 months.",
        "4 patients were living without disease.",
        "The duration of hospital stay was 20 days.",
        "The duration of febrile neutropenia was 4 days.",
    ],
)
def test_other_words_and_those_about_another_figure_tell_nothing(text: str) -> None:
    """A composite without a name of its own, another measure's figure, or a list that is told in order."""
    found = _scene(text)
    assert phrased(found, _numbers(found)[-1]) is None


def test_the_row_ends_where_another_thing_is_named() -> None:
    """Even if that is no measure in the vocabulary."""
    found = _scene("Fever in neutropenia was recorded in 21, sore throats in 16.")
    assert [_measure(phrased(found, f)) for f in _numbers(found)] == ["febrile-neutropenia", None]


def test_a_figure_with_words_of_its_own_isnt_of_the_phrase_before_it() -> None:
    """The row ends where the next figure says what it's about."""
    found = _scene("At three years 34% were alive without progression, 58% were alive.")
    assert [_measure(phrased(found, f)) for f in _numbers(found)] == ["progression-free-survival", None]


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("CMV reactivated in 21%, EBV in 26%.", ["cmv-infection", "infection"]),
        ("Adenovirus was found in 8% and 5%.", ["infection", "infection"]),
        ("Invasive mold disease: six patients.", ["infection"]),
        ("Cytomegalovirus was detected in 30% v 12%.", ["cmv-infection", "cmv-infection"]),
    ],
)
def test_the_germ_before_a_figure_tells_of_which_infections_it_is(text: str, measures: list[str]) -> None:
    """Those by cytomegalovirus are a measure of their own; a second figure beside the first is of the same."""
    found = _scene(text)
    assert [_measure(germ(found, f)) for f in found.figures] == measures


@pytest.mark.parametrize(
    "text",
    [
        "Infections other than CMV occurred in 26%.",
        "CMV or EBV reactivated in 36%.",
        "CMV, adenovirus and BK virus were detected in 26%.",
        "Infections, mostly by CMV, affected 40%.",
        "Several reactivated CMV, and two had adenovirus in the blood.",
        "BK virus cystitis occurred in 10%.",
        "EBMT criteria were met by 20%.",
    ],
)
def test_germs_named_together_or_of_another_figure_tell_nothing(text: str) -> None:
    """Nor do words that make them examples, exclude them, or name another measure."""
    found = _scene(text)
    assert germ(found, found.figures[0]) is None


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        (
            "There was no neurotoxicity and no cytokine release syndrome.",
            ["neurotoxicity", "cytokine-release-syndrome"],
        ),
        ("Neither CRS nor graft failure was seen.", ["cytokine-release-syndrome", "graft-failure"]),
        ("There was no case of severe mucositis.", ["mucositis"]),
        ("There was no MRD recurrence.", [None]),
        ("There were no infection-related hospital stays.", [None]),
    ],
)
def test_no_is_about_what_it_stands_before(text: str, measures: list[str | None]) -> None:
    """Only grades and words of the same kind may stand between, and a part of another name isn't meant."""
    found = _scene(text)
    assert [_measure(denied_measure(found, f)) for f in found.figures] == measures


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Adverse events, chiefly infections and neutropenia, affected 16%.", "any-adverse-event"),
        ("Serious adverse events (mostly infections) occurred in 12%.", "serious-adverse-event"),
        ("Infections - mainly CMV infection - occurred in 31%.", "infection"),
        ("Adverse events, mostly mild, and infections in 12%.", None),
        ("Adverse events, including infections in 12%.", None),
        ("Adverse events and infections occurred in 12%.", None),
    ],
)
def test_a_figure_is_of_the_head_of_an_apposition(text: str, measure: str | None) -> None:
    """Examples that are set off by commas, dashes or brackets aren't what is counted; an open list may be."""
    found = _scene(text)
    assert _measure(with_examples(found, found.figures[0])) == measure


def test_the_told_measure_has_its_rivals_shares() -> None:
    """The models may be torn between the two; others keep their shares."""
    found = _scene("EBV reactivated in 26%.")
    ranked = [(0.5, "cmv-infection", 0), (0.4, "infection", -1), (0.1, "relapse", 3)]
    told = measure_told(found, found.figures[0], ranked)
    assert [(round(score, 2), name, j) for score, name, j in told] == [(0.9, "infection", -1), (0.1, "relapse", 3)]


def test_words_about_something_else_change_nothing() -> None:
    """Where the likeliest measure is none of those that the words decide between, the order stands."""
    found = _scene("EBV reactivated in 26%.")
    ranked = [(0.9, "hemorrhagic-cystitis", 0), (0.1, "infection", -1)]
    assert measure_told(found, found.figures[0], ranked) == ranked
    assert put_first(ranked, "relapse", {"mortality"}) == ranked


def test_a_measure_that_the_models_didnt_think_of_has_the_span_of_the_likeliest() -> None:
    """The quote reaches from there to the figure."""
    assert put_first([(0.8, "infection", 4)], "cmv-infection", {"infection"}) == [(0.8, "cmv-infection", 4)]
