"""What a case report says happened to its patient: mentions of measures that are told of as facts, and death.

A mention counts where nothing beside it denies it, puts it off to another time, or makes it the reason, the risk or the
aim of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.annotation import Mention
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene
from extractors.linking.spans import grade_candidates, time_candidates
from extractors.patient_course import Span

RESPONSES = frozenset(
    {
        "complete-response", "complete-response-incomplete-recovery", "stringent-complete-response",
        "very-good-partial-response", "partial-response", "clinical-remission", "mrd-negativity", "stable-disease",
        "progressive-disease",
    }
)  # fmt: skip
TIMED = (RESPONSES - {"progressive-disease"}) | {"mortality", "full-donor-chimerism"}
"""Measures that are told at a time point; of a toxicity, GVHD or relapse the day named is its onset."""
TOXICITIES = frozenset(
    {
        "acute-gvhd", "chronic-gvhd", "graft-versus-host-disease", "cytokine-release-syndrome", "neurotoxicity",
        "hemophagocytic-lymphohistiocytosis", "hemorrhagic-cystitis", "mucositis", "thrombotic-microangiopathy",
        "tumor-lysis-syndrome", "veno-occlusive-disease", "post-transplant-lymphoproliferative-disorder",
        "second-malignancy", "febrile-neutropenia", "anemia", "leukopenia", "lymphopenia", "neutropenia",
        "pancytopenia", "thrombocytopenia", "cytopenia", "infection", "cmv-infection", "hypogammaglobulinemia",
        "b-cell-aplasia",
    }
)  # fmt: skip
_OTHERS = frozenset({"mortality", "relapse", "engraftment", "graft-failure", "full-donor-chimerism"})
EVENTS = RESPONSES | TOXICITIES | _OTHERS

_GAP = r"(?:[\s,]+(?!but\b|and then\b)[\w'+-]+){0,3}[\s(]*$"
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|without|never|neither|nor|absen\w+|free (?:of|from)|none|\w+n't|excluded|resol\w+|prophyla\w+"
    r"|prevent\w*|risk|fear\w*|suspicion|suspected|possible|presum\w+|assumed|history|ruled? out|against|refractory"
    r"|resistant|prior|previous|pre-existing|because of|due to|owing to|despite|in spite of|instead of|rather than"
    r"|excess of|caused by|attributed to|secondary to|for|died (?:of|from)|death (?:of|from)|monitor\w*)"
    rf"{_GAP}"
    r"|\b(?:no|not|without|neither)\b[^.;:]{0,60}\b(?:n?or)\s(?:[\w-]+ ){0,2}$",  # without flare, rash or infection
    re.I,
)
_DENIED_BEHIND = re.compile(
    r"(?:[- ](?:prophylaxis|directed|specific|related|associated|risk|like|free|mimic\w*|positive|grad\w+ system)\b"
    r"|(?:, [^.;,()]{1,25},)?[^.;,()]{0,30}?\b(?:not|never|absent|nil|none|excluded|ruled out|suspected|feared"
    r"|assumed|considered|negative|\w+n't|unlikely|resolution)\b"
    r"|\W{1,3}(?:none|nil|no|0)\b)",
    re.I,
)
_PLUPERFECT = re.compile(
    r"\bhad (?:been |already |previously |once |ever |also )*(?:\w{2,}ed|been|brought|led|shown|gone|made)\b"
    r"[^,;]{0,25}$"
)
_HAD = re.compile(r"\bhad (?:already |previously |once |also |been )?$")
_VERB = re.compile(r"\w+ed\b|came back|rejected", re.I)
_ORDINAL_STATE = re.compile(
    r"\b(?:in|while in|at) (?:an? |his |her |the )?(?:first|second|third|fourth|1st|2nd|3rd)(?: or \w+)? $"
    r"|\b(?:first|second|third|fourth) $",
    re.I,
)
_STANDS = re.compile(
    r"\b(?:is|was|were|are|remains?|remained|still|been|stays?|stayed|continues?|alive|being|persists?|entered)\b"
    r"[^.;:]{0,20}$",
    re.I,
)
_REACHED = re.compile(r"\b(?:induc|achiev|attain|reach|led to|result|brought|brings|enter|into)\w*\b", re.I)
_RESPONSE_BEHIND = re.compile(r" (?:[\w-]+ ){0,2}(?:response|remission)\b", re.I)
_RESPONSE_BEFORE = re.compile(r"\b(?:response|remission)\b[^,;]{0,12}$", re.I)
_ABSENT = re.compile(r"negativ|undetect|clear|free|<|below|no longer|not detect|absen", re.I)
_TO_ABSENT = re.compile(
    r"[^.;]{0,40}?(?:negativ\w*|undetect\w*|clear\w*|no longer \w+|not detect\w*|(?:<|below )\S*\w)", re.I
)
_PRESENT = re.compile(r"positiv|persist|reappear|returned|rose|increas", re.I)
_DISEASE = re.compile(r"leuk|lymphom|myelom|disease|tumou?r|malign|cancer|carcinom|\bA[ML]L\b|blasts", re.I)
_RELAPSE = re.compile(r"relaps|recurr|progress", re.I)
_AS_A_DATE = re.compile(r"\b(?:from|after|at|since|until|for|by|of|before|in|second) (?:the |his |her )?$", re.I)
_DEATH = re.compile(r"died|death|succumb|passed away", re.I)
_NOT_THE_PATIENT = re.compile(
    r"\b(?:who|whom|father|mother|brother|sister|sibling|donors?|had|lead\w* to|cause of|risk of|early)\s(?:\w+ )?$",
    re.I,
)
_IN_ITS_SENSE = {
    "stable-disease": re.compile(r"disease", re.I),
    "clinical-remission": re.compile(r"remission|symptom expression", re.I),
    "full-donor-chimerism": re.compile(r"\b(?:full|complete)\b", re.I),
}
"""What must stand in or beside a mention for it to mean its measure."""
_IN_ANOTHER_SENSE = {
    "anemia": re.compile(r"aplastic|ha?emolytic|fanconi|blackfan", re.I),
    "b-cell-aplasia": re.compile(r"return|came back|reappear|recover|reconstitut", re.I),
    "engraftment": re.compile(r"\d"),  # a day: that figure is an entry of its own
    "neurotoxicity": re.compile(r"progression|beforehand|seizure", re.I),  # these have many causes
}
"""What must not."""
_CLAUSE = re.compile(r"[;]|, (?:and|but|while|whilst|whereas|although|though|yet)\b|\bbut\b|\bwhereas\b|[:](?=\s)")
_SUBORDINATE = re.compile(r"\.\s|;|, (?:and|but|while|whilst|whereas|although|yet)\b")
_GRADE_REACH, _TIME_REACH = 30, 70
_ALTERNATIVE = re.compile(r" (?:or|to) (?:moderate|severe|\d|I)")  # mild or moderate: which isn't told
_NO_POINT_BEFORE = re.compile(r"\bage(?:d)?(?: of)? ?$|\b(?:last(?:ed|ing)?|held|sustained|up) (?:for )?$", re.I)
_NO_POINT_BEHIND = re.compile(r"[- ]old\b| later\b", re.I)
_SPAN_OF = re.compile(r"(?!day|week|month|year)[\w-]+ (?:days|weeks|months|years) of\b", re.I)


def asserted(scene: Scene, told: Sequence[Span]) -> Iterator[tuple[Mention, Span]]:
    """Yield the mentions of measures that the sentences `told` say happened, each with its sentence, in order."""
    for start, end in told:
        for mention in scene.measures:
            if not (start <= mention.start and mention.end <= end and mention.name in EVENTS):
                continue
            if _fits(scene, mention, start, end) and _is_fact(scene, mention, start, end):
                yield mention, (start, end)


def _is_fact(scene: Scene, m: Mention, start: int, end: int) -> bool:
    """Whether nothing within its clause makes a mention something else than a fact of the time after the treatment."""
    before, behind = _clause(scene, m, start, end)
    if _PLUPERFECT.search(before) or (_VERB.match(m.text) and _HAD.search(before)):
        return False
    return m.name == "mrd-negativity" or not (_DENIED_BEFORE.search(before) or _DENIED_BEHIND.match(behind))


def _clause(scene: Scene, m: Mention, start: int, end: int) -> tuple[str, str]:
    """Return the words of the clause before and behind a mention."""
    before = _CLAUSE.split(scene.levelled[start : m.start])[-1]
    return before, _SUBORDINATE.split(scene.levelled[m.end : end])[0]


def _fits(scene: Scene, m: Mention, start: int, end: int) -> bool:
    """Whether the words of a mention, and those beside it, are used in the sense of its measure."""
    before, behind = _clause(scene, m, start, end)
    if m.name in _IN_ITS_SENSE:
        return _IN_ITS_SENSE[m.name].search(f"{before[-15:]}{m.text}{behind[:25]}") is not None
    if m.name in _IN_ANOTHER_SENSE:
        return _IN_ANOTHER_SENSE[m.name].search(f"{before[-25:]}{m.text}{behind[:25]}") is None
    if m.name in ("complete-response", "partial-response", "stringent-complete-response"):
        return _is_response(m, before, behind)
    if m.name == "mrd-negativity":
        return _ABSENT.search(f"{before[-30:]}{m.text}{behind}") is not None and not _PRESENT.search(m.text + behind)
    if m.name == "mortality":
        return _DEATH.match(m.text) is not None and not _NOT_THE_PATIENT.search(before)
    if m.name in ("relapse", "progressive-disease"):
        return _is_relapse(scene, m, before, behind)
    return True


def _is_relapse(scene: Scene, m: Mention, before: str, behind: str) -> bool:
    """Whether the disease itself comes back, and isn't what the treatment told of is for: that stands in the title."""
    named = m.text.lower().startswith("relaps") or _DISEASE.search(f"{before}{m.text}{behind}") is not None
    if not named or _AS_A_DATE.search(before):
        return False
    return _RELAPSE.search(scene.annotated.document.title) is None


