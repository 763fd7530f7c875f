"""The treatments of the study: which of those named belong to it, in what role, of what category, given or not."""

from __future__ import annotations

import re
from typing import get_args

from extractors.annotation import Annotated
from extractors.candidates import Candidate, candidate_features, candidates
from extractors.concepts import Mention
from extractors.context import not_given
from extractors.document_features import Features, crossing
from extractors.encoder.reading import Reading, concept_shares
from extractors.evidence import Anchor, Category, CellSource, Intervention, InterventionRole
from extractors.population import studied
from extractors.study_models import answer

_SOURCE = re.compile(
    r"(?P<own>autologous)|(?P<donor>donor[- ]derived)|(?P<other>allogenei?c|off-the-shelf|universal|healthy donors?)",
    re.I,
)
_ALLOGENEIC = re.compile(r"^(?:allogeneic|haploidentical|cord blood|(?:mis)?matched|HSCT from)")
_USED_WORDS = (
    "without",
    "not",
    "no ",
    "omit",
    "avoid",
    "withheld",
    "never",
    "ineligible",
    "instead",
    "dispensed",
    "free of",
)


def interventions(annotated: Annotated, features: Features, reading: Reading | None = None) -> tuple[Intervention, ...]:
    """Return the study's treatments in the order in which they're first named; `features` are the document's."""
    found = candidates(annotated, "intervention")
    rows = candidate_features(annotated, found, crossing(features))
    withheld = {c.name: tuple(m for m in c.mentions if _withheld(annotated, m)) for c in found}
    chosen = {c.name for c in studied(found, rows, "study_interventions", concept_shares(reading, "intervention"))}
    made = []
    for candidate, row in zip(found, rows, strict=True):
        used = _used(candidate, withheld[candidate.name])
        if candidate.name in chosen or (not used and _of_procedure(candidate)):
            made.append(_intervention(annotated, candidate, row, used, _inherited(candidate, found, chosen)))
    return tuple(made)


def _withheld(annotated: Annotated, mention: Mention) -> bool:
    text = annotated.part(mention.part)
    around = text[max(0, mention.start - 110) : mention.end + 70].lower()
    return any(word in around for word in _USED_WORDS) and not_given(annotated, mention)


_PROCEDURE = re.compile(r"conditioning|prophylaxis|depletion|lymphodepleting|bridging")


def _of_procedure(candidate: Candidate) -> bool:
    """Whether it's part of the usual procedure, so that leaving it out is worth saying (`no GVHD prophylaxis`)."""
    return _PROCEDURE.search(candidate.name) is not None


def _used(candidate: Candidate, absent: tuple[Mention, ...]) -> bool:
    """Whether it was given: a part of the procedure is left out where half the mentions say so, others where all do."""
    least = len(candidate.mentions) / 2 if _of_procedure(candidate) else len(candidate.mentions)
    return not absent or len(absent) < least


def _inherited(candidate: Candidate, found: list[Candidate], chosen: set[str]) -> tuple[str, ...]:
    """Return the targets that the text states for a product under its general name (`axi-cel, an anti-CD19 CAR T`)."""
    above = (c for c in found if c.name in candidate.broader and c.name not in chosen)
    return tuple(t for c in above for t in _targets(c))


def _targets(candidate: Candidate) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for m in candidate.mentions for t in m.targets))


def _intervention(
    annotated: Annotated, candidate: Candidate, row: Features, used: bool, inherited: tuple[str, ...]
) -> Intervention:
    features = {name: 1.0 for name, value in row.items() if value > 0}
    return Intervention(
        name=candidate.name,
        category=_category(candidate, features),
        targets=_targets(candidate) or (inherited if candidate.category == "car-t" else ()),
        source=_source(annotated, candidate),
        role=_role(candidate, features),
        used=used,
        anchors=tuple(Anchor(start=m.start, end=m.end, part=m.part, by=m.by) for m in candidate.mentions[:3]),
    )


def _category(candidate: Candidate, features: Features) -> Category:
    own = candidate.category
    if own in ("drug", "other", "gvhd-prophylaxis"):
        learned = answer("category", features)
        own = learned[0] if learned else own
    return next(c for c in get_args(Category) if c == own)


def _role(candidate: Candidate, features: Features) -> InterventionRole | None:
    learned = answer("role", features)
    found = learned[0] if learned else ("experimental" if candidate.in_title else "background")
    return next(r for r in get_args(InterventionRole) if r == found)


def _source(annotated: Annotated, candidate: Candidate) -> CellSource | None:
    """Return whose cells they are: by the kind of transplant, or as the text states it beside a CAR T product."""
    if candidate.category == "hsct":
        if "autologous" in candidate.name:
            return "autologous"
        return "allogeneic" if _ALLOGENEIC.match(candidate.name) else None
    if candidate.name == "donor lymphocyte infusion":
        return "donor-derived"
    if candidate.category != "car-t":
        return None
    for mention in candidate.mentions:
        text = annotated.part(mention.part)
        stated = list(_SOURCE.finditer(text[max(0, mention.start - 40) : mention.end]))
        if stated:
            return {"own": "autologous", "donor": "donor-derived", "other": "allogeneic"}[str(stated[-1].lastgroup)]  # type: ignore[return-value]
    return None
