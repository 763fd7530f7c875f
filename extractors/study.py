"""All study-level fields of one document in one call, for the pipeline.

fields = study_fields(annotate(document))
fields.design.type, fields.population.treated, fields.anchors["population.treated"]
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.annotation import Annotated
from extractors.design import design
from extractors.document_features import document_features
from extractors.evidence import Anchor, Design, FollowUp, Intervention, Population, Relevance
from extractors.follow_up import follow_up
from extractors.interventions import interventions
from extractors.population import population
from extractors.relevance import relevance
from extractors.sequence import sequence


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


def study_fields(annotated: Annotated) -> StudyFields:
    """Return all study-level fields of the document."""
    features = document_features(annotated)
    topic, anchors = relevance(annotated, features)
    made, more = design(annotated, features)
    people, of_people = population(annotated, features, made.type)
    given = interventions(annotated, features)
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
