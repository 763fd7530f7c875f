"""The searchable list of studies, apart from any store or page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web.catalogue import PAGE_SIZE, Catalogue, Entry
from web.search import FACETS, Search

WIDER = {"DLBCL": ("lymphoma",), "lymphoma": (), "myeloma": ()}


def entry(number: int, condition: str = "DLBCL", **fields: object) -> tuple[Entry, str]:
    """Return an entry with its text."""
    facts: dict[str, object] = {
        "key": f"pmid-{number}",
        "id": f"pmid:{number}",
        "title": f"Study {number}",
        "year": 2000 + number % 25,
        "identifiers": (f"pmid:{number}",),
        "facets": {"condition": (condition,)},
    }
    return Entry(**(facts | fields)), str(fields.get("title", ""))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return 45 studies: lymphoma but for every third, which is myeloma."""
    entries = [entry(k, "myeloma" if k % 3 == 0 else "DLBCL") for k in range(1, 45)]
    special = entry(99, title="Chimärer Rezeptor: CAR-T after transplantation", trials=("NCT1",))
    sibling = entry(98, title="Follow-up", trials=("NCT1",), year=None)
    return Catalogue([*entries, special, sibling], lambda facet, value: WIDER.get(value, ()))


def found(catalogue: Catalogue, **search: object) -> list[str]:
    """Return the keys on the page that a search gives."""
    return [e.key for e in catalogue.search(Search(**search)).entries]  # type: ignore[arg-type]


def test_pages_hold_every_study_once(catalogue: Catalogue) -> None:
    """All pages together are all studies; a page beyond the last gives the last."""
    pages = [found(catalogue, page=k) for k in (1, 2, 3)]
    assert [len(p) for p in pages] == [PAGE_SIZE, PAGE_SIZE, len(catalogue) - 2 * PAGE_SIZE]
    assert len({key for page in pages for key in page}) == len(catalogue)
    assert found(catalogue, page=1000) == pages[-1]


def test_wider_concepts_find_narrower_studies(catalogue: Catalogue) -> None:
    """A facet's wide concept holds the studies of all narrower ones, and is counted so."""
    result = catalogue.search(Search(picks=(("condition", "lymphoma"),)))
    counts = {v.value: v.count for v in result.facets["condition"]}
    assert counts == {"DLBCL": 32, "lymphoma": 32, "myeloma": 14}
    assert result.total == 32


def test_values_of_one_facet_are_alternatives(catalogue: Catalogue) -> None:
    """Two values of one facet give the studies of either; values of two facets those of both."""
    both = Search(picks=(("condition", "lymphoma"), ("condition", "myeloma")))
    assert catalogue.search(both).total == len(catalogue)
    assert catalogue.search(Search(picks=(("condition", "lymphoma"), ("design", "x")))).total == 0


@pytest.mark.parametrize("text", ["chimarer", "CAR-T", '"CAR T" transp', "pmid:99", "REZEPTOR transplants"])
def test_words_are_found_as_people_type_them(catalogue: Catalogue, text: str) -> None:
    """Case, accents, hyphens, word endings and unfinished words don't matter; identifiers are found too."""
    assert "pmid-99" in found(catalogue, text=text)


@given(st.text(max_size=40))
def test_any_text_can_be_searched(text: str) -> None:
    """No search text is a syntax error."""
    small = Catalogue([entry(1)])
    assert small.search(Search(text=text)).total in (0, 1)


def test_years_limit_and_order(catalogue: Catalogue) -> None:
    """Years are limits that studies without a year don't meet, and the newest come first."""
    result = catalogue.search(Search(year_from=2020, year_to=2022))
    years = [e.year or 0 for e in result.entries]
    assert years == sorted(years, reverse=True)
    assert set(years) == {2020, 2021, 2022}


def test_other_reports_of_a_trial(catalogue: Catalogue) -> None:
    """Reports that name the same trial are each other's relatives."""
    special = catalogue.named("pmid:99")
    assert special is not None
    assert [e.key for e in catalogue.related(special)] == ["pmid-98"]


@given(
    st.lists(st.tuples(st.sampled_from(FACETS), st.text(min_size=1, max_size=9)), max_size=5),
    st.text(max_size=20),
    st.integers(1, 99),
)
def test_an_address_says_the_whole_search(picks: list[tuple[str, str]], text: str, page: int) -> None:
    """A search read back from the address arguments that it gives is the same search."""
    asked = Search.from_arguments(MultiDict([("q", text), ("page", str(page)), ("from", "2019"), *picks]))
    assert Search.from_arguments(MultiDict(asked.arguments())) == asked


@pytest.mark.parametrize("args", [{"page": "-1"}, {"page": "x"}, {"from": "²"}, {"sort": "worst"}, {"q": "\0"}])
def test_a_garbled_address_falls_back(args: dict[str, str]) -> None:
    """What can't be read as meant is taken at its default, never as an error."""
    asked = Search.from_arguments(MultiDict(args))
    assert (asked.page, asked.year_from) == (1, None)


def test_an_empty_catalogue_answers() -> None:
    """Nothing in, nothing out."""
    result = Catalogue([]).search(Search(text="x"))
    assert (result.total, result.pages, result.entries) == (0, 1, [])
