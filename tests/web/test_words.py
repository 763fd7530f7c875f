"""The vocabulary searched as it is typed."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology import vocabulary
from web.words import Word, Words

WORDS = Words(
    Word(c.iri, vocabulary.curie(c.iri), c.kind, c.name, c.label, tuple(x.text for x in c.labels if not x.hidden))
    for c in vocabulary.load().concepts
)


def found(client: FlaskClient, **asked: Any) -> list[dict[str, Any]]:
    """Return the words that the API finds."""
    return list((client.get("/api/v1/vocabulary", query_string=asked).json or {})["words"])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("OS", "measure:overall-survival"),
        ("overall surv", "measure:overall-survival"),
        ("Overall-Surv", "measure:overall-survival"),
        ("kymri", "intervention:tisagenlecleucel"),
        ("measure:cytok", "measure:cytokine-release-syndrome"),
        ("condition:cytok", "condition:cytokine-release-syndrome"),
        ("waldenström", "condition:waldenstrom-macroglobulinemia"),
        ("waldenstrom", "condition:waldenstrom-macroglobulinemia"),
        ("cg:hasOut", "cg:hasOutcome"),
        ("has outcome", "cg:hasOutcome"),
    ],
)
def test_the_best_word_comes_first(client: FlaskClient, typed: str, first: str) -> None:
    """Labels, synonyms, acronyms, codes and CURIEs are found from their beginnings, whatever case and accents."""
    assert found(client, q=typed)[0]["curie"] == first


def test_words_of_a_label_may_come_in_any_order(client: FlaskClient) -> None:
    """Each word typed must begin a word of the concept, in any order."""
    assert "condition:large-b-cell-lymphoma" in {w["curie"] for w in found(client, q="lymphoma large", limit=50)}


def test_kinds_narrow_the_search(client: FlaskClient) -> None:
    """Only words of the kinds asked for are given, with counts of studies where they are counted."""
    words = found(client, q="l", kind=["condition", "class"], limit=50)
    assert {w["kind"] for w in words} <= {"condition", "class"}
    assert all((w["studies"] is not None) == (w["kind"] == "condition") for w in words)


def test_hidden_wordings_find_and_are_not_shown(client: FlaskClient) -> None:
    """A wording that only the matcher needs finds its concept but isn't among the synonyms."""
    word = next(w for w in found(client, q="transgene persistence") if w["curie"] == "measure:car-t-persistence")
    assert "transgene persistence" not in word["synonyms"]


def test_nothing_typed_gives_everything(client: FlaskClient) -> None:
    """Without a text all words are there, those of most studies first."""
    counts = [w["studies"] for w in found(client, limit=50, kind="condition")]
    assert counts == sorted(counts, reverse=True)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_beginning_of_a_label_finds_it(data: st.DataObject) -> None:
    """Every concept is among those found by any beginning of any of its labels that holds a letter or digit."""
    concept = data.draw(st.sampled_from(vocabulary.load().concepts))
    label = data.draw(st.sampled_from([x.text for x in concept.labels if not x.hidden]))
    typed = label[: data.draw(st.integers(1, len(label)))]
    if any(c.isalnum() for c in typed) and ":" not in typed:
        assert concept.iri in {word.iri for word in WORDS.search(typed)}
