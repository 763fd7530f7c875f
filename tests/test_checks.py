"""Contradiction flags: each kind on figures that contradict each other, and silence on those that only seem to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.checks import KINDS, flagged, flags
from extractors.evidence import Arm, Design, EvidenceRecord, Flag, Outcome, Population, TimePoint

ARMS = (Arm(label="all"), Arm(label="A", n=28, role="experimental"), Arm(label="B", n=30, role="comparator"))
NOBODY = Population()


def share(value: float, measure: str = "complete-response", **known: Any) -> Outcome:
    """Return a proportion; its quote prints n, N and value unless another is given."""
    printed = [f"{x:g}" for x in (known.get("n"), known.get("N"), value) if x is not None]
    fields: dict[str, Any] = {"quote": "; ".join(printed), **known}
    return Outcome(measure=measure, statistic="proportion", value=value, unit="%", **fields)


def ratio(value: float, low: float, high: float, p: str | None = None, quote: str = "HR") -> Outcome:
    """Return a hazard ratio with its interval."""
    return Outcome(
        measure="overall-survival",
        statistic="hazard-ratio",
        value=value,
        ci=(low, high),
        ci_level=95.0,
        p=p,
        quote=quote,
    )


def difference(value: float, low: float, high: float, p: str | None = None) -> Outcome:
    """Return a difference of percentages with its interval."""
    return Outcome(
        measure="relapse", statistic="difference", value=value, unit="%", ci=(low, high), ci_level=95.0, p=p, quote="d"
    )


def median(value: float, measure: str) -> Outcome:
    """Return a median survival time in months."""
    return Outcome(measure=measure, statistic="median", value=value, unit="month", quote="m")


def after(value: float, unit: Any = "month") -> TimePoint:
    """Return a time point."""
    return TimePoint(value=float(value), unit=unit)


def found(
    *outcomes: Outcome, design: Design | None = None, population: Population = NOBODY
) -> list[tuple[str, tuple[int, ...]]]:
    """Return kind and outcomes of the flags on `outcomes`."""
    return [(f.kind, f.outcomes) for f in flags(outcomes, ARMS, population, design or Design())]


OS, PFS, ORR = "overall-survival", "progression-free-survival", "overall-response"
CRS, SD, PD, PR = "cytokine-release-syndrome", "stable-disease", "progressive-disease", "partial-response"
CONTRADICTIONS: list[tuple[str, list[Outcome]]] = [
    ("fraction-not-percentage", [share(86, n=19, N=28)]),
    ("fraction-not-percentage", [share(67.1, n=19, N=28)]),
    ("fraction-not-percentage", [share(86, n=19, N=28, quote="CR in nineteen of 28 patients (86%)")]),
    ("fraction-not-percentage", [share(86, n=19, N=28, time=after(3))]),
    ("fraction-not-percentage", [share(50, n=28, N=28)]),
    ("numerator-above-denominator", [share(100, n=30, N=28, quote="all")]),
    ("percentage-out-of-range", [share(680)]),
    ("percentage-out-of-range", [share(-3)]),
    ("value-outside-interval", [share(74, ci=(65.0, 73.0))]),
    ("value-outside-interval", [ratio(0.93, 0.51, 0.85)]),
    ("value-outside-interval", [difference(17, 2.1, 12.5)]),
    ("interval-reversed", [share(68, ci=(84.0, 48.0))]),
    ("interval-asymmetric", [ratio(0.57, 0.44, 7.3)]),
    ("interval-asymmetric", [share(52, ci=(5.1, 57.0))]),
    ("interval-asymmetric", [difference(12.2, 11.5, 20.3)]),
    ("p-against-interval", [ratio(0.57, 0.44, 0.73, "0.4")]),
    ("p-against-interval", [ratio(0.57, 0.44, 0.73, "NS")]),
    ("p-against-interval", [ratio(0.57, 0.44, 0.73, "> 0.05")]),
    ("p-against-interval", [ratio(0.95, 0.7, 1.29, "<0.001")]),
    ("p-against-interval", [difference(1.2, -8.4, 10.8, "0.001")]),
    ("survival-rises", [share(60, OS, time=after(1, "year")), share(72, OS, time=after(24))]),
    ("incidence-falls", [share(30, "relapse", time=after(1, "year")), share(21, "relapse", time=after(3, "year"))]),
    ("survival-above-overall", [share(71, PFS, time=after(12)), share(60, OS, time=after(1, "year"))]),
    ("survival-above-overall", [median(21.5, PFS), median(14.2, OS)]),
    ("response-above-whole", [share(52, ORR), share(71)]),
    ("response-above-whole", [share(52), share(71, "stringent-complete-response")]),
    ("exclusive-shares-above-100", [share(68), share(29, PR), share(18, SD)]),
    ("exclusive-shares-above-100", [share(68), share(18, PR), share(11, SD), share(9, PD)]),
    ("exclusive-shares-above-100", [share(64, OS, time=after(12)), share(51, "non-relapse-mortality", time=after(12))]),
    ("exclusive-shares-above-100", [share(82, CRS, grade="1-2"), share(28, CRS, grade=">=3")]),
    ("grade-above-any-grade", [share(39, CRS, n=11, N=28), share(68, CRS, n=19, N=28, grade=">=3")]),
    ("grade-above-any-grade", [share(39, CRS, grade="any"), share(68, CRS, grade=">=3")]),
    ("grade-above-any-grade", [share(22, "acute-gvhd", grade="2-4"), share(31, "acute-gvhd", grade="3-4")]),
    ("group-above-whole", [share(60, n=24, N=40, arm="A", subgroup="high burden")]),
]


@pytest.mark.parametrize(("kind", "outcomes"), CONTRADICTIONS)
def test_contradiction_is_flagged(kind: str, outcomes: list[Outcome]) -> None:
    """The one flag is of this kind and names all of the figures."""
    assert found(*outcomes) == [(kind, tuple(range(len(outcomes))))]


CONSISTENT: list[tuple[str, list[Outcome]]] = [
    ("rounded", [share(68, n=19, N=28)]),
    ("cut off", [share(67, n=19, N=28)]),
    ("denominator from elsewhere", [share(86, n=19, N=28, quote="19 (86%)")]),
    ("Kaplan-Meier estimate", [share(54, OS, n=12, N=28)]),
    ("estimate at a time", [share(41, "relapse", n=8, N=28, time=after(12))]),
    ("cumulative incidence", [share(41, "relapse", n=8, N=28, quote="cumulative incidence 41%, 8 of 28")]),
    ("failures told as success", [share(97, "manufacturing-success", n=3, N=100, quote="failed in 3 of 100 (3%)")]),
    ("at the end of its interval", [share(73.4, ci=(65.0, 73.0))]),
    ("fractions beside a percentage", [share(24.2, "infection", ci=(0.21, 0.28))]),
    ("sign left out", [difference(6.82, -13.48, -0.16)]),
    ("open interval", [share(80, ci=(60.0, None))]),
    ("exact interval near 100%", [share(95, ci=(75.1, 99.9))]),
    ("Wald interval of a ratio", [ratio(0.39, 0.28, 0.56, "<0.001")]),
    ("wide interval of a ratio", [ratio(3.1, 0.4, 24.2, "0.28")]),
    ("p near the limit", [ratio(0.71, 0.5, 1.01, "0.04")]),
    ("one-sided p", [ratio(0.75, 0.55, 1.03, "0.038")]),
    ("non-inferiority", [ratio(0.95, 0.7, 1.29, "<0.001", "HR 0.95; P<.001 for noninferiority")]),
    ("curve falls", [share(68, OS, time=after(1, "year")), share(55, OS, time=after(2, "year"))]),
    ("curve level but for rounding", [share(60, OS, time=after(12)), share(60.4, OS, time=after(24))]),
    ("curves of two arms", [share(60, OS, time=after(12), arm="A"), share(72, OS, time=after(24), arm="B")]),
    ("curves of a subgroup", [share(60, OS, time=after(12)), share(72, OS, time=after(24), subgroup="responders")]),
    (
        "figures of patients who can't be told apart",
        [share(60, OS, time=after(12)), share(80, OS, time=after(12)), share(72, OS, time=after(24))],
    ),
    ("far apart", [share(60, OS, time=after(12), figure=(0, 2)), share(72, OS, time=after(24), figure=(500, 502))]),
    ("unsure", [share(60, OS, time=after(12)), share(72, OS, time=after(24), confidence=0.3)]),
    ("different times", [share(71, PFS, time=after(6)), share(60, OS, time=after(12))]),
    ("different denominators", [share(52, ORR, n=13, N=25), share(71, n=20, N=28)]),
    (
        "relapse-free survival of responders",
        [share(71, "relapse-free-survival", time=after(12)), share(60, OS, time=after(12))],
    ),
    ("responses rounded up", [share(34), share(34, PR), share(34, SD)]),
    ("at least partial response", [share(29), share(88, PR, quote="at least partial remission in 88%")]),
    ("relapses of responders", [share(80), share(30, PD)]),
    ("share of the affected", [share(74, CRS, n=20, N=27), share(95, CRS, n=19, grade="1-2")]),
    ("total without a grade", [share(2, CRS), share(8, CRS, grade=">=3")]),
    ("two grades of one patient's events", [share(82, "infection", grade="1-2"), share(28, "infection", grade=">=3")]),
    ("different scales", [share(10, "chronic-gvhd", grade="extensive"), share(30, "chronic-gvhd", grade="moderate")]),
    ("infusions", [share(90.5, "engraftment", n=38, N=42, arm="A", quote="90.5% of 42 infusions (38)")]),
    ("the registry behind the study", [share(4, "graft-failure", n=19, N=503)]),
]  # fmt: skip


@pytest.mark.parametrize("outcomes", [c[1] for c in CONSISTENT], ids=[c[0] for c in CONSISTENT])
def test_what_only_seems_a_contradiction_passes(outcomes: list[Outcome]) -> None:
    """Rounding, estimates, other denominators, other patients and other times raise no flag."""
    assert found(*outcomes) == []


def test_arms_together_are_no_more_than_the_study() -> None:
    """Two randomized arms of 28 and 30 don't fit into 50 patients; without randomisation, or fewer, they may."""
    randomized = Design(type="randomized-controlled-trial")
    kinds = [
        found(design=d, population=Population(enrolled=n))
        for d, n in ((randomized, 50), (randomized, 60), (Design(), 50))
    ]
    assert kinds == [[("arms-above-total", ())], [], []]


