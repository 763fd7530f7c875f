"""Therapies that follow one another: CAR T and transplant in either order, tandem transplants, two CAR T products."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import ontology.vocabulary
from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.evidence import Anchor, DesignType, Intervention, Relevance

Anchors = dict[str, tuple[Anchor, ...]]
Steps = tuple[Mention, ...]
_THEN = re.compile(
    r"followed by|(?:and|,) then\b|bridg\w+ (?:\w+ )?(?:to|into)\b|\bbridge[- ]to\b|a bridge to|prior to|\bbefore\b"
    r"|preceding|consolidat\w+"
    r"|proceeded to|went on to|subsequent|underwent|\breceived\b",
    re.I,
)
_AFTER = re.compile(r"\bafter\b|\bfollowing\b|\bpost\b|given after|subsequent to", re.I)
_SEQUENTIAL = re.compile(r"\bsequential(?:ly)?\b|in sequence|one after the other", re.I)
_RELAPSED = re.compile(
    r"(?:relaps\w*|recurr\w+|progress\w*|persist\w+|fail\w*)[^.;\n]{0,40}\b(?:after|following|post)[- ]?[^.;\n]{0,30}$",
    re.I,
)
_CONSOLIDATIVE = re.compile(
    r"(?:consolidat\w+|bridg\w+ to|subsequent|proceed\w+ to|went on to|followed by)[^.;\n]{0,40}$", re.I
)
_SECOND = re.compile(r"\b(?:second|two|repeat(?:ed)?)\W+(?:(?!or\b|units?\b)[\w-]+\W+){0,1}$", re.I)
_TWICE = re.compile(
    r"one or two|\bdouble\b(?!\W+(?:hit|expressor|unit|cord|blind))|\btandem\b|single or double|two successive", re.I
)
_AGAINST = re.compile(r"\bversus\b|\bvs\b|compared (?:with|to)|\bagainst\b", re.I)
_MAINTAINED = re.compile(r"maintenance|prophyla|post-?\s?transplant|after|following", re.I)
_STUDIED_AFTER = (
    "hypomethylating agent",
    "FLT3 inhibitor",
    "tyrosine kinase inhibitor",
    "antibody-drug conjugate",
    "BCL2 inhibitor",
)
_ALLOGRAFTS = ("allogeneic HSCT", "haploidentical HSCT", "cord blood transplantation")
_BETWEEN, _TITLE_WEIGHT = 110, 3


def sequence(
    annotated: Annotated, given: tuple[Intervention, ...], relevance: Relevance, design: DesignType
) -> tuple[tuple[str, ...], Anchors]:
    """Return canonical names in the order given, with the mentions that say so; empty where no sequence is described.

    CAR T and transplant in a randomized trial are its arms, not a sequence.
    """
    used: dict[str, str] = {i.name: i.category for i in given if i.used}
    if relevance == "car-t+hsct":
        if design in ("randomized-controlled-trial", "economic-evaluation"):
            return (), {}
        return _named(annotated, used, _cells(annotated, used))
    steps = _products(annotated, used) if relevance == "car-t" else _transplants(annotated, used)
    return tuple(m.name for m in steps), _anchors(steps)


def told_in_order(annotated: Annotated, cars: list[Mention], grafts: list[Mention]) -> bool:
    """Whether some sentence gives CAR T and transplant in an order."""
    used = {m.name: "car-t" for m in cars} | {m.name: "hsct" for m in grafts}
    cells = sorted((*cars, *grafts), key=lambda m: (m.part != "title", m.start))
    return any(True for first, second in pairwise(cells) for _ in _orders(annotated, used, first, second))


def _cells(annotated: Annotated, used: dict[str, str]) -> Steps:
    """CAR T and transplant in the order that most sentences give, else as first named; none where they're compared."""
    cells = [m for m in annotated.of_kind("intervention") if _kind(m, used) in ("car-t", "hsct")]
    if _AGAINST.search(annotated.document.title) and len({_kind(m, used) for m in cells if m.part == "title"}) > 1:
        return ()
    votes: Counter[str] = Counter()
    seen: dict[str, Steps] = {}
    for first, second in pairwise(cells):
        for steps in _orders(annotated, used, first, second):
            votes[_kind(steps[0], used)] += _TITLE_WEIGHT if first.part == "title" else 1
            seen.setdefault(_kind(steps[0], used), steps)
    if votes:
        return seen[max(votes, key=lambda kind: (votes[kind], kind == "hsct"))]
    firsts = {_kind(m, used): m for m in reversed(cells) if m.part == "text"}
    return tuple(sorted(firsts.values(), key=lambda m: m.start)) if len(firsts) == 2 else ()


