"""All endpoints: the one list that addresses, checks and the OpenAPI document are made from."""

from __future__ import annotations

from importlib import metadata

from flask import url_for

from web.api import outcomes, questions, studies, words
from web.api.endpoints import Endpoint, Item
from web.api.models import (
    Answer,
    Comparison,
    FigureList,
    Index,
    QuestionDetail,
    QuestionList,
    StudyDetail,
    StudyList,
    WordList,
)
from web.api.parameters import AnswerQuery, CompareQuery, Nothing, OutcomesQuery, StudiesQuery, VocabularyQuery
from web.snapshots import Snapshot

PREFIX = "/api/v1"
TITLE = "Cartograph"
_STUDY = Item("study", "A study's key, an identifier (`pmid:34891224`, `doi:…`, `NCT…`) or its report's IRI.", "pmid-1")
_QUESTION = Item("question", "A question's name.", "crs-by-product")


def version() -> str:
    """Return the version of the program, which is that of the API's document."""
    return metadata.version("cartograph-kg")


def _index(here: Snapshot, _query: Nothing, _item: str) -> Index:
    plain = [endpoint for endpoint in ENDPOINTS if endpoint.item is None and endpoint.path != "/"]
    links = {endpoint.name: url_for(f"api.{endpoint.name}") for endpoint in plain}
    return Index(
        title=TITLE,
        version=version(),
        studies=len(here.catalogue),
        store=here.version,
        links=links | {"openapi": url_for("api.document"), "sparql": url_for("protocol.query")},
    )


ENDPOINTS = (
    Endpoint("index", "/", "Tell where everything is", Nothing, Index, _index),
    Endpoint("studies", "/studies", "Search studies by words and facets", StudiesQuery, StudyList, studies.index),
    Endpoint(
        "study", "/studies/{study}", "Give a study with all that was extracted", Nothing, StudyDetail, studies.study,
        item=_STUDY,
    ),
    Endpoint(
        "outcomes", "/outcomes", "List outcome figures", OutcomesQuery, FigureList, outcomes.index,
        can_be_meaningless=True,
    ),
    Endpoint(
        "compare", "/compare", "Compare an outcome over studies", CompareQuery, Comparison, outcomes.compare,
        can_be_meaningless=True,
    ),
    Endpoint("vocabulary", "/vocabulary", "Find words as they are typed", VocabularyQuery, WordList, words.index),
    Endpoint("questions", "/questions", "List the named questions", Nothing, QuestionList, questions.index),
    Endpoint(
        "question", "/questions/{question}", "Give a question with its SPARQL", Nothing, QuestionDetail,
        questions.question, item=_QUESTION,
    ),
    Endpoint(
        "answer", "/questions/{question}/answer", "Answer a question", AnswerQuery, Answer, questions.answer,
        item=_QUESTION, can_be_meaningless=True,
    ),
)  # fmt: skip
