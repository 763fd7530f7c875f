"""What the words around a mention say of it: negated, earlier, planned, hypothetical, compared, given, an example, a rate.

In the manner of NegEx and ConText: cues before and behind the mention, each within a few words and never across the end
of a clause. Own cues, because the medical NLP packages that carry such rules bring a model stack or a parser along, and
know neither transplants nor trial arms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.concepts import Mention

_BEFORE_CHARS, _BEHIND_CHARS = 64, 44
_CLAUSE_START = re.compile(r"^.*(?:[.;:] |\n|, but |, whereas |, while )", re.S)
_CLAUSE_END = re.compile(r"[.;:] |\n|\.$")


def _words(count: int) -> str:
    return rf"\W+(?:[\w-]+\W+){{0,{count}}}$"


_BEFORE = {
    "earlier": r"(?:prior|previous(?:ly)?|earlier|history of|preceding|exposed to|exposure to|refractory to|resistant to|relaps\w+ after|failed|failure of"
    r"|pre-?treated with|former|relapse after|progress\w+ (?:after|on)|had received|had had)" + _words(2),
    "after": r"(?:after|following|since|post)" + _words(1),
    "before": r"(?:before|prior to|ahead of|pre)" + _words(1),
    "negated": r"(?:without|no|not|nor|never|neither|ineligible for|unsuited to|instead of|rather than|avoid\w*|omit\w*|spar\w+|free of|absence of)" + _words(2),
    "example": r"(?:such as|e\.g\.|for example|among them|including)" + _words(3),
    "compared": r"(?:versus|vs\.?|against|compared (?:with|to)|or|than|over)" + _words(1),
    "with": r"(?:with|plus|by|using|of|and|added|adding|combined with|consist\w+ of|comprised|on)\W+$",
    "given": r"(?:received|receiving|given|giving|gave|treated with|treatment with|got|underwent|undergoing|undergo|administered|infused|infusion of|addition of|combin\w+ (?:of|with))" + _words(3),
    "conditioning": r"(?:condition\w+|preparative|preparation|prepared|regimens?)" + _words(6),
    "lymphodepletion": r"(?:lymphodeplet\w+)" + _words(6),
    "prophylaxis": r"(?:prophyla\w+|prevent\w+|immunosuppress\w+)" + _words(6),
    "bridging": r"(?:bridg\w+)" + _words(4),
    "needed": r"(?:needed|required|need for|called for|requiring|necessitat\w+|managed with|responded to|yielded to|controlled by)" + _words(3),
    "eligible": r"(?:eligible|ineligible|candidates?|indicat\w+|suitable|intended|unfit|considered|option)" + _words(3),
    "planned": r"(?:will|planned|plans? to|scheduled|is to|are to|intended)" + _words(3),
    "hypothetical": r"(?:may|might|could|should|would|if|whether|can)" + _words(3),
    "studied": r"(?:role|efficacy|effects?|impact|influence|value|safety|results?|outcomes?|use|evaluat\w+|stud\w+|trial|feasibility|benefit|activity|series|experience|survival|comparison)"
    r" (?:and \w+ )?(?:of|with|after|following|between)" + _words(3),
    "risk factor": r"(?:risk factors?|predict\w+|associated with|multivaria\w+|linked to|favou?red by|OR|HR)" + _words(5),
    "number of": r"(?:\d+|%|\))\W+(?:[\w-]+\W+){0,2}$",
    "resistant": r"(?:refractory|resistant|unresponsive|intolerant|dependent) (?:to|on)" + _words(2),
    "model": r"(?:mice|murine|model|in vitro|preclinical)" + _words(4),
    "second": r"(?:second|subsequent|later|further|repeat|another)" + _words(1),
}  # fmt: skip
_BEHIND = {
    "counted": r"^\W{0,2}[(\[](?:n\b|N\b|\d)",
    "dosed": r"^\W{0,3}[(\[]?\d+(?:[.,]\d+)?\s?(?:mg|g\b|Gy|cGy|µg|mcg|cells|×|x 10|IU|U\b)",
    "group": r"^\W{0,2}(?:group|arm|cohort|recipients?|patients|treated|population)",
    "listed": r"^\W{0,2}(?:[(,]|or\b|and\b|plus\b|\+|/)",
    "subject": r"^\W+(?:was|were|is|are|has|have|had)\b",
    "was given": r"^\W+(?:[\w-]+\W+){0,2}(?:given|administered|used|infused|added|received|performed|served|allowed|permitted)",
    "resisted": r"^[\W_]?(?:refractory|resistant|na[iï]ve|ineligible|sensitive|exposed|dependent|free|failure|unfit)",
    "share": r"^.{0,25}%",
    "measured": r"^\W+(?:rate|score|levels?|concentration|exposure|doses?|response|era)\b",
    "related": r"^\W?(?:related|associated|induced|specific|mediated|mobili[sz]ed|based)",
    "therapy": r"^\W?(?:therapy|treatment|prophylaxis|conditioning|maintenance|infusions?|products?|program)",
    "may": r"^\W+(?:[\w-]+\W+){0,2}(?:may|might|could|should|can|would|will|deserves?|remains?)\b",
    "not given": r"^\W+(?:[\w-]+\W+){0,3}(?:(?:was|were|is|are|had|did) (?:not|never)|omitted|avoided|withheld|not (?:given|used|permitted|allowed))",
    "failed": r"^\W+(?:[\w-]+\W+){0,3}(?:fail\w*|had not|is not an option)",
    "before that": r"^\W+(?:[\w-]+\W+){0,1}(?:before|prior to|followed by|then|preceded)",
    "after that": r"^\W+(?:[\w-]+\W+){0,1}(?:after|following|post)\b",
}  # fmt: skip
_PATTERNS_BEFORE = {name: re.compile(rf"(?<![\w-]){pattern}", re.I) for name, pattern in _BEFORE.items()}
_PATTERNS_BEHIND = {name: re.compile(pattern, re.I) for name, pattern in _BEHIND.items()}


def contexts(annotated: Annotated, mention: Mention) -> frozenset[str]:
    """Return the names of the cues that hold for the mention (`negated`, `earlier`, `not given`, `dosed`, ...)."""
    before, behind = clause_around(annotated, mention)
    return _before(before) | _behind(behind)


def clause_around(annotated: Annotated, mention: Mention) -> tuple[str, str]:
    """Return the words of the mention's clause before and behind it, a few words each."""
    text = annotated.part(mention.part)
    before = _CLAUSE_START.sub("", text[max(0, mention.start - _BEFORE_CHARS) : mention.start])
    behind = _CLAUSE_END.split(text[mention.end : mention.end + _BEHIND_CHARS], maxsplit=1)[0]
    return before, behind


