"""One figure, several arms: `14% in either group`, `64% in each`, `81% both with an MSD and with cord blood`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.arms import ArmFound
from extractors.arms.referring import EACH_GROUP
from extractors.linking.scene import Scene
from extractors.outcome_links import Found, beside, two_arms

_EACH_ARM = re.compile(rf"\b(?:in|for|with|of|by) {EACH_GROUP}\b", re.I)
_IN_EACH = re.compile(r"[\s)%]*(?:of (?:the )?patients )?(?:in|for|with) (?:each|either|both)(?= ?(?:[.,;)]|$))", re.I)
_FRAME = r"(?:(?:with|in|for|after|among|of|on|under) )?(?:the |those (?:with |given )?|an? )?"
_BOTH = re.compile(rf"[\s)%]*(?:patients? )?{_FRAME}both {_FRAME}", re.I)
_AND = re.compile(
    rf"(?: (?:group|arm|cohort|patients|recipients|donors?))?(?: ?\([^()]{{1,40}}\))?,? and {_FRAME}", re.I
)


def each_arm(scene: Scene, f: Found, found: Sequence[Found], arms: Sequence[ArmFound]) -> list[str]:
    """Return the arms that a figure is said of at once, the figure's own first; empty where it's said of one only."""
    if f.figure.kind == "ratio":
        return []
    named = _named_together(scene, f, arms)
    if named:
        return named
    both = two_arms(found, arms)
    others = beside(scene, f, found)
    if both is None or any(_reports_alike(f, x) for x in others) or not _names_each_arm(scene, f, others):
        return []
    return sorted(both, key=lambda label: label != f.arm)


def _reports_alike(f: Found, other: Found) -> bool:
    """Whether another figure tells the same of a group: it's then of the one, and this figure of the other."""
    times = [x.time.name if x.time else None for x in (f, other)]
    return f.measure == other.measure and f.figure.kind == other.figure.kind and times[0] == times[1]


def _names_each_arm(scene: Scene, f: Found, others: Sequence[Found]) -> bool:
    """Whether the sentence says `in either group` of a figure, no other one between, or `in each` right behind it."""
    if _IN_EACH.match(scene.levelled, f.figure.end):
        return True
    start, end = scene.layout.sentences[scene.layout.sentence_index(f.figure.start)]
    for phrase in _EACH_ARM.finditer(scene.levelled, start, end):
        first, last = min(f.figure.start, phrase.start()), max(f.figure.start, phrase.start())
        if not any(first < x.figure.start < last for x in others):
            return True
    return False


def _named_together(scene: Scene, f: Found, arms: Sequence[ArmFound]) -> list[str]:
    """Return the two arms that stand behind a figure: `81% both with an MSD and with 6/6 UCB`."""
    opened = _BOTH.match(scene.levelled, f.figure.end)
    for first, end in _starting(arms, opened.end()) if opened else ():
        joint = _AND.match(scene.levelled, end)
        for second, _ in _starting(arms, joint.end()) if joint else ():
            if second.label != first.label:
                return [first.label, second.label]
    return []


def _starting(arms: Sequence[ArmFound], offset: int) -> Iterator[tuple[ArmFound, int]]:
    """Yield the arms that are named at an offset, each with the end of its name, the longest name first."""
    named = [(a, end) for a in arms for start, end in a.mentions if start == offset]
    yield from sorted(named, key=lambda place: (-place[1], place[0].label))
