"""What a response's figure tells besides: `responses, all partial, in 37%`; `87% attained CR with MRD negativity`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.linking.scene import Scene
from extractors.outcome_links import Found, beside

Named = tuple[str, int, int]
_ALL_OF_A_KIND = re.compile(
    r"\ball (?:of (?:them|these|which) )?(?:(?:the|responses?|remissions?|were|being|are) ){0,3}"
    r"(?P<kind>partial|complete)\b(?: (?:responses?|remissions?)\b)?",
    re.IGNORECASE,
)
_KINDS = {"partial": "partial-response", "complete": "complete-response"}
_WITH = re.compile(r" ?(?:\([^()]{1,25}\))?,? ?with (?:an? )?(?:\w+ ){0,3}", re.IGNORECASE)
_ABSENT = re.compile(r"\b(?:no|negativ\w*|undetect\w*)\b", re.IGNORECASE)
_RESPONSES = ("overall-response", "complete-response", "complete-response-incomplete-recovery")


def implied(scene: Scene, f: Found, found: Sequence[Found]) -> Iterator[Named]:
    """Yield the further measures of a response's figure, each with the place of the words that tell of it.

    Nothing where the sentence has another figure of such a measure: then that one tells it.
    """
    if f.measure not in _RESPONSES or f.span is None or f.figure.unit != "%":
        return
    told = {x.measure for x in beside(scene, f, found)}
    for name, start, end in (*_of_a_kind(scene, f, f.span), *_without_residual(scene, f.span)):
        if name != f.measure and name not in told:
            yield name, start, end


def _of_a_kind(scene: Scene, f: Found, span: tuple[int, int]) -> Iterator[Named]:
    if f.measure != "overall-response":
        return
    _, end = scene.layout.sentences[scene.layout.sentence_index(f.figure.start)]
    words = _ALL_OF_A_KIND.search(scene.levelled, min(span[0], f.figure.start), end)
    if words is None:
        return
    between = (g for g in scene.figures if span[1] < g.start < words.start() and g.unit == "%")
    if all(g is f.figure for g in between):
        yield _KINDS[words["kind"].lower()], words.start(), words.end()


def _without_residual(scene: Scene, span: tuple[int, int]) -> Iterator[Named]:
    behind = next((m for m in scene.measures if m.start >= span[1] and m.name != "complete-response"), None)
    if behind is None or behind.name != "mrd-negativity":
        return
    joint = scene.levelled[span[1] : behind.start]
    if _WITH.fullmatch(joint) and _ABSENT.search(scene.levelled, span[1], behind.end):
        yield behind.name, behind.start, behind.end
