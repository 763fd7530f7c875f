"""Names in a record to concepts: the vocabulary's own, or minted ones that the shared graph describes."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from kg.rdf import Sheet
from ontology import terms
from ontology.names import KIND_PREFIXES, concept_iri
from ontology.vocabulary import Vocabulary

_CAR_T = re.compile(r"(?P<targets>\S+) CAR T-cell therapy")
_CLASSES = {
    "outcome": terms.MEASURE_CLASS,
    "condition": terms.CONDITION_CLASS,
    "intervention": terms.INTERVENTION_CLASS,
    "antigen": terms.ANTIGEN_CLASS,
}
_iri_of = lru_cache(maxsize=2048)(concept_iri)  # few names, over and over


class Concepts:
    """Looks names up, and states in `shared` what a concept is that the vocabulary doesn't hold."""

    def __init__(self, vocabulary: Vocabulary, shared: Sheet) -> None:
        self._vocabulary = vocabulary
        self._shared = shared

    @staticmethod
    def coded(kind: str, code: str) -> str:
        """Return the IRI of a closed list's member (a design, a role, ...), which the schema of records guarantees."""
        return _iri_of(kind, code)

    def of(self, kind: str, name: str) -> str:
        """Return the IRI of the concept called `name`, minted where the vocabulary doesn't hold it."""
        known = self._vocabulary.named(kind, name)
        if known is not None:
            return known.iri
        minted = terms.PREFIXES[KIND_PREFIXES[kind]] + _iri_of(kind, name).rsplit("/", 1)[-1]
        if minted not in self._known:
            self._mint(kind, name, minted)
        return minted

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(concept.iri for concept in self._vocabulary.concepts)

    def _mint(self, kind: str, name: str, minted: str) -> None:
        self._shared.link(minted, terms.RDF_TYPE, terms.CONCEPT, _CLASSES[kind])
        self._shared.note(minted, terms.PREF_LABEL, name, language="en")
        car = _CAR_T.fullmatch(name) if kind == "intervention" else None
        parents: set[str] = set()
        if car:
            parent = concept_iri("intervention", "CAR T-cell therapy")
            self._shared.link(minted, terms.BROADER, parent)
            targets = [self.of("antigen", target) for target in car["targets"].split("/") if target]
            self._shared.link(minted, terms.DIRECTED_AGAINST, *targets)
            parents = set(self._vocabulary.broader(parent)) if parent in self._known else {parent}
        self._shared.link(minted, terms.WITHIN, minted, *sorted(parents))
