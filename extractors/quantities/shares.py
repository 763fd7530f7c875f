"""Shares and counts: percentages, n of N, all and none, medians that weren't reached, bare numbers."""

from __future__ import annotations

import re

from extractors.numbers import FRACTION, INTEGER, NUMBER, WORDS, parse
from extractors.quantities.fragments import ANY, CI_WORDS, COUNTED, NUM, PATIENTS, THESE, UNIT, I
from extractors.quantities.kinds import Quantity
from extractors.quantities.passes import Match, Pass

_PEOPLE = (
    rf"{THESE}(?:evaluable |treated |enrolled |infused |assessable |eligible |remaining |such )?"
    r"(?:(?:patients?|children|adults|recipients?|subjects?|cases?|participants?|men|women|infants|pairs|events?"
    r"|deaths?|transplants?)\b)?"
)
_OF = re.compile(  # 19 of 28, one patient in ten, 346 (64%) of the 543
    rf"({ANY})\s*(?:{_PEOPLE}\s*)?(?:\(\s*({NUM})\s*(?:%|percent|per cent)\s*\)\s*)?"
    rf"(?:out of|of|among|in) (?:a total of )?{THESE}(?:\w+ )?({ANY})"
    rf"(?!\d|\s*(?:%|-|{UNIT}|percent|per cent|/\d)|\.\d)",
    I,
)
_SLASH = re.compile(r"(?<![\w./])(\d{1,5})\s*/\s*(\d{1,5})(?![\w/.]*\d|\s*(?:mg|mm|L)\b)")
_MATCH_BEHIND = re.compile(r"\s*-?\s*\(?(?:HLA|allele|antigen|(?:mis)?match|MM?UD|MM?RD|M?URD|unrelated|haplo|loci)", I)
_MATCH_BEFORE = re.compile(r"\bHLA[- ]?\(?$|\bmatch(?:ed)?,? \(?$", I)
_SIZE = re.compile(rf"\b[nN]\s*=\s*({INTEGER})(?!\s*(?:/|of|out of)\s*\d)")

_PERCENT = re.compile(
    rf"(?:({NUMBER})\s*(?:%(?!\s*-?\s*{CI_WORDS})|percentage[- ]points?\b)"
    rf"|({ANY})\s*-?\s*(?:percent|per cent|per ?cent|pct)\b)",
    I,
)
_PART = re.compile(FRACTION, I)  # half, two thirds
_NO_PART = re.compile(  # half-life, a third CR
    r"\s*-?\s*(?:life|dose|matched|match|hour|line|year|day|month|CRs?\b|remission|relapse|transplant|infusion|patient"
    r"|participant|cycle|course|cohort|group|arm\b|cancer|malignan|tumou?r)"
)
_PERCENT_SPREAD = re.compile(rf"({NUMBER})\s*(?:±|\+/-|\+-)\s*{NUM}\s*\)?\s*(?:%|percent\b|per cent\b)", I)
_ASIDE = r"(?:\([^()%]{1,30}\))?"
_PERCENT_LISTED = re.compile(  # 5, 6 (3-9) and 7%: all but the last
    rf"({NUMBER})(?=\s*(?:±\s*{NUM}\s*)?(?:\([^()%]{{1,30}}\)|\[[^\[\]%]{{1,30}}\])?"
    r"\s*(?:,|and|or|to|vs?\.?|versus|-|/|compared with|against)\s*(?:(?:and|or|versus|vs\.?)\s*)?"
    rf"(?:{NUM}\s*(?:±\s*{NUM}\s*)?{_ASIDE}\s*(?:,|and|or|vs?\.?|versus)\s*(?:and\s*)?){{0,4}}"
    rf"{NUM}\s*{_ASIDE}\s*(?:%|percent\b|per cent\b)(?!\s*-?\s*{CI_WORDS}))",  # not 0.57, 95% CI
    I,
)
_NO_SHARE_BEFORE = re.compile(  # 5% by day 100 and 13% by 1 year; aged 50-59, 55%; ≥45 vs 52% below
    r"(?:^|\D\s|\()(?:day|week|month|year|d)s?\s?\+?$|[<>≥≤]\s?$|\d\s?-\s?$"
    r"|\b(?:over|under|older than|younger than|aged?)(?: of)?\s$",
    I,
)
_LABEL_BEFORE = re.compile(  # with a score of 1 and 25% with 2
    r"\b(?:scores?|era|chromosome|class|stage|grades?|level|arm|cohort|group)(?: of)?\s$", I
)
_LABELS = range(1, 10)
_ENDS_CLAUSE = re.compile(  # after 3, and 34% had; if 50-59, 55%
    rf"\s*,\s*(?:and\s+)?{NUM}\s*{_ASIDE}\s*(?:%|percent\b|per cent\b)|\s?-\s?{NUM},", I
)
_LIST_BEFORE = re.compile(r"\d\)?\s*,\s*$")
_PERCENT_BEHIND = re.compile(rf"({NUMBER})(?=\s*[\[(][^\[\]()]{{1,30}}[\])]\s*%)")  # 68 (48-84)%

