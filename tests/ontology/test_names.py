"""Slugs, the IRIs made of them, and spellings brought together."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.names import concept_iri, slug
from ontology.spelling import fold


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("overall-survival", "overall-survival"),
        ("diffuse large B-cell lymphoma", "diffuse-large-b-cell-lymphoma"),
        ("CD19/CD22 CAR T-cell therapy", "cd19-cd22-car-t-cell-therapy"),
        ("IL13Rα2", "il13ralpha2"),
        ("Sjögren disease", "sjogren-disease"),
        ("CD34+ stem cell boost", "cd34-positive-stem-cell-boost"),
        ("car-t+hsct", "car-t-hsct"),
        ("1/2", "1-2"),
        ("%", "percent"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    """A name becomes lower-case ASCII words joined by hyphens."""
    assert slug(name) == expected


@given(st.text(min_size=1))
def test_slug_is_fit_for_an_iri(name: str) -> None:
    """Whatever the name, its slug is short, not empty, and of letters, digits and single hyphens."""
    made = slug(name)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made)
    assert len(made) <= 93


@given(st.text(alphabet="abc xyz-0189", min_size=1).filter(str.strip))
def test_slug_is_stable(name: str) -> None:
    """The slug of a slug is itself."""
    assert slug(slug(name)) == slug(name)


def test_names_in_other_scripts_stay_apart() -> None:
    """Names without ASCII letters get different slugs."""
    assert slug("白血病") != slug("淋巴瘤")


def test_unknown_kind_is_refused() -> None:
    """There's no IRI for a concept of a kind that doesn't exist."""
    with pytest.raises(KeyError):
        concept_iri("colour", "red")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haematopoietic stem-cell transplants", "hematopoietic stem cell transplantation"),
        ("haemopoietic", "hematopoietic"),
        ("non-relapse mortality", "nonrelapse mortality"),
        ("graft‐versus–host disease", "graft-versus-host disease"),
        ("tumours", "tumor"),
        ("Hodgkin’s lymphoma", "Hodgkin lymphoma"),
        ("randomised trial", "randomized trial"),
        ("malignancies", "malignancy"),
        ("anaemia", "anemia"),
        ("oesophageal cancer", "esophageal cancer"),
        ("CD22-directed chimeric antigen receptor T-cell therapy", "CD22 CAR-T"),
        ("β-thalassaemia", "beta thalassemia"),
    ],
)
def test_spellings_fold_together(one: str, other: str) -> None:
    """Two spellings of one name fold to the same."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CD19 CAR T-cell therapy", "CD22 CAR T-cell therapy"),
        ("CD19 CAR T-cell therapy", "CD19 CAR NK-cell therapy"),
        ("CAR T-cell therapy", "CD19 CAR T-cell therapy"),
        ("acute GVHD", "chronic GVHD"),
        ("relapse", "non-relapse"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    """Folding brings spellings together, not names."""
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_never_fails(text: str) -> None:
    """Any text folds, without spaces at its ends."""
    assert fold(text) == fold(text).strip()