def _is_response(m: Mention, before: str, behind: str) -> bool:
    """Whether a response is one that was reached or lasts, and not the state in which the treatment was given."""
    if re.match(r"\d", behind) or (m.text.lower().startswith("in ") and not _STANDS.search(before)):
        return False
    if _ORDINAL_STATE.search(before) and not _REACHED.search(before):
        return False
    if m.text.lower() not in ("complete", "partial"):
        return True
    return _RESPONSE_BEHIND.match(behind) is not None or _RESPONSE_BEFORE.search(before) is not None


def words_of(scene: Scene, m: Mention, told: Span) -> Span:
    """Return where the words stand that bear the event: the mention, and what completes it (`MRD turned negative`)."""
    behind = scene.levelled[m.end : told[1]]
    if m.name == "mrd-negativity" and not _ABSENT.search(m.text):
        rest = _TO_ABSENT.match(behind)
    else:
        rest = _RESPONSE_BEHIND.match(behind) if m.text.lower() in ("complete", "partial") else None
    return m.start, m.end + (rest.end() if rest is not None else 0)


def grade_of(scene: Scene, m: Mention, told: Span) -> Candidate | None:
    """Return the grade that the clause of a mention gives it: the nearest with no other measure between."""
    near = [
        (_distance(g, m), g)
        for g in grade_candidates(scene)
        if told[0] <= g.start and g.end <= told[1] and _together(scene, g, m) and not m.start <= g.start < m.end
    ]
    nearest = min(near, key=lambda scored: scored[0])[1] if near else None
    return None if nearest is None or _ALTERNATIVE.match(scene.levelled, nearest.end) else nearest


