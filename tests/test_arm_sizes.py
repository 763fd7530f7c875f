"""Sizes of arms, where the text states them: beside a name, or in a sentence in which names and numbers take turns."""

from __future__ import annotations

import re

import pytest

from extractors.annotation import annotate
from extractors.arms import ArmFound, named
from extractors.document import Document


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Grafts were haplo (n = 48) or MUD (n = 51).", (48, 51)),
        ("Donors: haplo, 48; MUD, 51.", (48, 51)),
        ("Grafting was haplo (HAP; n = 48).", (None, None)),
        ("Fifty-six were allocated to haplo and fifty-five to MUD grafts.", (56, 55)),
        ("Of 111 adults, 56 were given haplo and 55 MUD grafts.", (56, 55)),
        ("OS was 48% after haplo and 51% after MUD grafts.", (None, None)),
        ("Death occurred in 12 after haplo and in 15 after MUD grafts.", (None, None)),
        ("Response was 56.7% with haplo, 51.2% with MUD.", (None, None)),
    ],
)
def test_sizes_of_arms(text: str, sizes: tuple[int | None, int | None]) -> None:
    """A size is taken where it's stated of the arm; shares and results are no sizes."""
    annotated = annotate(Document(id="t", title="Donors", text=text))
    arms = [
        ArmFound(name, ((name.lower(),),), tuple(m.span() for m in re.finditer(name, text)), 0.9)
        for name in ("haplo", "MUD")
        if name in text
    ]
    assert tuple(arm.size for arm in named(arms, annotated)) == sizes[: len(arms)]
