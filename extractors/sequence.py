"""Cell therapies that follow one another: CAR T, then transplant; transplant, then CAR T; tandem transplants."""

from __future__ import annotations

import re

from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.evidence import Anchor, Intervention, Relevance

Anchors = dict[str, tuple[Anchor, ...]]
_THEN = re.compile(
    r"^[^.;\n]{0,40}?(?:followed by|(?:and|,) then|, then|bridg\w+ (?:to|into)|as a bridge to|prior to|before|preceding|consolidated (?:by|with)|succeeded by)\W+(?:[\w/-]+\W+){0,4}$",
    re.I,
)
_AFTER = re.compile(
    r"^[^.;\n]{0,25}?(?:after|following|post[- ]?|given after|subsequent to)\W*(?:[\w/-]+\W+){0,3}$", re.I
)
_SEQUENTIAL = re.compile(r"\bsequential(?:ly)?\b[^.;\n]{0,60}$", re.I)
_RELAPSE_AFTER = re.compile(
    r"(?:relaps\w*|recurr\w+|progress\w*|failure|GVHD)[^.;\n]{0,40}(?:after|following|post)[- ]?(?:\W|\w+\W+){0,3}$",
    re.I,
)
_SECOND = re.compile(r"\b(?:second|two|repeat(?:ed)?|retransplant\w*|salvage second)\W+(?:[\w-]+\W+){0,2}$", re.I)


def sequence(
    annotated: Annotated, given: tuple[Intervention, ...], relevance: Relevance
) -> tuple[tuple[str, ...], Anchors]:
    """Return canonical names in the order given, with the mentions that say so; empty where nothing of the kind is described."""
    used = {i.name: i.category for i in given if i.used}
    return _cells(annotated, used) if relevance == "car-t+hsct" else _transplants(annotated, used)


def _cells(annotated: Annotated, used: dict[str, str]) -> tuple[tuple[str, ...], Anchors]:
    """CAR T and transplant, in the order that the text gives."""
    cells = [m for m in annotated.of_kind("intervention") if used.get(m.name) in ("car-t", "hsct")]
    for first, second in zip(cells, cells[1:], strict=False):
        if used[first.name] == used[second.name] or first.part != second.part:
            continue
        text = annotated.part(first.part)
        between, before = text[first.end : second.start], text[max(0, first.start - 80) : first.start]
        if _THEN.match(between) or (_SEQUENTIAL.search(before) and len(between) < 30):
            return _ordered(annotated, used, first, second)
        if _AFTER.match(between):
            return _ordered(annotated, used, second, first)
    return _after_relapse(annotated, used, cells)


def _after_relapse(annotated: Annotated, used: dict[str, str], cells: list[Mention]) -> tuple[tuple[str, ...], Anchors]:
    """CAR T for a relapse after transplant."""
    car = next((m for m in cells if used[m.name] == "car-t"), None)
    for m in cells:
        before = annotated.part(m.part)[max(0, m.start - 90) : m.start]
        if car and used[m.name] == "hsct" and _RELAPSE_AFTER.search(before):
            return _ordered(annotated, used, m, car)
    return (), {}


def _ordered(
    annotated: Annotated, used: dict[str, str], first: Mention, second: Mention
) -> tuple[tuple[str, ...], Anchors]:
    steps = (first, second)
    names = tuple(_specific(annotated, used, m) for m in steps)
    return names, {"sequence": tuple(Anchor(start=m.start, end=m.end, part=m.part, by="sequence-order") for m in steps)}


def _specific(annotated: Annotated, used: dict[str, str], mention: Mention) -> str:
    """Return the most specific name that the study has for the step: the only narrower one listed, or its own."""
    if not mention.concept:
        return mention.name
    narrower = [
        m.name
        for m in annotated.of_kind("intervention")
        if m.concept and mention.concept.iri in m.concept.broader and m.name in used
    ]
    return narrower[0] if len(set(narrower)) == 1 else mention.name


def _transplants(annotated: Annotated, used: dict[str, str]) -> tuple[tuple[str, ...], Anchors]:
    """Tandem and second transplants that are what's studied: named so in the title."""
    for m in annotated.of_kind("intervention", "title"):
        if used.get(m.name) != "hsct":
            continue
        anchor = Anchor(start=m.start, end=m.end, part="title", by="sequence-order")
        if m.name.startswith("tandem"):
            return ("autologous HSCT", "autologous HSCT"), {"sequence": (anchor,)}
        if _SECOND.search(annotated.document.title[: m.start]) and m.name != "HSCT":
            return (m.name, m.name), {"sequence": (anchor,)}
    return (), {}
