"""How groups of patients are named and set against each other: designations, words that stand for them, contrasts."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.arms import (
    BESIDE_FEATURES,
    ArmCandidate,
    ArmFound,
    arm_candidates,
    arm_key,
    arms_of,
    beside_rows,
    compared_arms,
    same_arm,
)
from extractors.arms.designations import designations
from extractors.arms.naming import named
from extractors.arms.referring import referred
from extractors.document import Document
from extractors.linking.arm_pairs import ALL, arm_pairs
from extractors.linking.contrasts import Told, circles, contrasts, told
from extractors.linking.scene import Scene, scene

DESIGNATED = {
    "arm A did better than arm B": {"arm A": "arm A", "arm B": "arm B"},
    "cohorts 1 and 2 were pooled": {"cohort 1": "cohorts 1", "cohort 2": "2"},
    "grafted in CR1, CR2 or CR3": {"CR1": "CR1", "CR2": "CR2", "CR3": "CR3"},
    "22 were in first and 48 in second complete remission": {"CR1": "first", "CR2": "second complete remission"},
    "12.0 Gy against 15.75 Gy": {"12.0 Gy": "12.0 Gy", "15.75 Gy": "15.75 Gy"},
    "younger than 60 years, or 60 years or older": {
        "<60 years": "younger than 60 years",
        "≥60 years": "60 years or older",
    },
    "8/8 HLA-matched or 7/8 matched donors": {"8/8": "8/8", "7/8": "7/8"},
    "since 2016, not before 2016": {"since 2016": "since 2016", "before 2016": "before 2016"},
    "a score of 0 against a score of 3 or more": {"score 0": "score of 0", "score 3": "score of 3"},
    "21% with bridging and 40% without (P = .01)": {"others": "without"},
    "33% in patients who did not (P = .01)": {"others": "patients who did not"},
    "18% with donors aged 30 to 45 years": {"30-45 years": "30 to 45 years"},
    "after one line, two lines, or three or more prior lines": {
        "one line": "one line",
        "two lines": "two lines",
        "three or more prior lines": "three or more prior lines",
    },
    "falls in 30% before, 14% after the change": {"before": "before", "after": "after"},
    "trial A had the same donor as trial B": {"trial A": "trial A", "trial B": "trial B", "same donor": "same donor"},
    "25% after DLI, 28% after a second allograft": {"second allograft": "second allograft"},
}


@pytest.mark.parametrize("text", DESIGNATED)
def test_groups_may_be_named_by_numbers_doses_and_thresholds(text: str) -> None:
    """Each designation has its short label and the place where it's printed."""
    found = {d.label: text[d.start : d.end] for d in designations(text)}
    assert DESIGNATED[text].items() <= found.items()


def test_those_who_have_a_name_of_their_own_are_not_the_rest() -> None:
    """`Those not bridged` are called so; `those not given it` are the rest."""
    assert [d.label for d in designations("68% for those bridged and 41% for those not bridged")] == []
    assert [d.label for d in designations("35% of patients given it and 18% of those not given it")] == ["others"]


def test_words_stand_for_groups() -> None:
    """`Others` are those without what another name says; the younger are those below an age, not those above it."""
    assert same_arm(arm_key("others"), arm_key("no bridging"), {})
    assert same_arm(arm_key("younger patients"), arm_key("<60 years"), {})
    assert not same_arm(arm_key("younger patients"), arm_key("≥60 years"), {})


def test_spellings_of_a_name_are_one() -> None:
    """`Plus` is `+`, and `or later` belongs to the number before it."""
    assert arm_key("Len plus ixazomib") == arm_key("Len + ixazomib")
    assert arm_key("CR2 or later") == arm_key("CR2")
    assert arm_key("plus") == ("+",)


def test_names_count_by_their_counterparts_and_partners() -> None:
    """`Arm B` is told how likely `arm A` is, and what `versus` sets side by side how likely its partner is."""
    text = "Arm A or arm B was given; relapse was 20% with BEAM and 24% with Mel200."
    annotated = annotate(Document(id="beside", title="", text=text))
    names = arm_candidates(annotated, scene(annotated).figures)
    scores = [0.9 if c.label in ("Arm A", "BEAM") else 0.1 for c in names]
    rows = {c.label: row for c, row in zip(names, beside_rows(names, scores), strict=True)}
    counterpart, partner = (BESIDE_FEATURES.index(f"best {x}") for x in ("counterpart", "partner"))
    assert rows["arm B"][counterpart] == 0.9
    assert rows["Mel200"][partner] == 0.9
    assert rows["BEAM"][partner] == 0.1
    assert rows["BEAM"][counterpart] == -1