_NOT_REACHED = re.compile(
    r"\b(?:not (?:yet |been |yet been |be |being |yet be )?(?:reached|attained|estimable|evaluable|determinable)"
    r"|(?:has|had|was|were|is|are|have)(?: not|n't) (?:yet )?(?:been )?(?:reached|attained|estimable|met)"
    r"|[Nn]either(?= [^.;:]{3,60} nor [^.;:]{3,60} (?:has|have|had|was|were) (?:yet )?(?:been )?reached\b)"
    r"|unreached|(?:been )?reached (?:in|by) (?:neither|none)|never reached(?!\s(?:a )?grade)|yet to be reached)\b"
    r"|(?<![\w/-])(?:NR|NE)(?![\w/])"
)
_NO_RESPONSE = re.compile(r"\b(?:no[nt]?[- ]?respon\w*|not reported)\s*\(NR\)|\bNR\s*[=:]\s*(?:no|not reported)", I)

_MANY = rf"(?:{PATIENTS}|pts|survivors|grafts|products)"
_SUCH = r"(?:(?:earlier|first|last|other|remaining|evaluable|treated|infused|surviving) )?"
_ALL_BUT = re.compile(  # all but one, all 34 patients except two, all but one of the 26
    rf"\ball (?:(?:of )?(?:the |these |our )?({COUNTED}) (?:\w+ )?)?(?:the )?(?:(?:\w+ )?{_MANY} )?"
    rf"(?:but|except)(?: for)? ({COUNTED})\b(?!\.\d|\s*(?:%|percent|per cent|-?{UNIT}))"
    rf"(?: (?:{_MANY}|patient|child|case|graft)\b)?"
    rf"(?: of (?:the |these |our )?{_SUCH}({COUNTED})\b(?!\.\d|\s*(?:%|percent|per cent)))?",
    I,
)
_APART = re.compile(r"[,;(-] ?(?:in |for |of |by )?$|\balmost $")  # 15 grafts failed, all but one early
_NOT_OF_ALL = re.compile(  # all but one of the responders; all but two engrafted (97%): the share itself follows
    r" (?:of|with|who|whose|from|among|given|treated|tested)\b|[^.;:()]{0,90}[(\[](?:n ?= ?)?\d"
)
_DID = (
    r"(?:achieved|had|responded|engrafted|were|went|reached|attained|of them|survived|are|developed|showed|entered"
    r"|patients|recovered|remain(?:ed)?|remitted|relapsed|progressed|died|resolved|proceeded|became|experienced|lived?)"
)
_EACH = r"(?<!patient )(?<!patients )(?<!child )(?<!one )(?<!two )each"  # one patient each had: that's one
_LATER = r"(?:at|by|on) (?:day|week|month|year|\d)|after \d|within|until"
_ALL = re.compile(
    rf"\b(?:all(?: of)?(?: the| these| our| its)? (?:{COUNTED})? ?(?:\w+ )?(?:{PATIENTS}|responders|evaluable|treated)"
    rf"|all {COUNTED}(?= (?:{_DID}|have|children|of|responders|recipients)\b| \(100(?:\.0)?\s?%)"
    rf"|all {COUNTED}(?=[.,;)]|$)|(?:in|for|from|by) all(?=[.,;)]|$| (?:{_LATER})\b)"
    rf"|(?<!of )all(?: of)?(?: the)? pts(?= {_DID})|in all(?= and (?:\w+ed|had|was|were|came)\b)"
    r"|(?:in|affected|spared?) every(?:one|body)(?=[.,:;)]|$)"
    r"|(?:in |of |by )?(?:(?:every|each) (?:[\w-]+ ){0,3}(?:patient|child|recipient|subject|case|participant|product)\b"
    r"|(?:every|each) one\b|each of (?:them|these|those)\b)"
    r"|(?<=was )universal\b|(?<=were )universal\b"
    r"|spared (?:nobody|no one|none)|(?:nobody|no one|none|no patient) (?:was|were) spared"
    rf"|(?:all(?: of whom)?|both|{_EACH}|everyone|each of the {COUNTED})(?= {_DID}))\b"
)
_ALL_OF = re.compile(rf"all (?:of )?(?:the |these |our |its )?({COUNTED})\b", I)
_EVERY_ONE_OF = re.compile(rf"\b(?:every|each) (?:single )?one of (?:the |these |those |our |its )?({COUNTED})\b", I)
_NONE_OF = re.compile(
    rf"\b(?:none|no one|not one) of (?:the |these |those |our |its )?({COUNTED})"
    rf"(?: (?:\w+ ){{0,2}}{PATIENTS}\b"
    r"|(?= (?:had|has|have|was|were|did|died|developed|relapsed|experienced|showed|needed|required|received|progressed"
    r"|suffered|responded)\b))",
    I,
)
_BEYOND = (
    r"(?:go|went|gone|progress(?:ed)?|rise|rose|exceed(?:ed)?|reach(?:ed)?|surpass(?:ed)?)"
    r"(?: (?:beyond|above|past|over))? (?:a )?grade"
)
_NONE = re.compile(
    r"\b(?:not (?:one|a single|a solitary)\b(?: of (?:them|these|those)\b"
    r"| (?:patient|case|child|recipient|subject|participant|death|event|episode|instance)\b)?"
    rf"|(?:did not|didn't|never) (?={_BEYOND})"
    r"|no(?:ne)? (?:of (?:the |these |them|those )?)?(?:patients?|one|child|children|recipients?|subjects?|cases?"
    r"|participants?|deaths?|instances?|events?|episodes?)\b"
    r"|none\b|nil\b|nobody\b|neither\b|nor\b|never\b|zero\b"
    r"|no\b(?! (?:more|less|longer|different|difference|better|worse|higher(?! grade)|lower|fewer|shorter|rarer"
    r"|commoner|doubt)\b)"
    r"|without\b|absent\b"
    r"|(?:was|were|did|could|been|is|are)(?: not|n't) (?:seen|observed|recorded|noted|reported|encountered|occur"
    r"|occurred|develop|met|documented|detected|see)\b"
    r"|did not (?:occur|develop|arise|happen|experience)\b|free (?:of|from)\b"
    r"|(?:has|have)(?: not|n't) (?:been (?:seen|observed|recorded|encountered)|appeared|occurred|arisen|developed)\b"
    r"|not (?:seen|observed|encountered|recorded)\b|not (?:needed|required) (?:by|in) any\b)"
)
_NO_NONE = re.compile(  # with than without MRD, died without relapse
    r"\b(?:than|or|and|vs?\.?|versus|die[ds]?|dead|deaths?|alive|living|lived|surviv\w+|those|ones|patients) $"
)
_COUNT_BEFORE = re.compile(rf"(?:\d\)?|%\)?|percent|per cent|\b{WORDS}) (?:out )?of $", I)
_MONEY = re.compile(rf"(?<=[$€£])\s?({NUM})(?:\s?(?:(k\b|thousand\b)|(m\b|million\b)))?", I)  # $128,800, €98k
_BARE = re.compile(rf"({NUMBER}(?!\w|\.?\d|-\d?[A-Z]{{2}})|{WORDS}(?!-[a-z]))", I)
_YEAR_AS_TOTAL = re.compile(r"\bin (?:19[5-9]|20[0-4])\d$")


