"""Sizes of arms, where the text states them: beside a name, or in sentences whose counts add up or take turns."""

from __future__ import annotations

import re

import pytest

from extractors.annotation import annotate
from extractors.arms import ArmFound, named
from extractors.document import Document

Sizes = tuple[int | None, int | None]


def _sizes(text: str, names: tuple[str, str]) -> Sizes:
    annotated = annotate(Document(id="t", title="Donors", text=text))
    places = {name: tuple(m.span() for m in re.finditer(rf"(?<![\w-]){re.escape(name)}", text)) for name in names}
    arms = [ArmFound(name, ((name.lower(),),), found, 0.9) for name, found in places.items() if found]
    found = {arm.label: arm.size for arm in named(arms, annotated)}
    return found.get(names[0]), found.get(names[1])


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Grafts were haplo (n = 48) or MUD (n = 51).", (48, 51)),
        ("Grafts were haplo (HAP; n = 48) or MUD (n = 51; 2010 to 2015).", (48, 51)),
        ("We gave haplo (two units, 3 mg each; n = 48) or MUD (n = 51).", (48, 51)),
        ("Donors: haplo, 48; MUD, 51.", (48, 51)),
        ("Fifty-six were allocated to haplo and fifty-five to MUD grafts.", (56, 55)),
        ("Of 111 adults, 56 were given haplo and 55 MUD grafts.", (56, 55)),
        ("There were 183 patients, 103 of them haplo and 80 MUD.", (103, 80)),
        ("We studied 118 recipients of blood stem cells (haplo) and 109 recipients of marrow (MUD).", (118, 109)),
        ("In all, 48 (55%) had haplo and 40 (45%) MUD grafts.", (48, 40)),
        ("Haploidentical (haplo) grafts were given to 73 and MUD to 40.", (73, 40)),
        ("The 99 relapses of 99 patients fell on 48 with haplo and 51 with MUD grafts.", (48, 51)),
        ("We followed 148 patients: 31 had haplo, 84 MUD, and 33 no relapse.", (31, 84)),
        ("Of 202 adults 101 were in either group, haplo or MUD.", (101, 101)),
        ("All 282 adults got the drug (haplo 142, MUD 140).", (142, 140)),
        ("There were 289 adults: haplo 102, MUD 187.", (102, 187)),
        ("Of 341 enrolled, 325 without DNA were analyzed for viremia: 218 on haplo and 107 on MUD.", (218, 107)),
        ("A merged registry gave 74 related grafts (haplo) and 126 unrelated ones (MUD).", (74, 126)),
        ("Mucositis arose in 29 (50%) of 58 in the haplo and 31 (55%) of 56 in the MUD group.", (58, 56)),
        ("Among 195 patients in the haplo group relapse was less common than among 193 in the MUD group.", (195, 193)),
        ("Mucositis arose in 10 of 32 patients with haplo and 12 of 35 with MUD.", (32, 35)),
        ("Haplo grafts were studied in 108 patients. The use of haplo was known in 26 of 108 patients.", (26, None)),
        ("Of 148 patients 81 received haplo; for the sake of comparison we took 67 whose graft was MUD.", (81, 67)),
        ("Of 239, 216 were randomized to either haplo (109 analysed) or MUD grafts (103 analysed).", (109, 103)),
        ("Patients had haplo 200 mg once daily with water (n = 48) or MUD (n = 51).", (48, 51)),
    ],
)
def test_size_is_read(text: str, sizes: Sizes) -> None:
    """A size is taken where it's stated of the arm, beside its name or by counts that add up."""
    assert _sizes(text, ("haplo", "MUD")) == sizes


@pytest.mark.parametrize(
    "text",
    [
        "OS was 48% after haplo and 51% after MUD grafts.",
        "Death occurred in 12 after haplo and in 15 after MUD grafts.",
        "Response was 56.7% with haplo, 51.2% with MUD.",
        "Toxic deaths: two in the haplo group, five in the MUD group.",
        "Costs were $61,240 in the haplo and $84,915 in the MUD group.",
        "Neutrophils recovered on day 20 with haplo and day 16 with MUD.",
        "The mean was 31 in the haplo and 35 in the MUD group.",
        "Of 400 adults, relapses: haplo 18, MUD 26.",
        "In 212 patients seven haplo and five MUD grafts had been twelve units.",
        "Of 239 patients 216 were randomly assigned to either haplo or MUD.",
        "As many as 71 patients were randomly assigned to haplo or MUD.",
        "Busulfan on days -6 to -3 in both arms preceded haplo and MUD grafts.",
    ],
)
def test_result_is_no_size(text: str) -> None:
    """Shares, results, costs, days, small parts and the whole study are no sizes of arms."""
    assert _sizes(text, ("haplo", "MUD")) == (None, None)


def test_count_in_words_for_the_rest() -> None:
    """A count within the words for the rest is the rest's."""
    assert _sizes("Forty-eight had haplo grafts, the remaining 41 did not.", ("haplo", "the remaining 41")) == (48, 41)


def test_counts_far_below_the_study_are_no_sizes_of_its_arms() -> None:
    """What happened to some patients of either arm tells nothing of how many there were."""
    text = "We assigned 419 adults to haplo or MUD. Matters were no better in 30 patients given haplo and 49 given MUD."
    assert _sizes(text, ("haplo", "MUD")) == (None, None)
