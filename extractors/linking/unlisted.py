"""Results that the vocabulary has no measure for: `thrombosis-free survival`, `disease control`, `pyrexia`.

A figure behind such a name, or right before it, is a result of the study, but of none of the measures; it's left out
rather than entered for a measure that stands near by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.concepts import matcher
from extractors.levelling import words
from extractors.linking.features import Candidate
from extractors.linking.findings import FINDINGS
from extractors.linking.scene import Scene

_SURVIVAL = (
    r"[\w-]+[- ]free(?:,? (?:and |or )?[\w-]+[- ]free)*[ ,]+survival|(?:disease|cause)-specific survival"
    r"|survival free (?:of|from) "
    r"(?![\w/ -]{0,100}\b(?:relapse|progression|(?<!host )(?<!host-)disease|failure|events?)\b)[\w/ -]{3,100}"
)
_RESULT = (
    r"mixed (?:donor[ -/]?\w* )?chimerism|disease control(?: rate)?|clinical benefit(?: rate)?|"
    r"QALYs?|quality-adjusted life[- ]years?|life[- ]years?(?: gained)?|endoscopic \w+"
)
_UNLISTED = re.compile(rf"\b(?:{_SURVIVAL}|{_RESULT}|{FINDINGS})\b", re.I)
_CAUSE = re.compile(  # discontinuation because of atrial fibrillation
    r"\b(?:from|for|due to|because of|owing to|without|with|after|despite|prior|no|if|pulmonary)"
    r"(?: (?:an?|the|prior|previous|new|severe|acute))? $",
    re.I,
)
_LEADS = re.compile(  # nausea made 9% give up the drug
    r"\b(?:fatal\w*|di(?:ed|e)|deaths?|stop\w*|discontinu\w*|withdr[ae]w\w*|interrupt\w*|g[ai]ve (?:it )?up|cleared"
    r"|hospitali[sz]\w*|readmi\w*)\b",
    re.I,
)
_BEHIND = re.compile(  # 5% had a thrombosis
    r"%?(?: ?\([^()]{0,20}\))?(?: (?:of (?:the )?)?(?:patients?|child(?:ren)?|adults?|recipients?|survivors?|wom[ae]n"
    r"|m[ae]n))?(?: (?:had|developed|needed|required|received|experienced|suffered(?: from)?|reported|acquired))?"
    rf"(?: (?:an?|the|new|severe|any|some|persistent|permanent)){{0,2}} (?:{FINDINGS})(?!\w)",
    re.I,
)
_AROUND = re.compile(r"[,;.]|\b(?:and|or|vs?|versus|while|whereas|but)\b", re.I)
_LISTED = re.compile(r"\W*(?:and|or|as well as)?\W*", re.I)
_NEAR = 60


def unlisted(scene: Scene, figures: Iterable[int], spans: Sequence[Candidate]) -> set[int]:
    """Return the figures (by index) that are of results without a measure: such one is named right behind or before."""
    figures = list(figures)
    behind = {i for i in figures if _BEHIND.match(scene.levelled, scene.figures[i].end)}
    named = sorted((s.start, s.end) for s in spans)
    others = [
        (start, end)
        for start, end in _places(scene)
        if not any(a <= start < end <= b for a, b in named) and not _is_listed(scene, start, named)
    ]
    if not others:
        return behind
    alone = [(a, b) for a, b in named if not any(start < b and a < end for start, end in others)]
    places = {i: (scene.figures[i].start, scene.figures[i].end) for i in figures}
    return behind | {i for i, (start, end) in places.items() if _is_of_another(scene, start, end, alone, others)}


def _is_listed(scene: Scene, start: int, named: Sequence[tuple[int, int]]) -> bool:
    """Whether a name follows a measure in a list, `ORR and disease control were`: its place there isn't told."""
    before = max((b for _, b in named if b <= start), default=None)
    return before is not None and _LISTED.fullmatch(scene.levelled[before:start]) is not None


def _places(scene: Scene) -> list[tuple[int, int]]:
    """Return where results without a measure are named, by their words or by the document's short form of them."""
    shorts = [short for short, long in scene.annotated.abbreviations.items() if _UNLISTED.fullmatch(long)]
    text = scene.levelled
    found = [
        m.span()
        for m in _UNLISTED.finditer(text)
        if not _known(m[0]) and _CAUSE.search(text, max(0, m.start() - 30), m.start()) is None
    ]
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
    if _LEADS.search(scene.levelled, other, min(last, end + _NEAR)):
        return False
    behind = min((a for a, _ in named if end <= a < last), default=None)
    near = behind is not None and behind - end <= _NEAR
    return not (near and not _AROUND.search(scene.levelled[end:behind]))
