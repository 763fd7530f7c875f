"""Whom a clause speaks of: what is framed before a figure, behind it and where the clause opens."""

from __future__ import annotations

import re

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.features import Candidate
from extractors.linking.frames import FRAME_COLUMNS, Framed, frames
from extractors.linking.scene import scene

FRAMED: dict[str, tuple[str, dict[str, object]]] = {
    "OS was 31% with haplo.": ("31%", {"behind": "haplo"}),
    "OS was 31% (20-42) in the haplo group.": ("31%", {"behind": "haplo"}),
    "NRM was 12% in responders.": ("12%", {"behind": "", "opening": None}),
    "In patients with a high score, OS was 50% vs 40%.": ("40%", {"opening": "", "before": None}),
    "Haplo recipients had a PFS of 55%; MUD patients 44%.": ("44%", {"opening": "mud", "item": ("mud",)}),
    "Relapse after haplo was 30%, in women 33%.": ("33%", {"before": "", "item": ()}),
    "HR for OS: haplo 0.7, mismatched donor 1.7.": ("0.7", {"item": ("haplo",), "measures": 1}),
}


def _frames(text: str) -> dict[str, Framed]:
    found = scene(annotate(Document("t", "", text)))
    mentions = [Candidate(m.start(), m.end(), m[0].lower()) for m in re.finditer("haplo|MUD", text, re.I)]
    told = frames(found, range(len(found.figures)), mentions)
    return {text[found.figures[i].head.start : found.figures[i].head.end]: framed for i, framed in told.items()}


@pytest.mark.parametrize("text", FRAMED)
def test_words_frame_whom_a_figure_is_of(text: str) -> None:
    """An arm that is framed is named, somebody else is an empty string, and nobody is None."""
    figure, wanted = FRAMED[text]
    framed = _frames(text)[figure]
    assert {name: getattr(framed, name) for name in wanted} == wanted


def test_a_row_tells_of_the_arm_and_of_others() -> None:
    """A row says of an arm whether it's the one that is framed, or another is."""
    framed = _frames("OS was 31% with haplo.")["31%"]
    at = FRAME_COLUMNS.index("framed behind")
    assert framed.row("haplo")[at : at + 3] == (1, 1, 0)
    assert framed.row("mud")[at : at + 3] == (1, 0, 1)
    assert len(framed.row("all")) == len(FRAME_COLUMNS)