def test_pooled_figures_are_not_held_against_each_other() -> None:
    """In a meta-analysis each figure is pooled over studies of its own, but n of N and intervals are still checked."""
    pooled = [share(52, ORR), share(71), share(86, SD, n=19, N=28)]
    assert found(*pooled, design=Design(type="meta-analysis")) == [("fraction-not-percentage", (2,))]


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ([share(86, n=19, N=28)], "19/28 is 67.9%, the text says 86%"),
        ([share(74, ci=(65.0, 73.0))], "74 lies outside its own interval: 95% CI 65 to 73, and 74 is above 73"),
        (
            [share(60, OS, time=after(1, "year"), arm="A"), share(72.5, OS, time=after(24), arm="A")],
            "overall survival (A) is 60% at 1 year and 72.5% at 24 months: higher by 12.5 percentage points, "
            "but a share still free of the event can't rise",
        ),
        ([share(68), share(29, PR), share(18, SD)], "68% complete response + 29% partial response + 18% stable disease "
         "make up 115%, but no patient can be in two of them"),
        ([ratio(0.95, 0.7, 1.29, "0.001")], "95% CI 0.7 to 1.29 includes 1 (p would be about 0.74), "
         "but the text says p 0.001"),
    ],
)  # fmt: skip
def test_message_shows_the_arithmetic(outcomes: list[Outcome], message: str) -> None:
    """The message can be checked by a reader without the record."""
    assert [f.message for f in flags(outcomes, ARMS, NOBODY)] == [message]