def time_of(scene: Scene, m: Mention, told: Span) -> Candidate | None:
    """Return the time point that the clause of a mention tells: the nearest, which isn't an age."""
    near = [
        (_distance(t, m), t)
        for t in time_candidates(scene)
        if told[0] <= t.start and t.end <= told[1] and _dated(scene, t, m)
    ]
    return min(near, key=lambda scored: scored[0])[1] if near else None


def _distance(c: Candidate, m: Mention) -> int:
    return max(c.start - m.end, m.start - c.end)


def _together(scene: Scene, g: Candidate, m: Mention) -> bool:
    start, end = min(g.end, m.end), max(g.start, m.start)
    between = scene.levelled[start:end]
    others = any(start <= x.start < end for x in scene.measures)
    return not others and len(between) <= _GRADE_REACH and not re.search(r"[;.]|\band\b|\bwith\b", between)


def _dated(scene: Scene, t: Candidate, m: Mention) -> bool:
    """Whether a time is the mention's: in its clause, no age, and how long something lasted only of a state."""
    between = scene.levelled[min(t.end, m.end) : max(t.start, m.start)]
    before, behind = scene.levelled[max(0, t.start - 14) : t.start], scene.levelled[t.end : t.end + 9]
    if len(between) > _TIME_REACH or _SUBORDINATE.search(between) or _NO_POINT_BEFORE.search(before):
        return False
    if _SPAN_OF.match(scene.levelled, t.start):
        return False
    if re.search(r"\bfor $", before) and not re.search(r"\bin ", scene.levelled[max(0, m.start - 18) : m.start + 3]):
        return False
    return _NO_POINT_BEHIND.match(behind) is None or (m.name != "mortality" and behind.startswith(" later"))
