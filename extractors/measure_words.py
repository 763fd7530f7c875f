"""Which measure a figure is of where the words beside it leave no doubt, although the models may be torn.

`Alive without progression` is progression-free survival, `duration of neutropenia` isn't engraftment, `no ICANS` is
about ICANS, and adverse events, `mostly infections`, are adverse events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractors.annotation import Mention
from extractors.causes import DEATHS, deaths_told
from extractors.germs import CMV, INFECTION, germ
from extractors.joining import Figure
from extractors.linking.pairs import Option
from extractors.linking.scene import Scene
from extractors.rivals import Told, put_first, reach

OVERALL, PROGRESSION_FREE, DISEASE_FREE = "overall-survival", "progression-free-survival", "disease-free-survival"
PROGRESSION, RELAPSE = "progressive-disease", "relapse"
COMPLETE, RESPONSE = "complete-response", "overall-response"


class Phrase(NamedTuple):
    """Words before or right behind a figure, with what they tell of figures written as `figure` says."""

    told: Told
    before: re.Pattern[str]
    behind: re.Pattern[str] | None = None
    figure: re.Pattern[str] | None = None


_ALIVE = r"\b(?:alive|living|lived|live|survived|surviving)\b"
_LIVING = (
    rf"{_ALIVE}(?:,? and(?: (?:are|were|remain\w*|also))?|,)? ?(?:without|free (?:of|from)|with no)"
    r"(?: (?:any|signs?|evidence|recurrence|trace)(?: of)?)*(?: (?:the|their|active|detectable))*"
)


def _living(absent: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of being alive without what is `absent`, before a figure and behind it."""
    return (
        re.compile(rf"^(?:(?!{_ALIVE}).)*{_LIVING} {absent}", re.I),
        re.compile(rf"[^.;,\d]{{0,20}}{_LIVING} {absent}", re.I),
    )


_LOW = r"(?: counts?)?,? (?:of )?(?:<|below|under|less than|fewer than|lower than) ?\d\S*(?: ?[x×] ?10\S*)?"
_DEFINED = r"(?: ?\([^()]{1,40}\))?"
_CANCER = (
    r"(?:myelodysplas\w+|carcinomas?|melanomas?|skin cancers?|solid (?:tumou?rs?|cancers?)"
    r"|second(?:ary)? (?:AML|leuk\w+|MDS|cancers?|tumou?rs?|neoplas\w+|malignan\w+))\b"
)
_PHRASES = (
    Phrase(
        Told(PROGRESSION_FREE, frozenset({OVERALL, PROGRESSION, RELAPSE})), *_living(r"(?:progression|progressive)\b")
    ),
    Phrase(
        Told(DISEASE_FREE, frozenset({OVERALL, RELAPSE})), *_living(r"(?:leuk\w+|disease)\b(?! \()"), re.compile("%")
    ),
    Phrase(
        Told(PROGRESSION, frozenset({PROGRESSION_FREE, OVERALL})),
        re.compile(r"\btime to (?:disease |tumou?r )?progression\b(?! or death|-free)", re.I),
    ),
    Phrase(
        Told("neutropenia", frozenset({"neutrophil-engraftment", "duration-of-response"})),
        re.compile(
            rf"\b(?:(?:duration|length) of|time with|days of)(?: (?!febrile)\S+){{0,3}} neutropenia\b{_DEFINED}"
            rf"|(?<!febrile )\bneutropenia{_DEFINED} (?:of grade \S+ )?(?:lasted|persisted)\b",
            re.I,
        ),
    ),
    Phrase(
        Told("neutropenia", frozenset({"neutrophil-engraftment"})),
        re.compile(rf"\b(?:neutrophils?|ANC|granulocytes?){_LOW}", re.I),
    ),
    Phrase(
        Told("thrombocytopenia", frozenset({"platelet-engraftment"})),
        re.compile(rf"\b(?:platelets?|thrombocytes?){_LOW}", re.I),
    ),
    Phrase(
        Told("second-malignancy", frozenset({INFECTION, CMV})),
        re.compile(rf"\b{_CANCER}(?!,)", re.I),
        re.compile(rf" (?:\w+ ){{0,2}}{_CANCER}", re.I),
    ),
    Phrase(
        Told(PROGRESSION_FREE, frozenset({PROGRESSION, OVERALL, *DEATHS})),
        re.compile(r"\b(?:hazards?|HR|risk)\b[^.;:\d]{0,30}\b(?:progression or death|death or progression)\b", re.I),
        figure=re.compile(r"\d\.\d"),
    ),
    Phrase(
        Told("mrd-negativity", frozenset({COMPLETE})),
        re.compile(r"\bMRD[- ]?neg(?:ative|ativity)?\.? (?:CRi?|complete (?:response|remission))s?\b", re.I),
    ),
    Phrase(
        Told(COMPLETE, frozenset({RESPONSE, "complete-response-incomplete-recovery", "stringent-complete-response"})),
        re.compile(r"\bCR ?(?:/|or|\+) ?(?:CR[ihp]|sCR)\b|\b(?:CR|complete (?:response|remission)) or better\b"),
    ),
    Phrase(
        Told("duration-of-response", frozenset({RESPONSE, COMPLETE})),
        re.compile(r"\bduration of (?:response|remission)\b|\b(?:response|remission) duration\b|\bDO[Rr]\b"),
    ),
    Phrase(
        Told("febrile-neutropenia", frozenset({"neutropenia"})),
        re.compile(
            r"\bfever (?:in|with|during|while|and) neutropenia\b|\bfebrile (?:while|and|during) neutropeni\w+", re.I
        ),
    ),
    Phrase(
        Told("post-transplant-lymphoproliferative-disorder", frozenset({INFECTION, CMV})),
        re.compile(
            r"\blymphoproliferati(?:on|ve)\b|\b(?:EBV|Epstein-Barr(?: virus)?)[- ](?:\w+[- ])?lymphomas?\b", re.I
        ),
    ),
)
_RUN = re.compile(r"(?:(?!\b(?:and|but)\b|, with\b)[^.;:\d]){0,40}(?:: ?)?")
"""What may stand between a phrase and its figure."""
_OTHER = re.compile(
    r"[^.;,\d]{0,20}\b(?:alive|living|lived?|surviv\w+|relaps\w+|recurr\w+|progress\w+|died|dead|deaths?)\b", re.I
)
"""Words behind a figure by which it is of another measure than the phrase before it."""
_SAME = re.compile(
    r"(?:\s(?:with|in|among|on|under|after)\s[^.;:,\d]{1,30}?)?"
    r"(?:,|\s(?:and|or|v|vs\.?|versus|against|as against|compared with))+\s"
)
"""What may stand between two figures of one measure: `9 days with marrow, 11 with blood`."""

