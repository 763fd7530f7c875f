"""Concepts that a text names, with their mentions and the features that tell a studied one from one in passing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import ontology.vocabulary
from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.context import clause_around, contexts
from extractors.document_features import Features
from ontology.vocabulary import Concept

_NUMBERED = re.compile(r"-?\d{1,4}\b(?![%.])")
"""What makes letters the name of something else than the disease: `CLL-1` is an antigen, `HLH-2004` a protocol."""
_BUILT_ABOVE = {"CAR T": "CAR T-cell therapy", "CAR NK": "CAR NK-cell therapy", "TCR T": "TCR T-cell therapy"}


@dataclass(frozen=True)
class Candidate:
    """A concept named in a document: canonical `name`, `concept` where the vocabulary has it, `mentions` in order."""

    name: str
    kind: str
    concept: Concept | None
    mentions: tuple[Mention, ...]

    @cached_property
    def category(self) -> str:
        """The category of an intervention; `car-t` or `other` for what grammars built and for conditions."""
        if self.concept and self.kind == "intervention":
            return self.concept.category or "other"
        return "car-t" if "CAR T" in self.name else "other"

    @cached_property
    def broader(self) -> frozenset[str]:
        """Canonical names of all broader concepts."""
        vocabulary = ontology.vocabulary.load()
        if self.concept:
            return frozenset(vocabulary.get(x).name for x in vocabulary.broader(self.concept.iri)) - {self.name}
        return frozenset(above for part, above in _BUILT_ABOVE.items() if part in self.name and above != self.name)

    @property
    def in_title(self) -> bool:
        """Whether the title names it."""
        return self.mentions[0].part == "title"


def candidates(annotated: Annotated, kind: str) -> list[Candidate]:
    """Return the concepts of `kind` that title and text name, in the order of their first mention."""
    return list(_kept_candidates(annotated, kind))


@lru_cache(maxsize=4)
def _kept_candidates(annotated: Annotated, kind: str) -> tuple[Candidate, ...]:
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in annotated.of_kind(kind):
        if not (kind == "condition" and _NUMBERED.match(annotated.part(mention.part), mention.end)):
            groups[mention.name].append(mention)
    return tuple(Candidate(name, kind, found[0].concept, tuple(found)) for name, found in groups.items())


def candidate_features(
    annotated: Annotated, all_of_kind: list[Candidate], document: Iterable[str] = ()
) -> list[Features]:
    """Return the features of each candidate in turn; `document` are features to be crossed with them."""
    scene = _Scene(annotated, all_of_kind, tuple(document))
    return [scene.features(candidate) for candidate in all_of_kind]


class _Scene:
    """What candidates of one document are weighed against: each other, the title, the sections."""

    def __init__(self, annotated: Annotated, all_of_kind: list[Candidate], document: tuple[str, ...]) -> None:
        self.annotated = annotated
        self.all = all_of_kind
        self.document = document
        self.length = max(1, len(annotated.document.text))
        self.per_category = Counter(c.category for c in all_of_kind)
        self.most = {k: max(len(c.mentions) for c in all_of_kind if c.category == k) for k in self.per_category}
        self.total = sum(len(c.mentions) for c in all_of_kind)
        self.title_categories = {c.category for c in all_of_kind if c.in_title}
        self.first = min((c.mentions[0].start for c in all_of_kind if not c.in_title), default=0)

    def features(self, c: Candidate) -> Features:
        features: Features = dict.fromkeys(self._plain(c), 1.0)
        features |= self._counts(c)
        features |= self._contexts(c)
        return features

    def _plain(self, c: Candidate) -> Iterator[str]:
        yield f"category {c.category}"
        yield f"name {c.name}"
        yield from (f"under {name}" for name in sorted(c.broader))
        if c.in_title:
            yield "in title"
            yield f"in title & {c.category}"
        elif c.category in self.title_categories:
            yield "another of its category in title"
        elif self.title_categories:
            yield "others in title"
        narrower = [x for x in self.all if c.name in x.broader]
        broader = [x for x in self.all if x.name in c.broader]
        yield from self._relations(c, narrower, broader)
        yield from (f"document {f}" for f in self.document)
        yield from (f"document {f} & {c.category}" for f in self.document)
        yield from self._places(c)

    @staticmethod
    def _relations(c: Candidate, narrower: list[Candidate], broader: list[Candidate]) -> Iterator[str]:
        if narrower:
            yield "a narrower one named"
            if any(x.in_title for x in narrower):
                yield "a narrower one in title"
            if sum(len(x.mentions) for x in narrower) >= len(c.mentions):
                yield "narrower ones named as often"
            if len(narrower) > 1:
                yield "several narrower ones"
        if broader:
            yield "a broader one named"
            if any(x.in_title for x in broader):
                yield "a broader one in title"

    def _places(self, c: Candidate) -> Iterator[str]:
        in_text = [m for m in c.mentions if m.part == "text"]
        if not in_text:
            yield "in title only"
            return
        roles = {self.annotated.role(m.start) for m in in_text}
        yield from (f"in {role}" for role in roles)
        if len(roles) == 1:
            yield f"only in {min(roles)}"
        first_sentence = self.annotated.sentence(in_text[0].start)
        if first_sentence == self.annotated.sentences[0]:
            yield "in first sentence"
        if in_text[-1].start < 0.25 * self.length:
            yield "only at the beginning"
        if in_text[0].start > 0.8 * self.length:
            yield "only at the end"

    def _counts(self, c: Candidate) -> Features:
        in_text = [m for m in c.mentions if m.part == "text"]
        return {
            "mentions": float(min(len(c.mentions), 8)),
            "mentions in text": float(min(len(in_text), 8)),
            "share of its category": len(c.mentions) / self.most[c.category],
            "share of all": len(c.mentions) / self.total,
            "others of its category": float(min(self.per_category[c.category] - 1, 6)),
            "first at": in_text[0].start / self.length if in_text else 0.0,
            "last at": in_text[-1].start / self.length if in_text else 0.0,
            "order": float(self.all.index(c)),
        }

    def _contexts(self, c: Candidate) -> Features:
        seen: Counter[str] = Counter()
        words: set[str] = set()
        for mention in c.mentions:
            seen.update(contexts(self.annotated, mention))
            words.update(_neighbours(*clause_around(self.annotated, mention)))
            words.add(f"found by {mention.by}")
        features: Features = dict.fromkeys(words, 1.0)
        for name, count in seen.items():
            features[f"said {name}"] = count / len(c.mentions)
            features[f"said {name} & {c.category}"] = count / len(c.mentions)
        return features


def _neighbours(before: str, behind: str) -> Iterator[str]:
    left = [w.strip(".,;:()[]").lower() for w in before.split()[-2:]]
    right = [w.strip(".,;:()[]").lower() for w in behind.split()[:2]]
    yield from (f"near before: {w}" for w in left if w)
    yield from (f"near behind: {w}" for w in right if w)
    if left:
        yield f"just before: {left[-1]}"
    if right:
        yield f"just behind: {right[0]}"


def by_name(found: Iterable[Candidate]) -> Mapping[str, Candidate]:
    """Return the candidates by canonical name."""
    return {c.name: c for c in found}