def test_a_record_is_flagged_and_nothing_mended() -> None:
    """The flagged record differs from the record by its flags alone, and is valid as read back."""
    record = EvidenceRecord(id="x", title="", text="19; 28; 86", arms=ARMS, outcomes=(share(86, n=19, N=28),))
    again = flagged(record)
    assert again.flags == (
        Flag(kind="fraction-not-percentage", outcomes=(0,), message="19/28 is 67.9%, the text says 86%"),
    )
    assert again.model_copy(update={"flags": ()}) == record
    assert EvidenceRecord.model_validate_json(again.to_json()) == again


def test_flags_come_in_the_order_of_their_figures() -> None:
    """Flags are ordered by the figures that they name, whatever check found them; asking twice changes nothing."""
    outcomes = [share(74, ci=(65.0, 73.0)), share(86, ORR, n=19, N=28), share(680, SD)]
    first = flags(outcomes, ARMS, NOBODY)
    assert [f.outcomes for f in first] == sorted(f.outcomes for f in first)
    assert first == flags(outcomes, ARMS, NOBODY)


@given(
    st.integers(1, 2000).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))), st.integers(0, 2), st.booleans()
)
def test_a_true_fraction_is_never_flagged(counts: tuple[int, int], places: int, cut: bool) -> None:
    """A share printed as n of N with its percentage, rounded or cut off at any place, passes."""
    n, N = counts
    exact = 100 * n / N
    value = int(exact * 10**places) / 10**places if cut else round(exact, places)
    assert found(share(value, n=n, N=N)) == []


