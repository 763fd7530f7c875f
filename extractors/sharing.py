"""One figure, several results: `no CRS or ICANS`, `CRS and ICANS, each in 13%`, `14% in either group`.

Where measures are listed and a single figure is said of the whole list, each of them gets it; likewise the arms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.annotation import Mention
from extractors.arms import ArmFound
from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_GRADE = r"(?:(?:of )?grades? ?[≥>=]{0,2} ?\d(?: ?[-–] ?\d| or (?:higher|worse|above))?\s?)?"
_KIND = r"(?:(?:severe|any|of|no|fatal)\s)?"
_AND = re.compile(rf"\s*{_GRADE}(?:,\s*(?:(?:and|or|nor)\s)?|\band\b|\bas well as\b|/)\s*{_KIND}{_GRADE}\s*", re.I)
_OR = re.compile(rf"\s*{_GRADE}(?:,\s*(?:(?:and|or|nor)\s)?|\b(?:and|nor|or)\b|/)\s*{_KIND}{_GRADE}\s*", re.I)
_OF_LISTS = ("none", "all", "not-reached")
_EACH = re.compile(r"\b(?:each|both|either|equally|the same|likewise)\b", re.I)
_EACH_ARM = re.compile(
    r"\b(?:in|for|with|of) (?:each|either|both)(?: of the)?(?: \w+)? (?:groups?|arms?|cohorts?)\b", re.I
)


def shared(scene: Scene, found: Sequence[Found], arms: Sequence[ArmFound]) -> list[Found]:
    """Return the linked figures with a copy for each further measure or arm that a figure is said of, in order."""
    made: list[Found] = []
    for f in found:
        made.append(f)
        made += [replace(f, measure=m.name, span=(m.start, m.end)) for m in _other_measures(scene, f, found)]
        made += [replace(f, arm=a.label) for a in _other_arms(scene, f, found, arms)]
    return made


def _other_measures(scene: Scene, f: Found, found: Sequence[Found]) -> Iterator[Mention]:
    if f.span is None or f.figure.ci is not None:
        return
    sentence = scene.layout.sentence_index(f.figure.start)
    others = [x for x in found if x is not f and scene.layout.sentence_index(x.figure.start) == sentence]
    joint = _OR if f.figure.kind == "none" else _AND
    if f.figure.kind not in _OF_LISTS and (others or not _EACH.search(scene.sentence(f.figure.start))):
        return
    taken = {f.measure, *(x.measure for x in others)}
    for mention in _listed_with(scene, f.span, joint):
        if mention.name not in taken:
            taken.add(mention.name)
            yield mention


def _listed_with(scene: Scene, span: tuple[int, int], joint: re.Pattern[str]) -> list[Mention]:
    """Return the measures of the list that the span belongs to, itself left out."""
    mentions = scene.measures
    at = next((k for k, m in enumerate(mentions) if (m.start, m.end) == span), None)
    if at is None:
        return []
    first = last = at
    while first and _joined(scene, mentions[first - 1], mentions[first], joint):
        first -= 1
    while last + 1 < len(mentions) and _joined(scene, mentions[last], mentions[last + 1], joint):
        last += 1
    return [*mentions[first:at], *mentions[at + 1 : last + 1]]


def _joined(scene: Scene, left: Mention, right: Mention, joint: re.Pattern[str]) -> bool:
    return joint.fullmatch(scene.levelled[left.end : right.start]) is not None


def _other_arms(scene: Scene, f: Found, found: Sequence[Found], arms: Sequence[ArmFound]) -> list[ArmFound]:
    """Return the arms beside the figure's own of which a figure `in either group` is said too."""
    if len(arms) != 2 or f.arm == "all" or not _EACH_ARM.search(scene.sentence(f.figure.start)):
        return []
    sentence = scene.layout.sentence_index(f.figure.start)
    alike = [x for x in found if x.measure == f.measure and scene.layout.sentence_index(x.figure.start) == sentence]
    return [a for a in arms if a.label != f.arm] if len(alike) == 1 else []
