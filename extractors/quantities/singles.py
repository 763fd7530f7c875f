"""Counts of one and two that aren't told by a cardinal: a single patient, once and twice, the fifth, the other."""

from __future__ import annotations

import re

from extractors.quantities.fragments import I
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass

_ONE = re.compile(
    r"\b(?:(?:one )?(?:single|solitary|lone)(?= (?:[\w-]+ ){0,2}(?:patient|case|death|child|recipient|subject"
    r"|participant|episode|event|instance|relapse|failure|toxicity|infection|rejection|responder|survivor|neoplasm"
    r"|malignancy|lymphoma|leuka?emia|tumou?r|carcinoma|grade)\b)"
    r"|(?:once|twice)(?=[,.;)]|$|\n| \()"
    r"|(?:(?<=arose )|(?<=occurred )|(?<=happened )|(?<=seen )|(?<=observed )|(?<=recorded )|(?<=reported )"
    r"|(?<=diagnosed )|(?<=developed )|(?<= and ))(?:once|twice)"
    r"(?! (?:daily|weekly|a|per|every|as|the|more|that|an)\b)"
    r"|(?:once|twice)(?= (?:at|of|with) (?:a )?(?:grade|gr) [\div]+\b(?! ?\()))"
)
_PERSON = ("patient", "child", "boy", "girl", "recipient", "infant")
_HAPPENED = (
    r"(?:died|succumbed|relapsed|progressed|rejected|developed|lost (?:the|his|her|this|its) graft|experienced|suffered"
    r"|achieved|attained|recovered|responded|engrafted|had an? )"
)
_ONE_MORE = re.compile(  # one reached remission, the other died; the fifth patient relapsed; in the remaining patient
    r"\b(?:(?:the (?:other|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)|another)"
    rf"(?: (?:one|{'|'.join(_PERSON)}))?(?= {_HAPPENED})"
    r"|the remaining (?:patient|child|recipient)\b(?!'| (?:could|had not|was not)\b))"
)
_OTHER = re.compile(r"(?<=\bin )(?:the other|another)(?=[.,;:)]|$| (?:and|who)\b)")
_IN_ONE = re.compile(  # CRS in one and ICANS in the other
    r"\bin one\b(?! (?:case|half|as|of|group|arm|cohort)\b)[^.;]*$"
)
_OF_GROUPS = re.compile(r"\b(?:(?:groups?|arms?|cohorts?|regimens?|trials?|stud(?:y|ies)|the one)\b[^.;]*|(?:of|in) )$")
_NOT_ONE = re.compile(r"\b(?:not|n't|never|nor|neither|without)\b[^.;,]{0,40}$|\b(?:at|than|given|m2|kg|mg|all) $", I)
_REACH = 160


def _one(m: Match) -> Quantity | None:
    if _NOT_ONE.search(m.string[max(0, m.start() - 50) : m.start()]):
        return None  # `not in a single patient`, `at once`, `140 mg/m2 once`
    return Quantity("number", m.start(), m.end(), 2.0 if m[0] == "twice" else 1.0, form="word")


def _one_more(m: Match) -> Quantity | None:
    """Return 1 for a patient told of by his place among others; the other of two groups isn't one."""
    before = m.string[max(0, m.start() - _REACH) : m.start()]
    if _OF_GROUPS.search(before) and not m[0].endswith(_PERSON):
        return None
    return Quantity("number", m.start(), m.end(), 1.0, form="place")


def _other(m: Match) -> Quantity | None:
    before = m.string[max(0, m.start() - _REACH) : m.start()]
    return Quantity("number", m.start(), m.end(), 1.0, form="place") if _IN_ONE.search(before) else None


SINGLES = (
    Pass(_ONE, _one, needs=("single", "solitary", "lone", "once", "twice"), caseless=True),
    Pass(_ONE_MORE, _one_more, needs=("the other", "another", "th ", "third", "the remaining"), caseless=True),
    Pass(_OTHER, _other, needs=("in the other", "in another"), caseless=True),
)
