"""Requests of the SPARQL Protocol, read strictly: what isn't clear is refused rather than guessed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kg.store import Dataset
from ontology.errors import QueryRefusedError

_FORM = "application/x-www-form-urlencoded"
_QUERY, _UPDATE = "application/sparql-query", "application/sparql-update"
_MOST_PARAMETERS = 1000
_UPDATES = "updates are refused: this store is only read"


class BadRequestError(BadRequest):
    """A request that isn't one of the protocol; says why."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a request, in order; those in its address and those in its form are one list.

    `timeout` is the header of that name, which counts where no parameter is called so.
    """

    pairs: tuple[tuple[str, str], ...]
    timeout: str | None = None

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for key, value in self.pairs if key == name)

    def get(self, name: str) -> str | None:
        """Return the one value of a parameter, or None; raises BadRequestError for several."""
        values = self.all(name)
        if len(values) > 1:
            raise BadRequestError(f"the parameter {name} is there {len(values)} times")
        return values[0] if values else None

    def one(self, name: str) -> str:
        """Return the value of a parameter that must be there; raises BadRequestError where it isn't."""
        value = self.get(name)
        if value is None:
            raise BadRequestError(f"the parameter {name} is missing")
        return value

    @property
    def dataset(self) -> Dataset | None:
        """The graphs that the request names, or None where it leaves them to the query."""
        default, named = self.all("default-graph-uri"), self.all("named-graph-uri")
        return Dataset(default, named) if default or named else None

    @property
    def seconds(self) -> float | None:
        """The time limit that the request sets itself, or None; raises BadRequestError for what isn't one."""
        text = self.get("timeout") or self.timeout
        try:
            seconds = float(text) if text else None
        except ValueError:
            seconds = -1.0
        if seconds is not None and not 0 < seconds < float("inf"):
            raise BadRequestError(f"not a time limit in seconds: {text!r}")
        return seconds


def read(request: Request) -> Parameters:
    """Return the parameters of a request; a query that is the body itself becomes the parameter `query`.

    Raises QueryRefusedError for an update, BadRequestError and UnsupportedMediaType for what isn't the protocol.
    """
    pairs = _pairs(request.query_string)
    if request.method == "POST":
        pairs += _posted(request)
    if any(name == "update" for name, _ in pairs):
        raise QueryRefusedError(_UPDATES)
    return Parameters(tuple(pairs), request.headers.get("Timeout"))


def _posted(request: Request) -> list[tuple[str, str]]:
    if request.mimetype == _UPDATE:
        raise QueryRefusedError(_UPDATES)
    if request.mimetype not in (_FORM, _QUERY):
        raise UnsupportedMediaType(f"send a query as {_QUERY} or in a form ({_FORM})")
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("send queries in UTF-8")
    body = request.get_data(cache=False)
    return _pairs(body) if request.mimetype == _FORM else [("query", _decoded(body))]


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_decoded(encoded), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise BadRequestError(f"these parameters can't be read: {error}") from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRequestError(f"this isn't UTF-8: {error.reason} at byte {error.start}") from error
