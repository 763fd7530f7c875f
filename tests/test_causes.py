"""What deaths were due to, told with the figure of the deaths."""

from __future__ import annotations

import pytest

from extractors.annotation import annotate
from extractors.causes import by_treatment, cause, death_measure, deaths_told, fatal
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
        ("Deaths unrelated to lymphoma: three.", True),
        ("Deaths not due to relapse numbered 11.", True),
        ("Two deaths (3.8%) were associated with the transplant.", True),  # a decimal point ends no sentence
    ],
)
def test_deaths_are_laid_to_the_treatment(text: str, told: bool) -> None:
    """Words that lay deaths to the treatment count for the figure beside them alone."""
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    assert by_treatment(found, found.figures[0]) is told


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Deaths due to therapy: 1% in arm A, 2% in arm B.", True),
        ("Toxic deaths numbered 3% v 8%.", True),
        ("Two died of toxicity, four of leukemia.", False),
        ("Conditioning caused three deaths while two patients died later.", False),
        ("One patient died of relapsed leukemia and four of other causes.", True),
        ("Seven died of infection and two of other causes.", False),  # other than infection
    ],
)
def test_figures_set_side_by_side_are_deaths_of_one_kind(text: str, second: bool) -> None:
    """What is said of the first figure holds for those that are only told apart by group."""
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    assert by_treatment(found, found.figures[1]) is second


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Eight patients died of infection.", "mortality"),
        ("Five children died, two of GVHD.", "mortality"),
        ("Three patients died without relapse.", "non-relapse-mortality"),
        ("The procedure killed 4%.", "non-relapse-mortality"),
        ("Nonrelapse mortality was 8%: five patients died of infection.", None),
    ],
)
def test_deaths_are_non_relapse_mortality_where_the_text_says_so(text: str, measure: str | None) -> None:
    """A named cause alone doesn't make it so; where the text speaks of such mortality, the words leave it open."""
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    assert death_measure(found, found.figures[-1]) == measure


def test_the_kind_of_deaths_that_is_told_has_the_shares_of_both() -> None:
    """Other measures keep theirs, and the order is by likelihood."""
    found = scene(annotate(Document(id="deaths", title="", text="Three children died of infection.")))
    ranked = [(0.5, "non-relapse-mortality", 2), (0.3, "mortality", 4), (0.2, "infection", 5)]
    assert deaths_told(found, found.figures[0], ranked) == [(0.8, "mortality", 4), (0.2, "infection", 5)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The infection was fatal in two.", True),
        ("Fatal infections: 3.", True),
        ("Lethal infections were recorded in 4%.", True),
        ("Infections, fatal or not, occurred in 12%.", False),
        ("Nonfatal and non-fatal infections occurred in 12%.", False),
        ("Adverse events were fatal in 4%.", False),  # still counted as events
        ("Two infections were seen.", False),
    ],
)
def test_of_what_was_fatal_the_deaths_are_told(text: str, told: bool) -> None:
    """A figure right behind `fatal` is of deaths, whatever they were due to, save for events that are counted so."""
    found = scene(annotate(Document(id="deaths", title="", text=text)))
    assert fatal(found, found.figures[-1]) is told
    ranked = deaths_told(found, found.figures[-1], [(0.6, "infection", 0), (0.3, "mortality", 1)])
    assert ranked[0][1] == ("mortality" if told else "infection")


def test_what_isnt_told_stays_as_it_is() -> None:
    """Where the words leave the kind open, the models' order stands."""
    found = scene(annotate(Document(id="deaths", title="", text="Nonrelapse mortality was 8%.")))
    ranked = [(0.6, "non-relapse-mortality", 0), (0.4, "mortality", 0)]
    assert deaths_told(found, found.figures[0], ranked) == ranked
