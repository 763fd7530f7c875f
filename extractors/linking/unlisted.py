"""Results that the vocabulary has no measure for: `thrombosis-free survival`, `disease control`, `pyrexia`.

A figure behind such a name is a result of the study, but of none of the measures; it's left out rather than entered for
a measure that stands near by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.concepts import matcher
from extractors.levelling import words
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene

_SURVIVAL = (
    r"[\w-]+[- ]free(?:,? (?:and |or )?[\w-]+[- ]free)*[ ,]+survival|[\w-]+-specific survival"
    r"|survival free (?:of|from) [\w/ -]{3,100}"
)
_SYMPTOM = (
    r"pyrexia|fevers?|fatigue|asthenia|nausea|vomiting|diarrho?ea|constipation|headaches?|alopecia|dizziness|insomnia"
    r"|hypo(?:kal|natr|phosphat|calc|magnes)a?emia|o?edema|(?:skin )?rash|pruritus|arthralgia|dyspno?ea|cough"
    r"|(?:decreased|loss of) appetite|(?:alanine |aspartate )?(?:aminotransferase|transaminase)s?(?: increase[sd]?)?"
    r"|nephrotoxicity"
)
_RESULT = (
    r"mixed (?:donor[ -/]?\w* )?chimerism|disease control(?: rate)?|clinical benefit(?: rate)?|"
    r"QALYs?|quality-adjusted life[- ]years?|life[- ]years?(?: gained)?|endoscopic \w+"
)
_UNLISTED = re.compile(rf"\b(?:{_SURVIVAL}|{_SYMPTOM}|{_RESULT})\b", re.I)
_AROUND = re.compile(r"[,;.]|\b(?:and|or|vs?|versus|while|whereas|but)\b", re.I)
_LISTED = re.compile(r"\W*(?:and|or|as well as)?\W*", re.I)
_NEAR = 60


def unlisted(scene: Scene, figures: Iterable[int], spans: Sequence[Candidate]) -> set[int]:
    """Return the figures (by index) that are of results without a measure: such one was named last before them."""
    named = sorted((s.start, s.end) for s in spans)
    others = [
        (start, end)
        for start, end in _places(scene)
        if not any(a <= start < end <= b for a, b in named) and not _is_listed(scene, start, named)
    ]
    if not others:
        return set()
    alone = [(a, b) for a, b in named if not any(start < b and a < end for start, end in others)]
    return {i for i in figures if _is_of_another(scene, scene.figures[i].start, scene.figures[i].end, alone, others)}


def _is_listed(scene: Scene, start: int, named: Sequence[tuple[int, int]]) -> bool:
    """Whether a name follows a measure in a list, `ORR and disease control were`: its place there isn't told."""
    before = max((b for _, b in named if b <= start), default=None)
    return before is not None and _LISTED.fullmatch(scene.levelled[before:start]) is not None


def _places(scene: Scene) -> list[tuple[int, int]]:
    """Return where results without a measure are named, by their words or by the document's short form of them."""
    shorts = [short for short, long in scene.annotated.abbreviations.items() if _UNLISTED.fullmatch(long)]
    found = [m.span() for m in _UNLISTED.finditer(scene.levelled) if not _known(m[0])]
    return found + [
        m.span() for short in shorts for m in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", scene.levelled)
    ]


def _known(phrase: str) -> bool:
    """Whether a phrase by itself is a measure's name, however the words before it were read."""
    named = matcher().mentions(phrase, "text", words(phrase))
    return any(m.kind == "outcome" and m.end - m.start == len(phrase) for m in named)


def _is_of_another(
    scene: Scene, start: int, end: int, named: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> bool:
    first, last = scene.layout.sentences[scene.layout.sentence_index(start)]
    before = max((b for _, b in named if first <= b <= start), default=first)
    other = max((b for _, b in others if first <= b <= start), default=first)
    inside = any(a < end and start < b for a, b in named)
    if other <= before or inside or ";" in scene.levelled[other:start]:
        return False
    behind = min((a for a, _ in named if end <= a < last), default=None)
    near = behind is not None and behind - end <= _NEAR
    return not (near and not _AROUND.search(scene.levelled[end:behind]))
