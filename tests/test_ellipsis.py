"""Coordinated terms that share their head."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.ellipsis import elided


@pytest.mark.parametrize(
    ("text", "printed", "whole"),
    [
        ("Overall and progression-free survival were 68% and 55%.", ["Overall"], ["Overall survival"]),
        (
            "Overall, disease-free, and event‑free survival", ["Overall", "disease-free"],
            ["Overall survival", "disease-free survival"],
        ),
        ("acute and chronic GVHD", ["acute"], ["acute GVHD"]),
        ("acute or chronic graft-versus-host disease", ["acute"], ["acute graft-versus-host disease"]),
        ("neutrophil and platelet engraftment", ["neutrophil"], ["neutrophil engraftment"]),
        ("overall and complete response rates were", ["overall"], ["overall response"]),
        ("non-relapse and overall mortality", ["non-relapse"], ["non-relapse mortality"]),
        ("Overall (OS) and progression-free survival", ["Overall"], ["Overall survival"]),
        ("Overall survival and GVHD", [], []),
        ("chronic GVHD", [], []),
    ],
)  # fmt: skip
def test_heads_are_put_back(text: str, printed: list[str], whole: list[str]) -> None:
    """A term that shares its head with a later one is given whole, at the words that stand there."""
    found = list(elided(text))
    assert [text[start:end] for start, end, _ in found] == printed
    assert [term for *_, term in found] == whole


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["overall", "progression-free", " and ", ", ", "survival", " ", "acute", "GVHD", "("]),
        max_size=20,
    ).map("".join)
)
def test_offsets_give_the_printed_words(text: str) -> None:
    """Wherever a term is found, it begins with the words under its offsets."""
    for start, end, term in elided(text):
        assert term.startswith(text[start:end])
