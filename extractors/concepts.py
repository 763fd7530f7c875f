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
from extractors.car_targets import cars, targets_of
from extractors.document import Part
from extractors.levelling import Word, label_words, words
from extractors.transplants import transplants
from ontology.vocabulary import Concept, Vocabulary

KINDS = ("outcome", "condition", "intervention", "antigen")
_VOCABULARY, _ABBREVIATION = "vocabulary", "abbreviation"
_TREATMENT = "intervention"
_CAR, _TRANSPLANT = "car-target-grammar", "transplant-grammar"


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
        concepts = [c for c in vocabulary.concepts if c.kind in KINDS]
        self._strings = Vocab()
        self._lower, self._exact = PhraseMatcher(self._strings), PhraseMatcher(self._strings)
        self._meant: dict[int, tuple[Concept, tuple[str, ...]]] = {}
        for number, concept in enumerate(concepts):
            self._add(str(number), concept)

    def _add(self, key: str, concept: Concept) -> None:
        self._meant[self._strings.strings.add(key)] = concept, targets_of(concept.name)
        patterns: dict[bool, list[Doc]] = {False: [], True: []}
        for text, exact in {(x.text, x.exact_case) for x in concept.labels} | {(concept.name, False)}:
            if any(x.exact_case and x.text == text for x in concept.labels) and not exact:
                continue
            levelled = label_words(text)
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

    def kinds(self, label: str) -> frozenset[str]:
        """Return the kinds of concepts that have this very label."""
        return frozenset(m.kind for m in self.mentions(label, "text", words(label)) if m.text == label)

    def mentions(self, text: str, part: Part, levelled: Sequence[Word]) -> Iterator[Mention]:
        """Yield every match of every label in the levelled words of `text`, overlaps and all."""
        for matcher, doc in (
            (self._lower, self._doc([w.lower for w in levelled])),
            (self._exact, self._doc([w.exact for w in levelled])),
        ):
            for key, first, last in matcher(doc):
                concept, targets = self._meant[key]
                start, end = levelled[first].start, levelled[last - 1].end
                yield Mention(
                    start, end, part, text[start:end], concept, concept.name, concept.kind, _VOCABULARY, targets
                )


@cache
def matcher() -> Matcher:
    """Return the matcher of the packaged vocabulary; built once in a process."""
    return Matcher(ontology.vocabulary.load())


def find_mentions(title: str, text: str, using: Matcher) -> tuple[Mention, ...]:
    """Return the mentions in title and text, in order; those of one kind don't overlap."""
    parts: tuple[tuple[Part, str], ...] = (("title", title), ("text", text))
    plain = {part: _plain(content, part, using) for part, content in parts}
    built = {part: _built(content, part, using) for part, content in parts}
    meanings: dict[str, list[Mention]] = {}
    for part, content in parts:
        for short, heads in _meanings(definitions(content), [*built[part], *plain[part]], using):
            meanings.setdefault(short, heads)
    found: list[Mention] = []
    for part, content in parts:
        short_forms = _short_forms(content, part, meanings)
        kept = [m for m in plain[part] if not _redefined(m, meanings)]
        found += _longest_first([*short_forms, *built[part], *kept])
    return tuple(found)


def _built(text: str, part: Part, using: Matcher) -> list[Mention]:
    """Return the mentions that grammars build: CAR T products and transplants."""
    products = [(c.start, c.end, c.name, c.targets, _CAR) for c in cars(text)]
    grafts = [(t.start, t.end, t.name, (), _TRANSPLANT) for t in transplants(text)]
    return [
        Mention(start, end, part, text[start:end], using.named(_TREATMENT, name), name, _TREATMENT, by, targets)
        for start, end, name, targets, by in (*products, *grafts)
    ]


def _plain(text: str, part: Part, using: Matcher) -> list[Mention]:
    """Return the vocabulary's mentions; a short form in brackets within a term is passed over."""
    spans = [(d.start - 1, d.end + 1) for d in definitions(text) if text[d.start - 1 : d.start] in ("(", "[")]
    levelled = words(text)
    if not spans:
        return list(using.mentions(text, part, levelled))
    inside = {k for k, w in enumerate(levelled) if any(a <= w.start < b for a, b in spans)}
    outer = [w for k, w in enumerate(levelled) if k not in inside]
    inner = [w for k, w in enumerate(levelled) if k in inside]
    return [*using.mentions(text, part, outer), *using.mentions(text, part, inner)]


def _meanings(
    defined: Iterable[Definition], found: Sequence[Mention], using: Matcher
) -> Iterator[tuple[str, list[Mention]]]:
    """Yield each short form with the mentions, one a kind, that its long form ends with; none where there's no such.

    A mention of the long form's last words alone means less than what the vocabulary knows the letters for: `busulfan
    plus cyclophosphamide (BuCy)` isn't cyclophosphamide.
    """
    for d in defined:
        heads: dict[str, Mention] = {}
        for m in found:
            longer = m.kind not in heads or m.end - m.start > heads[m.kind].end - heads[m.kind].start
            if longer and _covers(d, m):
                heads[m.kind] = m
        whole = [m for m in heads.values() if m.start <= d.long_start]
        known = using.kinds(d.short) if len(whole) < len(heads) else frozenset()
        yield d.short, [m for m in heads.values() if m in whole or m.kind not in known]


def _covers(d: Definition, mention: Mention) -> bool:
    """Whether the mention may stand for the whole long form: it ends with it and leaves little before.

    `Survival free of chronic GVHD` is no GVHD.
    """
    if not (mention.start < d.long_end <= mention.end <= d.end + 1 or mention.end == d.long_end):
        return False
    if mention.start <= d.long_start:
        return True
    return not d.long.lower().startswith("survival free") and len(d.long) <= 4 * (d.long_end - mention.start)


def _short_forms(text: str, part: Part, meanings: Mapping[str, list[Mention]]) -> Iterator[Mention]:
    levelled = words(text)
    exact = [w.exact for w in levelled]
    for short, heads in meanings.items():
        wanted = [w.exact for w in label_words(short)] if heads else []
        for k in (i for i, w in enumerate(exact) if wanted and w == wanted[0] and exact[i : i + len(wanted)] == wanted):
            start, end = levelled[k].start, levelled[k + len(wanted) - 1].end
            for m in heads:
                yield replace(m, start=start, end=end, part=part, text=text[start:end], by=_ABBREVIATION)


def _redefined(mention: Mention, meanings: Mapping[str, list[Mention]]) -> bool:
    """Whether the document gives these very letters another meaning than the vocabulary does, of whatever kind."""
    heads = meanings.get(mention.text, [])
    return bool(heads) and all(m.kind != mention.kind or m.name != mention.name for m in heads)


def _longest_first(found: Iterable[Mention]) -> list[Mention]:
    """Return the mentions in order, of each kind the longest ones where they overlap; the earlier given wins a draw."""
    kept: dict[str, list[Mention]] = {}
    for m in sorted(found, key=lambda m: m.start - m.end):
        if not any(m.start < k.end and k.start < m.end for k in kept.setdefault(m.kind, [])):
            kept[m.kind].append(m)
    return sorted((m for same in kept.values() for m in same), key=lambda m: (m.start, m.end, m.kind))
