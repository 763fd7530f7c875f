"""The searchable list of studies, over an index of a few crafted records."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from extractors.evidence import EvidenceRecord, from_json
from kg.figures.build import FILE
from kg.figures.studies import FACETS as SETS
from kg.figures.studies import Studies
from web import data
from web.catalogue import PAGE_SIZE, Catalogue, match_expression
from web.search import FACETS, Search

BASE = "https://w3id.org/cartograph/report/"


def record(number: int, condition: str = "large B-cell lymphoma", **fields: object) -> EvidenceRecord:
    """Return a record without figures."""
    facts: dict[str, object] = {
        "id": f"pmid:{number}",
        "title": f"Study {number}",
        "text": "",
        "citation": {"pmid": str(number), "year": 2000 + number % 25},
        "population": {"conditions": [condition], "treated": number % 7 or None},
    }
    return from_json(json.dumps(facts | fields))


@pytest.fixture(scope="module")
def catalogue(write: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Give 46 studies: lymphoma but for every third, which is myeloma."""
    store = tmp_path_factory.mktemp("catalogue") / "store"
    plain = [record(k, "multiple myeloma" if k % 3 == 0 else "large B-cell lymphoma") for k in range(1, 45)]
    trial = {"registry_ids": ["NCT00000001"]}
    title = "Chimärer Rezeptor: CAR-T after transplantation"
    given = [{"name": "axicabtagene ciloleucel", "category": "car-t"}]
    special = record(99, title=title, text="Leukapheresis came first.", design=trial, interventions=given)
    sibling = record(98, title="Follow-up", design=trial, citation={"pmid": "98", "doi": "10.1/Ab", "year": None})
    write(store, *plain, special, sibling)
    with opened(store) as found:
        yield found


@contextmanager
def opened(store: Path) -> Iterator[Catalogue]:
    """Give the catalogue of a store."""
    graph = data.open_graph(store)
    yield Catalogue(Studies(data.figures(graph)), lambda report: data.entry_of(graph, report))
    graph.close()


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
    assert {counts[x] for x in ("large B-cell lymphoma", "lymphoma")} == {32}
    assert counts["multiple myeloma"] == 14
    assert result.total == 32


def test_values_of_one_facet_are_alternatives(catalogue: Catalogue) -> None:
    """Two values of one facet give the studies of either; values of two facets those of both."""
    both = Search(picks=(("condition", "lymphoma"), ("condition", "multiple myeloma")))
    assert catalogue.search(both).total == len(catalogue)
    assert catalogue.search(Search(picks=(("condition", "lymphoma"), ("design", "x")))).total == 0


@pytest.mark.parametrize(
    "text",
    ["chimarer", "CAR-T", '"CAR T" transp', "pmid:99", "REZEPTOR transplants", "leukapheresis", "NCT00000001 axicab"],
)
def test_words_are_found_as_people_type_them(catalogue: Catalogue, text: str) -> None:
    """Case, accents, hyphens, endings and unfinished words don't matter; abstracts, names and identifiers count."""
    assert "pmid-99" in found(catalogue, text=text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_searched(catalogue: Catalogue, text: str) -> None:
    """No search text is a syntax error."""
    assert 0 <= catalogue.search(Search(text=text)).total <= len(catalogue)


def test_years_limit_and_order(catalogue: Catalogue) -> None:
    """Years are limits that studies without a year don't meet, and the newest come first."""
    result = catalogue.search(Search(year_from=2020, year_to=2022))
    years = [e.year or 0 for e in result.entries]
    assert years == sorted(years, reverse=True)
    assert set(years) == {2020, 2021, 2022}


@pytest.mark.parametrize("name", ["pmid:99", "NCT00000001", "nct00000001"])
def test_a_study_is_known_by_its_identifiers(catalogue: Catalogue, name: str) -> None:
    """A study is found by its PubMed number and by that of its trial, which gives the newest report."""
    special = catalogue.named(name)
    assert special is not None
    assert special.key == "pmid-99"


def test_digital_object_identifiers_ignore_case(catalogue: Catalogue) -> None:
    """A DOI is the same in any case; one that nobody has finds nothing."""
    sibling = catalogue.named("doi:10.1/aB")
    assert sibling is not None
    assert sibling.key == "pmid-98"
    assert catalogue.named("doi:10.1/none") is None


def test_other_reports_of_a_trial(catalogue: Catalogue) -> None:
    """Reports that name the same trial are each other's relatives."""
    assert [e.key for e in catalogue.related(BASE + "pmid-99")] == ["pmid-98"]
    assert catalogue.related(BASE + "pmid-1") == []


def test_orders(catalogue: Catalogue) -> None:
    """Largest first goes by patients, titles by the alphabet."""
    sizes = [e.patients or 0 for e in catalogue.search(Search(sort="patients")).entries]
    assert sizes == sorted(sizes, reverse=True)
    assert catalogue.search(Search(sort="title")).entries[0].key == "pmid-99"


def test_a_page_beyond_the_last_may_be_empty(catalogue: Catalogue) -> None:
    """Who asks for pages as they are gets none beyond the last."""
    found = catalogue.search(Search(page=4), beyond=True)
    assert (found.entries, found.page, found.pages) == ([], 4, 3)


@settings(deadline=None)
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


def test_an_empty_catalogue_answers(write: Callable[..., None], tmp_path: Path) -> None:
    """Nothing in, nothing out."""
    write(tmp_path / "store")
    with opened(tmp_path / "store") as empty:
        result = empty.search(Search(text="x"))
        assert (result.total, result.pages, result.entries, len(empty)) == (0, 1, [], 0)


def test_a_search_of_marks_alone_finds_nothing(catalogue: Catalogue) -> None:
    """What holds no word matches no study."""
    assert match_expression('"-" ,') == ""
    assert catalogue.search(Search(text="-")).total == 0


def test_facets_and_sets_are_the_same() -> None:
    """Each facet that a search may choose by is a set that the index gives."""
    assert set(FACETS) == set(SETS)


def test_a_store_without_an_index_is_listed(write: Callable[..., None], tmp_path: Path) -> None:
    """Where a snapshot's index is missing, one is made beside the store, whose folder goes with it."""
    store = tmp_path / "store"
    write(store, record(1), record(2))
    for file in store.rglob(FILE):
        file.unlink()
    graph = data.open_graph(store)
    made = data.figures(graph)
    assert made.path.is_file()
    assert not made.path.is_relative_to(store)
    catalogue = Catalogue(Studies(made), lambda report: data.entry_of(graph, report))
    assert [e.key for e in catalogue.newest(5)] == ["pmid-2", "pmid-1"]
    folder = made.path.parent
    graph.store.figures = None  # what holds it
    graph.close()
    del catalogue, made
    gc.collect()
    assert not folder.exists()
