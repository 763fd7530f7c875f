"""Figures that are said of two measures at once."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.both import of_both
from extractors.linking.scene import scene

RANKED = [(0.5, "overall-survival", 1), (0.4, "event-free-survival", 0), (0.1, "relapse", 2)]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("EFS and overall survival at 1 year were both 59%.", 0.9),
        ("EFS and overall survival came to 59% each.", 0.9),
        ("EFS and overall survival at 1 year were 59%.", 0.5),
        ("Relapse and overall survival were both 59%.", 0.5),
    ],
)
def test_the_likeliest_measure_has_the_shares_of_both(text: str, share: float) -> None:
    """Only where the sentence lists just these two, and says that the figure is of both."""
    found = scene(annotate(Document(id="both", title="", text=text)))
    ranked = of_both(found, found.figures[-1], RANKED)
    first, *_ = ranked
    assert first[0] == pytest.approx(share) and first[1:] == ("overall-survival", 1)
    assert ranked[-1] == RANKED[-1]
