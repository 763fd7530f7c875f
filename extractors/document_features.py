"""Features of a whole document that a person would name: cue words, ages, what is treated with what.

Each feature's name begins with its group (`design`, `centers`, `status`, `age`, `mention`), so that a model can
be given the groups that bear on its question.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.ages import ages, median_age
from extractors.annotation import Annotated
from extractors.cues import AGES, CENTERS, DESIGN, STATUS, Cue, hits

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
    for name, _ in hits(cues, annotated.document.title.lower()):
        yield f"{group}:{name} (title)"
    text = annotated.document.text.lower()
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
        for stated in ages(annotated.part(part)):  # type: ignore[arg-type]
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
    counts: dict[str, int] = {}
    for m in annotated.of_kind("intervention"):
        category = m.concept.category if m.concept else ("car-t" if "CAR" in m.name else "other")
        for key in (f"{category} ({m.part})", f"{category}"):
            counts[key] = counts.get(key, 0) + 1
    for key, count in counts.items():
        yield f"mention:{key}"
        yield from (f"mention:{key} x{n}" for n in (2, 4, 7) if count >= n)
    for m in annotated.of_kind("condition"):
        if m.part == "title" or m.start < _EARLY * len(annotated.document.text):
            yield f"mention:{m.name}"


def crossing(features: Features) -> tuple[str, ...]:
    """Return the features of the document that candidates' features are crossed with, without their group's name."""
    titled = (f for f in features if f.startswith("mention:") and f.endswith(("(title)", "x4")))
    return tuple(sorted(f.split(":", 1)[1] for f in (*titled, *(f for f in _CROSSED if f in features))))


_CROSSED = (
    "design:a review in the title (title)", "design:meta-analysis", "design:guideline (title)", "design:randomized",
    "design:case report", "design:protocol (title)", "design:this review",
)  # fmt: skip
