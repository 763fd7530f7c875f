"""Who was studied: how many, with which conditions, in what state of disease, how old, after how many treatments."""

from __future__ import annotations

import re
from typing import get_args

from extractors.ages import median_age
from extractors.annotation import Annotated
from extractors.candidates import Candidate, candidate_features, candidates
from extractors.cues import AGES, STATUS, Cue, hits
from extractors.document import Part
from extractors.document_features import Features, crossing
from extractors.encoder.reading import Reading, concept_shares, size_shares
from extractors.evidence import AgeGroup, Anchor, DesignType, DiseaseStatus, Population
from extractors.prior_lines import median_prior_lines
from extractors.sizes import Size, size_features, sizes
from extractors.study_models import says_yes, score, thresholds, trained

Anchors = dict[str, tuple[Anchor, ...]]
_PARTS: tuple[Part, ...] = ("title", "text")
_ENROLLED = re.compile(
    r"\b(?:enrol\w*|includ\w+|recruit\w*|regist\w+|accru\w+|entered|eligible|identif\w+|qualif\w+|screen\w+|random\w+"
    r"|assigned|apheresis|leukapheresis|studied|data)\b"
)
_TREATED = re.compile(
    r"\b(?:infus\w+|treated|transplant\w*|underwent|receiv\w+|given|grafted|got|recipients?|hs?cts?|allo\w+|auto\w+"
    r"|had)\b"
)
_EVALUABLE = re.compile(r"\b(?:evaluable|analy[sz]\w+|assess\w+|evaluated|available)\b")
_ANTIGEN = re.compile(
    r"(?<![A-Za-z0-9-])(?P<antigen>CD[- ]?\d{1,3}[a-d]?|BCMA|HER2|EGFR(?:vIII)?|CEA|B7-H3|GD2|PSMA|GPC3|GPRC5D|CLL-?1"
    r"|NY-ESO-1|MAGE-A\d+|mesothelin|claudin[- ]?18\.2|Claudin[- ]?18\.2|GUCY2C|GCC|FLT3|NKG2D|IL13Rα2|MUC1|ROR1)"
    r"(?:[- ]?(?:positive|expressing)\b|\+|⁺|\(\+\))(?!\s*(?:cells?|selected|T\b|stem|progenitor|graft|count"
    r"|lymphocyt|/kg|boost|enrich|NK))"
)
_NO_DISEASE = ("CD34", "CD3", "CD4", "CD8", "CD56", "CD45")


def population(
    annotated: Annotated, features: Features, design: DesignType, reading: Reading | None = None
) -> tuple[Population, Anchors]:
    """Return the population with the anchors of its parts; `features` are the document's, `design` the study's type."""
    anchors: Anchors = {}
    counts = _counts(annotated, design, reading, anchors)
    return Population(
        **counts,
        conditions=_conditions(annotated, features, reading, anchors),
        disease_status=tuple(s for s in get_args(DiseaseStatus) if _holds(annotated, features, "status", s, anchors)),
        age_group=tuple(g for g in get_args(AgeGroup) if _holds(annotated, features, "age", g, anchors)),
        median_age=_stated(median_age(annotated.document.text), "population.median_age", "median-age-grammar", anchors),
        median_prior_lines=_stated(
            median_prior_lines(annotated.document.text), "population.median_prior_lines", "prior-lines-grammar", anchors
        ),
        antigens=_antigens(annotated, anchors),
    ), anchors


def _stated(found: tuple[float, int, int] | None, path: str, by: str, anchors: Anchors) -> float | None:
    if found is None:
        return None
    value, start, end = found
    anchors[path] = (Anchor(start=start, end=end, by=by),)
    return value


def _counts(annotated: Annotated, design: DesignType, reading: Reading | None, anchors: Anchors) -> dict[str, int]:
    """Return the sizes by role; a case report is of one patient."""
    chosen: dict[str, int] = {}
    for size in _sizes_of_study(annotated, design, reading):
        for role in _roles(size):
            if role not in chosen:
                chosen[role] = size.value
                anchors[f"population.{role}"] = (
                    Anchor(start=size.start, end=size.end, part=size.part, by="size-model"),
                )
                break
    if design == "case-report" and not chosen:
        chosen["treated"] = 1
        anchors["population.treated"] = (
            Anchor(start=0, end=len(annotated.document.title), part="title", by="case-report"),
        )
    return chosen


def _sizes_of_study(annotated: Annotated, design: DesignType, reading: Reading | None) -> list[Size]:
    """Return up to three sizes, the surest statement of each value, in falling order of value."""
    if design in (
        "study-protocol",
        "narrative-review",
        "guideline",
        "preclinical",
        "economic-evaluation",
        "case-report",
    ):
        return []
    found = sizes(annotated)
    scores = score("study_sizes", size_features(annotated, found), size_shares(reading))
    if scores is None:
        first = next((s for s in found if s.people), None)
        return [first] if first else []
    best: dict[int, tuple[float, Size]] = {}
    for probability, size in zip(scores, found, strict=True):
        if probability >= thresholds().get("study_sizes", 0.5) and probability > best.get(size.value, (0.0, size))[0]:
            best[size.value] = (probability, size)
    surest = sorted(best.values(), key=lambda scored: (-scored[0], scored[1].value))[:3]
    return sorted((size for _, size in surest), key=lambda size: -size.value)


