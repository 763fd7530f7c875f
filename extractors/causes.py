"""Causes of death: `Eight died of infection`, `two deaths due to sepsis`, `one death (septic shock)`.

A death whose cause is told is entered as mortality, and its cause is the subgroup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.joining import Figure
from extractors.linking.pairs import Option
from extractors.linking.scene import Scene
from extractors.outcome_links import Found
from extractors.rivals import put_first, reach

MORTALITY, NON_RELAPSE = "mortality", "non-relapse-mortality"
DEATHS = frozenset({MORTALITY, NON_RELAPSE})
_DEATH = r"(?:died|dead|deaths?|deceased|dying|fatal(?:ity|ities)|mortality|succumbed)"
_NAME = (
    r"(?P<cause>[A-Za-z][\w-]*(?:[ /][A-Za-z][\w-]*){0,5}?)"
    r"(?=\s*(?:[.,;:()\[]|$|\b(?:and|in|while|during|before|after|at|within|on|by|who|with|without|as|despite|but"
    r"|ensued|occurred|followed)\b))"
)
_ARTICLE = r"(?:(?:the|an?|their|his|her|its)\s)?"
_OF = re.compile(
    rf"\b{_DEATH}\s+(?:\w+ ){{0,2}}?(?:of|from|due to|owing to|because of|caused by|to)\s+{_ARTICLE}{_NAME}", re.I
)
_DUE = re.compile(
    rf"\b(?:due to|owing to|because of|caused by|attribut(?:ed|able) to|secondary to|related to)\s+{_ARTICLE}{_NAME}",
    re.I,
)
_BRACKET = re.compile(rf"\b{_DEATH}\s*[(\[](?P<cause>[A-Za-z][A-Za-z /-]{{3,40}})[)\]]", re.I)
_ELLIPTIC = re.compile(
    rf"^\s*(?:patients\s|children\s)?(?:\(\d+(?:\.\d+)? ?%\)\s*)?(?:of|from)\s+{_ARTICLE}{_NAME}", re.I
)
_RELAPSE = re.compile(r"relaps|recurren|progress", re.I)
_NO_CAUSE = re.compile(
    r"^(?:it\b|any|all|no|other|others|patients?|causes?|unknown|these|those|them|this|that|which|treatment|transplant|day|whom|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)|\b(?:causes?|patients?|deaths?|subjects?|controls?|groups?|arms?)\b",
    re.I,
)
_OCCURRED = (
    r"(?: (?:was|were))? (?:occurred|seen|recorded|reported|noted|struck|affected|developed|numbered)(?: (?:in|by))?"
)
_FATAL = re.compile(
    r"(?<!non-)(?<!not )(?<!or )\b(?:fatal|lethal|deadly) (?:(?:in|to|for)(?: another| only| all)?"
    rf"|(?!outcome|or|and|not)[a-z-]+(?: (?!and|or)[a-z-]+){{0,2}}(?: (?:in|of)|:|{_OCCURRED})) ?$",
    re.I,
)
_EVENTS = re.compile(r"\b(?:SAEs?|adverse|DLTs?|dose-limiting)\b", re.I)
"""Events that are counted as such even where they were fatal."""
_REACH = 110
_DISEASE = (
    r"(?:the |their )?(?:underlying )?(?:relaps|recurren|progress|disease|malignan|leuk|lymphoma|myeloma|tumou?r|MDS)"
)
_TREATMENT = (
    r"(?:treatment|toxicity|procedure|conditioning|(?:auto|allo)?-?(?:H?SCT|HCT)|HD(?:T|CT)|transplant(?:ation)?)"
)
_ON = r"(?:[^.;]|\.\d)"
"""A sign of a clause, decimal points included."""
_BY_TREATMENT = re.compile(
    r"\b(?:due|related|attribut(?:ed|able)|owing|ascribed|put down) to (?:the )?(?:study )?"
    r"(?:therapy|treatment|transplant\w*|toxicity|drug|regimen|procedure|infusion|CAR)"
    r"|\b(?:treatment|transplant(?:ation)?|therapy|toxicity|regimen|procedure|toxic)[- ]"
    r"(?:related\b|deaths?\b|mortality)"
    rf"|\b{_DEATH}\b[^.;]{{0,40}}\b(?:of|from|by) (?:the |their )?"  # died of the transplant
    r"(?:treatment|transplant\w*|procedure|toxic\w+|regimen|conditioning)"
    rf"|\b(?:causes?|reasons?) other than {_DISEASE}|\bother (?:causes|reasons) than {_DISEASE}"
    rf"|\b{_DEATH}\b[^.;]{{0,25}}\bwithout (?:it\b|{_DISEASE})"
    rf"|\b{_DEATH}\b[^.;]{{0,25}}\b(?:free of {_DISEASE}|in (?:complete |first )?(?:remission|CR\b))"
    rf"|\b{_DEATH}\b[^.;]{{0,40}}\bnon-?relapse"
    rf"|\b{_DEATH}\b{_ON}{{0,40}}\bassociated with (?:the )?{_TREATMENT}\b"
    rf"|\b{_DEATH}\b{_ON}{{0,25}}\b(?:unrelated to|not (?:due|related|owing|attribut\w+|ascribed) to) {_DISEASE}"
    rf"|\b{_TREATMENT}\b[^.;,]{{0,25}}\b(?:kill(?:ed|s)|caused|cost|claimed|to blame|fatal|lethal)\b",
    re.I,
)
_BY_DISEASE = re.compile(rf"\b(?:of|from|by|due to|related to|put down to|because of|to) (?:\w+ )?{_DISEASE}", re.I)
_OTHER_CAUSES = re.compile(
    r"[^.;,\d]{0,25}\b(?:of|from|to|by|with) (?:\w+ )?(?:other|unrelated|non-?relapse) (?:causes?|reasons?)\b", re.I
)
_LIST = re.compile(r"(?:[:(]|\s-)\s*[A-Za-z]")  # five deaths without relapse: infection 3, bleeding 1
_SAME = re.compile(
    rf"(?:(?!\b(?:of|from|due|by|after|without|when|while|whereas|but)\b|\b{_DEATH}\b)[^.;\d]){{0,50}}", re.I
)
"""What may stand between two figures of deaths of one kind."""
_NEAR = 60
_BACK = 200


def deaths_told(scene: Scene, figure: Figure, ranked: Sequence[Option]) -> Sequence[Option]:
    """Return a figure's measures, likeliest first; where the words tell which kind of deaths, it has both their shares.

    Which kind it is isn't in doubt then. Of what was fatal, the deaths are told, not how often it occurred.
    """
    rivals = {*DEATHS, ranked[0][1]} if fatal(scene, figure) else DEATHS
    measure = death_measure(scene, figure) if ranked[0][1] in rivals else None
    return ranked if measure is None else put_first(ranked, measure, rivals)


def fatal(scene: Scene, figure: Figure) -> bool:
    """Whether `fatal`, of a complication, stands right before a figure: `fatal in two`, `fatal infections: 3`."""
    before = scene.levelled[reach(scene, figure)[0] : figure.start]
    return _FATAL.search(before) is not None and _EVENTS.search(before) is None


def death_measure(scene: Scene, figure: Figure) -> str | None:
    """Return the measure of a figure of deaths, or None where their words leave it open.

    Deaths laid to the treatment are non-relapse mortality. All others are mortality, also those from infection, GVHD
    or bleeding, unless the text speaks of non-relapse mortality there.
    """
    if by_treatment(scene, figure):
        return NON_RELAPSE
    start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    spoken_of = any(m.name == NON_RELAPSE and start - _BACK <= m.start < end for m in scene.measures)
    return None if spoken_of else MORTALITY


def by_treatment(scene: Scene, figure: Figure) -> bool:
    """Whether the words around a figure of deaths, up to the figures beside it, lay them to the treatment.

    Deaths so told, or said to be without relapse or of other causes than the disease, are non-relapse mortality.
    """
    start, end = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    last = max((f for f in scene.figures if start <= f.start and f.end <= figure.start), key=_end, default=None)
    behind = min((f.start for f in scene.figures if f.start >= figure.end), default=end)
    begin = start if last is None else last.end
    own = _ELLIPTIC.match(scene.levelled[figure.end : min(behind, figure.end + _REACH)]) is not None
    if own:  # two died of toxicity, four of leukemia
        begin = max(begin, scene.levelled.rfind(",", begin, figure.start))
    found = _BY_TREATMENT.search(scene.levelled, max(begin, figure.start - _NEAR), min(end, behind, figure.end + _NEAR))
    if found is None:
        if last is not None and _OTHER_CAUSES.match(scene.levelled[figure.end : min(end, behind)]):
            return _BY_DISEASE.search(scene.levelled, last.end, figure.start) is not None  # of MDS, two of other causes
        if last is None or own or not _SAME.fullmatch(scene.levelled, last.end, figure.start):
            return False
        return by_treatment(scene, last)  # deaths due to therapy: 1% v 2%
    return not _LIST.search(scene.levelled, found.end(), max(found.end(), figure.start))


def _end(figure: Figure) -> int:
    return figure.end


def cause(scene: Scene, found: Found) -> str | None:
    """Return what a figure of deaths says they were due to (`due to septic shock`), or None where it doesn't tell.

    Only words behind the figure count, up to the next figure of its sentence.
    """
    if found.measure not in DEATHS:
        return None
    figure = found.figure
    first, _ = scene.layout.sentences[scene.layout.sentence_index(figure.start)]
    dead = re.search(r"\b(?:died|deaths)\b", scene.levelled[first : figure.start], re.I) is not None
    told = cause_behind(scene, figure.end, elliptic=dead)
    return None if told and found.measure == NON_RELAPSE and _RELAPSE.search(told) else told


def cause_behind(scene: Scene, offset: int, elliptic: bool = False) -> str | None:
    """Return the cause of death that the words behind `offset` tell, up to the next figure of the sentence, or None.

    `elliptic`: the word for death stands before, so that `of sepsis` tells a cause.
    """
    _, end = scene.layout.sentences[scene.layout.sentence_index(offset)]
    following = [f.start for f in scene.figures if offset <= f.start < end]
    behind = scene.levelled[offset : min([end, offset + _REACH, *following])]
    for pattern in (_BRACKET, _OF, _DUE, *([_ELLIPTIC] if elliptic else [])):
        match = pattern.search(behind)
        if match and not _NO_CAUSE.search(match["cause"].strip()):
            start = offset + match.start("cause")
            return f"due to {scene.text[start : start + len(match['cause'])]}"
    return None
