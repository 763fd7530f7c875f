"""What each figure of a sentence belongs to: measure, time point, grade and arm, by marked-up sentences."""

from __future__ import annotations

import pytest

from tests.linking.marked import only, read

LISTS = {
    "two measures": "Overall survival and progression-free survival at 2 years were {68%|overall-survival|t=2 year} "
    "and {55%|progression-free-survival|t=2 year}, respectively.",
    "short forms": "Overall survival (OS) and event-free survival (EFS) at 3 years were "
    "{70%|overall-survival|t=3 year} and {58%|event-free-survival|t=3 year}, respectively.",
    "three times": "Overall survival at 6, 12 and 24 months was {90%|overall-survival|t=6 month}, "
    "{81%|overall-survival|t=12 month} and {70%|overall-survival|t=24 month}, respectively.",
}
ONE_AFTER_ANOTHER = {
    "with intervals": "Non-relapse mortality at 1 year was {12% (95% CI, 7 to 18)|non-relapse-mortality|t=1 year}, "
    "and the cumulative incidence of relapse {25%|relapse|t=1 year}.",
    "medians": "Neutrophils engrafted after a median of {14 days|neutrophil-engraftment} and platelets after a median "
    "of {21 days|platelet-engraftment}.",
    "grades": "Cytokine release syndrome of any grade occurred in {82%|cytokine-release-syndrome|g=any} of patients "
    "and of grade 3 or higher in {9%|cytokine-release-syndrome|g=>=3}.",
    "GVHD": "The cumulative incidence of grade II-IV acute GVHD at day 100 was {28%|acute-gvhd|t=100 day|g=2-4} and "
    "that of moderate to severe chronic GVHD at 1 year {17%|chronic-gvhd|t=1 year|g=moderate-severe}.",
}
GROUPS = (
    "We compared 65 recipients of haploidentical grafts (haplo group) with 133 recipients of matched unrelated grafts "
    "(MUD group). "
)
ARMS = {
    "v": "The relapse rate at 2 years was {24%|relapse|t=2 year|a=haplo} in the haplo group v "
    "{31%|relapse|t=2 year|a=MUD} in the MUD group.",
    "compared with": "The cumulative incidence of grade 2-4 acute GVHD was {22%|acute-gvhd|g=2-4|a=haplo} in the haplo "
    "group compared with {35%|acute-gvhd|g=2-4|a=MUD} in the MUD group.",
    "and": "Overall survival at 2 years was {68%|overall-survival|t=2 year|a=haplo} in the haplo group and "
    "{59%|overall-survival|t=2 year|a=MUD} in the MUD group.",
    "respectively": "Overall survival at 2 years was {68%|overall-survival|t=2 year|a=haplo} and "
    "{59%|overall-survival|t=2 year|a=MUD} in the haplo and MUD groups, respectively.",
}
HEADED = {
    "bullets": "Results in 40 patients with relapsed lymphoma given CD19 CAR T cells\n\n"
    "- Complete response: {55%|complete-response}\n- Overall survival at 1 year: {64%|overall-survival|t=1 year}\n"
    "- Cytokine release syndrome of grade 3 or higher: {12%|cytokine-release-syndrome|g=>=3}\n",
    "heading": "METHODS: Forty patients received CD19 CAR T cells.\n"
    "OVERALL SURVIVAL: {64%|overall-survival|t=1 year} at 1 year.\n",
}
DISTRACTORS = {
    "doses": "Patients received fludarabine 30 mg/m2 and cyclophosphamide 500 mg/m2 for 3 days, then 2 x 10^6 CAR T "
    "cells per kg.",
    "ages and shares at baseline": "The median age was 58 years (range, 23 to 75), 62% were men and 35% had high-risk "
    "cytogenetics.",
    "eligibility": "Eligible patients were at least 18 years old with a left ventricular ejection fraction above 45% "
    "and a creatinine clearance of at least 60 mL/min.",
    "follow-up": "The median follow-up was 24 months (range, 6 to 48).",
}
NO_RESULTS = {
    "protocol": (
        "This is a protocol for a randomized phase 3 trial. We will enrol 300 patients with relapsed lymphoma "
        "and assign them to CAR T cells or autologous transplantation. The primary end point is event-free survival "
        "at 2 years, assumed to be 40% and 25%. Recruitment will begin in 2026.",
        "CAR T cells versus transplantation: study protocol for a randomised trial",
    ),
    "mice": (
        "NSG mice were engrafted with Raji cells and given CD19 CAR T cells. Survival at day 60 was 80% in mice "
        "treated with CAR T cells. In vitro, CAR T cells lysed 75% of target cells.",
        "Preclinical activity of a CD19 CAR in mice",
    ),
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_lists_are_read_in_their_order(text: str) -> None:
    """Figures listed `respectively` go to measures and time points in the order in which these stand."""
    found, marked, _ = read(text)
    assert found == marked


@pytest.mark.parametrize("text", ONE_AFTER_ANOTHER.values(), ids=ONE_AFTER_ANOTHER.keys())
def test_each_figure_keeps_its_own_measure_time_and_grade(text: str) -> None:
    """Figures that follow one another in a sentence each belong to the words beside them."""
    found, marked, _ = read(text)
    assert found == marked


@pytest.mark.parametrize("text", ARMS.values(), ids=ARMS.keys())
def test_two_arms_in_a_sentence_are_told_apart(text: str) -> None:
    """Of two figures of one measure each goes to the arm that the sentence gives it to."""
    found, marked, _ = read(GROUPS + text)
    assert found == marked


@pytest.mark.parametrize("text", HEADED.values(), ids=HEADED.keys())
def test_a_heading_or_bullet_names_the_measure(text: str) -> None:
    """A measure that opens its line governs the figures behind it."""
    found, marked, _ = read(text)
    assert found == marked


@pytest.mark.parametrize("text", DISTRACTORS.values(), ids=DISTRACTORS.keys())
def test_other_numbers_are_no_outcomes(text: str) -> None:
    """Doses, ages, shares at baseline, thresholds and follow-up are left out, beside a figure that is an outcome."""
    assert only(text + " The overall response rate was {71%|overall-response}.").value == 71


@pytest.mark.parametrize(("text", "title"), NO_RESULTS.values(), ids=NO_RESULTS.keys())
def test_studies_without_results_have_no_outcomes(text: str, title: str) -> None:
    """A protocol's assumptions and the fate of mice are no outcomes of patients."""
    assert read(text, title).found == []


def test_a_time_point_is_not_taken_from_the_follow_up() -> None:
    """A median follow-up in the same sentence leaves the figure's own time point alone."""
    only(
        "At a median follow-up of 24 months, the estimated 2-year progression-free survival was "
        "{46%|progression-free-survival|t=2 year}."
    )


def test_a_conclusion_that_repeats_a_figure_is_entered_once() -> None:
    """The same figure told again at the end is one outcome, the one that says more."""
    outcome = only(
        "RESULTS: Overall survival at 2 years was {68% (95% CI, 55 to 79)|overall-survival|t=2 year}. CONCLUSIONS: "
        "With a 2-year overall survival of 68%, the approach deserves a randomized trial."
    )
    assert outcome.ci == (55, 79)


@pytest.mark.parametrize(
    ("text", "value", "n"),
    [
        ("Complete remission was attained by {24 of the 30|complete-response} patients seen on day 28 (80%).", 80, 24),
        ("{All 30|overall-response} had responded to the cells (overall response rate [ORR], 100%).", 100, 30),
        ("Infections of grade 3 or 4 developed in {24.2%|infection|g=3-4} of them (pooled rate, 0.24).", 24.2, None),
        ("Six patients had a relapse, for an incidence of 20%.", 20, 6),
    ],
)
def test_a_share_that_tells_a_figure_again_is_entered_with_it(text: str, value: float, n: int | None) -> None:
    """One entry has the count and the share; a rounded share isn't a second result."""
    found = read("We gave CD19 CAR T cells to 30 patients with lymphoma. " + text).record.outcomes
    assert [(o.value, o.n) for o in found] == [(value, n)]