def test_the_rest_is_named_after_the_only_other_group() -> None:
    """Whoever isn't in the one group that has a name gets a label that says so."""
    text = "Survival was 21% with bridging and 40% without."
    at, rest = text.index("bridging"), text.index("without")
    arms = [
        ArmFound("bridging", (("bridging",),), ((at, at + 8),), 0.9),
        ArmFound("others", (("other",),), ((rest, rest + 7),), 0.8),
    ]
    found = named(arms, annotate(Document(id="rest", title="", text=text)))
    assert [a.label for a in found] == ["bridging", "no bridging"]


def _survivals(text: str, times: tuple[str, ...]) -> tuple[Scene, dict[int, Told]]:
    found = scene(annotate(Document(id="contrast", title="", text=text)))
    shares = [i for i, f in enumerate(found.figures) if f.kind == "percent"]
    reports = {
        i: told(found.figures[i], "overall-survival", 0.0, time, None) for i, time in zip(shares, times, strict=True)
    }
    return found, reports


def test_the_rest_is_a_group_beside_one_alone() -> None:
    """Those who aren't in the only group found are the other one where the text speaks of them, however unlikely."""
    text = "OS was 71% with bridging and 33% without. It was 60% with radiotherapy."
    annotated = annotate(Document(id="rest", title="", text=text))
    candidates = arm_candidates(annotated, scene(annotated).figures)

    def labels(likely: dict[str, float]) -> list[str]:
        scores = [likely.get(" ".join(c.key), 0.0) for c in candidates]
        return [a.label for a in compared_arms(candidates, scores, {}, 0.1)]

    assert labels({"bridging": 0.9}) == ["bridging", "others"]
    assert labels({}) == []
    assert labels({"bridging": 0.9, "radiotherapy": 0.9}) == ["bridging", "radiotherapy"]


def test_figures_that_report_the_same_are_contrasts() -> None:
    """Two survivals at one time are set against each other; at two times each stands for itself."""
    groups, reports = _survivals("Survival was 65% with A and 50% with B.", ("2 year", "2 year"))
    assert [(c.alike, c.place) for c in contrasts(groups, reports).values()] == [(2, 0), (2, 1)]
    times, reports = _survivals("Survival at 2 and 5 years was 65% and 50%.", ("2 year", "5 year"))
    assert [(c.alike, c.place) for c in contrasts(times, reports).values()] == [(1, 0), (1, 0)]


def test_contrasts_at_the_same_place_are_parallels() -> None:
    """The first figures of two contrasts look to each other for their group, and so do the second ones."""
    text = "Survival was 65% and 50% at 2 years and 60% and 41% at 5 years, respectively."
    found, reports = _survivals(text, ("2 year", "2 year", "5 year", "5 year"))
    around = circles(found, contrasts(found, reports))
    a, b, c, d = sorted(around)
    assert [around[i][1] for i in (a, b, c, d)] == [[c], [d], [a], [b]]
    assert [around[i][0] for i in (a, b, c, d)] == [[b], [a], [d], [c]]


def test_everybody_is_among_the_groups_that_a_figure_may_be_of() -> None:
    """Each figure is paired with every arm and with everybody, also by the words that name the whole."""
    text = "In all patients survival was 60%, with A 65%."
    found, reports = _survivals(text, ("2 year", "2 year"))
    at = text.index(" A ") + 1
    pairs = arm_pairs(found, [ArmFound("A", (("a",),), ((at, at + 1),), 0.9)], reports)
    assert {(i, name) for i, name in zip(pairs.figure, pairs.name, strict=True)} == {
        (i, name) for i in reports for name in ("A", ALL)
    }
    assert sum(name == ALL for name in pairs.name) == 4


def test_a_name_within_anothers_names_is_no_group_of_its_own() -> None:
    """A word that only stands within the names of a group adds nothing; one that also stands alone is another group."""
    longer = ArmCandidate(("alpha", "beta", "depleted", "graft"), "αβ-depleted grafts", ((10, 28), (40, 58)), (), ())
    within = ArmCandidate(("depleted",), "depleted", ((13, 21), (43, 51)), (), ())
    apart = ArmCandidate(("sibling",), "sibling", ((70, 77),), (), ())
    found = arms_of([longer, within, apart], [0.9, 0.8, 0.7], {}, 0.1)
    assert [a.label for a in found] == ["αβ-depleted grafts", "sibling"]


