"""Denominators of shares that the text doesn't print beside them."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.denominators import Sizes, denominator
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.outcome_links import Found


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("The CR rate was 90% [95% CI, 84-95%] in ALL (n = 297).", 297),
        ("The CR rate was 90% in ALL but 47% in NHL (n = 137).", 116),  # the size behind is NHL's
        ("The CR rate was 90% in all patients (n = 19).", 116),  # who responded, not who there were
    ],
)
def test_a_size_behind_the_groups_name_comes_first(text: str, total: int) -> None:
    """A size in brackets behind the group that a share is said of is its denominator, whatever the arm's is."""
    of = scene(annotate(Document("t", "", text)))
    index = next(i for i, f in enumerate(of.figures) if f.value == 90)
    found = Found(index, of.figures[index], "complete-response", None, 1.0, arm="ALL")
    assert denominator(of, found, None, 90.0, Sizes({"ALL": 116}, grouped=True)) == total
