"""The OpenAPI 3.1 document, made from the endpoints and their types."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api import problems
from web.api.endpoints import MEDIA_TYPE, Endpoint
from web.api.registry import ENDPOINTS, PREFIX, TITLE, version

_REFERENCE = "#/components/schemas/{model}"
_ABOUT = """Evidence on CAR T-cell therapy and stem-cell transplantation, read from abstracts by software: check
a figure against its words before you rely on it.

Everything can only be read. Answers carry an ETag that changes with the store: send it back in `If-None-Match` to learn
in a few bytes (304) that nothing changed. What can't be answered is told as `application/problem+json` (RFC 9457)."""
_PROBLEMS = {
    "400": "A parameter can't be read; `invalid_parameters` names it.",
    "404": "The store has nothing of this name.",
    "422": "Well formed, but it means nothing here: an unknown concept, a time or grade that can't be read.",
    "503": "There is no store yet, or it can't be read.",
}
_ETAG = {"description": "Changes with the store.", "schema": {"type": "string"}}


@cache
def document() -> dict[str, Any]:
    """Return the document as a JSON object."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": version(),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [*(endpoint.result for endpoint in ENDPOINTS), problems.Problem]
    wanted: Any = [(model, "serialization") for model in models]
    _, found = models_json_schema(wanted, ref_template=_REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    return schemas | {"Problem": schemas["Problem"] | {"required": ["type", "title", "status", "detail"]}}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    statuses = ["400"] + ["404"] * (endpoint.item is not None) + ["422"] * endpoint.can_be_meaningless + ["503"]
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": list(_parameters(endpoint)),
        "responses": {
            "200": {
                "description": _first_line(endpoint.result),
                "headers": {"ETag": _ETAG},
                "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=endpoint.result.__name__)}}},
            },
            "304": {"description": "As it was, by the ETag sent in `If-None-Match`."},
            **{status: _problem(status) for status in statuses},
        },
    }


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _problem(status: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": _PROBLEMS[status], "content": {problems.MEDIA_TYPE: {"schema": schema}}}


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    if endpoint.item is not None:
        yield {
            "name": endpoint.item.name,
            "in": "path",
            "required": True,
            "description": endpoint.item.description,
            "schema": {"type": "string", "minLength": 1},
            "example": endpoint.item.example,
        }
    schema = endpoint.query.model_json_schema()
    for name, field in schema["properties"].items():
        required = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": required, "style": "form", "explode": True} | _taken(field)


def _taken(field: dict[str, Any]) -> dict[str, Any]:
    """Return description and schema of a parameter; one that isn't there has no null to stand for it."""
    alternatives = [s for s in field.get("anyOf", ()) if s.get("type") != "null"]
    schema = {k: v for k, v in field.items() if k not in ("anyOf", "title", "description")}
    for alternative in alternatives:
        schema |= alternative
    if schema.get("default", "") is None:
        del schema["default"]
    return {"description": field.get("description", ""), "schema": schema}