def _groups(text: str, *labels: str) -> dict[str, list[str]]:
    """Return the arms that these names make, with what is printed where each is mentioned."""
    annotated = annotate(Document(id="grouped", title="", text=text))
    names = arm_candidates(annotated, scene(annotated).figures)
    scores = [0.9 - 0.1 * labels.index(c.label) if c.label in labels else 0.0 for c in names]
    return {a.label: [text[slice(*m)] for m in a.mentions] for a in arms_of(names, scores, {}, 0.1)}


def test_a_name_that_is_set_beside_a_shorter_one_is_another_group() -> None:
    """`TT BEAM versus BEAM` are two groups, and places within the longer name are its own."""
    text = "OS was 60% with TT BEAM versus 50% with BEAM. Relapse: TT BEAM 20%, BEAM 30%."
    assert _groups(text, "TT BEAM", "BEAM") == {"TT BEAM": ["TT BEAM"] * 2, "BEAM": ["BEAM"] * 2}


def test_a_longer_name_of_the_same_group_is_no_other() -> None:
    """`Haplo-HSCT` and `haplo` are one group."""
    assert list(_groups("OS was 60% after haplo. In the haplo-HSCT group 20% relapsed.", "haplo", "haplo-HSCT")) == [
        "haplo"
    ]
    assert not same_arm(arm_key("10/10"), arm_key("9/10"), {})


def test_a_code_alone_stands_for_its_arm_where_figures_are_listed() -> None:
    """In `A+I 50%, I 28%, A 21%` each code is its arm's; the letter within another code, or one alone, isn't."""
    text = "Arm A, arm A+I and arm I. Infections: A+I 50%, I 28%, A 21%. A 20% fall was seen."
    arms = [ArmFound(f"arm {code}", (), (), 0.9) for code in ("A", "A+I", "I")]
    found = {a.label: [text[slice(*place)] for place in a.mentions] for a in referred(arms, text)}
    assert found == {"arm A": ["A"], "arm A+I": ["A+I"], "arm I": ["I"]}


def test_a_letter_within_a_code_is_no_name() -> None:
    """The I of `arm A+I` isn't a place of arm I."""
    annotated = annotate(Document(id="c", title="", text="OS was 80% in arm A+I and 60% in arm I; I did best."))
    places = {c.key: c.occurrences for c in arm_candidates(annotated, scene(annotated).figures)}
    assert [start for start, _ in places[("i",)]] == [37, 40]


def test_a_name_ends_with_its_line() -> None:
    """The bullet of the next line joins nothing to a name."""
    annotated = annotate(Document(id="lines", title="", text="Response with BAT\n- Still responding with BAT: 20%"))
    assert not any("\n" in c.label for c in arm_candidates(annotated, scene(annotated).figures))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nothing was given to the rest (control). Deaths: 4.", "control"),
        ("Two kinds of donor: siblings (older MSD, n=298) and children.", "older MSD"),
        ("Arms: autoSCT 54; the other had another donor.", "autoSCT"),
        ("High-volume centres had a mortality of 6%, others of 11%.", "High-volume"),
        ("It was 12% in all, in the end, minor-mismatched pairs 14%.", "minor-mismatched"),
        ("Relapse occurred in 59% of patients who were not transplanted.", "no transplanted"),
        ("Relapse occurred in 59% of never irradiated patients.", "never irradiated"),
    ],
)
def test_a_name_given_once_is_a_candidate_where_groups_are_defined(text: str, name: str) -> None:
    """A name in brackets or with a size behind it may be a group's though it's never said again."""
    annotated = annotate(Document(id="once", title="", text=text))
    assert arm_key(name) in {c.key for c in arm_candidates(annotated, scene(annotated).figures)}


def test_a_word_said_once_in_passing_is_no_candidate() -> None:
    """Nothing frames it: it's neither set against another name, nor defined, nor counted."""
    annotated = annotate(Document(id="passing", title="", text="Survival improved. Steroids rarely helped. CRS: 20%."))
    assert arm_key("Steroids") not in {c.key for c in arm_candidates(annotated, scene(annotated).figures)}