def _of(m: Match) -> Quantity | None:
    n, total = parse(m[1]), parse(m[3])
    if n > total or n != int(n) or total != int(total) or _YEAR_AS_TOTAL.search(m[0]):
        return None
    return Quantity("fraction", m.start(), m.end(), n, low=parse(m[2]) if m[2] else None, total=total, form="of")


def _slash(m: Match) -> Quantity | None:
    n, total = float(m[1]), float(m[2])
    if _MATCH_BEHIND.match(m.string, m.end()) or _MATCH_BEFORE.search(m.string[max(0, m.start() - 12) : m.start()]):
        return Quantity("label", m.start(), m.end())  # how well a donor matches
    return Quantity("fraction", m.start(), m.end(), n, total=total, form="slash") if n <= total and total > 0 else None


def _size(m: Match) -> Quantity:
    return Quantity("size", m.start(), m.end(), parse(m[1]))


def _percent(m: Match) -> Quantity | None:
    value = parse(m[1] or m[2])
    if value > 1000:
        return None
    minus = re.search(r"(?:^|[\s(\[,:])-$", m.string[max(0, m.start() - 2) : m.start()]) is not None
    return Quantity("percent", m.start(), m.end(), -value if minus else value, "%", form="digit" if m[1] else "word")


def _part(m: Match) -> Quantity | None:
    if _NO_PART.match(m.string, m.end()):
        return None
    return Quantity("percent", m.start(), m.end(), round(100 * parse(m[0]), 1), "%", form="part")


