"""The annotated document that all extractors read: tokens, sentences, sections, abbreviations and concepts named.

annotated = annotate(document)
for mention in annotated.in_text("outcome"): ...
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors import sentences as _sentences  # registers the component
from extractors.abbreviations import abbreviations
from extractors.concepts import Matcher, Mention, find_mentions, matcher
from extractors.document import Document, Part, Section
from extractors.sections import SectionRole, find_sections, section_role

__all__ = ["Annotated", "Mention", "Section", "annotate", "pipeline", "section_role"]


@dataclass(frozen=True, eq=False)
class Annotated:
    """A document with all that the extractors share; `mentions` are those of title and text, in order.

    Equal to itself alone, so that what is found in it can be kept (`functools.lru_cache`).
    """

    document: Document
    mentions: tuple[Mention, ...]
    abbreviations: Mapping[str, str]
    sections: tuple[Section, ...]

    @cached_property
    def title(self) -> Doc:
        """The tokens of the title."""
        return pipeline()(self.document.title)

    @cached_property
    def text(self) -> Doc:
        """The tokens and sentences of the text."""
        return pipeline()(self.document.text)

    def of_kind(self, kind: str, part: Part | None = None) -> tuple[Mention, ...]:
        """Return the mentions of a kind (`outcome`, `condition`, `intervention`), in one part or in both."""
        return tuple(m for m in self.mentions if m.kind == kind and part in (None, m.part))

    def part(self, part: Part) -> str:
        """Return the words of the title or of the text."""
        return self.document.title if part == "title" else self.document.text

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of every sentence of the text, in order."""
        starts = _sentences.sentence_starts(self.document.text)
        return tuple(zip(starts, [*starts[1:], len(self.document.text)], strict=True))

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return start and end of the sentence of the text in which `offset` stands."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    @cached_property
    def _roles(self) -> list[tuple[int, int, SectionRole]]:
        in_text = [s for s in self.sections if s.span.part == "text"]
        return [(s.span.start, s.span.end, section_role(s.label)) for s in reversed(in_text)]

    def role(self, offset: int) -> SectionRole:
        """Return the role of the section of the text in which `offset` stands; `other` outside all sections."""
        return next((role for start, end, role in self._roles if start <= offset < end), "other")


@cache
def pipeline() -> Language:
    """Return the spaCy pipeline: English tokens and our sentence boundaries; built once in a process."""
    nlp = spacy.blank("en")
    nlp.add_pipe("cartograph_sentences")
    return nlp


def annotate(document: Document, using: Matcher | None = None) -> Annotated:
    """Return `document` annotated by the matcher `using` (the packaged one by default)."""
    return Annotated(
        document=document,
        mentions=find_mentions(document.title, document.text, using or matcher()),
        abbreviations=abbreviations(document.title, document.text),
        sections=find_sections(document),
    )
