"""Where a case report tells what became of its patient: the sentences behind the treatment, general ones left out.

General are background, comment, and what is said of other patients. The history before the treatment isn't told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.evidence import Intervention
from extractors.linking.scene import Scene

Span = tuple[int, int]
_PERSONS = (
    r"(?:patients|children|brothers|sisters|siblings|boys|girls|men|women|infants|adults|adolescents|twins|cases"
    r"|recipients|individuals)"
)
_SEVERAL = rf"(?:two|three|four|five|six|seven|eight|nine|ten|both|\d+) (?:[\w-]+ ){{0,3}}?{_PERSONS}\b"
_SEVERAL_IN_TITLE = re.compile(
    rf"\b{_SEVERAL}|\bseries\b|\b(?:sister and (?:a )?brother|brother and (?:a )?sister)\b", re.I
)
_SEVERAL_IN_TEXT = re.compile(
    rf"\b(?:we (?:report|describe|present)|(?:case )?reports? (?:of|on)) (?:\w+ ){{0,2}}?{_SEVERAL}"
    rf"|^(?:\w+ ){{0,3}}?{_SEVERAL}, (?:aged )?\d"
    r"|\b(?:patient|case|pt)s? (?:no\. ?|#)?(?:2|two|II|B)\b"
    r"|\bBoth (?:patients|children|of them|had|have|engrafted|are|were|remain\w*|developed|achieved|relapsed|died)\b",
    re.I | re.M,
)
_PATIENT = re.compile(
    r"\b(?:\d+|[a-z]+teen|twenty|thirty|forty|fifty|sixty|seventy)[- ](?:y|yr|year|month|week|mo)s?[- ]?(?:old)?\b"
    r"|\b(?:a|an|the|this|our|one|young|old|elderly|female|male) (?:[\w-]+ ){0,4}"
    r"(?:patient|man|woman|boy|girl|child|infant|baby|male|female|pt)\b"
    r"|\b(?:patient|case|man|woman|boy|girl|male|female|child|infant)[.,;:]|\b(?:he|she|his|her)\b"
    r"|\b(?:boy|girl|man|woman|child) (?:of|aged|with|in)\b",
    re.I,
)
_GENERAL = re.compile(
    r"\b(?:patients|recipients|children|adults|survivors|individuals|literature|published|registry|trials?|authors"
    r"|responders|cases|case reports?|series"
    r"|may|might|should|must|suggests?|propose|recommend|conclude|believe|speculate|argues?|demonstrates?|illustrates?"
    r"|highlights?|underscores?|emphasi[sz]es?|warrants?|deserves?|in (?:summary|conclusion|our (?:view|opinion))"
    r"|this (?:case|report|patient's case|experience)|our case|rare(?:ly)?|usually|often|seldom|typically|commonly"
    r"|can (?!no)|is (?:an?|the) (?:[\w-]+ ){0,4}(?:complication|disease|disorder|toxicity|cause|effect|problem)"
    r"|to our knowledge|well known|mimic\w*|is estimated|thought to|could (?:be considered|have)"
    r"|(?:of|in|among) (?:the|these|those) (?:two|three|four|five|six|seven|eight|nine|ten|\d+))\b"
    r"|\b(?:to|of) (?:describe|report|present|see|assess|evaluate|investigate)\b",
    re.I,
)
_LABEL = re.compile(r"\W*(?P<label>[A-Z][\w-]*(?:[ ,/]+[A-Za-z][\w'-]*){0,3})(?:\*+|[.:](?=\s)|\n)")
_ASIDE = re.compile(
    r"background|introduction|rationale|objective|aims?\b|purpose|methods?|importance|context|comment|discussion"
    r"|conclusion|remarks?|lessons?|interpretation|significance|moral|perspective|implication",
    re.I,
)
_REPORTED = re.compile(
    r"\bwe (?:report|describe|present)\b", re.I
)  # within the background, if the text has no other part
_PREPARATION = ("lymphodepletion", "conditioning")
_GENERIC = {
    "car-t": frozenset({"CAR T-cell therapy"}),
    "hsct": frozenset({"HSCT", "allogeneic HSCT", "autologous HSCT"}),
}
"""Names by which a text goes on to speak of a treatment of this category that it has named more closely."""
_EARLIER = re.compile(
    r"\b(?:after|following|since|prior|previous(?:ly)?|earlier|failed|failing|despite|including|included|post|from|before"
    r"|had been given|had received|had undergone|refractory to|progress\w+ on|history of|candidate for|eligible for)\b"
    r"(?: (?!received|underwent|given|infused|got|had|was|were|followed|then)[\w-]+){0,4} ?$",
    re.I,
)
_INFUSED = re.compile(r"\b(?:re-?)?infused\b", re.I)
_GRAFTED = re.compile(r"(?<!had been )\b(?:(?:auto|allo)?grafted|transplanted)\b", re.I)
_GIVEN = re.compile(r"(?<!had )\b(?:received|underwent|(?<!had been )given|(?<!had been )administered)\b", re.I)


def course(scene: Scene, interventions: Sequence[Intervention]) -> list[Span]:
    """Return the sentences that tell of the one patient of a case report behind the treatment, in order.

    The sentence of the treatment itself begins where that is named. Nothing where the text tells of several patients.
    """
    if _SEVERAL_IN_TITLE.search(scene.annotated.document.title) or _SEVERAL_IN_TEXT.search(scene.levelled):
        return []
    told = list(_of_the_patient(scene))
    begin = _treated(scene, told, interventions)
    return [] if begin is None else [(max(start, begin), end) for start, end in told if end > begin]


def _of_the_patient(scene: Scene) -> Iterator[Span]:
    """Yield the sentences from the one that introduces the patient on, without those of general import."""
    begun = aside = False
    for start, end in scene.layout.sentences:
        sentence = scene.levelled[start:end]
        label = _LABEL.match(sentence)
        if label is not None:
            aside = _ASIDE.search(label["label"]) is not None
        elif scene.annotated.role(start) in ("background", "conclusions") and not begun:
            aside = True
        if aside and not (not begun and _REPORTED.search(sentence) and _PATIENT.search(sentence)):
            continue
        aside = False
        begun = begun or _PATIENT.search(sentence) is not None
        if begun and not _GENERAL.search(sentence):
            yield start, end


def _treated(scene: Scene, told: Sequence[Span], interventions: Sequence[Intervention]) -> int | None:
    """Return where the treatment is first told to have been given, or None.

    It's the CAR T cells if the title names them, else whatever cells or drugs are tried; where these aren't named,
    whatever is given, and the preparation for it.
    """
    titled = {m.name for m in scene.annotated.of_kind("intervention", "title")}
    cells, cars = _named(interventions, "hsct", "car-t"), _named(interventions, "car-t")
    tried = cells | {i.name for i in interventions if i.used and i.role == "experimental"}
    first = (cars, _INFUSED) if cars & titled else (tried, _GRAFTED)
    begin = _given(scene, told, *first)
    return _given(scene, told, tried | _named(interventions, *_PREPARATION), _GIVEN) if begin is None else begin


def _named(interventions: Sequence[Intervention], *categories: str) -> frozenset[str]:
    """Return the names of the treatments of these categories that were given, and those that stand for them."""
    given = [i for i in interventions if i.used and i.category in categories]
    return frozenset(i.name for i in given).union(*(_GENERIC.get(i.category, frozenset()) for i in given))


def _given(scene: Scene, told: Sequence[Span], names: frozenset[str], verb: re.Pattern[str]) -> int | None:
    """Return the end of the first treatment with one of these names that isn't an earlier one, or of the verb."""
    for start, end in told:
        given = [
            m.end
            for m in scene.annotated.of_kind("intervention", "text")
            if start <= m.start < end and m.name in names and not _EARLIER.search(scene.levelled[start : m.start])
        ]
        given += [v.end() for v in [verb.search(scene.levelled, start, end)] if v is not None]
        if given:
            return min(given)
    return None
