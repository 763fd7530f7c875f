"""What the endpoints give: typed, so that the OpenAPI document and the answers can't differ."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from extractors.evidence import EvidenceRecord


class Model(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Links(Model):
    """Addresses of this thing: in the API, and as a page where it has one."""

    self: str
    page: str | None = None


class PageLinks(Model):
    """Addresses of this page of a list and of its neighbours."""

    self: str
    first: str
    prev: str | None = None
    next: str | None = None
    last: str


class Paging(Model):
    """Which part of a list this is."""

    total: int = Field(description="How many there are on all pages.")
    page: int
    page_size: int
    pages: int
    links: PageLinks


class Study(Model):
    """One report of a study, as the list shows it."""

    key: str = Field(description="What names it in addresses: `pmid-34891224`.")
    id: str = Field(description="Its identifier: `pmid:34891224`.")
    title: str
    year: int | None
    journal: str | None
    design: str
    patients: int | None = Field(description="Treated, else enrolled, else evaluable patients.")
    figures: int = Field(description="How many outcome figures were read from it.")
    contradictions: int
    retracted: bool
    conditions: list[str]
    interventions: list[str] = Field(description="Given ones; what was left out isn't here.")
    trials: list[str]
    identifiers: list[str]
    links: Links


class FacetValue(Model):
    """A value to filter by, and how many of the studies found have it."""

    value: str
    label: str
    count: int
    chosen: bool


class StudyList(Model):
    """A page of studies, and what the whole result can be narrowed by."""

    studies: list[Study]
    paging: Paging
    facets: dict[str, list[FacetValue]] = Field(description="The commonest values of each facet.")


class StudyDetail(Model):
    """A study with all that was extracted from its report."""

    study: Study
    record: EvidenceRecord
    related: list[Study] = Field(description="Other reports of the trials that it names.")


class FigureLinks(Model):
    """Where a figure comes from."""

    study: str = Field(description="The study in the API.")
    words: str = Field(description="The page on which the figure stands beside its words.")


class Figure(Model):
    """One outcome figure. Concepts by their canonical names, several joined by `; `; unknown is null, never zero."""

    iri: str
    study: str
    title: str
    year: int | None
    retracted: bool
    design: str
    condition: str | None
    intervention: str | None
    basis: str | None = Field(
        description="Whether the arm was given the intervention (`arm`) or the study examines it."
    )
    arm: str
    comparator: str | None
    subgroup: str | None
    measure: str
    label: str | None
    statistic: str
    value: float | None
    not_reached: bool
    unit: str | None
    n: int | None
    N: int | None
    ci_low: float | None
    ci_high: float | None
    ci_level: float | None
    p: str | None
    time_months: float | None
    grade: str | None
    flags: str | None = Field(description="Kinds of contradiction that checks found in it.")
    quote: str = Field(description="The words that it was read from.")
    start: int | None = Field(description="Where the quote starts in the record's text, in code points.")
    end: int | None
    links: FigureLinks


class FigureList(Model):
    """A page of outcome figures."""

    figures: list[Figure]
    paging: Paging


class Group(Model):
    """Figures that belong together; `name` is null where they aren't grouped."""

    name: str | None
    figures: list[Figure]


class Section(Model):
    """Figures of one statistic and unit, which alone can be compared."""

    heading: str
    statistic: str
    unit: str | None
    groups: list[Group]


class Comparison(Model):
    """An outcome over studies; `left_out` figures went beyond the limit."""

    outcome: str
    figures: int
    studies: int
    left_out: int
    sections: list[Section]


class Word(Model):
    """A concept of the vocabulary, or a class or property of the schema."""

    curie: str = Field(description="What stands for it in queries: `measure:overall-survival`.")
    iri: str
    kind: str
    name: str = Field(description="Its canonical name, which filters take.")
    label: str
    synonyms: list[str]
    definition: str | None
    studies: int | None = Field(description="How many studies have it or something narrower; null where not counted.")


class WordList(Model):
    """Words that what was typed may mean, the best first; `total` of them fit."""

    words: list[Word]
    total: int


class Parameter(Model):
    """A value that a question takes."""

    name: str
    type: str
    default: str
    description: str


class Question(Model):
    """A named question."""

    name: str
    title: str
    description: str
    parameters: list[Parameter]
    links: QuestionLinks


class QuestionLinks(Model):
    """Addresses of a question, its answer with default values, and its page."""

    self: str
    answer: str
    page: str


class QuestionList(Model):
    """All named questions."""

    questions: list[Question]


class QuestionDetail(Question):
    """A named question with its SPARQL."""

    sparql: str


class Answer(Model):
    """Rows of an answer under its columns; IRIs are given in full."""

    question: str
    values: dict[str, str] = Field(description="The values that were asked with.")
    columns: list[str]
    rows: list[list[str | int | float | bool | None]]
    paging: Paging


class Index(Model):
    """Where everything is."""

    title: str
    version: str
    studies: int
    store: str = Field(description="The version of the store; every answer's ETag changes with it.")
    links: dict[str, str]
