"""All study-level fields of one document in one call, for the pipeline.

fields = study_fields(annotate(document))
fields.design.type, fields.population.treated, fields.anchors["population.treated"]
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.annotation import Annotated
from extractors.design import design
from extractors.document_features import Features, document_features
from extractors.encoder.reading import Reading
from extractors.evidence import Anchor, Design, FollowUp, Intervention, Population, Relevance
from extractors.follow_up import follow_up
from extractors.interventions import interventions
from extractors.population import population
from extractors.relevance import relevance
from extractors.sequence import sequence
from extractors.study_models import read_feature


@dataclass(frozen=True)
class StudyFields:
    """What a document says of its study, with the anchors of single values by their path."""

    relevance: Relevance
    design: Design
    population: Population
    interventions: tuple[Intervention, ...]
    sequence: tuple[str, ...]
    follow_up: FollowUp
    anchors: dict[str, tuple[Anchor, ...]]


def study_fields(annotated: Annotated, reading: Reading | None = None) -> StudyFields:
    """Return all study-level fields of the document; `reading` is the encoder's opinion, where there is an encoder."""
    features = document_features(annotated) | _read(reading)
    topic, anchors = relevance(annotated, features)
    made, more = design(annotated, features)
    people, of_people = population(annotated, features, made.type, reading)
    given = interventions(annotated, features, reading)
    order, of_order = sequence(annotated, given, topic, made.type)
    followed, of_follow_up = follow_up(annotated)
    return StudyFields(
        relevance=topic,
        design=made,
        population=people,
        interventions=given,
        sequence=order,
        follow_up=followed,
        anchors={**anchors, **more, **of_people, **of_order, **of_follow_up},
    )


def _read(reading: Reading | None) -> Features:
    """Return the encoder's probabilities of all answers as features of the document."""
    if reading is None:
        return {}
    return {read_feature(q, a): share for q, answers in reading.study.items() for a, share in answers.items()}
