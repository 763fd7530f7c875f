"""Turtle to concepts: the only module that parses the vocabulary."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from importlib import resources

import pyoxigraph as ox

from ontology import terms
from ontology.concepts import Concept, Label
from ontology.names import KIND_PREFIXES

Facts = Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]

_KIND_BY_NAMESPACE = {terms.PREFIXES[prefix]: kind for kind, prefix in KIND_PREFIXES.items()}
_LABELS = (terms.PREF_LABEL, terms.ALT_LABEL, terms.ACRONYM, terms.HIDDEN_LABEL)  # in the order of their weight


def turtle() -> bytes:
    """Return the bytes of the packaged vocabulary: the concepts, then the wordings of measures."""
    folder = resources.files("ontology")
    return b"\n".join(folder.joinpath(name).read_bytes() for name in ("vocabulary.ttl", "wordings.ttl"))


def read(data: bytes) -> tuple[str, tuple[Concept, ...]]:
    """Return the version and the concepts, by IRI, of a vocabulary in Turtle.

    The version is the one that the Turtle states and a digest of its content: `1.2.0+3f2a9c01d4e5`.
    """
    facts: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]]
    facts = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
        facts[_text(quad.subject)][quad.predicate.value].append(quad.object)
    stated = next(_text(x) for about in facts.values() for x in about.get(terms.OWL + "versionInfo", ()))
    digest = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:12]
    names = {iri: _name(about) for iri, about in facts.items() if _kind(iri)}
    concepts = (_concept(iri, facts[iri], names) for iri in sorted(names))
    return f"{stated}+{digest}", tuple(concepts)


def _concept(iri: str, about: Facts, names: Mapping[str, str]) -> Concept:
    categories = sorted(names[_text(x)] for x in about.get(terms.TREATMENT_CATEGORY, ()))
    definitions = about.get(terms.DEFINITION, ())
    return Concept(
        iri=iri,
        name=names[iri],
        kind=_kind(iri),
        labels=_labels(about),
        broader=tuple(sorted(map(_text, about.get(terms.BROADER, ())))),
        category=categories[0] if categories else None,
        targets=tuple(names[_text(x)] for x in about.get(terms.DIRECTED_AGAINST, ())),
        components=tuple(names[_text(x)] for x in about.get(terms.COMPONENT, ())),
        definition=_text(definitions[0]) if definitions else None,
    )


def _labels(about: Facts) -> tuple[Label, ...]:
    exact = {_text(x) for x in about.get(terms.ACRONYM, ())}
    written = {
        text: Label(text, exact_case=text in exact, hidden=predicate == terms.HIDDEN_LABEL)
        for predicate in reversed(_LABELS)
        for text in map(_text, about.get(predicate, ()))
    }
    order = {_text(x): None for predicate in _LABELS for x in about.get(predicate, ())}
    return tuple(written[text] for text in order)


def _name(about: Facts) -> str:
    return _text((about.get(terms.NOTATION) or about[terms.PREF_LABEL])[0])


def _kind(iri: str) -> str:
    return _KIND_BY_NAMESPACE.get(iri[: iri.rfind("/") + 1], "")


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.Triple):
        raise TypeError("the vocabulary holds no quoted triples")
    return term.value
