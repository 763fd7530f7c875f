"""SPARQL 1.1 Protocol and Graph Store Protocol, for reading: `/sparql` and `/graphs`.

`/sparql` is one address for people and programs: whoever prefers HTML gets the page (`web.views.sparql`). Updates are
refused. `docs/threat-model.md` tells what is promised here.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from kg.worker_answers import Kind, Written
from kg.worker_pool import Asked, WorkerPool
from ontology.errors import CartographError, QueryBusyError
from web import clients, description, sharing
from web.negotiation import NAMES, OFFERED, Format, UnknownFormatError, by_accept, by_name, prefers_page
from web.protocol import BadRequestError, Parameters, read
from web.snapshots import snapshot
from web.statuses import status_of
from web.views import sparql

blueprint = Blueprint("protocol", __name__)
_CUT = "Cartograph-Cut"
_DEFAULT_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.get("/sparql")
def query() -> Response:
    """Answer a query, show its page, or describe the service where there's none."""
    given = read(request)
    if prefers_page(request.accept_mimetypes) and not given.get("format"):
        return current_app.make_response(sparql.page(given.get("query") or ""))
    if given.get("query") is None:
        formats = _formats(given)
        return _described(formats)
    return _answer(given)


def _described(formats: dict[Kind, Format]) -> Response:
    if "graph" not in formats:
        return _not_offered("graph")
    here = snapshot()
    totals = here.catalogue.totals
    held = description.Holdings(here.graph.store.names.base, totals.studies, totals.figures)
    return _response(description.written(request.base_url, formats["graph"].name, held), formats)


@blueprint.post("/sparql")
def posted() -> Response:
    """Answer a query that comes in a form or as it is."""
    return _answer(read(request))


@blueprint.get("/graphs")
def graphs() -> Response:
    """Give a named graph of the store (`?graph=IRI`), or all of them merged (`?default`)."""
    given, formats = read(request), _formats(read(request))
    name = given.get("graph")
    if (name is None) == (given.get("default") is None):
        raise BadRequestError("name one graph of the store: ?graph=IRI, or ?default for all of them merged")
    if "graph" not in formats:
        return _not_offered("graph")
    if name is None:
        return _response(_pool().answer(Asked(_DEFAULT_GRAPH, {"graph": formats["graph"].name})), formats)
    found = _pool().graph(name, formats["graph"].name)
    return _response(found, formats) if found else _text(f"there's no graph <{name}> in this store", 404)


def _answer(given: Parameters) -> Response:
    formats = _formats(given)
    wanted = {kind: format.name for kind, format in formats.items()}
    asked = Asked(given.one("query"), wanted, given.dataset, request.base_url)
    found = _pool().answer(asked, given.seconds, is_wanted=clients.waiting())
    return _response(found, formats) if found.format else _not_offered(found.kind)


def _pool() -> WorkerPool:
    pool: WorkerPool = current_app.extensions["workers"]
    return pool


def _formats(given: Parameters) -> dict[Kind, Format]:
    name = given.get("format")
    try:
        return by_name(name) if name else by_accept(request.accept_mimetypes)
    except UnknownFormatError:
        raise BadRequestError(f"no format {name!r}; there are: {', '.join(NAMES)}") from None


def _response(written: Written, formats: dict[Kind, Format]) -> Response:
    response = Response(written.body, mimetype=formats[written.kind].media_type)
    if written.cut:
        response.headers[_CUT] = written.cut
    return response


def _not_offered(kind: Kind) -> Response:
    types = ", ".join(format.media_type for format in OFFERED[kind])
    return _text(f"a {kind} can be had as: {types}", HTTPStatus.NOT_ACCEPTABLE)


def _text(message: str, status: int) -> Response:
    return Response(f"{message}\n", status, mimetype="text/plain")


@blueprint.errorhandler(CartographError)
def explain(error: CartographError) -> Response:
    """Tell a program in one line why there is no answer."""
    response = _text(str(error), status_of(error))
    if isinstance(error, QueryBusyError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@blueprint.errorhandler(HTTPException)
def explain_http(error: HTTPException) -> Response:
    """Tell a program in one line what was wrong with its request."""
    return _text(error.description or error.name, error.code or HTTPStatus.INTERNAL_SERVER_ERROR)


@blueprint.after_request
def share(response: Response) -> Response:
    """Let pages of the origins that the operator names read what is here; by default there are none."""
    return sharing.share(response, exposed=(_CUT, "Retry-After"), accepted=("Accept", "Content-Type", "Timeout"))
