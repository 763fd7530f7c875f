"""The evidence record: what is extracted from one document, as typed, frozen, strictly validated data.

The JSON of a record is the one that `docs/evidence-record.md` defines. Beyond the fields of that guide, every extracted
item says where it stands (`start`, `end`: code points into `text`, or into `title` where `part` says so) and which rule
or component made it (`by`). Study fields that are single values have their anchors in `anchors`, keyed by their path
(`design.phase`, `population.enrolled`, `follow_up.median`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from ontology.errors import EvidenceError

Relevance = Literal["car-t", "hsct", "car-t+hsct", "neither"]
DesignType = Literal[
    "randomized-controlled-trial", "nonrandomized-trial", "single-arm-trial", "prospective-cohort",
    "retrospective-cohort", "cross-sectional", "case-series", "case-report", "meta-analysis", "systematic-review",
    "narrative-review", "economic-evaluation", "study-protocol", "preclinical", "guideline", "other",
]  # fmt: skip
Phase = Literal["1", "1/2", "2", "2/3", "3", "4"]
Masking = Literal["open-label", "single-blind", "double-blind"]
Centers = Literal["single-center", "multicenter"]
DiseaseStatus = Literal[
    "relapsed-refractory", "newly-diagnosed", "in-remission", "mrd-positive", "high-risk", "previously-treated"
]
AgeGroup = Literal["pediatric", "young-adult", "adult", "older-adult"]
Category = Literal["car-t", "hsct", "conditioning", "lymphodepletion", "gvhd-prophylaxis", "bridging", "drug", "other"]
CellSource = Literal["autologous", "allogeneic", "donor-derived"]
InterventionRole = Literal["experimental", "comparator", "background"]
ArmRole = Literal["experimental", "comparator", "cohort"]
Statistic = Literal["proportion", "count", "median", "mean", "hazard-ratio", "odds-ratio", "risk-ratio", "difference"]
TimeUnit = Literal["day", "week", "month", "year"]
Unit = Literal["%", "day", "week", "month", "year"]
Part = Literal["title", "text"]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=False)]
Count = Annotated[int, Field(ge=0)]


_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Anchor(_Strict):
    """Where an item stands and what made it: `part[start:end]`, `by` a rule's or component's name."""

    start: Count
    end: Count
    part: Part = "text"
    by: Name


class Citation(_Strict):
    """The publication; unknown stays null."""

    pmid: str | None = None
    doi: str | None = None
    journal: str | None = None
    year: int | None = None


class Notice(_Strict):
    """A mark that the publication bears: it was retracted, corrected, or is itself such a notice."""

    kind: Literal["retracted", "retraction", "erratum", "concern", "update", "withdrawn"]
    reference: str | None = None


class Design(_Strict):
    """How the study was made."""

    type: DesignType = "other"
    type_also: tuple[DesignType, ...] = ()
    phase: Phase | None = None
    masking: Masking | None = None
    centers: Centers | None = None
    registry_ids: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()


class Population(_Strict):
    """Who was studied; counts are of the whole study, as stated."""

    enrolled: Count | None = None
    treated: Count | None = None
    evaluable: Count | None = None
    conditions: tuple[Name, ...] = ()
    disease_status: tuple[DiseaseStatus, ...] = ()
    age_group: tuple[AgeGroup, ...] = ()
    median_age: float | None = None
    median_prior_lines: float | None = None
    antigens: tuple[Name, ...] = ()


class Intervention(_Strict):
    """A treatment that the text names, and whether it was given (`used`)."""

    name: Name
    category: Category
    targets: tuple[Name, ...] = ()
    source: CellSource | None = None
    role: InterventionRole | None = None
    used: bool = True
    anchors: tuple[Anchor, ...] = ()


class Arm(_Strict):
    """A group of patients that figures are reported for; `n` its size where stated."""

    label: Name
    n: Count | None = None
    role: ArmRole | None = None
    interventions: tuple[Name, ...] = ()
    anchors: tuple[Anchor, ...] = ()


class FollowUp(_Strict):
    """Follow-up as stated."""

    median: float | None = None
    min: float | None = None
    max: float | None = None
    unit: TimeUnit | None = None


class TimePoint(_Strict):
    """A time point as reported."""

    value: float
    unit: TimeUnit


class Outcome(_Strict):
    """One reported figure.

    `quote` is `text[start:end]`; `figure` are the offsets of the number itself within the text. `links` names, for each
    of the figure's attributes, the rule or component that bound it; `confidence` is the calibrated probability that
    measure, statistic and value are right (null where it wasn't estimated).
    """

    measure: Name
    label: str | None = None
    statistic: Statistic
    value: float | None
    not_reached: bool = False
    unit: Unit | None = None
    n: Count | None = None
    N: Count | None = None
    ci: tuple[float | None, float | None] | None = None
    ci_level: float | None = None
    p: str | None = None
    time: TimePoint | None = None
    grade: str | None = None
    arm: Name = "all"
    comparator: str | None = None
    subgroup: str | None = None
    quote: str
    start: Count | None = None
    end: Count | None = None
    figure: tuple[Count, Count] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    links: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _value_or_not_reached(self) -> Outcome:
        if self.value is None and not self.not_reached:
            raise ValueError("neither a value nor not_reached")
        return self


class Flag(_Strict):
    """A contradiction among figures: `outcomes` are indices into the record's outcomes, `message` the arithmetic."""

    kind: Name
    outcomes: tuple[Count, ...] = ()
    message: str


class Extraction(_Strict):
    """What made the record: versions of extractor and vocabulary, digest of the document read."""

    extractor: str
    vocabulary: str
    digest: str


class EvidenceRecord(_Strict):
    """All that was extracted from one document."""

    id: Name
    title: str
    text: str
    citation: Citation = Citation()
    notices: tuple[Notice, ...] = ()
    relevance: Relevance = "neither"
    design: Design = Design()
    population: Population = Population()
    interventions: tuple[Intervention, ...] = ()
    sequence: tuple[Name, ...] = ()
    arms: tuple[Arm, ...] = ()
    follow_up: FollowUp = FollowUp()
    outcomes: tuple[Outcome, ...] = ()
    anchors: dict[str, tuple[Anchor, ...]] = Field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    extraction: Extraction | None = None

    @model_validator(mode="after")
    def _consistent(self) -> EvidenceRecord:
        labels = {a.label for a in self.arms} | {"all"}
        for k, o in enumerate(self.outcomes):
            if o.arm not in labels:
                raise ValueError(f"outcomes.{k}.arm: {o.arm!r} is not among the arms")
            if o.comparator is not None and o.comparator not in labels:
                raise ValueError(f"outcomes.{k}.comparator: {o.comparator!r} is not among the arms")
            if o.start is not None and o.end is not None and self.text[o.start : o.end] != o.quote:
                raise ValueError(f"outcomes.{k}.quote: does not stand at {o.start}..{o.end}")
            if o.quote not in self.text:
                raise ValueError(f"outcomes.{k}.quote: does not stand in the text")
        for flag in self.flags:
            if any(k >= len(self.outcomes) for k in flag.outcomes):
                raise ValueError(f"flags: {flag.kind} names an outcome that does not exist")
        return self

    def to_json(self) -> str:
        """Return the record as one line of JSON; the same record always gives the same bytes.

        Unicode's own line separators are escaped, since some readers split lines at them.
        """
        return self.model_dump_json().translate(_LINE_ENDS)


def from_json(line: str | bytes) -> EvidenceRecord:
    """Return the record that a line of JSON holds, strictly validated; raises EvidenceError naming the field."""
    try:
        return EvidenceRecord.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise EvidenceError(".".join(map(str, first["loc"])), first["msg"]) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an evidence record."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | EvidenceRecord.model_json_schema()
