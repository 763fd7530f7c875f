"""Study, population, arms, treatments and their sequence, stated in a report's graph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from extractors.evidence import Arm, EvidenceRecord, Intervention
from kg.concepts import Concepts
from kg.iris import Names, is_clinicaltrials
from kg.measures import months
from kg.rdf import Sheet
from ontology import terms
from ontology.names import slug

WHOLE_STUDY = "all"


@dataclass(frozen=True, slots=True)
class ArmFacts:
    """What outcomes need to know of an arm: its IRI, and the interventions that its figures can be put down to.

    `given` are those that the arm is known to have had. `studied` are those that the study examines: for the whole
    study, and for an arm whose treatments aren't known where there is but one such treatment or one such arm; never for
    a comparator. At most one of the two is filled.
    """

    iri: str
    given: tuple[str, ...] = ()
    studied: tuple[str, ...] = ()


def state_study(
    said: Sheet, study: str, record: EvidenceRecord, concepts: Concepts, names: Names, shared: Sheet
) -> dict[str, ArmFacts]:
    """State all that belongs to the study but its outcomes; returns its arms by label, the whole study among them."""
    said.link(study, terms.RDF_TYPE, terms.STUDY)
    _state_design(said, study, record, concepts)
    _state_trials(said, shared, study, record, names)
    _state_follow_up(said, study, record, concepts)
    _state_population(said, study, record, concepts)
    _state_treatments(said, study, record.interventions, concepts)
    _state_sequence(said, study, record.sequence, concepts)
    return _state_arms(said, study, record, concepts)


def _state_design(said: Sheet, study: str, record: EvidenceRecord, concepts: Concepts) -> None:
    design = record.design
    said.link(study, terms.DESIGN, concepts.coded("design", design.type))
    said.link(study, terms.DESIGN_ALSO, *(concepts.coded("design", x) for x in design.type_also))
    for predicate, kind, value in (
        (terms.PHASE, "phase", design.phase),
        (terms.MASKING, "masking", design.masking),
        (terms.CENTERS, "centers", design.centers),
    ):
        said.link(study, predicate, concepts.coded(kind, value) if value else None)
    said.note(study, terms.STUDY_ACRONYM, *design.acronyms)


def _state_trials(said: Sheet, shared: Sheet, study: str, record: EvidenceRecord, names: Names) -> None:
    for registry_id in record.design.registry_ids:
        trial = names.trial(registry_id)
        number = registry_id.strip().upper()
        said.note(study, terms.REGISTRY_ID, registry_id)
        said.link(study, terms.TRIAL_OF, trial)
        shared.link(trial, terms.RDF_TYPE, terms.TRIAL)
        shared.note(trial, terms.IDENTIFIER, f"clinicaltrials:{number}" if is_clinicaltrials(number) else number)


def _state_follow_up(said: Sheet, study: str, record: EvidenceRecord, concepts: Concepts) -> None:
    stated = record.follow_up
    said.note(study, terms.FOLLOW_UP_MEDIAN, stated.median)
    said.note(study, terms.FOLLOW_UP_MIN, stated.min)
    said.note(study, terms.FOLLOW_UP_MAX, stated.max)
    if stated.unit is None:
        return
    said.link(study, terms.FOLLOW_UP_UNIT, concepts.coded("unit", stated.unit))
    if stated.median is not None:
        said.note(study, terms.FOLLOW_UP_MONTHS, months(stated.median, stated.unit))


def _state_population(said: Sheet, study: str, record: EvidenceRecord, concepts: Concepts) -> None:
    people, node = record.population, study + "/population"
    said.link(study, terms.HAS_POPULATION, node)
    said.link(node, terms.RDF_TYPE, terms.POPULATION)
    said.link(node, terms.CONDITION, *(concepts.of("condition", x) for x in people.conditions))
    said.link(node, terms.ANTIGEN, *(concepts.of("antigen", x) for x in people.antigens))
    said.link(node, terms.DISEASE_STATUS, *(concepts.coded("status", x) for x in people.disease_status))
    said.link(node, terms.AGE_GROUP, *(concepts.coded("age", x) for x in people.age_group))
    said.note(node, terms.ENROLLED, people.enrolled)
    said.note(node, terms.TREATED, people.treated)
    said.note(node, terms.EVALUABLE, people.evaluable)
    said.note(node, terms.MEDIAN_AGE, people.median_age)
    said.note(node, terms.MEDIAN_PRIOR_LINES, people.median_prior_lines)


def _state_treatments(said: Sheet, study: str, treatments: tuple[Intervention, ...], concepts: Concepts) -> None:
    for number, treatment in enumerate(treatments, start=1):
        node = f"{study}/treatment/{number}"
        said.link(study, terms.HAS_TREATMENT, node)
        said.link(node, terms.RDF_TYPE, terms.TREATMENT)
        said.link(node, terms.INTERVENTION, concepts.of("intervention", treatment.name))
        said.link(node, terms.TREATMENT_CATEGORY, concepts.coded("category", treatment.category))
        said.link(node, terms.CAR_TARGET, *(concepts.of("antigen", x) for x in treatment.targets))
        said.link(node, terms.CELL_SOURCE, concepts.coded("source", treatment.source) if treatment.source else None)
        said.link(node, terms.TREATMENT_ROLE, concepts.coded("role", treatment.role) if treatment.role else None)
        said.note(node, terms.USED, treatment.used)
        said.note(node, terms.MADE_BY, *sorted({a.by for a in treatment.anchors}))


def _state_sequence(said: Sheet, study: str, sequence: tuple[str, ...], concepts: Concepts) -> None:
    if not sequence:
        return
    node = study + "/sequence"
    said.link(study, terms.HAS_SEQUENCE, node)
    said.link(node, terms.RDF_TYPE, terms.TREATMENT_SEQUENCE)
    steps = [f"{node}/{position}" for position in range(1, len(sequence) + 1)]
    for position, (step, name) in enumerate(zip(steps, sequence, strict=True), start=1):
        said.link(node, terms.STEP, step)
        said.link(step, terms.RDF_TYPE, terms.SEQUENCE_STEP)
        said.note(step, terms.POSITION, position)
        said.link(step, terms.INTERVENTION, concepts.of("intervention", name))
    for before, after in pairwise(steps):
        said.link(before, terms.PRECEDES, after)


def _state_arms(said: Sheet, study: str, record: EvidenceRecord, concepts: Concepts) -> dict[str, ArmFacts]:
    withheld = {x.name for x in record.interventions if not x.used} - {x.name for x in record.interventions if x.used}
    studied = tuple(
        dict.fromkeys(
            concepts.of("intervention", x.name) for x in record.interventions if x.used and x.role == "experimental"
        )
    )
    listed = {arm.label: arm for arm in record.arms}
    if any(o.arm not in listed or (o.comparator or o.arm) not in listed for o in record.outcomes):
        listed.setdefault(WHOLE_STUDY, Arm(label=WHOLE_STUDY))
    plain = len(studied) == 1 or sum(arm.role != "comparator" for arm in record.arms) == 1
    facts: dict[str, ArmFacts] = {}
    for arm in listed.values():
        node = _arm_iri(study, arm.label, facts)
        given = tuple(concepts.of("intervention", x) for x in arm.interventions if x not in withheld)
        unknown = not arm.interventions and arm.role != "comparator"
        facts[arm.label] = ArmFacts(node, given, studied if unknown and (arm.label == WHOLE_STUDY or plain) else ())
        _state_arm(said, study, node, arm, concepts)
        said.link(node, terms.INTERVENTION, *given)
    return facts


def _arm_iri(study: str, label: str, taken: dict[str, ArmFacts]) -> str:
    node = f"{study}/arm/{slug(label)}"
    used = {facts.iri for facts in taken.values()}
    return node if node not in used else f"{node}.{len(taken) + 1}"


def _state_arm(said: Sheet, study: str, node: str, arm: Arm, concepts: Concepts) -> None:
    said.link(study, terms.HAS_ARM, node)
    said.link(node, terms.RDF_TYPE, terms.ARM)
    said.note(node, terms.ARM_LABEL, arm.label)
    said.note(node, terms.ARM_SIZE, arm.n)
    said.link(node, terms.ARM_ROLE, concepts.coded("role", arm.role) if arm.role else None)
