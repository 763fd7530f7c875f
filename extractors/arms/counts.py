"""Counts of patients in a sentence and how each is tied to the name of an arm beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.numbers import level
from extractors.sizes import sizes

LABELLED, GLUED, LOOSE = 3, 2, 1
"""How a count is tied to a name: `name (n = 48)`; by words such as `received`; by nothing but standing beside it."""

_PEOPLE = (
    r"(?:patients?|pts?|children|adults?|recipients?|subjects|participants|individuals|people|persons|women|men"
    r"|boys|girls|infants|donors?|pairs|transplants|transplantations|procedures|grafts)"
)
_GROUP = (
    r"(?:group|arm|cohort|recipients?|patients|children|donors?|therapy|treatment|conditioning|regimen|setting|grafts?"
    r"|transplants?|transplantations?|HSCT|HCT|SCT|alone|only|cells?|infusions?|controls?|era|period|population)"
)
_TYING = (
    rf"(?:{_PEOPLE}|were|was|had|have|has|been|being|did|who|whom|whose|of (?:them|whom|these)|received|receiving"
    r"|given|gave|got|underwent|undergoing|assigned|allocated|allotted|randomly|randomi[sz]ed|transplanted|treated"
    r"|managed|grafted|bridged|proceeded|went|going|started|took|taking|taken|enrolled|entered|completed|aged|classified"
    r"|to|with|by|in|on|onto|from|for|into|under|as|without|a|an|the|their|such|first|consecutive|adult"
    r"|pa?ediatric|matched|historical|donor|graft|allografts?)"
)
_DEFINED = re.compile(r"\s+(?:[A-Za-z][\w./+-]*\s+){1,8}[(\[]\s?")  # 74 autologous transplants (auto)
_AHEAD = re.compile(
    rf"(?:[)\]](?=\s(?:with|in|on|given|for|after)\b)|,(?=\s(?:who|of)\b))?\s+(?:{_TYING}\s+)*", re.IGNORECASE
)
_BEHIND = re.compile(
    rf"(?:[^()]{{0,25}}\))?(?:[ -]{_GROUP})*(?:\s*[(\[,:;=→-]\s*(?:n\s*=\s*)?"
    r"|\s+(?:(?:was|were|had been|has been) )?(?:(?:given|done|performed|used|present|carried out|assigned) )?"
    r"(?:the donors? )?(?:in|to|for) (?:the )?(?:remaining |other )?)",
    re.IGNORECASE,
)
_INTO_BRACKET = re.compile(rf"\)?(?:[ -]{_GROUP})*\s*[(\[]", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|[;,])\s*(?:[nN]\s*=\s*)?$")
_LABEL = re.compile(r"\b[nN]\s*=\s*$")
_TAIL = re.compile(
    rf"(?:\s*{_PEOPLE})?(?:\s(?:analy[sz]ed|evaluable|assessed|randomi[sz]ed|treated|infused))?"
    r"\s*(?:[\])]|[;.,](?!\d)|\n|(?:and|or|vs?|versus|who|whom)\b|\s*$)",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"(?:\s+{_PEOPLE})?\s*[(\[]\s*(\d+(?:\.\d+)?)\s?%\s*[)\]]", re.IGNORECASE)
_OF = re.compile(r"\s*(?:/|of (?:the |all |these )?)\s*(\d[\d,]*)(?!\s?%|\d|\.\d)")
_NOT_PEOPLE = re.compile(
    r"(?:[$€£×<>≤≥+±~^]|\b(?:days?|grades?|median|mean|scores?|ages?|aged|phases?|parts?|arms?|cohorts?|cycles?"
    r"|weeks?|years?|months?|least|most|than|at|stages?|USD|EUR|(?:of|/)\s+\d+\s+(?:and|or)))(?: of)?\s*$"
    r"|\d\s?[:/]\s?$|[\s(\w*/-]-$|\d to $|[a-z]\($",
    re.IGNORECASE,
)
_NOT_PEOPLE_BEHIND = re.compile(
    r"\s?(?:[:×%^]|[μµ]g|-fold|x ?10)"
    r"|\s(?:to \d|per ?cent\b|cases|cent(?:er|re)s|sites|hospitals|institutions|countries|studies|trials|events?"
    r"|deaths|episodes|cycles|units|courses|points|of\b(?! (?:them|whom|these|us)\b)"
    r"|or (?:younger|older|more|less|above|under|over)\b)",
    re.IGNORECASE,
)
_TO_ONE_OF = re.compile(r"\beither\b", re.IGNORECASE)  # 216 were assigned to either A or B
_REST = re.compile(r"\b(?:not|remaining|others?|without)\b", re.IGNORECASE)
_APART = re.compile(r"[.;:\n]\s")
_BRACKETS = re.compile(r"\s?[(\[][^()\[\]]*[)\]]")
_REACH = 110
_ROUNDING = 0.6


@dataclass(frozen=True, slots=True)
class Count:
    """A number of patients: `end` is behind the share printed with it, if any, `whole` what it's printed to be of."""

    value: int
    start: int
    end: int
    share: float | None
    whole: int | None
    labelled: bool
    people: bool

    def is_of(self, total: int) -> bool:
        """Whether the count is printed to be of `total`, or with the share that it makes of `total`."""
        if self.whole is not None or self.share is None or not total:
            return self.whole == total
        return abs(100 * self.value / total - self.share) < _ROUNDING


