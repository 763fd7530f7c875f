"""How the study was made: type, phase, masking, centres, registry numbers, acronyms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from extractors.annotation import Annotated
from extractors.cues import CENTERS, DESIGN, hits
from extractors.design_rules import type_by_rule
from extractors.document import Part
from extractors.document_features import Features
from extractors.evidence import Anchor, Centers, Design, DesignType, Masking, Phase
from extractors.registries import registry_ids, study_acronyms
from extractors.study_models import answer

Anchors = dict[str, tuple[Anchor, ...]]
_WITH_RESULTS = tuple(t for t in get_args(DesignType) if t != "study-protocol")
_RESULTS = re.compile(r"\b(?:results|findings)\b", re.I)
_DIGIT = re.compile(r"\d")
_PARTS: tuple[Part, ...] = ("title", "text")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "one": "1", "two": "2", "three": "3", "four": "4"}
_STEP = r"(?:iv|i{1,3}|[1-4]|one|two|three|four)[abc]?"
_PHASE = re.compile(
    rf"\bphases?[- \u2010-\u2015]*(?P<first>{_STEP})(?:\s*(?:/|-|–|and|to|or)\s*(?:phase )?(?P<second>{_STEP}))?\b",
    re.I,
)
_OTHER_PHASE = re.compile(
    r"(?:previous|earlier|prior|original|future|further|planned|subsequent|published|completed|larger|later"
    r"|the drug's|recommended|single-arm trials,) $"
    r"|(?:trials|studies) (?:of|in) $",
    re.I,
)
_OTHER_BEHIND = re.compile(
    r"\W+(?:[\w-]+\W+){0,2}(?:studies|dose\b(?![- ](?:escal|find|level))|trial of the drug)\b", re.I
)
_MASKING: tuple[tuple[Masking, re.Pattern[str]], ...] = (
    ("double-blind", re.compile(r"double[- ]?(?:blind|masked)\w*|triple[- ]blind", re.I)),
    (
        "single-blind",
        re.compile(r"single[- ]?(?:blind|masked)\w*|(?:observer|investigator|assessor)[- ]blind\w*", re.I),
    ),
    (
        "open-label",
        re.compile(r"open[- ]?label(?:led)?|unblinded|unmasked|\bopen,(?= (?:randomi|multi|phase|single))", re.I),
    ),
)


def design(annotated: Annotated, features: Features) -> tuple[Design, Anchors]:
    """Return the design with the anchors of its parts; `features` are the document's (`document_features`)."""
    anchors: Anchors = {}
    kind = _type(annotated, features, anchors)
    return Design(
        type=kind,
        phase=_phase(annotated, kind, anchors),
        masking=_masking(annotated, anchors),
        centers=_centers(annotated, features, anchors),
        registry_ids=registry_ids(annotated, anchors),
        acronyms=study_acronyms(annotated, kind, anchors),
    ), anchors


def _type(annotated: Annotated, features: Features, anchors: Anchors) -> DesignType:
    """Return the type of the study; `other` where nothing in the document tells."""
    if not any(name.startswith("design:") for name in features):
        return "other"
    kind, cue, sure = type_by_rule(features)
    by = "design-rules"
    learned = None if sure else answer("design", features, _WITH_RESULTS if _reports_results(annotated) else None)
    if learned:
        kind, cue, by = next(t for t in get_args(DesignType) if t == learned[0]), learned[1], "design-model"
    anchors["design.type"] = (_at(annotated, DESIGN, cue.removeprefix("design:"), by),)
    return kind


def _reports_results(annotated: Annotated) -> bool:
    """Whether a section that its label calls the results has numbers."""
    text = annotated.document.text
    own = (s.span for s in annotated.sections if s.span.part == "text" and _RESULTS.search(s.label))
    return any(_DIGIT.search(text, span.start, span.end) for span in own)


def _at(annotated: Annotated, cues: tuple, cue: str, by: str) -> Anchor:  # type: ignore[type-arg]
    """Return where the cue stands; where it stands nowhere, the title is what speaks for the field."""
    name = re.sub(r" \([a-z]+\)$", "", cue)
    for part in _PARTS:
        lowered = annotated.part(part).lower()
        for found, places in hits((c for c in cues if c.name == name), lowered):
            pattern = next(c.pattern for c in cues if c.name == found)
            end = pattern.search(lowered).end() if pattern else places[0] + 1
            return Anchor(start=places[0], end=end, part=part, by=by)
    return Anchor(start=0, end=len(annotated.document.title), part="title", by=by)


def _phase(annotated: Annotated, kind: DesignType, anchors: Anchors) -> Phase | None:
    """Return the phase of this trial: stated in the title or of this study, or by the source's own field."""
    if kind in ("meta-analysis", "systematic-review", "narrative-review", "guideline"):
        return None
    for part in _PARTS:
        for match in _phases(annotated.part(part)):
            phase = _read_phase(match)
            if phase:
                anchors["design.phase"] = (Anchor(start=match.start(), end=match.end(), part=part, by="phase-grammar"),)
                return phase
    return next((p for p in get_args(Phase) if p == annotated.document.phase), None)


def _phases(text: str) -> Iterator[re.Match[str]]:
    for match in _PHASE.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not _OTHER_PHASE.search(before) and not _OTHER_BEHIND.match(text, match.end()):
            yield match


def _read_phase(match: re.Match[str]) -> Phase | None:
    steps = [_digit(match[name]) for name in ("first", "second") if match[name]]
    wanted = "/".join(sorted(set(steps)))
    return next((p for p in get_args(Phase) if p == wanted), None)


def _digit(step: str) -> str:
    low = step.lower()
    return _ROMAN.get(low) or _ROMAN.get(low.rstrip("abc")) or low.rstrip("abc")


def _masking(annotated: Annotated, anchors: Anchors) -> Masking | None:
    for masking, pattern in _MASKING:
        for part in _PARTS:
            match = pattern.search(annotated.part(part))
            if match:
                anchors["design.masking"] = (
                    Anchor(start=match.start(), end=match.end(), part=part, by="masking-words"),
                )
                return masking
    return None


def _centers(annotated: Annotated, features: Features, anchors: Anchors) -> Centers | None:
    titled = next(((c, cue) for cue, c in _IN_TITLE if cue in features), None)
    learned = titled or answer("centers", features) or _centers_by_rule(features)
    found, cue = learned
    centers = next((c for c in get_args(Centers) if c == found), None)
    if centers:
        anchors["design.centers"] = (_at(annotated, CENTERS, cue.removeprefix("centers:"), "centers-model"),)
    return centers


_IN_TITLE = (("centers:multicentre (title)", "multicenter"), ("centers:single centre (title)", "single-center"))
"""What a title says plainly of the centres settles it."""


def _centers_by_rule(features: Features) -> tuple[str, str]:
    for name in ("multicentre", "several centres"):
        if f"centers:{name}" in features:
            return "multicenter", f"centers:{name}"
    return ("single-center", "centers:single centre") if "centers:single centre" in features else ("none", "")