@given(st.integers(5, 400).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))), st.floats(1.6, 50))
def test_a_false_percentage_is_always_flagged(counts: tuple[int, int], off: float) -> None:
    """A share printed as n of N with a percentage that's further off than rounding is flagged."""
    n, N = counts
    exact = 100 * n / N
    value = float(round(exact + off if exact <= 50 else exact - off))
    kinds = {kind for kind, _ in found(share(value, n=n, N=N))}
    assert ("fraction-not-percentage" in kinds) == (abs(value - exact) > 1)


@given(st.floats(0.05, 8), st.floats(0.05, 1.2), st.integers(1, 2))
def test_a_true_interval_is_never_flagged(value: float, error: float, places: int) -> None:
    """A ratio with its Wald interval and its p, all rounded, passes."""
    low, high = value * 2.718281828 ** (-1.96 * error), value * 2.718281828 ** (1.96 * error)
    p = 0.2 if low < 1 < high else 0.04
    assert found(ratio(round(value, places), round(low, places), round(high, places), f"{p}")) == []


@given(st.lists(st.floats(0, 100), min_size=2, max_size=5, unique=True), st.integers(0, 1))
def test_a_falling_curve_is_never_flagged(values: list[float], places: int) -> None:
    """Survival that falls, and an incidence that rises by the complement, pass however rounded."""
    curve = [round(v, places) for v in sorted(values, reverse=True)]
    falling = [share(v, OS, time=after(k, "year"), quote="q") for k, v in enumerate(curve, 1)]
    rising = [
        share(round(100 - v, places), "relapse", time=after(k, "year"), quote="q") for k, v in enumerate(curve, 1)
    ]
    assert found(*falling, *rising) == []


ANY_NUMBER = st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from((0.0, 1.0, 50.0, 99.95, 100.0)))
ANYTHING = st.builds(
    Outcome,
    measure=st.sampled_from((OS, PFS, ORR, PR, CRS, "relapse", "other")),
    statistic=st.sampled_from(("proportion", "median", "hazard-ratio", "difference")),
    value=ANY_NUMBER,
    not_reached=st.just(True),
    unit=st.sampled_from(("%", "month", None)),
    n=st.one_of(st.none(), st.integers(0, 50)),
    N=st.one_of(st.none(), st.integers(0, 50)),
    ci=st.one_of(st.none(), st.tuples(ANY_NUMBER, ANY_NUMBER)),
    ci_level=st.one_of(st.none(), st.floats(0, 100)),
    p=st.sampled_from((None, "NS", "<0.001", "0.03", "≥ .5", "trend", "")),
    time=st.sampled_from((None, after(12), after(1, "year"), after(100, "day"))),
    grade=st.sampled_from((None, "any", ">=3", "1-2", "4", "moderate-severe", "late", "")),
    arm=st.sampled_from(("all", "A", "B")),
    subgroup=st.sampled_from((None, "high burden")),
    label=st.none(),
    comparator=st.none(),
    quote=st.sampled_from(("", "12 of 28 (43%)", "twenty-one")),
    start=st.none(),
    end=st.none(),
    figure=st.none(),
    confidence=st.none(),
)


@given(st.lists(ANYTHING, max_size=6))
def test_whatever_was_extracted_can_be_checked(outcomes: list[Outcome]) -> None:
    """Even absurd figures raise no error; each flag names figures that exist, in order, and says something."""
    for flag in flags(outcomes, ARMS, NOBODY):
        assert list(flag.outcomes) == sorted(set(flag.outcomes))
        assert flag.outcomes and max(flag.outcomes) < len(outcomes)
        assert flag.kind in KINDS and flag.message


def test_every_kind_is_tested_and_documented(root: Path) -> None:
    """The table of docs/flags.md lists the kinds in their order, and each has its contradiction above."""
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", (root / "docs" / "flags.md").read_text(encoding="utf-8"), re.M)
    assert tuple(listed) == KINDS
    assert {kind for kind, _ in CONTRADICTIONS} | {"arms-above-total"} == set(KINDS)
