"""Whether a report is about CAR T-cell therapy, about transplantation, about both or about neither."""

from __future__ import annotations

from typing import get_args

from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.document_features import Features
from extractors.evidence import Anchor, Relevance
from extractors.study_models import answer

Anchors = dict[str, tuple[Anchor, ...]]
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "car-t": ("car-t",),
    "hsct": ("hsct", "conditioning"),
    "car-t+hsct": ("car-t", "hsct"),
    "neither": (),
}


def relevance(annotated: Annotated, features: Features) -> tuple[Relevance, Anchors]:
    """Return the relevance with the first mention of each therapy as its anchors; `features` are the document's."""
    learned = answer("relevance", features)
    found = learned[0] if learned else _by_rule(features)
    mentions = annotated.of_kind("intervention")
    firsts = (next((m for m in mentions if _category(m) == c), None) for c in _CATEGORIES[found])
    by = "relevance-model" if learned else "relevance-rules"
    anchors = tuple(Anchor(start=m.start, end=m.end, part=m.part, by=by) for m in firsts if m)
    return next(r for r in get_args(Relevance) if r == found), {"relevance": anchors} if anchors else {}


def _category(mention: Mention) -> str | None:
    if mention.concept:
        return mention.concept.category
    return "car-t" if "CAR T" in mention.name else None


def _by_rule(features: Features) -> str:
    car, hsct = (
        ("mention:car-t (title)" in features or "mention:car-t x4" in features),
        ("mention:hsct (title)" in features or "mention:hsct x4" in features),
    )
    return {(True, True): "car-t+hsct", (True, False): "car-t", (False, True): "hsct"}.get((car, hsct), "neither")
