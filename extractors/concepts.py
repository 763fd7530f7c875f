"""Concepts of the vocabulary named in a text: levelled words, spaCy's phrase matcher, longest match first.

The vocabulary's labels are the only lexicon; the document's own abbreviations override it, and CAR T products are built
by grammar (`extractors.car_targets`) where no list can hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

import ontology.vocabulary
from extractors.abbreviations import Definition, definitions
from extractors.car_targets import Car, cars
from extractors.document import Part
from extractors.levelling import Word, words
from ontology.vocabulary import Concept, Vocabulary

KINDS = ("outcome", "condition", "intervention", "antigen")
_VOCABULARY, _ABBREVIATION, _CAR = "vocabulary", "abbreviation", "car-target-grammar"


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named in the text at `part[start:end]`.

    `name` is the canonical name (built by grammar where `concept` is None), `by` what found it: `vocabulary`,
    `abbreviation` or `car-target-grammar`; `targets` are a CAR's as the text names them.
    """

    start: int
    end: int
    part: Part
    text: str
    concept: Concept | None
    name: str
    kind: str
    by: str
    targets: tuple[str, ...] = ()


class Matcher:
    """Finds the mentions of a vocabulary's concepts; build it once, it holds no document's state."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._concepts = [c for c in vocabulary.concepts if c.kind in KINDS]
        self._strings = Vocab()
        self._lower, self._exact = PhraseMatcher(self._strings), PhraseMatcher(self._strings)
        for number, concept in enumerate(self._concepts):
            self._add(str(number), concept)

    def _add(self, key: str, concept: Concept) -> None:
        patterns: dict[bool, list[Doc]] = {False: [], True: []}
        for text, exact in {(x.text, x.exact_case) for x in concept.labels} | {(concept.name, False)}:
            if any(x.exact_case and x.text == text for x in concept.labels) and not exact:
                continue
            levelled = words(text)
            patterns[exact].append(self._doc([w.exact if exact else w.lower for w in levelled]))
        if patterns[False]:
            self._lower.add(key, patterns[False])
        if patterns[True]:
            self._exact.add(key, patterns[True])

    def _doc(self, levelled: list[str]) -> Doc:
        return Doc(self._strings, words=levelled)

    def named(self, kind: str, name: str) -> Concept | None:
        """Return the vocabulary's concept with this canonical name, or None."""
        return self._vocabulary.named(kind, name)

    def mentions(self, text: str, part: Part, levelled: Sequence[Word]) -> Iterator[Mention]:
        """Yield every match of every label in the levelled words of `text`, overlaps and all."""
        for matcher, doc in (
            (self._lower, self._doc([w.lower for w in levelled])),
            (self._exact, self._doc([w.exact for w in levelled])),
        ):
            for key, first, last in matcher(doc):
                concept = self._concepts[int(self._strings.strings[key])]
                start, end = levelled[first].start, levelled[last - 1].end
                yield Mention(start, end, part, text[start:end], concept, concept.name, concept.kind, _VOCABULARY)


@cache
def matcher() -> Matcher:
    """Return the matcher of the packaged vocabulary; built once in a process."""
    return Matcher(ontology.vocabulary.load())


def find_mentions(title: str, text: str, using: Matcher) -> tuple[Mention, ...]:
    """Return the mentions in title and text, in order; those of one kind don't overlap."""
    parts: tuple[tuple[Part, str], ...] = (("title", title), ("text", text))
    defined = {part: definitions(content) for part, content in parts}
    plain = {part: _plain(content, part, defined[part], using) for part, content in parts}
    meanings = _meanings(defined, plain)
    found: list[Mention] = []
    for part, content in parts:
        short = _short_forms(content, part, meanings, using)
        kept = [m for m in plain[part] if not _redefined(m, meanings)]
        products = [_product(car, content, part, using) for car in cars(content)]
        found += _longest_first([*products, *short, *kept])
    return tuple(found)


def _plain(text: str, part: Part, defined: tuple[Definition, ...], using: Matcher) -> list[Mention]:
    """Return the vocabulary's mentions; a short form in brackets within a term is passed over."""
    brackets = {
        (d.start - 1, d.end + 1)
        for d in defined
        if text[d.start - 1 : d.start] in "([" and text[d.end : d.end + 1] in ")]"
    }
    levelled = words(text)
    spans = sorted(brackets)
    outside = [w for w in levelled if not any(a <= w.start < b for a, b in spans)] if spans else levelled
    inside = [w for w in levelled if any(a <= w.start < b for a, b in spans)] if spans else []
    return [*using.mentions(text, part, outside), *using.mentions(text, part, inside)]


def _meanings(
    defined: Mapping[Part, tuple[Definition, ...]], plain: Mapping[Part, list[Mention]]
) -> dict[str, list[Concept]]:
    """Return for each short form the concepts that its long form ends with; none where the vocabulary has no such term."""
    meanings: dict[str, list[Concept]] = {}
    for part, found in defined.items():
        for d in found:
            heads = [m for m in plain[part] if m.end == d.long_end and m.start >= d.long_start - 1]
            longest = {
                k: max((m for m in heads if m.kind == k), key=lambda m: m.end - m.start)
                for k in {m.kind for m in heads}
            }
            meanings.setdefault(d.short, [m.concept for m in longest.values() if m.concept and _same_head(d, m)])
    return meanings


def _same_head(d: Definition, mention: Mention) -> bool:
    """Whether the mention may stand for the whole long form: it covers it but for words in front."""
    return mention.start <= d.long_start or len(d.long) <= 4 * (mention.end - mention.start)


def _short_forms(text: str, part: Part, meanings: Mapping[str, list[Concept]], using: Matcher) -> Iterator[Mention]:
    levelled = words(text)
    doc = [w.exact for w in levelled]
    for short, concepts in meanings.items():
        wanted = [w.exact for w in words(short)]
        for k in range(len(doc) - len(wanted) + 1):
            if concepts and doc[k] == wanted[0] and doc[k : k + len(wanted)] == wanted:
                start, end = levelled[k].start, levelled[k + len(wanted) - 1].end
                for c in concepts:
                    yield Mention(start, end, part, text[start:end], c, c.name, c.kind, _ABBREVIATION)


def _redefined(mention: Mention, meanings: Mapping[str, list[Concept]]) -> bool:
    """Whether the document gives these very letters another meaning than the vocabulary does."""
    concepts = meanings.get(mention.text)
    return concepts is not None and mention.concept not in concepts and any(c.kind == mention.kind for c in concepts)


def _product(car: Car, text: str, part: Part, using: Matcher) -> Mention:
    concept = using.named("intervention", car.name)
    return Mention(
        car.start, car.end, part, text[car.start : car.end], concept, car.name, "intervention", _CAR, car.targets
    )


def _longest_first(found: Iterable[Mention]) -> list[Mention]:
    """Return the mentions in order, of each kind the longest ones where they overlap; the earlier given wins a draw."""
    kept: dict[str, list[Mention]] = {}
    for m in sorted(found, key=lambda m: m.start - m.end):
        if not any(m.start < k.end and k.start < m.end for k in kept.setdefault(m.kind, [])):
            kept[m.kind].append(m)
    return sorted((m for same in kept.values() for m in same), key=lambda m: (m.start, m.end, m.kind))


def narrowed(mention: Mention, concept: Concept) -> Mention:
    """Return the mention as one of another concept of its kind."""
    return replace(mention, concept=concept, name=concept.name)
