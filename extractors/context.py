"""What the words around a mention say of it: negated, earlier, planned, hypothetical, compared, given, an example.

In the manner of NegEx and ConText: cues before and behind the mention, each within a few words and never across the end
of a clause. Own cues, because the medical NLP packages that carry such rules bring a model stack or a parser along, and
know neither transplants nor trial arms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.concepts import Mention
from extractors.lookback import Lookback

_BEFORE_CHARS, _BEHIND_CHARS = 64, 44
_CLAUSE_START = re.compile(r"^.*(?:[.;:] |\n|, but |, whereas |, while )", re.S)
_CLAUSE_END = re.compile(r"[.;:] |\n|\.$")


_BEFORE = Lookback({
    "earlier": (2, "prior previous previously earlier former preceding history_of exposed_to exposure_to "
        "refractory_to resistant_to failed"
                   " failure_of pretreated had_received had_had relapse_after relapsed_after progressed_after "
                       "progression_after progressed_on"),
    "after": (1, "after following since post"),
    "before": (1, "before ahead_of prior_to pre"),
    "negated": (2, "without no not nor never neither ineligible unsuited instead_of rather_than avoid* omit* spared "
        "sparing free_of absence_of"),
    "example": (3, "such_as eg for_example among_them including"),
    "compared": (1, "versus vs against compared_with compared_to or than over"),
    "with": (0, "with plus by using of and added adding combined_with consisting_of comprised on"),
    "given": (3, "received receiving given giving gave treated_with treatment_with got underwent undergoing undergo "
        "administered infused"
                 " infusion_of addition_of combin*"),
    "conditioning": (6, "condition* preparative preparation prepared regimen regimens"),
    "lymphodepletion": (6, "lymphodeplet*"),
    "prophylaxis": (6, "prophyla* prevent* immunosuppress*"),
    "bridging": (4, "bridg*"),
    "needed": (3, "needed required need_for called_for requiring necessitat* managed_with responded_to yielded_to "
        "controlled_by"),
    "eligible": (3, "eligible ineligible candidate candidates indicat* suitable intended unfit considered option"),
    "planned": (3, "will planned plan_to plans_to scheduled is_to are_to intended"),
    "hypothetical": (3, "may might could should would if whether can"),
    "studied": (4, "role efficacy effect effects impact influence value safety result results outcome outcomes use "
        "evaluat* stud* trial feasibility"
                   " benefit activity series experience survival comparison"),
    "risk factor": (5, "risk_factor risk_factors predict* associated_with multivaria* linked_to favored_by "
        "favoured_by"),
    "number of": (2, "%"),
    "resistant": (2, "refractory_to resistant_to unresponsive_to intolerant_to dependent_on"),
    "model": (4, "mice murine model vitro preclinical"),
    "second": (1, "second subsequent later further repeat another"),
})  # fmt: skip
_BEHIND = {
    "counted": r"^\W{0,2}[(\[](?:n\b|N\b|\d)",
    "dosed": r"^\W{0,3}[(\[]?\d+(?:[.,]\d+)?\s?(?:mg|g\b|Gy|cGy|µg|mcg|cells|×|x 10|IU|U\b)",
    "group": r"^\W{0,2}(?:group|arm|cohort|recipients?|patients|treated|population)",
    "listed": r"^\W{0,2}(?:[(,]|or\b|and\b|plus\b|\+|/)",
    "subject": r"^\W+(?:was|were|is|are|has|have|had)\b",
    "was given": r"^\W+(?:[\w-]+\W+){0,2}(?:given|administered|used|infused|added|received|performed|served|allowed"
        r"|permitted)",
    "resisted": r"^[\W_]?(?:refractory|resistant|na[iï]ve|ineligible|sensitive|exposed|dependent|free|failure|unfit)",
    "share": r"^.{0,25}%",
    "measured": r"^\W+(?:rate|score|levels?|concentration|exposure|doses?|response|era)\b",
    "related": r"^\W?(?:related|associated|induced|specific|mediated|mobili[sz]ed|based)",
    "therapy": r"^\W?(?:therapy|treatment|prophylaxis|conditioning|maintenance|infusions?|products?|program)",
    "may": r"^\W+(?:[\w-]+\W+){0,2}(?:may|might|could|should|can|would|will|deserves?|remains?)\b",
    "not given": r"^\W+(?:[\w-]+\W+){0,3}(?:(?:was|were|is|are|had|did) (?:not|never)|omitted|avoided|withheld"
        r"|not (?:given|used|permitted|allowed))",
    "failed": r"^\W+(?:[\w-]+\W+){0,3}(?:fail\w*|had not|is not an option)",
    "before that": r"^\W+(?:[\w-]+\W+){0,1}(?:before|prior to|followed by|then|preceded)",
    "after that": r"^\W+(?:[\w-]+\W+){0,1}(?:after|following|post)\b",
}  # fmt: skip
_PATTERNS_BEHIND = {name: re.compile(pattern.removeprefix("^"), re.I) for name, pattern in _BEHIND.items()}


def contexts(annotated: Annotated, mention: Mention) -> frozenset[str]:
    """Return the names of the cues that hold for the mention (`negated`, `earlier`, `not given`, `dosed`, ...)."""
    before, behind = clause_around(annotated, mention)
    return _before(before) | _behind(behind)


def clause_around(annotated: Annotated, mention: Mention) -> tuple[str, str]:
    """Return the words of the mention's clause before and behind it, a few words each."""
    text = annotated.part(mention.part)
    before = text[max(0, mention.start - _BEFORE_CHARS) : mention.start]
    return _clause(before, text[mention.end : mention.end + _BEHIND_CHARS])


