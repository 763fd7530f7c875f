"""Whether a report is about CAR T-cell therapy, about transplantation, about both or about neither."""

from __future__ import annotations

from typing import get_args

from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.context import contexts
from extractors.document_features import Features
from extractors.evidence import Anchor, Relevance
from extractors.sequence import told_in_order
from extractors.study_models import answer

Anchors = dict[str, tuple[Anchor, ...]]
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "car-t": ("car-t",),
    "hsct": ("hsct", "conditioning"),
    "car-t+hsct": ("car-t", "hsct"),
    "neither": (),
}
_IN_PASSING = frozenset({"earlier", "eligible", "failed", "resisted", "example"})
_OFTEN = 3


def relevance(annotated: Annotated, features: Features) -> tuple[Relevance, Anchors]:
    """Return the relevance with the first mention of each therapy as its anchors; `features` are the document's."""
    mentions = annotated.of_kind("intervention")
    by_category = {c: [m for m in mentions if _category(m) == c] for c in ("car-t", "hsct")}
    both, told = all(by_category.values()), ""
    if not _spoken_of(annotated, mentions):
        found, told = "neither", "relevance-rules"
    elif both and _both_studied(annotated, by_category["car-t"], by_category["hsct"]):
        found, told = "car-t+hsct", "relevance-rules"
    else:
        learned = answer("relevance", features, _ALONE if both else None)
        found, told = (learned[0], "relevance-model") if learned else (_by_rule(features), "relevance-rules")
    firsts = (next((m for m in mentions if _category(m) == c), None) for c in _CATEGORIES[found])
    anchors = tuple(Anchor(start=m.start, end=m.end, part=m.part, by=told) for m in firsts if m)
    return next(r for r in get_args(Relevance) if r == found), {"relevance": anchors} if anchors else {}


def _spoken_of(annotated: Annotated, mentions: tuple[Mention, ...]) -> bool:
    """Whether the document speaks of either therapy at all, be it only by what comes with a transplant."""
    return any(_category(m) in _SIGNS for m in mentions) or any("host" in m.name for m in annotated.mentions)


_SIGNS = ("car-t", "hsct", "conditioning")
_ALONE = ("car-t", "hsct", "neither")


def _both_studied(annotated: Annotated, cars: list[Mention], grafts: list[Mention]) -> bool:
    """Whether both therapies are studied: named often or in an order, the transplant not in passing only."""
    passing = sum(bool(contexts(annotated, m) & _IN_PASSING) for m in grafts)
    if 2 * passing > len(grafts) or min(len(cars), len(grafts)) < 2:
        return False
    return len(grafts) >= _OFTEN or any(m.part == "title" for m in grafts) or told_in_order(annotated, cars, grafts)


def _category(mention: Mention) -> str | None:
    if mention.concept:
        return mention.concept.category
    return "car-t" if "CAR T" in mention.name else None


def _by_rule(features: Features) -> str:
    car = "mention:car-t (title)" in features or "mention:car-t x4" in features
    hsct = "mention:hsct (title)" in features or "mention:hsct x4" in features
    return {(True, True): "car-t+hsct", (True, False): "car-t", (False, True): "hsct"}.get((car, hsct), "neither")
