"""The SPARQL page: a query in, a table out; the address holds the query."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import abort, current_app, render_template, request, url_for

from kg.questions import questions
from ontology import terms
from ontology.errors import QueryError, QuerySyntaxError
from web import answers
from web.snapshots import snapshot
from web.statuses import status_of

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


def page(text: str) -> tuple[str, int]:
    """Return the page with the editor, the answer to the query `text` if there's any, and its status."""
    if not text.strip():
        return _page(_example(request.args.get("example"))), 200
    workers = current_app.extensions["workers"]
    try:
        return _page(text, answer=answers.run(snapshot().graph, workers, text, request.base_url)), 200
    except QueryError as error:
        fault = error if isinstance(error, QuerySyntaxError) else None
        return _page(text, problem=str(error), fault=fault), status_of(error)


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
    address = url_for("protocol.query")
    return render_template(
        "sparql.html",
        query=text,
        questions=questions(),
        prefixes=sorted(terms.PREFIXES),
        example=request.args.get("example"),
        downloads=[
            (f.upper() if not is_graph else f, f"{address}?{urlencode({'query': text, 'format': f})}") for f in offered
        ],
        **context,
    )
