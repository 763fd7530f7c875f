"""The vocabulary, searched as you type."""

from __future__ import annotations

from web.api.models import Word, WordList
from web.api.parameters import VocabularyQuery
from web.snapshots import Snapshot
from web.words import Word as Found

MOST_SYNONYMS = 12


def index(here: Snapshot, query: VocabularyQuery, _item: str) -> WordList:
    """Return the words that what was typed may mean."""
    found = here.words.search(query.q, query.kind)
    return WordList(words=[_word(word) for word in found[: query.limit]], total=len(found))


def _word(word: Found) -> Word:
    return Word(
        curie=word.curie,
        iri=word.iri,
        kind=word.kind,
        name=word.name,
        label=word.label,
        synonyms=list(word.synonyms[:MOST_SYNONYMS]),
        definition=word.definition,
        studies=word.studies,
    )
