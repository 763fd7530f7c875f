"""Named questions: the list, and each with its form and answer."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from kg.questions import Question, questions
from ontology.errors import QueryError, VocabularyError
from web import answers
from web.options import choices
from web.responses import attachment
from web.snapshots import snapshot

blueprint = Blueprint("questions", __name__)
_LONGEST = 200


@blueprint.get("/questions")
def index() -> str:
    """Show all the named questions."""
    return render_template("questions.html", questions=questions())


@blueprint.get("/questions/<name>")
def question(name: str) -> str | Response | tuple[str, int]:
    """Show a question's form and its answer; `?format=csv` gives the whole answer."""
    asked = next((q for q in questions() if q.name == name), None)
    if asked is None:
        abort(404, f"There is no question called {name!r}.")
    here = snapshot()
    values = {p.name: _given(p.name) for p in asked.parameters if _given(p.name)}
    try:
        if request.args.get("format") == "csv":
            return attachment(answers.ask_download(here.graph, name, values), "text/csv", name, "csv")
        return _page(asked, values, answer=answers.ask(here.graph, name, values))
    except (QueryError, VocabularyError) as error:
        return _page(asked, values, problem=str(error)), 400


def _given(name: str) -> str:
    return request.args.get(name, "")[:_LONGEST].strip()


def _page(asked: Question, values: dict[str, str], **context: object) -> str:
    catalogue = snapshot().catalogue
    address = url_for("questions.question", name=asked.name)
    return render_template(
        "question.html",
        question=asked,
        given={p.name: values.get(p.name, p.default) for p in asked.parameters},
        options={p.type: choices(catalogue, p.type) for p in asked.parameters},
        downloads=[("CSV", f"{address}?{urlencode(values | {'format': 'csv'})}")],
        **context,
    )
