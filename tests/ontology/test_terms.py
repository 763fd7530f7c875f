"""The IRIs that code names, against the Turtle that defines them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from ontology import terms
from ontology.names import KIND_PREFIXES


def _constants() -> dict[str, str]:
    return {name: value for name, value in vars(terms).items() if name.isupper() and isinstance(value, str)}


def test_terms_and_turtle_agree_both_ways(ontology: rdflib.Graph) -> None:
    """Each class and property has a constant, and each constant of the project's namespace is defined."""
    defined = {str(s) for s in ontology.subjects(RDF.type) if str(s).startswith(terms.CG)}
    named = {value for value in _constants().values() if value.startswith(terms.CG) and value != terms.CG}
    assert defined == named


def test_no_two_constants_name_one_term() -> None:
    """Each IRI has one name in code."""
    assert [iri for iri, count in Counter(_constants().values()).items() if count > 1] == []


def test_every_term_is_described(ontology: rdflib.Graph) -> None:
    """Classes and properties carry a label and a comment in English."""
    for subject in {s for s in ontology.subjects(RDF.type) if str(s).startswith(terms.CG)}:
        for predicate in (RDFS.label, RDFS.comment):
            assert [x for x in ontology.objects(subject, predicate) if getattr(x, "language", "") == "en"], subject


def test_domains_and_ranges_are_defined_classes(ontology: rdflib.Graph) -> None:
    """Where domain or range is a class of the project, it exists."""
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for predicate in (RDFS.domain, RDFS.range):
        for value in ontology.objects(None, predicate):
            if str(value).startswith(terms.CG):
                assert value in classes


def test_each_kind_has_a_prefix_and_a_class(concepts: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """The concepts of a kind are of one class, a narrower one of skos:Concept, below the kind's prefix."""
    for prefix in KIND_PREFIXES.values():
        namespace = terms.PREFIXES[prefix]
        members = [s for s in concepts.subjects(RDF.type, SKOS.Concept) if str(s).startswith(namespace)]
        classes = {c for s in members for c in concepts.objects(s, RDF.type)} - {SKOS.Concept}
        assert len(classes) == 1
        assert (classes.pop(), RDFS.subClassOf, SKOS.Concept) in ontology


def test_vocabulary_uses_only_defined_terms(concepts: rdflib.Graph, ontology: rdflib.Graph) -> None:
    """No property or class of the project's namespace in the vocabulary is undefined."""
    defined = set(ontology.subjects(RDF.type))
    used = {term for _, *others in concepts for term in others if str(term).startswith(terms.CG)}
    assert used <= defined


def test_wordings_are_of_measures_that_exist(root: Path, concepts: rdflib.Graph) -> None:
    """Wordings are acronyms and hidden labels of measures of the vocabulary, and nothing else."""
    wordings = rdflib.Graph().parse(root / "ontology" / "wordings.ttl")
    assert set(wordings.subjects()) <= set(concepts.subjects(RDF.type, rdflib.URIRef(terms.MEASURE_CLASS)))
    assert set(wordings.predicates()) == {rdflib.URIRef(terms.ACRONYM), SKOS.hiddenLabel}
