"""One document as the linker sees it: its figures, its candidate spans, and their features, each computed once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractors.annotation import Annotated, Mention
from extractors.concepts import matcher
from extractors.ellipsis import elided
from extractors.joining import Figure, figures
from extractors.levelling import Word, words
from extractors.linking.features import FigureTable
from extractors.linking.headings import Headings
from extractors.linking.layout import Layout, layout
from extractors.linking.wording import Wording
from extractors.numbers import level
from extractors.quantities import Quantity, quantities

_OPENED = re.compile(r"(?:\s+rates?)?\s*[\[(]\s*")


@dataclass(frozen=True, eq=False)
class Scene:
    """An annotated document with its quantities and candidate figures; equal to itself alone."""

    annotated: Annotated
    quantities: tuple[Quantity, ...]
    figures: tuple[Figure, ...]
    layout: Layout

    @property
    def text(self) -> str:
        """The document's text."""
        return self.annotated.document.text

    @cached_property
    def levelled(self) -> str:
        """The text with look-alike characters levelled, offsets unchanged."""
        return level(self.text)

    @cached_property
    def figure_starts(self) -> list[int]:
        """The offsets of the figures."""
        return [f.start for f in self.figures]

    @cached_property
    def figure_table(self) -> FigureTable:
        """What the features of pairs need to know of the figures."""
        return FigureTable(self.layout, self.figures)

    @cached_property
    def headings(self) -> Headings:
        """The headings of the text."""
        return Headings(self.levelled)

    @cached_property
    def words(self) -> Sequence[Word]:
        """The levelled words of the text."""
        return words(self.text)

    @cached_property
    def tokens(self) -> list[str]:
        """The levelled words as plain strings, numbers as `#`; parallel to `words`."""
        return ["#" if w.lower.isdigit() else w.lower for w in self.words]

    @cached_property
    def token_starts(self) -> list[int]:
        """The offsets of the words."""
        return [w.start for w in self.words]

    def tokens_in(self, start: int, end: int) -> list[str]:
        """Return the tokens that start in `text[start:end]`."""
        return self.tokens[bisect_left(self.token_starts, start) : bisect_left(self.token_starts, end)]

    def token_before(self, offset: int) -> str:
        """Return the token before `offset`, or an empty string."""
        at = bisect_left(self.token_starts, offset)
        return self.tokens[at - 1] if at else ""

    def token_after(self, offset: int) -> str:
        """Return the token at or after `offset`, or an empty string."""
        at = bisect_left(self.token_starts, offset)
        return self.tokens[at] if at < len(self.tokens) else ""

    @cached_property
    def wording(self) -> Wording:
        """The words around the figures."""
        return Wording(self.layout, self.words, words(self.annotated.document.title))

    @cached_property
    def measures(self) -> tuple[Mention, ...]:
        """The outcome measures that the text names, those whose head is shared with others included, in order."""
        named = self.annotated.of_kind("outcome", "text")
        taken = {(m.start, m.end) for m in named}
        shared = [m for m in _shared_heads(self.text) if not any(a < m.end and m.start < b for a, b in taken)]
        return _with_short_forms(self.text, sorted((*named, *shared), key=lambda m: m.start))

    def around(self, start: int, end: int, before: int = 40, after: int = 40) -> tuple[str, str]:
        """Return the levelled words before and after a range, within its line."""
        line = self.levelled.rfind("\n", 0, start) + 1
        stop = self.levelled.find("\n", end)
        return (
            self.levelled[max(line, start - before) : start],
            self.levelled[end : min(end + after, len(self.levelled) if stop < 0 else stop)],
        )

    def sentence(self, offset: int) -> str:
        """Return the levelled sentence in which `offset` stands."""
        start, end = self.layout.sentences[self.layout.sentence_index(offset)]
        return self.levelled[start:end]


def _with_short_forms(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions with each `long form (SHORT)` as one, so that lists of measures keep their count."""
    kept: list[Mention] = []
    for m in mentions:
        last = kept[-1] if kept else None
        if last is not None and last.name == m.name and _OPENED.fullmatch(text[last.end : m.start]):
            end = m.end + (text[m.end : m.end + 1] in (")", "]"))
            kept[-1] = replace(last, end=end, text=text[last.start : end])
        else:
            kept.append(m)
    return tuple(kept)


def _shared_heads(text: str) -> Iterator[Mention]:
    for start, end, whole in elided(text):
        found = [m for m in matcher().mentions(whole, "text", words(whole)) if m.kind == "outcome"]
        if found:
            longest = max(found, key=lambda m: m.end - m.start)
            yield Mention(start, end, "text", text[start:end], longest.concept, longest.name, "outcome", "ellipsis")


def scene(annotated: Annotated) -> Scene:
    """Return the scene of an annotated document."""
    text = annotated.document.text
    found = quantities(text)
    return Scene(annotated, tuple(found), tuple(figures(text, found)), layout(text, annotated.sentences))
