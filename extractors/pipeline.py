"""The whole extraction: a document goes in, an evidence record comes out.

extractor = extractors.pipeline.load()
record = extractor.extract(document)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import ontology.vocabulary
from extractors import checks
from extractors import outcomes as outcome_figures
from extractors.annotation import Annotated, annotate
from extractors.arms import ArmFound
from extractors.assembling import outcomes
from extractors.denominators import Sizes, others
from extractors.document import Document
from extractors.encoder.page import asked
from extractors.encoder.reading import FILES as ENCODER_FILES
from extractors.encoder.reading import Reading, load_encoder, read
from extractors.evidence import Anchor, Arm, ArmRole, Citation, EvidenceRecord, Extraction, Notice, Outcome
from extractors.linking.models import folder
from extractors.linking.scene import Scene, scene
from extractors.outcome_links import two_arms
from extractors.predicates import of_everybody
from extractors.sharing import shared
from extractors.single_patient import of_one_patient
from extractors.study import StudyFields, study_fields

VERSION = "0.1.0"
"""The extractor's version; a digest of the model files is added to it."""

WITHOUT_RESULTS = frozenset({"study-protocol", "preclinical", "guideline"})
"""Designs whose figures are no outcomes of patients: planned, of animals or cells, or of other studies."""


@dataclass(frozen=True)
class Extractor:
    """Extracts evidence; `version` changes whenever the code's version or a model that it uses does.

    `encoder`: whether the encoder gives its opinion too, at about half the speed.
    """

    version: str
    vocabulary_version: str
    encoder: bool = True

    def extract(self, document: Document) -> EvidenceRecord:
        """Return all that the document says; the same document always gives the same record."""
        annotated = annotate(document)
        a_scene = scene(annotated)
        reading = read(asked(a_scene)) if self.encoder else None
        study = study_fields(annotated, reading)
        found, entries = _figures(a_scene, study, reading)
        citation = document.citation
        record = EvidenceRecord(
            id=document.id,
            title=document.title,
            text=document.text,
            citation=Citation(pmid=citation.pmid, doi=citation.doi, journal=citation.journal, year=citation.year),
            notices=tuple(Notice(kind=n.kind, reference=n.reference) for n in document.notices),
            relevance=study.relevance,
            design=study.design,
            population=study.population,
            interventions=study.interventions,
            sequence=study.sequence,
            arms=_arms(annotated, study, found, entries),
            follow_up=study.follow_up,
            outcomes=entries,
            anchors=study.anchors,
            extraction=Extraction(extractor=self.version, vocabulary=self.vocabulary_version, digest=document.digest()),
        )
        return checks.flagged(record)


@cache
def load() -> Extractor:
    """Return the extractor with the packaged vocabulary and models; made once in a process."""
    return _extractor(encoder=True)


@cache
def load_fast() -> Extractor:
    """Return the extractor that does without the encoder: twice as fast, and less often right."""
    return _extractor(encoder=False)


def _extractor(encoder: bool) -> Extractor:
    """Return an extractor whose models are read. Raises ModelError where one is missing or damaged."""
    outcome_figures.load_models()
    if encoder:
        load_encoder()
    digest = hashlib.sha256()
    for path in sorted(folder().iterdir(), key=lambda p: p.name):
        if path.is_file() and (encoder or path.name not in ENCODER_FILES):
            digest.update(path.read_bytes())
    version = f"{VERSION}+{digest.hexdigest()[:12]}"
    return Extractor(version, ontology.vocabulary.load().version, encoder)


def _figures(a_scene: Scene, study: StudyFields, reading: Reading | None) -> tuple[list[ArmFound], tuple[Outcome, ...]]:
    """Return the arms and the outcome entries; none where the study has no results of its own."""
    if study.design.type in WITHOUT_RESULTS:
        return [], ()
    arms = outcome_figures.arms(a_scene, reading)
    found = shared(a_scene, of_everybody(a_scene, outcome_figures.find(a_scene, arms, reading)), arms)
    people = study.population
    whole = dict.fromkeys(n for n in (people.treated, people.evaluable, people.enrolled) if n is not None)
    grouped = len({f.arm for f in found} - {"all"}) > 1
    sizes = Sizes({a.label: a.size for a in arms if a.size is not None}, tuple(whole), grouped, others(a_scene, found))
    made = outcomes(a_scene, found, sizes, two_arms(found, arms))
    return arms, of_one_patient(a_scene, study, made)


def _arms(
    annotated: Annotated, study: StudyFields, found: Sequence[ArmFound], entries: Sequence[Outcome]
) -> tuple[Arm, ...]:
    """Return the arms that figures are reported for; one, `all`, where the study has a single group."""
    reported = {o.arm for o in entries} | {o.comparator for o in entries}
    kept = [a for a in found if a.label in reported]
    people = study.population
    whole = Arm(label="all", n=people.treated or people.evaluable or people.enrolled, role="cohort")
    if not kept:
        return (whole,)
    arms = tuple(_arm(annotated, study, a) for a in kept)
    return (whole, *arms) if "all" in reported else arms


def _arm(annotated: Annotated, study: StudyFields, found: ArmFound) -> Arm:
    """Return an arm with the treatments that its names name, and the role that these have in the study."""
    places = set(found.mentions)
    named = {
        m.name
        for m in annotated.of_kind("intervention", "text")
        if any(start < m.end and m.start < end for start, end in places)
    }
    treatments = tuple(i for i in study.interventions if i.used and i.name in named)
    roles = {i.role for i in treatments}
    role: ArmRole = "cohort"
    if "comparator" in roles and "experimental" not in roles:
        role = "comparator"
    elif "experimental" in roles:
        role = "experimental"
    start, end = found.mentions[0]
    return Arm(
        label=found.label,
        n=found.size,
        role=role,
        interventions=tuple(i.name for i in treatments),
        anchors=(Anchor(start=start, end=end, by="arm-model"),),
    )
