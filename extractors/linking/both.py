"""Figures said of two measures at once, `EFS and OS were both 59%`: which of the two it's of isn't in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.joining import Figure
from extractors.linking.pairs import Option
from extractors.linking.scene import Scene

_BOTH = re.compile(r"\b(?:both|each)(?: (?:at|was|were|stood at|amounted to|came to))? $", re.I)
_EACH = re.compile(r"[\s%)\]]*each\b", re.I)
_AND = re.compile(r"\s*(?:\([^()]{1,20}\))?,? (?:and|as well as) (?:the )?", re.I)
_BEFORE = 30


def of_both(scene: Scene, figure: Figure, ranked: Sequence[Option]) -> Sequence[Option]:
    """Return a figure's measures; where it's said of both of the likeliest two, the first has the shares of both.

    The other is entered with a copy of the figure (`extractors.sharing`).
    """
    before, _ = scene.around(figure.start, figure.end, before=_BEFORE)
    if len(ranked) < 2 or not (_BOTH.search(before) or _EACH.match(scene.levelled, figure.end)):
        return ranked
    (share, name, j), (other_share, other, _), *rest = ranked
    return [(share + other_share, name, j), *rest] if _joined(scene, figure, {name, other}) else ranked


def _joined(scene: Scene, figure: Figure, names: set[str]) -> bool:
    """Whether the sentence lists measures of these two names side by side before the figure."""
    start, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    named = [m for m in scene.measures if start <= m.start and m.end <= figure.start]
    return any({a.name, b.name} == names and _AND.fullmatch(scene.levelled, a.end, b.start) for a, b in pairwise(named))
