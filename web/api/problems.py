"""Why a request can't be answered, as RFC 9457 has it: `application/problem+json`."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from ontology.errors import CartographError, QueryBusyError, QueryError, StoreError, VocabularyError
from web.statuses import status_of

MEDIA_TYPE = "application/problem+json"


class InvalidParameter(BaseModel):
    """A parameter that can't be read: its name and what is wrong with it."""

    name: str
    reason: str


class Problem(BaseModel):
    """Why there is no answer (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(default="about:blank", description="What kind of problem it is; the status tells it here.")
    title: str
    status: int
    detail: str = Field(description="What is wrong with this request, in a sentence.")
    invalid_parameters: list[InvalidParameter] | None = None
    near: list[str] | None = Field(
        default=None, description="Names in the vocabulary that are near to the unknown one."
    )


class ProblemError(Exception):
    """A problem to answer with."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def problem(status: int, detail: str, *, near: tuple[str, ...] = ()) -> ProblemError:
    """Return the error that answers with `status` and says why."""
    return ProblemError(Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, near=list(near) or None))


def respond(error: ProblemError) -> Response:
    """Return the response that tells a problem."""
    body = error.problem.model_dump_json(exclude_none=True)
    return Response(body + "\n", error.problem.status, mimetype=MEDIA_TYPE)


def of_error(error: CartographError) -> Response:
    """Return the response for an error that the store, the vocabulary or a question raised.

    What is well formed and means nothing here (an unknown concept, a time that can't be read) is 422.
    """
    if isinstance(error, VocabularyError):
        return respond(
            problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"not in the vocabulary: {error.name}", near=error.near)
        )
    status = status_of(error)
    if isinstance(error, QueryError) and status == HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    response = respond(problem(status, str(error)))
    if isinstance(error, QueryBusyError):
        response.headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, StoreError):
        response.headers["Retry-After"] = "5"
    return response


def of_http(error: HTTPException) -> Response:
    """Return the response for an error of the server itself: an unknown address, a method that isn't taken."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    details = {404: "there is nothing at this address", 405: "this address can only be read"}
    response = respond(problem(code, details.get(code, error.description or error.name)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
