"""The vocabulary as frozen data: every concept with all the words that name it.

`load()` reads `vocabulary.ttl`, the one place where concepts and labels are kept. The text matcher, the graph, the
commands and the web pages all take their names from what it returns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from ontology import reading, terms
from ontology.concepts import Concept, Label
from ontology.errors import VocabularyError
from ontology.spelling import fold

__all__ = ["Concept", "Label", "Vocabulary", "curie", "expand", "fold", "load"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All concepts in the order of their IRIs, with look-ups; `version` changes whenever the Turtle does."""

    version: str
    concepts: tuple[Concept, ...]
    _by_iri: Mapping[str, Concept] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[tuple[str, str], Concept] = field(init=False, repr=False, compare=False)
    _by_word: dict[str, tuple[Concept, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _below: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[str, list[str]] = defaultdict(list)
        for concept in self.concepts:
            for parent in concept.broader:
                below[parent].append(concept.iri)
        indices: dict[str, Mapping[Any, Any]] = {
            "_by_iri": {c.iri: c for c in self.concepts},
            "_by_name": {(c.kind, c.name): c for c in self.concepts},
            "_below": {iri: tuple(children) for iri, children in below.items()},
        }
        for name, index in indices.items():
            object.__setattr__(self, name, MappingProxyType(index))

    def of_kind(self, kind: str) -> tuple[Concept, ...]:
        """Return the concepts of a kind (`outcome`, `condition`, ...); empty where there's no such kind."""
        return tuple(c for c in self.concepts if c.kind == kind)

    def get(self, iri: str) -> Concept:
        """Return the concept with this IRI; raises VocabularyError where there's none."""
        try:
            return self._by_iri[iri]
        except KeyError:
            raise VocabularyError(iri, self._near(iri, self.concepts)) from None

    def named(self, kind: str, name: str) -> Concept | None:
        """Return the concept of `kind` with exactly this canonical name, or None."""
        return self._by_name.get((kind, name))

    def find(self, text: str, kind: str | None = None) -> Concept:
        """Return the one concept that `text` names: by canonical name, any label, IRI or CURIE (`measure:relapse`).

        Case counts only where acronyms differ by it alone. Raises VocabularyError with near names where nothing is
        found, and with the candidates' CURIEs where several concepts are meant.
        """
        iri = expand(text)
        if iri in self._by_iri and kind in (None, self._by_iri[iri].kind):
            return self._by_iri[iri]
        among = [c for c in self._words().get(fold(text), ()) if kind in (None, c.kind)]
        exact = [c for c in among if text == c.name or any(text == label.text for label in c.labels)]
        loose = [c for c in among if not all(x.exact_case for x in c.labels if fold(x.text) == fold(text))]
        for candidates in (exact, loose, among):
            if len(candidates) == 1:
                return candidates[0]
        if among:
            raise VocabularyError(text, tuple(curie(c.iri) for c in among))
        raise VocabularyError(text, self._near(text, [c for c in self.concepts if kind in (None, c.kind)]))

    def narrower(self, iri: str) -> frozenset[str]:
        """Return the IRIs of the concept and of all that are narrower; raises VocabularyError for an unknown IRI."""
        return _closure(self.get(iri).iri, lambda x: self._below.get(x, ()))

    def broader(self, iri: str) -> frozenset[str]:
        """Return the IRIs of the concept and of all that are broader; raises VocabularyError for an unknown IRI."""
        return _closure(self.get(iri).iri, lambda x: self._by_iri[x].broader)

    def _words(self) -> Mapping[str, tuple[Concept, ...]]:
        if not self._by_word:  # filled when first asked for: not every user of the vocabulary looks words up
            self._by_word.update(_index(self.concepts))
        return self._by_word

    @staticmethod
    def _near(text: str, concepts: Iterable[Concept]) -> tuple[str, ...]:
        from difflib import get_close_matches  # seldom needed, and slow to load

        words = {fold(word): word for c in concepts for word in (c.name, *(x.text for x in c.labels if not x.hidden))}
        last = re.split(r"[/:]", text)[-1]
        return tuple(words[w] for w in get_close_matches(fold(last), words, n=3, cutoff=0.7))


def curie(iri: str) -> str:
    """Return `iri` with its namespace as prefix (`measure:relapse`), or unchanged where no prefix fits."""
    for prefix, namespace in _LONGEST_FIRST:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(text: str) -> str:
    """Return the IRI that a CURIE stands for, or `text` unchanged where it isn't one."""
    prefix, colon, rest = text.partition(":")
    return terms.PREFIXES[prefix] + rest if colon and prefix in terms.PREFIXES else text


@cache
def load() -> Vocabulary:
    """Return the packaged vocabulary; read once in a process."""
    return Vocabulary(*reading.read(reading.turtle()))


def _index(concepts: Iterable[Concept]) -> dict[str, tuple[Concept, ...]]:
    found: dict[str, dict[str, Concept]] = defaultdict(dict)
    for concept in concepts:
        for word in (concept.name, *(label.text for label in concept.labels)):
            found[fold(word)][concept.iri] = concept
    return {word: tuple(by_iri.values()) for word, by_iri in found.items()}


def _closure(start: str, step: Callable[[str], Iterable[str]]) -> frozenset[str]:
    reached, waiting = {start}, [start]
    while waiting:
        new = set(step(waiting.pop())) - reached
        reached |= new
        waiting.extend(new)
    return frozenset(reached)


_LONGEST_FIRST = sorted(terms.PREFIXES.items(), key=lambda item: -len(item[1]))
