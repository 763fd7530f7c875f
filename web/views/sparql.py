"""The SPARQL page: a query in, a table out; the address holds the query."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from kg.questions import questions
from ontology.errors import QueryError
from web import answers
from web.library import snapshot
from web.responses import attachment

blueprint = Blueprint("sparql", __name__)
_FORMATS = {
    "csv": ("text/csv", "csv"),
    "tsv": ("text/tab-separated-values", "tsv"),
    "json": ("application/sparql-results+json", "json"),
    "xml": ("application/sparql-results+xml", "xml"),
    "turtle": ("text/turtle", "ttl"),
    "ntriples": ("application/n-triples", "nt"),
}
_FIRST = """# The studies of a disease and everything narrower, with what they were.
SELECT ?title ?design ?year ?report
WHERE {
  ?report cg:reports ?study ; dcterms:title ?title .
  ?study cg:population/cg:condition/cg:within condition:lymphoma ;
    cg:design/skos:prefLabel ?design .
  OPTIONAL { ?report cg:year ?year }
}
ORDER BY DESC(?year) ?title
LIMIT 50
"""


@blueprint.get("/sparql")
def page() -> str | Response | tuple[str, int]:
    """Show the editor, and the answer to `query`; `format` gives the whole answer as a file."""
    text = request.args.get("query", "")
    if not text.strip():
        return _page(_example(request.args.get("example")))
    here, format_name = snapshot(), request.args.get("format")
    try:
        if format_name:
            return _file(answers.download(here.graph, text, _known(format_name)), format_name)
        return _page(text, answer=answers.run(here.graph, text))
    except QueryError as error:
        return _page(text, problem=str(error)), 400


def _known(format_name: str) -> str:
    if format_name not in _FORMATS:
        abort(400, f"No format {format_name!r}; there are: {', '.join(_FORMATS)}.")
    return format_name


def _file(body: bytes, format_name: str) -> Response:
    media_type, suffix = _FORMATS[format_name]
    return attachment(body, media_type, "result", suffix)


def _example(name: str | None) -> str:
    if name is None:
        return _FIRST
    found = next((q.text for q in questions() if q.name == name), None)
    if found is None:
        abort(404, f"There is no question called {name!r}.")
    return found


def _page(text: str, **context: object) -> str:
    answer = context.get("answer")
    is_graph = isinstance(answer, answers.Answer) and answer.kind == "graph"
    offered = ("turtle", "ntriples") if is_graph else ("csv", "json")
    address = url_for("sparql.page")
    return render_template(
        "sparql.html",
        query=text,
        questions=questions(),
        example=request.args.get("example"),
        downloads=[
            (f.upper() if not is_graph else f, f"{address}?{urlencode({'query': text, 'format': f})}") for f in offered
        ],
        **context,
    )