def _percent_listed(m: Match) -> Quantity | None:
    before = m.string[max(0, m.start() - 14) : m.start()]
    value = parse(m[1])
    alone = value > 0 and _ENDS_CLAUSE.match(m.string, m.end()) and not _LIST_BEFORE.search(before)
    label = value in _LABELS and _LABEL_BEFORE.search(before)
    if alone or label or _NO_SHARE_BEFORE.search(before):
        return None
    return Quantity("percent", m.start(), m.end(), value, "%", form="listed") if value <= 100 else None


def _not_reached(m: Match) -> Quantity | None:
    if m[0] == "NR" and _NO_RESPONSE.search(m.string):
        return None  # the text says that it means something else
    return Quantity("not-reached", m.start(), m.end())


def _all_but(m: Match) -> Quantity:
    left_out, total = parse(m[2]), parse(m[1] or m[3]) if m[1] or m[3] else None
    if total and total >= left_out:
        return Quantity("fraction", m.start(), m.end(), total - left_out, total=total, form="of")
    if _APART.search(m.string[max(0, m.start() - 12) : m.start()]) or _NOT_OF_ALL.match(m.string, m.end()):
        return Quantity("label", m.start(), m.end())
    return Quantity("all", m.start(), m.end(), low=left_out, form="but")


def _all(m: Match) -> Quantity | None:
    if _COUNT_BEFORE.search(m.string[max(0, m.start() - 20) : m.start()]):
        return None  # 14 of all patients
    counted = _ALL_OF.search(m[0])
    return Quantity("all", m.start(), m.end(), total=parse(counted[1]) if counted else None)


def _none(m: Match) -> Quantity | None:
    if m[0] == "without" and _NO_NONE.search(m.string[max(0, m.start() - 12) : m.start()]):
        return None
    return Quantity("none", m.start(), m.end())


def _every_one_of(m: Match) -> Quantity:
    return Quantity("all", m.start(), m.end(), total=parse(m[1]))


def _none_of(m: Match) -> Quantity:
    return Quantity("none", m.start(), m.end(), total=parse(m[1]))


def _money(m: Match) -> Quantity:
    times = 1_000 if m[2] else 1_000_000 if m[3] else 1
    return Quantity("number", m.start(1), m.end(), round(parse(m[1]) * times, 2), form="digit")


def _bare(m: Match) -> Quantity:
    form = "digit" if any(c.isdigit() for c in m[1]) else "word"
    return Quantity("number", m.start(), m.end(), parse(m[1]), form=form)


SPREAD_PERCENTAGES = Pass(_PERCENT_SPREAD, _percent_listed, at_numbers=True, needs=("±", "+/-", "+-"))
SIZES = Pass(_SIZE, _size, needs=("=",))
FRACTIONS = (
    Pass(_EVERY_ONE_OF, _every_one_of, needs=("one of",)),
    Pass(_NONE_OF, _none_of, needs=("one of",)),
    Pass(_ALL_BUT, _all_but, needs=(" but ", " except ")),
    Pass(_OF, _of, at_numbers=True),
    Pass(_SLASH, _slash, at_numbers=True, needs=("/",)),
)
PERCENTAGES = (
    Pass(_PERCENT_LISTED, _percent_listed, at_numbers=True, needs=("%", "percent", "per cent")),
    Pass(_PERCENT_BEHIND, _percent_listed, at_numbers=True, needs=("%",)),
    Pass(_PERCENT, _percent, at_numbers=True, needs=("%", "percent", "per cent", "pct")),
    Pass(_PART, _part, needs=("half", "third", "quarter", "fifth", "sixth", "tenth")),
)
WORDED = (
    Pass(_NOT_REACHED, _not_reached),
    Pass(_ALL, _all, caseless=True),
    Pass(_NONE, _none, caseless=True),
)
MONEY = Pass(_MONEY, _money, needs=("$", "€", "£"))
BARE = Pass(_BARE, _bare, at_numbers=True)
