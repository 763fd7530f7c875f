"""Search as you type over all that a query can name: concepts, classes and properties, by every word for them.

Every label is kept from each of its words on in one sorted list, so that what is typed finds by bisection the labels
that have it at the start of any word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology import terms, vocabulary
from ontology.names import KIND_PREFIXES
from ontology.vocabulary import Concept, fold
from web import data
from web.catalogue import Catalogue

KINDS = (*KIND_PREFIXES, "class", "property")
_COUNTED = ("condition", "intervention", "outcome")
_BREAKS = re.compile(r"[\s\-‐‑‒–—−_/,;:()]+")
_LAST = "\U0010ffff"
# How well a word fits: the lower the better.
_SAME, _LEADS, _LEADS_OTHER, _WITHIN, _SCATTERED = 0, 2, 4, 6, 8
_HIDDEN = 1


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that queries can name.

    `name` is its canonical name, `label` the one to show, `synonyms` other words for it, `studies` how many studies of
    the store have it or something narrower (None for kinds that aren't counted).
    """

    iri: str
    curie: str
    kind: str
    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    definition: str | None = None
    studies: int | None = None


class Words:
    """All words of a store and its vocabulary. Never changes once built."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words = tuple(words)
        self._keys = sorted({key for k, word in enumerate(self._words) for key in _keys(k, word)})

    def __len__(self) -> int:
        return len(self._words)

    def search(self, text: str, kinds: Collection[str] = ()) -> list[Word]:
        """Return the words that `text` begins or occurs in, the best first; all of them where it is empty.

        A prefix that queries know narrows the search to its namespace: `condition:lymph`. Of several words each must
        begin a word of the same thing, in any order.
        """
        namespace, rest = _split(text)
        typed = {form for form in (_plain(rest), fold(rest)) if form}
        fits = self._fits(typed) if typed else dict.fromkeys(range(len(self._words)), _SAME)
        found = [(fit, self._words[k]) for k, fit in fits.items()]
        kept = [(f, w) for f, w in found if (not kinds or w.kind in kinds) and w.iri.startswith(namespace)]
        return [word for _fit, word in sorted(kept, key=lambda item: _rank(*item))]

    def _fits(self, typed: Collection[str]) -> dict[int, int]:
        """Return how well each word fits that begins as one of the `typed` texts does."""
        best: dict[int, int] = {}
        for text in typed:
            for found, k, fit in self._from(text):
                closer = _SAME + fit % 2 if found == text and fit < _WITHIN else fit
                best[k] = min(best.get(k, closer), closer)
        for text in typed:
            apart = [{k for _found, k, _fit in self._from(part)} for part in text.split()]
            for k in set.intersection(*apart):
                best.setdefault(k, _SCATTERED)
        return best

    def _from(self, text: str) -> Iterator[tuple[str, int, int]]:
        low, high = bisect_left(self._keys, (text,)), bisect_left(self._keys, (text + _LAST,))
        return iter(self._keys[low:high])


def _keys(k: int, word: Word) -> Iterator[tuple[str, int, int]]:
    for fit, texts in ((_LEADS, (word.label, word.name)), (_LEADS_OTHER, word.synonyms), (_WITHIN + 1, word.hidden)):
        for text in texts:
            for form in {_plain(text), fold(text)}:
                yield from _starts(form, k, fit)


def _starts(form: str, k: int, fit: int) -> Iterator[tuple[str, int, int]]:
    yield form, k, fit
    for match in re.finditer(r"(?<= )\S", form):
        yield form[match.start() :], k, max(fit, _WITHIN)


def _rank(fit: int, word: Word) -> tuple[int, int, int, str]:
    return fit, -(word.studies or 0), len(word.label), word.curie


def _split(text: str) -> tuple[str, str]:
    prefix, colon, rest = text.strip().partition(":")
    return (terms.PREFIXES[prefix], rest) if colon and prefix in terms.PREFIXES else ("", text)


def _plain(text: str) -> str:
    """Return `text` as it is typed: lower case, without accents, words apart by single spaces (`bigCell` is two)."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", apart.casefold()) if not unicodedata.combining(c))
    return _BREAKS.sub(" ", bare).strip()


def of_store(graph: data.Graph, catalogue: Catalogue) -> Words:
    """Return all words of a store: those of the vocabulary, those that only its reports name, and the schema's."""
    counts = {kind: dict(catalogue.values(kind)) for kind in _COUNTED}

    def studies(kind: str, name: str) -> int | None:
        return counts[kind].get(name, 0) if kind in counts else None

    concepts = [_of_concept(c, studies(c.kind, c.name)) for c in vocabulary.load().concepts]
    known = {word.iri for word in concepts}
    minted = [word for word in _minted(graph, studies) if word.iri not in known]
    return Words([*concepts, *minted, *_of_schema(graph)])


def _of_concept(concept: Concept, studies: int | None) -> Word:
    shown = (x.text for x in concept.labels[1:] if not x.hidden)
    return Word(
        iri=concept.iri,
        curie=vocabulary.curie(concept.iri),
        kind=concept.kind,
        name=concept.name,
        label=concept.label,
        synonyms=tuple(dict.fromkeys(shown)),
        hidden=tuple(dict.fromkeys(x.text for x in concept.labels if x.hidden)),
        definition=concept.definition,
        studies=studies,
    )


def _minted(graph: data.Graph, studies: Callable[[str, str], int | None]) -> Iterator[Word]:
    kinds: Mapping[str, str] = {prefix: kind for kind, prefix in KIND_PREFIXES.items()}
    for quad in graph.store.quads(graph.store.names.shared, None, terms.PREF_LABEL, None):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.Literal):
            continue
        curie, name = vocabulary.curie(quad.subject.value), quad.object.value
        kind = kinds.get(curie.partition(":")[0])
        if kind is not None:
            yield Word(quad.subject.value, curie, kind, name, name, studies=studies(kind, name))


def _of_schema(graph: data.Graph) -> Iterator[Word]:
    schema = data.schema(graph)
    for kind, found in (("class", schema.classes), ("property", schema.properties)):
        for term in found:
            name = term.name.partition(":")[2]
            definition = term.comment or None
            yield Word(vocabulary.expand(term.name), term.name, kind, name, term.label or name, definition=definition)