def _roles(size: Size) -> list[str]:
    """Return the roles that the size may have, the likeliest first."""
    words = f"{size.before[-45:]} {size.behind[:60]}"
    stated = [
        (cue.search(words), role)
        for cue, role in ((_ENROLLED, "enrolled"), (_TREATED, "treated"), (_EVALUABLE, "evaluable"))
    ]
    named = [role for found, role in stated if found]
    return [*named, *(role for role in ("treated", "enrolled", "evaluable") if role not in named)]


def studied(
    found: list[Candidate], rows: list[Features], name: str, read: list[float] | None = None
) -> list[Candidate]:
    """Return the candidates that the trees `name` take for studied; without trees, those of the title or the first.

    `read` are the encoder's probabilities of the candidates.
    """
    scores = score(name, rows, read)
    if scores is None:
        return [c for c in found if c.in_title] or found[:1]
    least = thresholds().get(name, 0.5)
    return [c for c, probability in zip(found, scores, strict=True) if probability >= least]


def _conditions(annotated: Annotated, features: Features, reading: Reading | None, anchors: Anchors) -> tuple[str, ...]:
    found = candidates(annotated, "condition")
    rows = candidate_features(annotated, found, crossing(features))
    chosen = studied(found, rows, "study_conditions", concept_shares(reading, "condition"))
    places = [c.mentions[0] for c in chosen]
    if places:
        anchors["population.conditions"] = tuple(
            Anchor(start=m.start, end=m.end, part=m.part, by="condition-model") for m in places
        )
    return tuple(c.name for c in chosen)


def _holds(annotated: Annotated, features: Features, group: str, name: str, anchors: Anchors) -> bool:
    """Whether a disease status or an age group holds; its anchor is the cue that speaks most for it."""
    question = f"{group} {name}"
    path = f"population.{'disease_status' if group == 'status' else 'age_group'}"
    cue = next((c for c in _SETTLED.get(name, ()) if c in features), None) or (
        says_yes(question, features) if trained(question) else _FALLBACK.get(name)
    )
    if cue is None or (not trained(question) and cue not in features):
        return False
    anchors[path] = (
        *anchors.get(path, ()),
        _cue_anchor(annotated, STATUS if group == "status" else AGES, cue, f"{group}-model"),
    )
    return True


_SETTLED = {
    "relapsed-refractory": ("status:relapsed or refractory (title)", "status:steroid refractory (title)"),
    "newly-diagnosed": ("status:says newly diagnosed (title)",), "high-risk": ("status:high-risk disease (title)",),
    "pediatric": ("age:children (title)", "age:pediatric (title)"), "adult": ("age:adults (title)",),
    "young-adult": ("age:young adults (title)",), "older-adult": ("age:elderly (title)",),
}  # fmt: skip
"""What a title says plainly of the patients settles it."""
_FALLBACK = {
    "relapsed-refractory": "status:relapsed or refractory", "newly-diagnosed": "status:says newly diagnosed",
    "mrd-positive": "status:positive for residual disease", "in-remission": "status:first remission",
    "high-risk": "status:high-risk disease", "previously-treated": "status:says previously treated",
    "pediatric": "age:children", "young-adult": "age:young adults", "adult": "age:adults", "older-adult": "age:elderly",
}  # fmt: skip


def _cue_anchor(annotated: Annotated, cues: tuple[Cue, ...], cue: str, by: str) -> Anchor:
    name = re.sub(r" \([a-z]+\)$", "", cue.split(":", 1)[-1])
    for part in _PARTS:
        lowered = annotated.part(part).lower()
        for found, places in hits((c for c in cues if c.name == name), lowered):
            pattern = next(c.pattern for c in cues if c.name == found)
            match = pattern.search(lowered) if pattern else None
            return Anchor(start=places[0], end=match.end() if match else places[0] + 1, part=part, by=by)
    return Anchor(start=0, end=len(annotated.document.title), part="title", by=by)


def _antigens(annotated: Annotated, anchors: Anchors) -> tuple[str, ...]:
    """Return the antigens that the text says the disease expresses (`CD19+`, `CD7-positive`)."""
    found: dict[str, Anchor] = {}
    for part in _PARTS:
        for match in _ANTIGEN.finditer(annotated.part(part)):
            name = re.sub(r"^CD[- ]", "CD", match["antigen"])
            if name not in _NO_DISEASE:
                found.setdefault(name, Anchor(start=match.start(), end=match.end(), part=part, by="antigen-grammar"))
    if found:
        anchors["population.antigens"] = tuple(found.values())
    return tuple(found)