_NO = re.compile(
    r"(?:no|neither|nor|without)(?:\s(?:(?:cases?|episodes?|instances?|signs?|evidence) of|grades?"
    r"|[≥>]?\s?[1-5](?:-[1-5])?|I{1,3}V?(?:-I?V)?|or (?:higher|above|worse|more)|any|further|new|severe|serious"
    r"|clinically|significant|relevant|late|treatment-related))*\s",
    re.I,
)
"""From `no` up to what there was none of."""
_COMPOUND = re.compile(r"[ -](?:related|associated|recurren|relapse|specific|directed|prophyla)", re.I)
"""Behind a name, words which make it a part of another: `no MRD recurrence`."""

_EXAMPLES = re.compile(
    r"(?P<opened>\s?[,(]|\s[-–—])\s?(?:namely|mostly|mainly|chiefly|predominantly|primarily|principally|largely|usually"
    r"|most (?:often|commonly)|consisting|in the form of|including|such as|e\.g\.)\b",
    re.I,
)


def measure_told(scene: Scene, figure: Figure, ranked: Sequence[Option]) -> Sequence[Option]:
    """Return a figure's measures, likeliest first; where the words tell which it is, it has its rivals' shares too."""
    ranked = deaths_told(scene, figure, ranked)
    for tells in (denied_measure, phrased, germ, with_examples):
        told = tells(scene, figure)
        if told is not None and ranked[0][1] in {told.measure, *told.rivals}:
            return put_first(ranked, told.measure, told.rivals)
    return ranked


def phrased(scene: Scene, figure: Figure) -> Told | None:
    """Return what a set phrase tells of the figure beside it, or of the first of a row of figures; None without one."""
    start, end = reach(scene, figure)
    before, behind = scene.levelled[start : figure.start], scene.levelled[figure.end : end]
    for phrase in _PHRASES:
        if phrase.figure is not None and not phrase.figure.search(scene.levelled, figure.start, figure.end):
            continue
        if phrase.behind is not None and phrase.behind.match(behind):
            return phrase.told
        found = phrase.before.search(before)
        if found is not None and _RUN.fullmatch(before, found.end()) and _own(scene, start + found.end(), figure, end):
            return phrase.told
    last = next((f for f in scene.figures if f.end == start), None)
    if last is None or not _SAME.fullmatch(before) or not _own(scene, start, figure, end):
        return None
    return phrased(scene, last)


def _own(scene: Scene, offset: int, figure: Figure, end: int) -> bool:
    """Whether neither the words from `offset` up to the figure nor those behind it speak of another measure."""
    if any(offset <= m.start < figure.start for m in scene.measures):
        return False
    return _OTHER.match(scene.levelled, figure.end, end) is None


def denied_measure(scene: Scene, figure: Figure) -> Told | None:
    """Return the measure that `no`, `neither` or `nor` stands right before, or None."""
    named = _first(m for m in scene.measures if m.start >= figure.end)
    if named is None or named.name in DEATHS or _COMPOUND.match(scene.levelled, named.end):
        return None
    if not _NO.fullmatch(scene.levelled, figure.start, named.start):
        return None
    start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    return Told(named.name, frozenset(m.name for m in scene.measures if start <= m.start < end))


def with_examples(scene: Scene, figure: Figure) -> Told | None:
    """Return the measure that is named with examples in an apposition before a figure, or None."""
    start, _ = reach(scene, figure)
    before = [m for m in scene.measures if start <= m.start and m.end <= figure.start]
    for head in before:
        opened = _EXAMPLES.match(scene.levelled, head.end, figure.start)
        if opened is None:
            continue
        close = ")" if "(" in opened["opened"] else opened["opened"].strip()
        closed = scene.levelled.rfind(close, opened.end(), figure.start)
        examples = frozenset(m.name for m in before if opened.end() <= m.start)
        if closed > 0 and examples and all(m.end <= closed for m in before):
            return Told(head.name, examples)
    return None


def _first(mentions: Iterable[Mention]) -> Mention | None:
    return min(mentions, key=lambda m: (m.start, -m.end), default=None)