@lru_cache(maxsize=4096)
def _before(words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _PATTERNS_BEFORE.items() if pattern.search(words))


@lru_cache(maxsize=4096)
def _behind(words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _PATTERNS_BEHIND.items() if pattern.search(words))


_NOT_GIVEN_BEFORE = re.compile(
    r"(?:without|(?<!with or )(?<!with and )\bno\b|\bnot (?:given|receive|received|get|undergo|have|require|need)|never (?:received|given)|in the absence of"
    r"|did not (?:receive|undergo|get|have|require|need)|omitting|omission of|ineligible for|not eligible for|instead of|avoid(?:ing|s|ed)?|free of|were spared"
    r"|without the use of|without (?:any )?(?:further|additional|prior|pharmacologic|traditional|routine|post-transplant))"
    r"\W+(?:(?!with\b|after\b|and\b|who\b|had\b|received\b)[\w-]+\W+){0,4}$",
    re.I,
)
_NOT_GIVEN_OR = re.compile(r"without\W+(?:[\w-]+\W+){1,8}(?:or|nor|and)\W+(?:[\w-]+\W+){0,3}$", re.I)
_NOT_GIVEN_BEHIND = re.compile(
    r"^\W+(?:[\w-]+\W+){0,5}?(?:(?:was|were|is|are) (?:not|never) (?:\w+ )?(?:given|used|administered|permitted|allowed|part|required|needed)|(?:was|were) (?:omitted|avoided|withheld|dispensed with))",
    re.I,
)
_WITH_OR_WITHOUT = re.compile(r"with (?:or|and|vs\.?|versus) without\W*(?:[\w-]+\W+){0,4}$", re.I)


def not_given(annotated: Annotated, mention: Mention) -> bool:
    """Whether the text says of this mention that the treatment was not given (`without`, `did not receive`, `was not used`)."""
    text = annotated.part(mention.part)
    before = _CLAUSE_START.sub("", text[max(0, mention.start - 110) : mention.start])
    behind = _CLAUSE_END.split(text[mention.end : mention.end + 70], maxsplit=1)[0]
    if _WITH_OR_WITHOUT.search(before):
        return False
    return bool(_NOT_GIVEN_BEFORE.search(before) or _NOT_GIVEN_OR.search(before) or _NOT_GIVEN_BEHIND.search(behind))