@dataclass(frozen=True, slots=True)
class Tie:
    """A count and an arm's name beside it: `strength` is LABELLED, GLUED or LOOSE; `ahead` where the count is first."""

    label: str
    count: Count
    strength: int
    ahead: bool


@lru_cache(maxsize=2)
def counts(annotated: Annotated) -> tuple[Count, ...]:
    """Return the numbers of the text that may count patients, in order."""
    text = level(annotated.document.text)
    return tuple(_counts(annotated, text))


def _counts(annotated: Annotated, text: str) -> Iterator[Count]:
    until = 0
    for size in sizes(annotated):
        if size.start < until or size.part == "title" or _NOT_PEOPLE.search(text, max(0, size.start - 24), size.start):
            continue
        whole = _OF.match(text, size.end)
        share = _SHARE.match(text, whole.end() if whole else size.end)
        whole = whole or (_OF.match(text, share.end()) if share else None)  # 29 (50%) of 58
        end = max([size.end, *(m.end() for m in (whole, share) if m)])
        if not whole and _NOT_PEOPLE_BEHIND.match(text, size.end):
            continue
        until = end
        yield Count(
            size.value,
            size.start,
            end,
            float(share[1]) if share else None,
            int(whole[1].replace(",", "")) if whole and whole[1].strip(",") else None,
            bool(_LABEL.search(text, max(0, size.start - 6), size.start)),
            size.people,
        )


Named = tuple[int, int, str]
"""Start, end and label of a place where an arm is named."""


def ties(named: Sequence[Named], found: Sequence[Count], text: str) -> Iterator[Tie]:
    """Yield the ties between the arms named in a sentence and the counts in it, in the order of the counts."""
    apart = [c for c in found if not any(n[0] < c.end and c.start < n[1] for n in named)]
    for count in found:
        if count not in apart:
            within = next(n for n in named if n[0] < count.end and count.start < n[1])
            if _REST.search(text, within[0], within[1]):
                yield Tie(within[2], count, GLUED, True)
    for k, count in enumerate(apart):
        before = next((n for n in reversed(named) if n[1] <= count.start), None)
        behind = next((n for n in named if n[0] >= count.end), None)
        made = []
        if before is not None and (k == 0 or apart[k - 1].start < before[1] or count.labelled):
            made.append(Tie(before[2], count, _behind(before, count, apart, text), False))
        if behind is not None and not count.labelled and (k == len(apart) - 1 or behind[0] <= apart[k + 1].start):
            made.append(Tie(behind[2], count, _ahead(behind, count, text), True))
        yield from (t for t in made if t.strength)


def strongest(made: Sequence[Tie]) -> list[Tie]:
    """Return the ties that no other tie of the same count outdoes."""
    best: dict[int, int] = {}
    for tie in made:
        best[tie.count.start] = max(tie.strength, best.get(tie.count.start, 0))
    return [t for t in made if t.strength == best[t.count.start]]


def _behind(name: Named, count: Count, found: Sequence[Count], text: str) -> int:
    gap = text[name[1] : count.start]
    if _BEHIND.fullmatch(gap) and (count.share is not None or _TAIL.match(text, count.end)):
        return LABELLED if count.labelled else GLUED
    plain = _BRACKETS.sub("", gap)
    opening = max(plain.rfind("("), plain.rfind("["))
    if opening >= 0 and _INTO_BRACKET.fullmatch(plain[: opening + 1]) and _ITEM.search(plain[opening + 1 :]):
        inner = [c for c in found if c.labelled == count.labelled and c.start > name[1] and _same(c, count, text)]
        if len(inner) == 1:
            return LABELLED if count.labelled else LOOSE
    return LOOSE if len(gap) <= _REACH and not _APART.search(plain) and ")" not in plain[1:] else 0


def _same(one: Count, other: Count, text: str) -> bool:
    """Whether two counts stand in one bracket."""
    low, high = sorted((one.start, other.start))
    return not re.search(r"[()\[\]]", _BRACKETS.sub("", text[low:high]))


def _ahead(name: Named, count: Count, text: str) -> int:
    between = text[count.end : name[0]]
    gap = _BRACKETS.sub("", between)
    if len(gap) > _REACH or _TO_ONE_OF.search(gap):
        return 0
    if _AHEAD.fullmatch(gap) or (_DEFINED.fullmatch(between) and text[name[1] : name[1] + 1] in (")", "]")):
        return GLUED
    return LOOSE if not _APART.search(gap) and ")" not in gap else 0
