"""What a user calls a concept, to its IRI: names of the vocabulary, and concepts that only the store holds."""

from __future__ import annotations

from collections.abc import Sequence

from kg.iris import assertion
from kg.store import Reading
from ontology import terms
from ontology.errors import VocabularyError
from ontology.names import KIND_PREFIXES, concept_iri
from ontology.vocabulary import expand, load


def concept(store: Reading, text: str, kinds: Sequence[str]) -> str:
    """Return the IRI of the concept of one of `kinds` that `text` names: canonical name, label, CURIE or IRI.

    Raises VocabularyError with near names where neither the vocabulary nor the store holds such a concept.
    """
    failures: list[VocabularyError] = []
    for kind in kinds:
        try:
            return load().find(text, kind).iri
        except VocabularyError as error:
            failures.append(error)
    for kind in kinds:
        if minted := _minted(store, text, kind):
            return minted
    near = tuple(dict.fromkeys(name for error in failures for name in error.near))
    raise VocabularyError(text, near[:3])


def _minted(store: Reading, text: str, kind: str) -> str | None:
    """Return the IRI of a concept that the vocabulary lacks and a report names."""
    namespace = terms.PREFIXES[KIND_PREFIXES[kind]]
    for candidate in (expand(text), concept_iri(kind, text)):
        known = store.value(store.names.shared, candidate, terms.PREF_LABEL) if _is_iri(candidate) else None
        if known is not None and candidate.startswith(namespace):
            return candidate
    return None


def _is_iri(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(c in text for c in '<>"{}|\\^` \n\t')


class NameBook:
    """Canonical names by IRI: the vocabulary's, else the label that the store holds; each looked up once."""

    def __init__(self, store: Reading) -> None:
        self._store = store
        self._names = {concept.iri: concept.name for concept in load().concepts}

    def name(self, concept_iri: str) -> str:
        """Return the canonical name of a concept; the IRI itself where nothing names it."""
        if concept_iri not in self._names:
            label = self._store.value(self._store.names.shared, concept_iri, terms.PREF_LABEL)
            self._names[concept_iri] = label or concept_iri
        return self._names[concept_iri]

    def label(self, iri: str) -> str | None:
        """Return what a thing is called: a concept's name, a report's title; None where nothing names it."""
        if iri.startswith(self._store.names.base + "report/"):
            return self._store.value(assertion(iri), iri, terms.TITLE)
        name = self.name(iri)
        return None if name == iri else name
