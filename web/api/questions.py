"""Named questions: the list, each with its SPARQL, and their answers."""

from __future__ import annotations

from http import HTTPStatus

import pyoxigraph as ox
from flask import url_for

from kg import query as asking
from kg.questions import Question as Asked
from kg.questions import questions
from kg.rdf import Term
from ontology import terms
from web.api.endpoints import paging, slice_of
from web.api.models import Answer, Parameter, Question, QuestionDetail, QuestionLinks, QuestionList
from web.api.parameters import AnswerQuery, Nothing
from web.api.problems import problem
from web.snapshots import Snapshot

_WHOLE = {terms.XSD + "integer"}
_NUMBERS = {terms.XSD + name for name in ("decimal", "double", "float")}


def index(_here: Snapshot, _query: Nothing, _item: str) -> QuestionList:
    """Return all named questions."""
    return QuestionList(questions=[_question(asked) for asked in questions()])


def question(_here: Snapshot, _query: Nothing, item: str) -> QuestionDetail:
    """Return one question with its SPARQL."""
    asked = _named(item)
    return QuestionDetail.model_validate(_facts(asked) | {"sparql": asked.text})


def answer(here: Snapshot, query: AnswerQuery, item: str) -> Answer:
    """Return a page of the answer to a question with the values given; others keep their defaults."""
    asked = _named(item)
    found = asking.ask(here.graph.store, asked.name, query.values)
    rows = found.rows[slice_of(query.page, query.page_size)]
    return Answer(
        question=asked.name,
        values={p.name: query.values.get(p.name, "").strip() or p.default for p in asked.parameters},
        columns=list(found.columns),
        rows=[[_cell(term) for term in row] for row in rows],
        paging=paging(len(found.rows), query.page, query.page_size),
    )


def _named(name: str) -> Asked:
    for asked in questions():
        if asked.name == name:
            return asked
    raise problem(HTTPStatus.NOT_FOUND, f"no question is called {name!r}")


def _question(asked: Asked) -> Question:
    return Question.model_validate(_facts(asked))


def _facts(asked: Asked) -> dict[str, object]:
    return {
        "name": asked.name,
        "title": asked.title,
        "description": asked.description,
        "parameters": [
            Parameter(name=p.name, type=p.type, default=p.default, description=p.description) for p in asked.parameters
        ],
        "links": QuestionLinks(
            self=url_for("api.question", item=asked.name),
            answer=url_for("api.answer", item=asked.name),
            page=url_for("questions.question", name=asked.name),
        ),
    }


def _cell(term: Term | None) -> str | int | float | bool | None:
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else str(term)
    kind = term.datatype.value
    if kind in _WHOLE:
        return int(term.value)
    if kind == terms.XSD + "boolean":
        return term.value in ("true", "1")
    number = float(term.value) if kind in _NUMBERS else None
    return term.value if number is None or number - number != 0 else number
