"""Lists of grades that figures of one measure follow: `grade II-IV and III-IV acute GVHD was seen in 29% and 10%`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from extractors.linking.chains import chains
from extractors.linking.enumerations import Item, places_in_list
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.outcome_links import Found

_AND = re.compile(r"\s?(?:,|/|&|,? and|,? as well as)\s?(?:of |those of |at )?", re.IGNORECASE)


def follow_grade_lists(scene: Scene, found: Sequence[Found], grades: Sequence[Candidate]) -> None:
    """Give the figures behind a list of grades, all of one measure, the grades in their order."""
    for listed in _lists(scene, grades):
        figures = _behind(scene, found, listed[-1].end)
        items = [Item(f.figure.start, f.figure.end, f.index) for f in figures]
        places = places_in_list(scene, items, len(listed)) if items else []
        for f, k in zip(figures, places, strict=False):  # no places where they don't follow the list
            f.grade, f.links["grade"] = listed[k], "list-order"


def _lists(scene: Scene, grades: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield the lists of different grades, which nothing but a comma, a slash or `and` parts."""
    stated = [g for g in grades if g.by == "grade-grammar"]
    for listed in chains(stated, lambda a, b: _AND.fullmatch(scene.levelled[a.end : b.start])):
        if len({g.name for g in listed}) == len(listed) > 1:
            yield listed


def _behind(scene: Scene, found: Sequence[Found], offset: int) -> list[Found]:
    """Return the figures of the first measure behind an offset, in its sentence, if they're alike."""
    sentence = scene.layout.sentence_index(offset - 1)
    behind = [f for f in found if f.figure.start >= offset and scene.layout.sentence_index(f.figure.start) == sentence]
    first = list(takewhile(lambda f: f.measure == behind[0].measure, behind))
    return first if len({f.figure.unit for f in first}) == 1 else []
