"""How a figure is read: statistic, value, n of N, interval, and where it stands."""

from __future__ import annotations

import pytest

from tests.linking.marked import only, read

COUNTED = {
    "n of N (%)": ("Complete response was achieved in {19 of 28 (68%)|complete-response} patients.", (68.0, 19, 28)),
    "n/N (%)": ("Complete response occurred in {28/41 (68%)|complete-response} patients.", (68.0, 28, 41)),
    "n of N": (
        "Of the patients infused with CAR T cells, {23 of 28|overall-response} had an overall response.",
        (82.1, 23, 28),
    ),
    "N from the population": (
        "Thirty patients received CAR T cells. Grade 3 or 4 neutropenia occurred in {21 patients|neutropenia|g=3-4}.",
        (70.0, 21, 30),
    ),
    "in words": ("Thirty patients received CAR T cells. {Six patients|relapse} relapsed.", (20.0, 6, 30)),
    "none": (
        "Twenty-four patients received CAR T cells. {No patient|cytokine-release-syndrome|g=4} had grade 4 cytokine "
        "release syndrome.",
        (0.0, 0, 24),
    ),
    "all": (
        "Ten patients were treated. {All ten patients|complete-response} achieved complete remission.",
        (100.0, 10, 10),
    ),
    "all of the population": (
        "Ten patients were enrolled and treated with CD7 CAR T cells. {All patients|complete-response} had a complete "
        "response.",
        (100.0, 10, 10),
    ),
    "none of N": ("{None|graft-failure} of the 30 patients had graft failure.", (0.0, 0, 30)),
    "a failure turned round": (
        "Sixty patients underwent leukapheresis. Manufacturing failure occurred in "
        "{3 patients (5%)|manufacturing-success}.",
        (95.0, 57, 60),
    ),
}


@pytest.mark.parametrize(("text", "expected"), COUNTED.values(), ids=COUNTED.keys())
def test_shares_have_their_numbers(text: str, expected: tuple[float, int, int]) -> None:
    """A share is in percent, with n and N as printed, or N as the size of the population."""
    outcome = only(text)
    assert (outcome.statistic, outcome.unit) == ("proportion", "%")
    assert (outcome.value, outcome.n, outcome.N) == expected


def test_a_hazard_ratio_has_its_interval_and_p() -> None:
    """A hazard ratio has no unit, and keeps the interval and the p-value behind it."""
    outcome = only(
        "Progression-free survival was longer with CAR T cells than with standard care (hazard ratio, "
        "{0.49|progression-free-survival|a=CAR T}; 95% CI, 0.37 to 0.65; P<0.001)."
    )
    assert (outcome.statistic, outcome.value, outcome.unit) == ("hazard-ratio", 0.49, None)
    assert (outcome.ci, outcome.ci_level) == ((0.37, 0.65), 95)
    assert outcome.p is not None
    assert outcome.comparator == "standard care"


def test_a_median_that_was_not_reached_has_no_value() -> None:
    """A median not reached is an outcome without a value, beside one that was reached."""
    found, marked, record = read(
        "Forty patients were infused. Median overall survival was {not reached|overall-survival}, and median "
        "progression-free survival was {11.3 months|progression-free-survival}."
    )
    assert found == marked
    assert [(o.statistic, o.value, o.not_reached, o.unit) for o in record.outcomes] == [
        ("median", None, True, "month"),
        ("median", 11.3, False, "month"),
    ]


def test_a_share_of_one_is_given_in_percent() -> None:
    """A probability printed as a fraction is a proportion in percent, and so is its interval."""
    outcome = only(
        "The probability of survival at 3 years was {0.71 (95% CI, 0.60 to 0.80)|overall-survival|t=3 year}."
    )
    assert (outcome.value, outcome.unit, outcome.ci) == (71, "%", (60, 80))


def test_middle_dots_are_decimal_points() -> None:
    """Figures with middle dots and en dashes are read as those with points and hyphens."""
    outcome = only(
        "Median progression-free survival was {14·7 months (95% CI 9·1–20·4)|progression-free-survival} after CAR T "
        "cells."
    )
    assert (outcome.value, outcome.unit, outcome.ci) == (14.7, "month", (9.1, 20.4))


def test_a_ratio_between_two_arms_names_the_other() -> None:
    """A ratio is one arm's against the other, which is its comparator; figures of an arm have none."""
    _, _, record = read(
        "We randomly assigned 240 adults to axi-cel (n = 120) or standard care (n = 120). Overall survival at 2 years "
        "was 61% in the axi-cel group and 52% in the standard care group (hazard ratio 0.70; 95% CI, 0.51 to 0.96)."
    )
    ratios = [(o.arm, o.comparator) for o in record.outcomes if o.statistic == "hazard-ratio"]
    assert ratios in ([("axi-cel", "standard care")], [("all", None)])
    assert {o.comparator for o in record.outcomes if o.statistic == "proportion"} == {None}


DRUGS = "We randomly assigned 240 adults to drozitinib (n = 120) or placebo (n = 120). "


@pytest.mark.parametrize(
    ("told", "comparators"),
    [
        ("Overall survival at 2 years was {61%|overall-survival|t=2 year|a=drozitinib} with drozitinib and "
         "{52%|overall-survival|t=2 year|a=placebo} with placebo; the OS hazard ratio for drozitinib was "
         "{0.70|overall-survival|a=drozitinib}.", ["placebo"]),
        ("Mean cost was {$52,000|cost|a=drozitinib} with drozitinib and {$40,000|cost|a=placebo} with placebo; "
         "drozitinib meant an incremental cost of {$12,000|cost|a=drozitinib}.", ["placebo"]),
        ("Overall survival was {61%|overall-survival|a=drozitinib} with drozitinib and "
         "{52%|overall-survival|a=placebo} with placebo. Against published results, the hazard ratio for overall "
         "survival was {0.70|overall-survival|a=drozitinib} in the drozitinib group and "
         "{0.90|overall-survival|a=placebo} in the placebo group.", [None, None]),
    ],
)  # fmt: skip
def test_what_a_ratio_or_difference_is_against(told: str, comparators: list[str | None]) -> None:
    """One arm's ratio or difference is against the other; where a sentence has both arms', it's against neither."""
    _, _, record = read(DRUGS + told)
    found = [o.comparator for o in record.outcomes if o.statistic in ("hazard-ratio", "difference")]
    assert found == comparators


def test_survival_has_no_grade() -> None:
    """A grade beside a figure of survival is of the toxicity in its sentence."""
    found, marked, _ = read(
        "Forty patients were infused. With a grade 3-4 cytokine release syndrome rate of "
        "{13%|cytokine-release-syndrome|g=3-4}, overall survival was {68%|overall-survival}."
    )
    assert found == marked
