"""Graphs that tests of the ontology share; each is parsed once."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib


@pytest.fixture(scope="session")
def ontology(root: Path) -> rdflib.Graph:
    """Return the ontology: classes and properties."""
    return rdflib.Graph().parse(root / "ontology" / "cartograph.ttl")


@pytest.fixture(scope="session")
def concepts(root: Path) -> rdflib.Graph:
    """Return the concepts of the vocabulary."""
    return rdflib.Graph().parse(root / "ontology" / "vocabulary.ttl")


@pytest.fixture(scope="session")
def shapes(root: Path) -> rdflib.Graph:
    """Return the shapes of a written report."""
    return rdflib.Graph().parse(root / "ontology" / "shapes.ttl")
