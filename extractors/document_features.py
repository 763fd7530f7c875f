"""Features of a whole document that a person would name: cue words, ages, what is treated with what.

Each feature's name begins with its group (`design`, `centers`, `status`, `age`, `mention`), so that a model can
be given the groups that bear on its question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from extractors.ages import ages, median_age
from extractors.annotation import Annotated, Mention
from extractors.context import contexts
from extractors.cues import AGES, CENTERS, DESIGN, STATUS, Cue, hits
from extractors.levelling import lowered

Features = dict[str, float]
_GROUPS: tuple[tuple[str, tuple[Cue, ...]], ...] = (
    ("design", DESIGN),
    ("centers", CENTERS),
    ("status", STATUS),
    ("age", AGES),
)
_EARLY = 0.25


def document_features(annotated: Annotated) -> Features:
    """Return the features of title and text, by name; what doesn't hold is left out."""
    features: Features = {}
    for group, cues in _GROUPS:
        features |= dict.fromkeys(_cue_features(annotated, group, cues), 1.0)
    features |= dict.fromkeys(_age_features(annotated), 1.0)
    features |= dict.fromkeys(_mention_features(annotated), 1.0)
    return features


def _cue_features(annotated: Annotated, group: str, cues: tuple[Cue, ...]) -> Iterator[str]:
    for name, _ in hits(cues, lowered(annotated.document.title)):
        yield f"{group}:{name} (title)"
    text = lowered(annotated.document.text)
    for name, places in hits(cues, text):
        yield f"{group}:{name}"
        if len(places) > 1:
            yield f"{group}:{name} (often)"
        if places[0] < _EARLY * len(text):
            yield f"{group}:{name} (early)"
        for role in {annotated.role(place) for place in places}:
            yield f"{group}:{name} ({role})"


def _age_features(annotated: Annotated) -> Iterator[str]:
    for part in ("title", "text"):
        for stated in ages(annotated.part(part)):
            low, high = _band(stated.low), _band(stated.high)
            yield f"age:{stated.kind} {low} to {high} ({part})"
            yield f"age:{stated.kind} low {low}"
            yield f"age:{stated.kind} high {high}"
    median = median_age(annotated.document.text)
    if median:
        yield f"age:median {_band(median[0])}"


def _band(age: float) -> str:
    return next((name for limit, name in _BANDS if age < limit), "over 70")


_BANDS = (
    (1, "under 1"),
    (13, "child"),
    (18, "adolescent"),
    (22, "about 20"),
    (31, "about 25"),
    (50, "under 50"),
    (60, "under 60"),
    (70, "under 70"),
)


def _mention_features(annotated: Annotated) -> Iterator[str]:
    mentions = annotated.of_kind("intervention")
    length = max(1, len(annotated.document.text))
    for category in sorted({_category(m) for m in mentions}):
        same = [m for m in mentions if _category(m) == category]
        in_text = [m for m in same if m.part == "text"]
        yield f"mention:{category}"
        yield from (f"mention:{category} x{n}" for n in (2, 4, 7) if len(same) >= n)
        yield from (f"mention:{category} share {n}" for n in (2, 4, 6) if 10 * len(same) >= n * len(mentions))
        if len(in_text) < len(same):
            yield f"mention:{category} (title)"
        if category in _CELLS:
            yield from (f"mention:{category} {where}" for where in _where(annotated, in_text, length))
    for m in annotated.of_kind("condition"):
        if m.part == "title" or m.start < _EARLY * length:
            yield f"mention:{m.name}"


_CELLS = ("car-t", "hsct")
_TELLING = (
    "earlier",
    "eligible",
    "hypothetical",
    "example",
    "compared",
    "given",
    "negated",
    "group",
    "resisted",
    "planned",
    "after",
)


def _category(mention: Mention) -> str:
    if mention.concept:
        return mention.concept.category or "other"
    return "car-t" if "CAR" in mention.name else "other"


def _where(annotated: Annotated, mentions: list[Mention], length: int) -> Iterator[str]:
    """Yield where in the text the mentions of cell therapies stand and what is said of them."""
    if not mentions:
        return
    roles = {annotated.role(m.start) for m in mentions}
    yield from (f"in {role}" for role in roles)
    if len(roles) == 1:
        yield f"only in {min(roles)}"
    if mentions[-1].start < _EARLY * length:
        yield "only early"
    if mentions[0].start > 0.75 * length:
        yield "only late"
    said = Counter(cue for m in mentions for cue in contexts(annotated, m) if cue in _TELLING)
    yield from (f"said {cue}" for cue in said)
    yield from (f"always said {cue}" for cue, count in said.items() if count == len(mentions))


def crossing(features: Features) -> tuple[str, ...]:
    """Return the features of the document that candidates' features are crossed with, without their group's name."""
    titled = (f for f in features if f.startswith("mention:") and f.endswith(("(title)", "x4")))
    return tuple(sorted(f.split(":", 1)[1] for f in (*titled, *(f for f in _CROSSED if f in features))))


_CROSSED = (
    "design:a review in the title (title)", "design:meta-analysis", "design:guideline (title)", "design:randomized",
    "design:case report", "design:protocol (title)", "design:this review",
)  # fmt: skip
