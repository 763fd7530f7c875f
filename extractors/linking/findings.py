"""Names of findings in patients that the vocabulary has no measure for: late effects, organs, tests, daily life.

Figures behind these names are, nearly without exception, of no measure in the training texts; names that are used for
parts of a measure as well (`confusion` of neurotoxicity, `encephalitis` of infection) aren't among them.
"""

from __future__ import annotations

_SYMPTOM = (
    r"pyrexia|asthenia|nausea|vomiting|diarrho?ea|constipation|headaches?|alopecia|dizziness|insomnia"
    r"|hypo(?:kal|natr|phosphat|calc|magnes)a?emia|o?edema|(?:skin |maculopapular )?rash|pruritus|arthralgia|dyspno?ea"
    r"|cough|(?:decreased|loss of) appetite|weight loss|myalgia|epistaxis|bone pain|falls"
    r"|(?:alanine |aspartate )?(?:aminotransferase|transaminase)s?(?: increase[sd]?)?|nephrotoxicity"
)
_GLANDS = (
    r"hypothyroidism|thyroid (?:disease|dysfunction|disorders?|autoimmunity)|hypogonadism|hypoparathyroidism"
    r"|adrenal insufficiency|hyperglyca?emia|metabolic syndrome|(?:hyper|dys)lipida?emia|hypertriglycerida?emia"
    r"|(?:growth )?hormones?(?: (?:replacement|deficiency|treatment))?"
)
_REPRODUCTION = (
    r"ovarian (?:failure|insufficiency|function)|azoospermia|amenorrho?ea|menopause|menarche|menstruation|puberty"
    r"|pregnanc(?:y|ies)|(?:live |preterm )?births?|miscarriages?|conceptions?|semen|sperm"
)
_BONES_AND_SENSES = (
    r"osteonecrosis|avascular necrosis|(?:vertebral )?fractures?|osteop(?:orosis|enia)|bone (?:mineral )?density"
    r"|cataracts?|hearing (?:loss|aids?|impairment)|ototoxicity|vision|blindness|dysgeusia|nail \w+|nails|erythema"
    r"|dermatitis|dry (?:mouth|skin|eyes?)"
)
_ORGANS = (
    r"(?:arterial )?hypertension|atrial fibrillation|arrhythmias?|cardiomyopathy|cardiac events?"
    r"|pericardial effusions?|pericarditis|(?:ejection|shortening) fractions?|QTc?F? prolongation"
    r"|(?:deep[- ]vein |venous |arterial )?thrombos[ei]s|(?:venous )?thrombo-?embol\w+|(?:acute )?kidney injury"
    r"|proteinuria|albuminuria|gastritis|typhlitis|capillary leak(?: syndrome)?|engraftment syndrome|ha?emolysis"
    r"|coagulopathy|amylase|lipase|triglycerides?|hypercalca?emia"
)
_TESTS = (
    r"(?:forced )?vital capacity|six-minute walk(?:ing)?(?: distance)?|(?:modified )?Rodnan(?: skin)?(?: scores?)?|mRSS"
    r"|intelligence quotients?|IQ|height|PSQI|PHQ-\d|anti-ds-?DNA(?: antibodies)?|tit(?:er|re)s?|oligoclonal bands?"
    r"|anti-?drug antibodies|autoimmunity|serotypes|Shannon"
)
_HELP = (
    r"parenteral nutrition|opioids?|hearing aids?|school(?:ing)?|employment|jobs?|adherence|compliance"
    r"|cost-effective(?:ness)?"
)

FINDINGS = "|".join((_SYMPTOM, _GLANDS, _REPRODUCTION, _BONES_AND_SENSES, _ORGANS, _TESTS, _HELP))
"""A pattern of these names, to be read without regard to capitals."""