@lru_cache(maxsize=4096)
def _clause(before: str, behind: str) -> tuple[str, str]:
    return _CLAUSE_START.sub("", before), _CLAUSE_END.split(behind, maxsplit=1)[0]


@lru_cache(maxsize=4096)
def _before(words: str) -> frozenset[str]:
    return _BEFORE.find(words.lower())


@lru_cache(maxsize=4096)
def _behind(words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _PATTERNS_BEHIND.items() if pattern.match(words))


_NOT_GIVEN_BEFORE = re.compile(
    r"(?:without|(?<!with or )(?<!with and )\bno\b|\bnot (?:given|receive|received|get|undergo|have|require|need)"
    r"|never (?:received|given)|in the absence of"
    r"|did not (?:receive|undergo|get|have|require|need)|omitting|omission of|ineligible for|not eligible for"
    r"|instead of|avoid(?:ing|s|ed)?|free of|were spared"
    r"|without the use of|without (?:any )?(?:further|additional|prior|pharmacologic|traditional|routine"
    r"|post-transplant))"
    r"\W+(?:(?!with\b|after\b|and\b|who\b|had\b|received\b)[\w-]+\W+){0,4}$",
    re.I,
)
_NOT_GIVEN_OR = re.compile(r"without\W+(?:[\w-]+\W+){1,8}(?:or|nor|and)\W+(?:[\w-]+\W+){0,3}$", re.I)
_NOT_GIVEN_BEHIND = re.compile(
    r"^\W+(?:[\w-]+\W+){0,5}?(?:(?:was|were|is|are) (?:not|never) (?:\w+ )?(?:given|used|administered|permitted"
    r"|allowed|part|required|needed)|(?:was|were) (?:omitted|avoided|withheld|dispensed with))",
    re.I,
)
_WITH_OR_WITHOUT = re.compile(r"with (?:or|and|vs\.?|versus) without\W*(?:[\w-]+\W+){0,4}$", re.I)


def not_given(annotated: Annotated, mention: Mention) -> bool:
    """Whether the text says that the treatment was not given (`without`, `did not receive`, `was not used`)."""
    text = annotated.part(mention.part)
    before = _CLAUSE_START.sub("", text[max(0, mention.start - 110) : mention.start])
    behind = _CLAUSE_END.split(text[mention.end : mention.end + 70], maxsplit=1)[0]
    if _WITH_OR_WITHOUT.search(before):
        return False
    return bool(_NOT_GIVEN_BEFORE.search(before) or _NOT_GIVEN_OR.search(before) or _NOT_GIVEN_BEHIND.search(behind))
