"""The IRIs that code names: namespaces, the ontology's own terms, and the terms borrowed from others.

All are plain strings, so that nothing has to be imported to name a thing. The ontology's own terms are tested against
`cartograph.ttl` both ways: none is missing here, none is made up.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/cartograph/"  # default base of data IRIs; an installation may have its own
CG: Final = BASE + "ontology#"  # classes and properties
CGV: Final = BASE + "vocabulary/"  # concepts; a namespace below it for each kind, see names.py
OBO: Final = "http://purl.obolibrary.org/obo/"
OA: Final = "http://www.w3.org/ns/oa#"
PROV: Final = "http://www.w3.org/ns/prov#"
NP: Final = "http://www.nanopub.org/nschema#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
FABIO: Final = "http://purl.org/spar/fabio/"
BIBO: Final = "http://purl.org/ontology/bibo/"
PICO: Final = "http://data.cochrane.org/ontologies/pico/"
SH: Final = "http://www.w3.org/ns/shacl#"
VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
DCAT: Final = "http://www.w3.org/ns/dcat#"

# Classes of a report's graph
REPORT: Final = CG + "Report"  # one publication: an abstract, a registry entry, a news summary
STUDY: Final = CG + "Study"  # what a report reports
POPULATION: Final = CG + "Population"  # who was studied
ARM: Final = CG + "Arm"  # a group that figures are reported for
TREATMENT: Final = CG + "Treatment"  # an intervention as used in one study
TREATMENT_SEQUENCE: Final = CG + "TreatmentSequence"  # treatments that follow one another
SEQUENCE_STEP: Final = CG + "SequenceStep"  # one place in a sequence
OUTCOME: Final = CG + "Outcome"  # one reported figure
FLAG: Final = CG + "Flag"  # figures that contradict themselves or each other
TRIAL: Final = CG + "Trial"  # a registered trial, shared by its reports

# Classes of concepts, one for each kind
MEASURE_CLASS: Final = CG + "Measure"  # outcome measures
MEASURE_GROUP_CLASS: Final = CG + "MeasureGroup"  # groups of outcome measures
CONDITION_CLASS: Final = CG + "Condition"  # diseases and complications
INTERVENTION_CLASS: Final = CG + "Intervention"  # treatments
ANTIGEN_CLASS: Final = CG + "Antigen"  # what a CAR or antibody is directed at
DESIGN_CLASS: Final = CG + "Design"  # study designs
STATISTIC_CLASS: Final = CG + "Statistic"  # kinds of figures
DISEASE_STATUS_CLASS: Final = CG + "DiseaseStatus"  # newly diagnosed, relapsed or refractory, ...
AGE_GROUP_CLASS: Final = CG + "AgeGroup"  # pediatric, adult, ...
ROLE_CLASS: Final = CG + "Role"  # of an arm or a treatment
CATEGORY_CLASS: Final = CG + "Category"  # of a treatment
UNIT_CLASS: Final = CG + "Unit"  # percent and units of time
PHASE_CLASS: Final = CG + "Phase"  # phase of a trial
MASKING_CLASS: Final = CG + "Masking"  # open-label, blinded
CENTERS_CLASS: Final = CG + "Centers"  # one centre or several
CELL_SOURCE_CLASS: Final = CG + "CellSource"  # whose cells
TOPIC_CLASS: Final = CG + "Topic"  # CAR T, HSCT, both or neither

# Report
REPORTS: Final = CG + "reports"  # report -> study
TOPIC: Final = CG + "topic"  # report -> topic concept: what the record calls relevance
JOURNAL: Final = CG + "journal"  # text
YEAR: Final = CG + "year"  # xsd:gYear as an integer
RETRACTED: Final = CG + "retracted"  # boolean; true for a retracted publication
NOTICE: Final = CG + "notice"  # text: retracted, retraction, erratum, concern, update, withdrawn
RETRACTS: Final = CG + "retracts"  # retraction notice -> the report that it retracts, by its PubMed number
ABSTRACT: Final = CG + "abstract"  # the text that selectors' positions count in
HAS_FLAG: Final = CG + "hasFlag"  # report -> flag

# Study
DESIGN: Final = CG + "design"  # study -> design concept
DESIGN_ALSO: Final = CG + "designAlso"  # study -> another defensible design
PHASE: Final = CG + "phase"  # study -> phase concept
MASKING: Final = CG + "masking"  # study -> masking concept
CENTERS: Final = CG + "centers"  # study -> centers concept
REGISTRY_ID: Final = CG + "registryId"  # text: NCT number and the like
STUDY_ACRONYM: Final = CG + "studyAcronym"  # text: ZUMA-7
TRIAL_OF: Final = CG + "trial"  # study -> registered trial
HAS_POPULATION: Final = CG + "population"  # study -> population
HAS_ARM: Final = CG + "hasArm"  # study -> arm
HAS_TREATMENT: Final = CG + "hasTreatment"  # study or arm -> treatment
HAS_SEQUENCE: Final = CG + "hasSequence"  # study -> treatment sequence
HAS_OUTCOME: Final = CG + "hasOutcome"  # study -> outcome
FOLLOW_UP_MEDIAN: Final = CG + "followUpMedian"  # decimal, in followUpUnit
FOLLOW_UP_MIN: Final = CG + "followUpMin"  # decimal, in followUpUnit
FOLLOW_UP_MAX: Final = CG + "followUpMax"  # decimal, in followUpUnit
FOLLOW_UP_UNIT: Final = CG + "followUpUnit"  # study -> unit concept
FOLLOW_UP_MONTHS: Final = CG + "followUpMonths"  # decimal: the median in months

# Population
CONDITION: Final = CG + "condition"  # population -> condition concept
DISEASE_STATUS: Final = CG + "diseaseStatus"  # population -> status concept
AGE_GROUP: Final = CG + "ageGroup"  # population -> age group concept
ANTIGEN: Final = CG + "antigen"  # population -> antigen that the disease expresses
ENROLLED: Final = CG + "enrolled"  # integer
TREATED: Final = CG + "treated"  # integer
EVALUABLE: Final = CG + "evaluable"  # integer
MEDIAN_AGE: Final = CG + "medianAge"  # decimal, years
MEDIAN_PRIOR_LINES: Final = CG + "medianPriorLines"  # decimal

# Arm
ARM_LABEL: Final = CG + "armLabel"  # text as in the record; "all" is the whole study population
ARM_SIZE: Final = CG + "armSize"  # integer
ARM_ROLE: Final = CG + "armRole"  # arm -> role concept

# Treatment
INTERVENTION: Final = CG + "intervention"  # treatment or step -> intervention concept
TREATMENT_CATEGORY: Final = CG + "category"  # treatment or intervention -> category concept
CAR_TARGET: Final = CG + "carTarget"  # treatment -> antigen, where the text names it
CELL_SOURCE: Final = CG + "cellSource"  # treatment -> source concept
TREATMENT_ROLE: Final = CG + "treatmentRole"  # treatment -> role concept
USED: Final = CG + "used"  # boolean; false where the text says that it was not given

# Sequence
STEP: Final = CG + "step"  # sequence -> step
POSITION: Final = CG + "position"  # integer from 1
PRECEDES: Final = CG + "precedes"  # step -> next step

# Outcome
MEASURE: Final = CG + "measure"  # outcome -> measure concept (or OTHER_MEASURE)
MEASURE_LABEL: Final = CG + "measureLabel"  # text: what is measured, where the vocabulary has no measure for it
STATISTIC: Final = CG + "statistic"  # outcome -> statistic concept
VALUE: Final = CG + "value"  # decimal; absent where not reached
NOT_REACHED: Final = CG + "notReached"  # boolean, true for a median that wasn't reached
UNIT: Final = CG + "unit"  # outcome -> unit concept
NUMERATOR: Final = CG + "numerator"  # integer n
DENOMINATOR: Final = CG + "denominator"  # integer N
CI_LOW: Final = CG + "ciLow"  # decimal
CI_HIGH: Final = CG + "ciHigh"  # decimal
CI_LEVEL: Final = CG + "ciLevel"  # decimal, percent
P_VALUE: Final = CG + "pValue"  # decimal
P_RELATION: Final = CG + "pRelation"  # text: <, =, >, <=, >=
P_TEXT: Final = CG + "pText"  # p as reported
TIME_VALUE: Final = CG + "timeValue"  # decimal, as reported
TIME_UNIT: Final = CG + "timeUnit"  # outcome -> unit concept, as reported
TIME_MONTHS: Final = CG + "timeMonths"  # decimal
GRADE: Final = CG + "grade"  # text as in the record: >=3, 2-4, severe
GRADE_MIN: Final = CG + "gradeMin"  # integer 0 to 5
GRADE_MAX: Final = CG + "gradeMax"  # integer 0 to 5
OUTCOME_ARM: Final = CG + "arm"  # outcome -> arm
COMPARATOR: Final = CG + "comparator"  # outcome -> the other arm of a ratio or difference
SUBGROUP: Final = CG + "subgroup"  # text
CONFIDENCE: Final = CG + "confidence"  # decimal 0 to 1
LINKED_BY: Final = CG + "linkedBy"  # text: attribute=rule that bound it

# Flag
FLAG_KIND: Final = CG + "flagKind"  # text: the check's name
FLAG_MESSAGE: Final = CG + "flagMessage"  # text: the arithmetic
FLAG_OUTCOME: Final = CG + "flagOutcome"  # flag -> outcome

# Vocabulary and provenance
ACRONYM: Final = CG + "acronym"  # a label that counts only in exactly this case
DIRECTED_AGAINST: Final = CG + "directedAgainst"  # intervention -> antigen, from domain knowledge
COMPONENT: Final = CG + "component"  # combination of drugs -> one of its drugs
MADE_BY: Final = CG + "madeBy"  # text: the rule or component that made an item
SOURCE_DIGEST: Final = CG + "sourceDigest"  # text: sha256 of the document read
EXTRACTOR_VERSION: Final = CG + "extractorVersion"  # text
VOCABULARY_VERSION: Final = CG + "vocabularyVersion"  # text
WITHIN: Final = CG + "within"  # concept -> itself and each broader concept: the closure of skos:broader, kept ready
ARM_INTERVENTION: Final = CG + "armIntervention"  # outcome -> intervention that its arm was given
STUDY_INTERVENTION: Final = CG + "studyIntervention"  # outcome of a whole study -> intervention that the study examines
RECORD_JSON: Final = CG + "recordJson"  # text: the evidence record without title and text
METHOD: Final = CG + "method"  # activity -> kind of evidence (ECO)
SOURCE_FILE: Final = CG + "sourceFile"  # text: name of the file that the document was read from
SOURCE_RECORD: Final = CG + "sourceRecord"  # integer from 1: place of the record in that file
SUPERSEDED_DIGEST: Final = CG + "supersededDigest"  # text: sha256 of a document that this one took the place of
WITHDRAWN: Final = CG + "withdrawn"  # boolean; true where the source deleted the record

OTHER_MEASURE: Final = CGV + "measure-group/other"  # stands in cg:measure beside a cg:measureLabel

# Borrowed
RDF_TYPE: Final = RDF + "type"
RDFS_LABEL: Final = RDFS + "label"
PREF_LABEL: Final = SKOS + "prefLabel"  # the label shown
ALT_LABEL: Final = SKOS + "altLabel"  # other wordings
HIDDEN_LABEL: Final = SKOS + "hiddenLabel"  # wordings that only the matcher needs
NOTATION: Final = SKOS + "notation"  # canonical name where it isn't the label shown
DEFINITION: Final = SKOS + "definition"
BROADER: Final = SKOS + "broader"
CONCEPT: Final = SKOS + "Concept"
TITLE: Final = DCTERMS + "title"
IDENTIFIER: Final = DCTERMS + "identifier"  # CURIE: pubmed:, doi:, clinicaltrials:
EXPRESSION: Final = FABIO + "Expression"  # second class of a report
HAS_TARGET: Final = OA + "hasTarget"  # outcome -> specific resource
SPECIFIC_RESOURCE: Final = OA + "SpecificResource"
HAS_SOURCE: Final = OA + "hasSource"  # specific resource -> report
HAS_SELECTOR: Final = OA + "hasSelector"  # specific resource -> position selector
REFINED_BY: Final = OA + "refinedBy"  # position selector -> quote selector
TEXT_POSITION_SELECTOR: Final = OA + "TextPositionSelector"
TEXT_QUOTE_SELECTOR: Final = OA + "TextQuoteSelector"
START: Final = OA + "start"  # code points
END: Final = OA + "end"  # code points, exclusive
EXACT: Final = OA + "exact"
PREFIX: Final = OA + "prefix"
SUFFIX: Final = OA + "suffix"
ACTIVITY: Final = PROV + "Activity"
SOFTWARE_AGENT: Final = PROV + "SoftwareAgent"
WAS_GENERATED_BY: Final = PROV + "wasGeneratedBy"
WAS_ASSOCIATED_WITH: Final = PROV + "wasAssociatedWith"
WAS_DERIVED_FROM: Final = PROV + "wasDerivedFrom"
USED_ENTITY: Final = PROV + "used"
ENDED_AT: Final = PROV + "endedAtTime"
ECO_STRING_MATCHING: Final = OBO + "ECO_0008021"
ECO_REGULAR_EXPRESSION: Final = OBO + "ECO_0008023"
ECO_MACHINE_LEARNING: Final = OBO + "ECO_0008004"
ECO_CURATOR_INFERENCE: Final = OBO + "ECO_0000205"

PREFIXES: Final = MappingProxyType(
    {
        "cg": CG,
        "cgv": CGV,
        "measure": CGV + "measure/",
        "measure-group": CGV + "measure-group/",
        "condition": CGV + "condition/",
        "intervention": CGV + "intervention/",
        "antigen": CGV + "antigen/",
        "design": CGV + "design/",
        "statistic": CGV + "statistic/",
        "status": CGV + "status/",
        "age": CGV + "age/",
        "role": CGV + "role/",
        "category": CGV + "category/",
        "unit": CGV + "unit/",
        "phase": CGV + "phase/",
        "masking": CGV + "masking/",
        "centers": CGV + "centers/",
        "source": CGV + "source/",
        "topic": CGV + "topic/",
        "report": BASE + "report/",
        "trial": BASE + "trial/",
        "obo": OBO,
        "oa": OA,
        "prov": PROV,
        "np": NP,
        "dcterms": DCTERMS,
        "skos": SKOS,
        "rdf": RDF,
        "rdfs": RDFS,
        "owl": OWL,
        "xsd": XSD,
        "fabio": FABIO,
        "bibo": BIBO,
        "pico": PICO,
        "sh": SH,
        "void": VOID,
        "sd": SD,
        "dcat": DCAT,
    }
)
