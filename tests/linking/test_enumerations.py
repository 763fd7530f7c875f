"""Enumerations: what the build of a sentence tells of its figures' measures, time points and arms."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.annotation import annotate
from extractors.arms import ArmFound
from extractors.document import Document
from extractors.linking.enumerations import Enumeration, arms_headed, arms_in, lifted, measures_in, times_in
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import time_candidates
from extractors.linking.unlisted import unlisted


def _scene(text: str) -> Scene:
    return scene(annotate(Document("t", "", text)))


def _shares(of: Scene) -> list[int]:
    return [i for i, f in enumerate(of.figures) if f.unit == "%" or f.kind == "none"]


def _words(of: Scene, told: Enumeration) -> dict[str, str]:
    return {of.text[of.figures[i].head.start : of.figures[i].head.end]: str(item.name) for i, item in told.items()}


def _measures(text: str) -> dict[str, str]:
    of = _scene(text)
    spans = [Candidate(m.start, m.end, m.name, m.by) for m in of.measures]
    found: dict[str, str] = {}
    for told in measures_in(of, _shares(of), spans):
        found |= _words(of, told)
    return found


def _arms(text: str, *labels: str) -> dict[str, str]:
    of = _scene(text)
    arms = [
        ArmFound(label, (), tuple((k, k + len(label)) for k in range(len(text)) if text.startswith(label, k)), 1.0)
        for label in labels
    ]
    found: dict[str, str] = {}
    for told in arms_in(of, _shares(of), arms):
        found |= _words(of, told)
    return found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "The pooled incidence was 8% (95% CI, 2-15%) for TRM, 44% for aGVHD, and 36% (17-56) for cGVHD.",
            {"8%": "non-relapse-mortality", "44%": "acute-gvhd", "36%": "chronic-gvhd"},
        ),
        (
            "TRM 8% (3-9), aGVHD 44% and infections 39%.",
            {"8%": "non-relapse-mortality", "44%": "acute-gvhd", "39%": "infection"},
        ),
        (
            "OS 65% v 50%, PFS 40% v 30%.",
            {
                "65%": "overall-survival", "50%": "overall-survival",
                "40%": "progression-free-survival", "30%": "progression-free-survival",
            },
        ),
        (
            "NRM, relapse and OS were 3% vs 21% (P = .04), 59% vs 44%, and 68% vs 54%, respectively.",
            {
                "3%": "non-relapse-mortality", "21%": "non-relapse-mortality", "59%": "relapse", "44%": "relapse",
                "68%": "overall-survival", "54%": "overall-survival",
            },
        ),
        (
            "Overall response rate/complete response rate was 80%/60% with A and 66%/42% with B.",
            {
                "80%": "overall-response", "60%": "complete-response",
                "66%": "overall-response", "42%": "complete-response",
            },
        ),
        ("CRS and ICANS were seen in 15% and 31%.", {"15%": "cytokine-release-syndrome", "31%": "neurotoxicity"}),
    ],
)  # fmt: skip
def test_a_sentence_tells_the_measures_of_its_figures(text: str, told: dict[str, str]) -> None:
    """Figures and measures that take turns, and lists in the same order, are tied to each other."""
    assert _measures(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "OS and PFS did not differ (68% v 70%).",  # two arms, not two measures
        "PFS was 76% in CR and 41% in PR.",  # patients, no measures
        "Seven died, 7% of infection and 9% of relapse.",  # causes of death
        "OS was 68% and the others were not told.",
        "Adverse events of grade 3 or worse were anemia (49%) and pyrexia (36%).",  # what they were, no list with it
    ],
)
def test_other_sentences_tell_nothing(text: str) -> None:
    """Figures set against each other, patients described by a response and causes of death are no enumeration."""
    assert _measures(text) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Survival was 90% (haplo, 100%; cord, 71%).", {"100%": "haplo", "71%": "cord"}),
        ("Relapse came to 26% with haplo and 52% with cord.", {"26%": "haplo", "52%": "cord"}),
        (
            "GVHD arose in 28% and 23% of haplo as against 45% and 31% of cord.",
            {"28%": "haplo", "23%": "haplo", "45%": "cord", "31%": "cord"},
        ),
        ("With haplo and cord, OS was 26% and 52%, respectively.", {"26%": "haplo", "52%": "cord"}),
        ("OS was 26% and 52% with haplo and cord, respectively.", {"26%": "haplo", "52%": "cord"}),
        ("With haplo and cord, OS and PFS were 26% and 52%.", {}),
    ],
)  # fmt: skip
def test_a_sentence_tells_the_arms_of_its_figures(text: str, told: dict[str, str]) -> None:
    """Arms are told where they take turns with figures, or where the sentence says that it keeps their order."""
    assert _arms(text, "haplo", "cord") == told


def test_a_sentence_tells_the_time_points_of_its_figures() -> None:
    """Figures that take turns with time points said with `at` have these; intervals between events tell nothing."""
    of = _scene("OS was 65% at 6 months and 49% at 12 months; 17% if after 1-3 months, 33% if after 3-9 months.")
    found: dict[str, str] = {}
    for told in times_in(of, _shares(of), time_candidates(of)):
        found |= _words(of, told)
    assert found == {"65%": "6 month", "49%": "12 month"}


def test_what_is_told_counts_where_it_is_possible() -> None:
    """What an enumeration tells is lifted to the top where the models hold it for possible; else nothing changes."""
    of = _scene("TRM 8%, aGVHD 44%.")
    spans = [Candidate(m.start, m.end, m.name, m.by) for m in of.measures]
    told = list(measures_in(of, [0, 1], spans))
    possible = {0: [(0.6, "relapse", 0), (0.3, "non-relapse-mortality", 0)], 1: [(0.9, "acute-gvhd", 1)]}
    assert [lifted(possible, told)[i][0][1] for i in (0, 1)] == ["non-relapse-mortality", "acute-gvhd"]
    for second in ("acute-gvhd", "infection"):  # possible for half of them, and for none
        impossible = {0: [(0.9, "relapse", 0)], 1: [(0.9, second, 1)]}
        assert lifted(impossible, told) == impossible


@given(
    st.lists(
        st.sampled_from(["OS", "12%", "4%", "relapse", ",", ";", " and ", " v ", "(", ")", " at 2 years ", "haplo"]),
        max_size=14,
    )
)
def test_any_sentence_can_be_looked_at(pieces: list[str]) -> None:
    """No order of figures, names and signs breaks it; what is told is of its own figures."""
    text = " ".join(pieces)
    of = _scene(text)
    spans = [Candidate(m.start, m.end, m.name, m.by) for m in of.measures]
    for told in (*measures_in(of, _shares(of), spans), *times_in(of, _shares(of), time_candidates(of))):
        assert set(told) <= set(_shares(of))
    _arms(text, "haplo")


def test_a_heading_with_a_size_governs_its_lines() -> None:
    """Figures below a heading that names one group and its size are of this group, unless their line names another."""
    text = "\n".join((
        "Reduced (RIC): 40 patients", "- OS, 61%", "- Relapse, 20%",
        "Ablative (MAC): 30 patients", "- OS, 55%", "- OS with RIC, 60%",
    ))  # fmt: skip
    of = _scene(text)
    arms = [
        ArmFound(label, ((label.lower(),),), tuple(m.span() for m in re.finditer(label, text)), 0.9)
        for label in ("RIC", "MAC")
    ]
    found: dict[str, str] = {}
    for told in arms_headed(of, _shares(of), arms):
        found |= _words(of, told)
    assert found == {"61%": "RIC", "20%": "RIC", "55%": "MAC"}


@pytest.mark.parametrize(
    ("text", "nameless"),
    [
        ("Jaundice-free survival at three years was 57% overall and 70% in children.", ["57%", "70%"]),
        ("GVHD-free survival was 58%, disease-specific survival 80%.", ["58%", "80%"]),
        ("Thrombosis-free survival (ThFS): 78% v 38%. Relapse 12%.", ["78%", "38%"]),
        ("Overall response was 22% and disease control 63%.", ["63%"]),
        ("Progression-free survival (PFS) was 47%.", []),
        ("ORR and disease control were 57% and 75%.", []),
        ("Pyrexia in 30%; 12% had CRS.", ["30%"]),
        ("CRS was seen in 61%, hypothyroidism in 9% and cataracts in 4%.", ["9%", "4%"]),
        ("Infection was frequent, and 7% of the children had a thrombosis.", ["7%"]),
        ("Survival free of GVHD and relapse was 54%.", []),
        ("Atrial fibrillation made 6% stop the drug.", []),
        ("Treatment was discontinued because of atrial fibrillation in 6%.", []),
        ("The end point was survival free of severe chronic GVHD (cGFS). cGFS was 78% v 38%.", ["78%", "38%"]),
        ("Survival free of chronic graft-versus-host disease (cGFS) was 78% v 38%.", ["78%", "38%"]),
    ],
)
def test_results_without_a_measure_are_left_out(text: str, nameless: list[str]) -> None:
    """A figure behind a result that the vocabulary has no measure for is of none; a measure beside it still counts."""
    of = _scene(text)
    spans = [Candidate(m.start, m.end, m.name, m.by) for m in of.measures]
    found = sorted(unlisted(of, _shares(of), spans))
    assert [text[of.figures[i].head.start : of.figures[i].head.end] for i in found] == nameless
