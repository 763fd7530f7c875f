"""The schema page, against the Turtle that it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SKOS

from ontology import terms
from ontology.names import KIND_PREFIXES
from ontology.vocabulary import expand


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """Return the page's text."""
    return (root / "docs" / "schema.md").read_text(encoding="utf-8")


def _rows(page: str) -> dict[str, str]:
    tables = page.partition("## Classes and properties")[2].partition("## Concepts")[0]
    return {match[1]: match[0] for match in re.finditer(r"^\| `(cg:\w+)` \|.*$", tables, re.M)}


def test_every_class_and_property_has_its_row(page: str, ontology: rdflib.Graph) -> None:
    """Each class and property of the ontology has one row, which says what its comment says; and no other has."""
    rows = _rows(page)
    defined = {str(s).replace(terms.CG, "cg:"): s for s in ontology.subjects(RDF.type) if str(s).startswith(terms.CG)}
    assert set(rows) == set(defined)
    for name, subject in defined.items():
        assert str(ontology.value(subject, RDFS.comment)) in rows[name]


def test_ranges_and_alignments_are_told(page: str, ontology: rdflib.Graph) -> None:
    """A property's row names its range, and a row names the terms of other ontologies that the Turtle gives."""
    rows = _rows(page)
    for name, row in rows.items():
        subject = rdflib.URIRef(expand(name))
        told = {expand(curie) for curie in re.findall(r"`([\w-]+:\w+)`", row)}
        wanted = {*ontology.objects(subject, SKOS.closeMatch), *ontology.objects(subject, RDFS.range)}
        assert {str(x) for x in wanted if isinstance(x, rdflib.URIRef)} <= told, name


def test_prefixes_are_all_listed(page: str) -> None:
    """The table of prefixes is the code's own."""
    listed = dict(re.findall(r"^\| `([\w-]+):` \| `([^`]+)` \|$", page, re.M))
    assert listed == dict(terms.PREFIXES)


def test_kinds_are_all_listed(page: str, concepts: rdflib.Graph) -> None:
    """The table of kinds names each kind with its prefix and its class."""
    listed = re.findall(r"^\| `([\w-]+)` \| `([\w-]+):` \| `(cg:\w+)` \|", page, re.M)
    assert {kind: prefix for kind, prefix, _ in listed} == dict(KIND_PREFIXES)
    for _, prefix, name in listed:
        members = list(concepts.subjects(RDF.type, rdflib.URIRef(expand(name))))
        assert members
        assert all(str(s).startswith(terms.PREFIXES[prefix]) for s in members)


def test_example_is_turtle_of_defined_terms(page: str, ontology: rdflib.Graph, concepts: rdflib.Graph) -> None:
    """The example parses, and every term and concept in it exists."""
    blocks = re.findall(r"```turtle\n(.*?)```", page, re.S)
    assert blocks
    known = {*ontology.subjects(RDF.type), *concepts.subjects(RDF.type)}
    for block in blocks:
        for triple in rdflib.Graph().parse(data=block, format="turtle"):
            for term in triple:
                if str(term).startswith((terms.CG, terms.CGV)):
                    assert term in known


def test_concepts_and_codes_named_on_the_page_exist(page: str, concepts: rdflib.Graph) -> None:
    """Concepts named in the text exist, with the external codes that stand in the same row."""
    prefixes = "|".join(KIND_PREFIXES.values())
    for line in page.splitlines():
        named = [rdflib.URIRef(expand(x)) for x in re.findall(rf"`((?:{prefixes}):[\w-]+)`", line)]
        for concept in named:
            assert (concept, RDF.type, SKOS.Concept) in concepts
        codes = {expand(x) for x in re.findall(r"`(obo:[\w]+)`", line)}
        if named and codes:
            known = {str(x) for p in (SKOS.exactMatch, SKOS.closeMatch) for x in concepts.objects(named[0], p)}
            assert codes == known
