"""Named questions: one `.rq` file each, with title, description and typed parameters in the comments at its top.

    # title: Response by CAR T product
    # description: ...
    # parameter: measure (outcome) = complete-response -- the response measured
    # example: {"product": "tisagenlecleucel", "reports": "3"}

The example is a row of the answer among the reference records; a test holds it against them. A parameter's place in the
query is `VALUES ?measure { ... }` with the default filled in, so that a file runs as it is in any SPARQL tool. Given
values become RDF terms and take the default's place: raw input never gets into the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from importlib import resources

from kg.measures import grade_bounds, parse_time
from kg.naming import concept
from kg.rdf import Term, iri, literal
from kg.store import Reading
from ontology.errors import QueryError
from ontology.names import KIND_PREFIXES

ANY = "any"
_PARAMETER = re.compile(r"(?P<name>\w+) \((?P<type>[\w-]+)\) = (?P<default>.+?) -- (?P<description>.+)")
_KINDS = {kind: (kind,) for kind in KIND_PREFIXES} | {"outcome": ("outcome", "outcome-group")}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a question takes.

    `type` is a kind of concept (`outcome`, `condition`, `intervention`, ...), `time` (`12mo`; bound in months), `grade`
    (`>=3`; the lowest grade is bound), `integer`, `decimal` or `text`. A `default` of `any` may be left unset.
    """

    name: str
    type: str
    default: str
    description: str

    @property
    def is_concept(self) -> bool:
        """Whether the value is a concept."""
        return self.type in _KINDS


@dataclass(frozen=True, slots=True)
class Question:
    """One named question; `text` is the whole file, `example` a row of an answer with the names of its columns."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    example: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """The query without the comments at its top."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#")).strip()


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions by name."""
    folder = resources.files("kg") / "queries"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return tuple(parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8")) for file in files)


def question(name: str) -> Question:
    """Return the question called `name`; raises QueryError with near names for an unknown one."""
    by_name = {q.name: q for q in questions()}
    if name not in by_name:
        near = get_close_matches(name, by_name, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise QueryError(f"no question is called {name}{hint}")
    return by_name[name]


def parse(name: str, text: str) -> Question:
    """Return the question that a file holds; raises QueryError where its head is incomplete."""
    head: dict[str, list[str]] = {"title": [], "description": [], "parameter": [], "example": []}
    for line in text.splitlines():
        key, colon, value = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and colon and key in head:
            head[key].append(value.strip())
    if any(len(head[key]) != 1 for key in ("title", "description", "example")):
        raise QueryError(f"{name}.rq: needs one title, one description and one example")
    parameters = tuple(_parameter(name, line, text) for line in head["parameter"])
    return Question(
        name, head["title"][0], head["description"][0], parameters, text, _example(name, head["example"][0])
    )


def _example(name: str, line: str) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise QueryError(f"{name}.rq: the example isn't JSON: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(x, str) for x in found.values()):
        raise QueryError(f"{name}.rq: the example isn't a row of texts")
    return tuple(found.items())


def _parameter(question_name: str, line: str, text: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None or not _place(match["name"]).search(text):
        raise QueryError(f"{question_name}.rq: parameter without a place or a description: {line}")
    return Parameter(match["name"], match["type"], match["default"], match["description"])


def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{name} \{{[^{{}}]*\}}")


def bind(store: Reading, asked: Question, values: Mapping[str, str | int | float | Decimal]) -> str:
    """Return the query text with `values` in place; unset parameters keep their defaults.

    Raises QueryError for a parameter that the question hasn't or a value that doesn't fit its type, VocabularyError for
    an unknown concept.
    """
    text = asked.text
    for name, given in _given(asked, values).items():
        text = _put(text, name, _term(store, _known(asked)[name], given))
    return text


def bound(store: Reading, asked: Question, values: Mapping[str, str | int | float | Decimal]) -> dict[str, Term | None]:
    """Return the terms of all parameters, `values` in place of defaults; None for one left open. Raises as `bind`."""
    given = {name: parameter.default for name, parameter in _known(asked).items()} | _given(asked, values)
    return {name: _term(store, _known(asked)[name], value) for name, value in given.items()}


def _known(asked: Question) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in asked.parameters}


def _given(asked: Question, values: Mapping[str, str | int | float | Decimal]) -> dict[str, str]:
    """Return the values that aren't the defaults, as text."""
    known = _known(asked)
    for name in values:
        if name not in known:
            raise QueryError(f"{asked.name} has no parameter {name}; it has: {', '.join(known) or 'none'}")
    texts = {name: str(value).strip() for name, value in values.items()}
    return {name: text for name, text in texts.items() if text and text != known[name].default}


def _put(text: str, name: str, term: Term | None) -> str:
    filled = f"VALUES ?{name} {{ {'UNDEF' if term is None else term} }}"
    return _place(name).sub(lambda _: filled, text)


def _term(store: Reading, parameter: Parameter, given: str) -> Term | None:
    """Return the term that a value stands for; None for `any` where the question allows it."""
    if given == ANY and parameter.default == ANY:
        return None
    if parameter.is_concept:
        return iri(concept(store, given, _KINDS[parameter.type]))
    try:
        return _LITERALS[parameter.type](given)
    except (ValueError, InvalidOperation) as error:
        raise QueryError(f"{parameter.name}: not a {parameter.type}: {given!r}") from error


def _lowest_grade(given: str) -> Term:
    bounds = grade_bounds(given)
    if bounds is None or bounds.low is None:
        raise ValueError(given)
    return literal(bounds.low)


_LITERALS = {
    "text": lambda given: literal(given),
    "integer": lambda given: literal(int(given)),
    "decimal": lambda given: literal(_finite(given)),
    "time": lambda given: literal(parse_time(given)),
    "grade": _lowest_grade,
}


def _finite(given: str) -> Decimal:
    number = Decimal(given)
    if not number.is_finite():
        raise ValueError(given)
    return number
