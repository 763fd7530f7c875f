"""What deaths were due to, told with the figure of the deaths."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.causes import by_treatment, cause
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.outcome_links import Found

TOLD = {
    "One patient deceased due to septic shock, and 8 achieved full donor chimerism.": "due to septic shock",
    "Eight patients died of infection in the first year.": "due to infection",
    "There were two deaths (cerebral hemorrhage).": "due to cerebral hemorrhage",
    "Nineteen patients died of progression or relapse.": "due to progression or relapse",
    "Mortality was 12%, mostly due to multiorgan failure.": "due to multiorgan failure",
}
UNTOLD = (
    "Eight patients died.",
    "Two of them died of other causes.",
    "Four patients died from any cause.",
    "Mortality was 12%, and 8% relapsed because of poor adherence.",
)


def _told(text: str, measure: str) -> str | None:
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    return cause(found, Found(0, found.figures[0], measure, None, 1.0))


@pytest.mark.parametrize("text", TOLD)
def test_the_cause_behind_a_figure_of_deaths_is_told(text: str) -> None:
    """The cause is given in the text's words."""
    assert _told(text, "mortality") == TOLD[text]


@pytest.mark.parametrize("text", UNTOLD)
def test_no_cause_is_made_up(text: str) -> None:
    """Where none is told, or but another figure's, there is none."""
    assert _told(text, "mortality") is None


def test_only_deaths_have_causes() -> None:
    """Other measures have none, and deaths without relapse aren't due to relapse."""
    assert _told("Eight patients died of infection.", "infection") is None
    assert _told("Non-relapse mortality was 20%, and mortality due to relapse 25%.", "non-relapse-mortality") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("6.6% died of the transplant.", True),
        ("Three patients died without relapse.", True),
        ("2.6% had died from causes other than myeloma.", True),
        ("Four children died in remission.", True),
        ("Deaths without relapse: infection 3, bleeding 1.", False),  # said of them all, then of a cause
        ("Four children died of leukemia.", False),
        ("Three deaths were attributed to treatment.", True),
        ("Deaths due to therapy: 1.4% in arm A.", True),
        ("Death occurred in 12; 4 deaths were transplant-related.", False),  # said of the 4
        ("Two patients died of progression.", False),
    ],
)
def test_deaths_are_laid_to_the_treatment(text: str, told: bool) -> None:
    """Words that lay deaths to the treatment count for the figure beside them alone."""
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    assert by_treatment(found, found.figures[0]) is told
