"""What can be asked for in an address: one typed model for each endpoint, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, core_schema
from werkzeug.datastructures import MultiDict

from web.api.problems import InvalidParameter, Problem, ProblemError
from web.comparison import GROUPINGS, SORTS
from web.search import NOTABLE
from web.search import SORTS as STUDY_SORTS
from web.words import KINDS

LARGEST_PAGE = 100
MOST_WORDS = 50
MOST_ROWS = 1000
_FURTHEST = 1_000_000

_Model = TypeVar("_Model", bound=BaseModel)


def _whole(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise ValueError("not a whole number")
    return value


_AS_WRITTEN = BeforeValidator(_whole)  # stands last: constraints before it would be lost to the document
Text = Annotated[str, Field(max_length=200)]
Values = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)]
Page = Annotated[
    int, Field(ge=1, le=_FURTHEST, description="Which page, from 1; one beyond the last is empty."), _AS_WRITTEN
]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="How many to a page."), _AS_WRITTEN]
Year = Annotated[int, Field(ge=0, le=9999), _AS_WRITTEN]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a text that is one of `names`."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.literal_schema(list(self.names))


class Query(BaseModel):
    """Parameters of an address; one that isn't known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Query):
    """No parameters."""


class StudiesQuery(Query):
    """Which studies to list. Values of one facet are alternatives; facets, words and years narrow one another."""

    q: Annotated[str, Field(max_length=300)] = Field(
        "", description="Words in title, abstract, treatments or identifiers; the last may be a beginning."
    )
    condition: Values = Field([], description="Canonical names of conditions; narrower ones count too.")
    intervention: Values = Field([], description="Canonical names of interventions; narrower ones count too.")
    outcome: Values = Field([], description="Outcome measures that figures are reported of.")
    design: Values = Field([], description="Study designs, as `randomized-controlled-trial`.")
    topic: Values = Field([], description="`car-t`, `hsct`, `car-t+hsct` or `neither`.")
    notable: Annotated[list[Annotated[str, OneOf(NOTABLE)]], Field(max_length=20)] = Field(
        [], description="What is worth a look."
    )
    from_: Year | None = Field(None, alias="from", description="The first year of publication.")
    to: Year | None = Field(None, description="The last year of publication.")
    sort: Annotated[str, OneOf(STUDY_SORTS)] | None = Field(
        None, description="The order; by relevance where there are words, else newest first."
    )
    page: Page = 1
    page_size: PageSize = 20


class FigureQuery(Query):
    """Which outcome figures; each filter narrows the others."""

    condition: Text = Field("", description="Name, label, CURIE or IRI of a condition; narrower ones count too.")
    intervention: Text = Field("", description="The same of an intervention: of the figure's arm, else of its study.")
    time: Text = Field("", description="A time point: `12mo`, `day 100`.", examples=["12mo"])
    grade: Text = Field("", description="A grade: `3-4`, `>=3`.", examples=[">=3"])
    arm: Text = Field("", description="The label of an arm or group.")


class OutcomesQuery(FigureQuery):
    """Which outcome figures; one of outcome, condition and intervention must be there."""

    outcome: Text = Field("", description="Name, label, CURIE or IRI of an outcome measure; narrower ones count too.")
    page: Page = 1
    page_size: PageSize = 50


class CompareQuery(FigureQuery):
    """What to compare; `outcome` must be there."""

    outcome: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="Name, label, CURIE or IRI of an outcome measure; narrower ones count too."
    )
    group: Annotated[str, OneOf(GROUPINGS)] = Field("none", description="What to group figures by.")
    sort: Annotated[str, OneOf(SORTS)] = Field("newest", description="The order of figures within their group.")


class VocabularyQuery(Query):
    """Which words of the vocabulary."""

    q: Annotated[str, Field(max_length=200)] = Field(
        "",
        description="The beginning of a label, synonym or code, or of any word of one; a prefix narrows it.",
        examples=["cytok", "condition:lymph"],
    )
    kind: Annotated[list[Annotated[str, OneOf(KINDS)]], Field(max_length=len(KINDS))] = Field(
        [], description="Only these kinds; all where there's none."
    )
    limit: Annotated[int, Field(ge=1, le=MOST_WORDS, description="How many at most."), _AS_WRITTEN] = 10


class AnswerQuery(Query):
    """Which rows of an answer; every other parameter is the question's."""

    page: Page = 1
    page_size: Annotated[int, Field(ge=1, le=MOST_ROWS, description="How many rows to a page."), _AS_WRITTEN] = 100
    values: dict[str, Text] = Field(
        {}, description="Values of the question's parameters, each by its own name: `&grade=>=3`."
    )


def read(model: type[_Model], given: MultiDict[str, str]) -> _Model:
    """Return the parameters of an address; raises ProblemError (400) that names all that can't be read."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    is_open = "values" in model.model_fields
    known: dict[str, object] = {}
    others: dict[str, str] = {}
    faults: list[InvalidParameter] = []
    for name, values in given.lists():
        takes_several = name in fields and _takes_several(fields[name].annotation)
        if len(values) > 1 and not takes_several:
            faults.append(InvalidParameter(name=name, reason=f"there {len(values)} times; it can be there once"))
        elif is_open and (name == "values" or name not in fields):
            others[name] = values[0]
        else:
            known[name] = values if takes_several else values[0]
    try:
        found = model.model_validate(known | ({"values": others} if is_open else {}))
    except ValidationError as error:
        faults += [InvalidParameter(name=str(e["loc"][0]), reason=_reason(e)) for e in error.errors(include_url=False)]
    if faults:
        raise ProblemError(_unreadable(faults))
    return found


def _takes_several(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) is list


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such parameter"
    return str(error["msg"]).removeprefix("Value error, ")


def _unreadable(faults: list[InvalidParameter]) -> Problem:
    said = "; ".join(f"{fault.name}: {fault.reason}" for fault in faults)
    return Problem(title="Bad Request", status=400, detail=said, invalid_parameters=faults)
