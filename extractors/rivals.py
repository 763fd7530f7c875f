"""A measure that the words tell, put before those that the models hold for as likely."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from extractors.joining import Figure
from extractors.linking.pairs import Option
from extractors.linking.scene import Scene

_ABSENT = re.compile(r"without|free (?:of|from)|with no", re.I)


class Told(NamedTuple):
    """A measure that the words tell, and those that it could be taken for."""

    measure: str
    rivals: frozenset[str]


def put_first(ranked: Sequence[Option], measure: str, rivals: Collection[str]) -> Sequence[Option]:
    """Return a figure's measures, likeliest first, with `measure` at their top, which gets the shares of its rivals.

    Where the models did not think of it, it stands with the span of the likeliest. They stay as they were where the
    likeliest is neither `measure` nor a rival: the words are about something else.
    """
    named = {*rivals, measure}
    if not ranked or ranked[0][1] not in named:
        return ranked
    own = next((j for _, name, j in ranked if name == measure), ranked[0][2])
    together = sum(score for score, name, _ in ranked if name in named)
    return [(together, measure, own), *(option for option in ranked if option[1] not in named)]


def reach(scene: Scene, figure: Figure) -> tuple[int, int]:
    """Return where the words of a figure begin and end: at the figures beside it, or at its sentence's ends.

    `Without` and `free of` are figures where nothing is there, but don't part what stands around them.
    """
    start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    beside = [
        f
        for f in scene.figures
        if start <= f.start and f.end <= end and not _ABSENT.fullmatch(scene.levelled, f.start, f.end)
    ]
    last = max((f.end for f in beside if f.end <= figure.start), default=start)
    following = min((f.start for f in beside if figure.end <= f.start), default=end)
    return last, following
