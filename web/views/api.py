"""The JSON API's addresses."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from ontology.errors import CartographError
from web import sharing
from web.api import endpoints, problems
from web.api.endpoints import Endpoint
from web.api.openapi import document as openapi
from web.api.registry import ENDPOINTS, PREFIX

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(item: str = "") -> Response:
        return endpoints.respond(endpoint, item)

    return view


def _rule(endpoint: Endpoint) -> str:
    item = endpoint.item
    return endpoint.path.replace(f"{{{item.name}}}", "<path:item>") if item else endpoint.path


for _endpoint in ENDPOINTS:
    blueprint.add_url_rule(_rule(_endpoint), _endpoint.name, _view(_endpoint), methods=["GET"])


@blueprint.get("/openapi.json")
def document() -> Response:
    """Give the OpenAPI document."""
    response = jsonify(openapi())
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.errorhandler(problems.ProblemError)
def explain_problem(error: problems.ProblemError) -> Response:
    """Tell what is wrong with a request."""
    return problems.respond(error)


@blueprint.errorhandler(CartographError)
def explain(error: CartographError) -> Response:
    """Tell why the store has no answer."""
    return problems.of_error(error)


@blueprint.errorhandler(HTTPException)
def explain_http(error: HTTPException) -> Response:
    """Tell why the server has no answer."""
    return problems.of_http(error)


@blueprint.after_request
def share(response: Response) -> Response:
    """Let pages of the origins that the operator names read what is here."""
    return sharing.share(response, exposed=("ETag", "Retry-After"), accepted=("Accept", "If-None-Match"))