def _kind(mention: Mention, used: dict[str, str]) -> str:
    """Return the mention's category where the study lists it or something narrower, an empty string otherwise."""
    if mention.name in used:
        return used[mention.name]
    own = mention.concept.category if mention.concept else None
    return own if own in used.values() and own is not None else ""


def _orders(annotated: Annotated, used: dict[str, str], first: Mention, second: Mention) -> Iterator[Steps]:
    """Yield the order of two neighbouring mentions of different kinds, if the words between or before tell it."""
    if _kind(first, used) == _kind(second, used) or first.part != second.part:
        return
    text = annotated.part(first.part)
    between = text[first.end : second.start]
    if len(between) > _BETWEEN or re.search(r"[.;\n]", between):
        return
    before = text[max(0, first.start - 80) : first.start].rpartition(". ")[2]
    if _RELAPSED.search(before) and _kind(first, used) == "hsct":
        yield first, second
    elif _RELAPSED.search(between) and _kind(second, used) == "hsct":
        yield second, first
    elif _CONSOLIDATIVE.search(between) or _THEN.search(between) or _SEQUENTIAL.search(before):
        yield first, second
    elif _AFTER.search(between) or (_CONSOLIDATIVE.search(before) and _kind(first, used) == "hsct"):
        yield second, first


def _named(annotated: Annotated, used: dict[str, str], steps: Steps) -> tuple[tuple[str, ...], Anchors]:
    """Return the steps by the study's own most telling names."""
    return tuple(_best_name(annotated, used, m) for m in steps), _anchors(steps)


def _best_name(annotated: Annotated, used: dict[str, str], mention: Mention) -> str:
    """Return the listed name of the step's kind that the document names most, the title counting three times."""
    kind = _kind(mention, used)
    weights: Counter[str] = Counter()
    for m in annotated.of_kind("intervention"):
        if used.get(m.name) == kind:
            weights[m.name] += _TITLE_WEIGHT if m.part == "title" else 1
    if not weights:
        return mention.name
    general = {"CAR T-cell therapy", "HSCT"}
    return max(weights, key=lambda name: (name not in general, weights[name], name))


def _anchors(steps: Steps) -> Anchors:
    found = tuple(Anchor(start=m.start, end=m.end, part=m.part, by="sequence-order") for m in steps)
    return {"sequence": found} if found else {}


def _products(annotated: Annotated, used: dict[str, str]) -> Steps:
    """Two CAR T products given one after the other, where the title says so."""
    title = annotated.document.title
    named = {m.name: m for m in annotated.of_kind("intervention", "title") if used.get(m.name) == "car-t" and m.targets}
    products = tuple(sorted(named.values(), key=lambda m: m.start))
    told = len(products) == 2 and (
        _SEQUENTIAL.search(title) or _THEN.search(title[products[0].end : products[1].start])
    )
    return products if told else ()


def _transplants(annotated: Annotated, used: dict[str, str]) -> Steps:
    """Tandem and second transplants, donor cells or a studied drug after a transplant: what the title speaks of."""
    title = annotated.document.title
    named = annotated.of_kind("intervention", "title")
    grafts = [m for m in named if m.name.startswith("tandem") or used.get(m.name) == "hsct"]
    for m in grafts:
        if "autologous" in m.name and (m.name.startswith("tandem") or _TWICE.search(title)):
            own = next((x for x in annotated.of_kind("intervention") if x.name == "autologous HSCT"), m)
            return (own, own)
        if m.name in _ALLOGRAFTS and _SECOND.search(title[: m.start]):
            return (m, m)
    later = _given_later(named, used)
    graft = (
        grafts[0]
        if grafts
        else next((m for m in annotated.of_kind("intervention", "text") if used.get(m.name) == "hsct"), None)
    )
    return (graft, *later) if later and graft and _MAINTAINED.search(title) else ()


def _given_later(named: tuple[Mention, ...], used: dict[str, str]) -> Steps:
    """Return the title's donor lymphocytes and drugs of the classes that are studied after transplantation."""
    vocabulary = ontology.vocabulary.load()
    found: dict[str, Mention] = {}
    for m in named:
        above = {vocabulary.get(x).name for x in vocabulary.broader(m.concept.iri)} if m.concept else set()
        if m.name in used and (m.name == "donor lymphocyte infusion" or above & set(_STUDIED_AFTER)):
            found.setdefault(m.name, m)
    return tuple(found.values())
