"""Everybody's further findings: `All patients responded but had grade 4 pancytopenia` tells two things of all.

A sentence whose subject is everybody, and that has no other figure, says each of its verbs of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.annotation import Mention
from extractors.linking.scene import Scene
from extractors.outcome_links import Found, beside
from extractors.sharing import grade_before, opposed

_VERB = re.compile(
    r"\b(?:and|but|then|yet)\s+(?:all\s+|also\s+|\w+ly\s+)?"
    r"(?:exhibited|developed|had|experienced|showed|displayed|suffered|attained|achieved|reached)\b(?P<object>[^.;:]*)$"
)
_ANOTHER = re.compile(
    r"\b(?:no|not|none|never|without|one|two|three|some|most|half|several|few|who|which)\b|\d+ ?%|\bn ?="
)
_SUBJECT = re.compile(r"^(?:\s*\w+){0,2}$")
_REACH = 90


def of_everybody(scene: Scene, found: Sequence[Found]) -> list[Found]:
    """Return the linked figures with a copy for each further measure that a sentence tells of everybody, in order."""
    made: list[Found] = []
    for f in found:
        made.append(f)
        if f.figure.kind == "all" and f.span is not None and _alone(scene, f, found):
            made += [
                replace(
                    f, measure=m.name, span=(m.start, m.end), grade=grade_before(scene, m.start), links=dict(f.links)
                )
                for m in _further(scene, f, f.span)
            ]
    return made


def _alone(scene: Scene, f: Found, found: Sequence[Found]) -> bool:
    """Whether a figure opens its sentence and is the only one there."""
    start, _ = scene.layout.sentences[scene.layout.sentence_index(f.figure.start)]
    opened = scene.text[start : f.figure.start].rpartition(":")[2]
    return not beside(scene, f, found) and _SUBJECT.match(re.sub(r"^[\s•*–-]+", "", opened)) is not None


def _further(scene: Scene, f: Found, span: tuple[int, int]) -> Iterator[Mention]:
    _, end = scene.layout.sentences[scene.layout.sentence_index(f.figure.start)]
    taken = {f.measure}
    for mention in scene.measures:
        between = scene.levelled[span[1] : mention.start]
        if not span[1] <= mention.start < end or mention.name in taken:
            continue
        verb = _VERB.search(between)
        if verb is None or len(verb["object"]) > _REACH or _ANOTHER.search(verb["object"]):
            continue
        if not opposed(scene, mention):
            taken.add(mention.name)
            yield mention
