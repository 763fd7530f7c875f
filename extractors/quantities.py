"""Typed quantities: everything in a text that looks like a number gets a kind, a normalised value and its offsets.

`quantities(text)` works in passes, one compiled pattern each, from the most to the least specific form; what a pass has
claimed, later ones leave alone. What isn't an outcome (doses, ages, dates, ranges) is typed too: only what is typed can be
told apart. Attributes that belong together by form (`19 of 28 [68%; 95% CI, 48-84]`) are joined in `extractors.joining`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from extractors.numbers import DIGITS, FRACTION, INTEGER, NUMBER, WORDS, level, parse

Kind = Literal[
    "p", "interval", "range", "grade", "dose", "age", "date", "time", "fraction", "percent", "ratio", "size", "duration",
    "not-reached", "all", "none", "number", "label",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """One typed quantity at `text[start:end]`.

    `value` is the number (a percentage in percent, a duration in `unit`, a fraction's n); `low` and `high` bound an interval,
    a range or a grade (None where open); `total` is a fraction's N; `level` an interval's level in percent; `form` a
    finer type: the ratio's statistic, the relation of p, `point` or `adjective` of a time, `word` or `digit` of a number.
    """

    kind: Kind
    start: int
    end: int
    value: float | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    level: float | None = None
    form: str = ""
    text: str = ""


_I = re.IGNORECASE
_num = rf"(?:{DIGITS})"
_signed = rf"[-+]?(?:{DIGITS})"
_any = rf"(?:{NUMBER}|{WORDS})"
_ci_words = r"(?:(?:CIs?|IC)\b|confidence[ -]intervals?|credib(?:le|ility)[ -]intervals?|CrIs?\b|confidence limits?)"
_open = r"(?:NR|NE|NA|NC|not (?:yet )?(?:been )?(?:reached|achieved|attained|estimable|evaluable|reported|calculable)|∞|infinity)"
_sep = r"\s*(?:%|months?|years?|mo|days?)?\s*(?:-|~|to|,|;|and|/)\s*"
_unit = r"(?<![A-Za-z])(?:days?|d|weeks?|wks?|wk|months?|mos?|mon|years?|yrs?|yr|y)\b"
_UNIT_NAMES = {"d": "day", "w": "week", "m": "month", "y": "year"}


def _time_unit(word: str) -> str:
    return _UNIT_NAMES[word[0].lower()]


_relation = r"(?:less than or equal to|less than|below|under|greater than|more than|above|over|[<>≤≥]=?)"
P_VALUE = re.compile(
    rf"\b(?:p|P)(?:[- ]?values?)?(?:\s*\(?(?:for|by|of the)\s[\w -]{{2,20}}\)?)?\s*(?:([=:]|<=|>=|<|>|≤|≥)|(?:of|was|is|were)\s({_relation})?\s*|({_relation})\s)\s*"
    rf"(0,\d+|{_num}(?:\s*[x×]\s*10\s*\^?[-⁻]?\s*[\d⁰¹²³⁴-⁹]+)?)"
)
INTERVAL = re.compile(
    rf"(?:(?<![\d.])(\d{{2}}(?:\.\d+)?)\s*%?\s*-?\s*)?\b(?:{_ci_words}\b|CI\s?(\d\d)(?:\s?%)?(?=\s*[:,=]?\s*[\[(]?\s*{_signed}\s*%?\s*(?:-|~|to|,|;|and)))(?:\s*[\[(](?:\d\d ?% ?)?C[IL]s?[\])])?\s*(?:of|was|from|between|:|=|,|;)?\s*[\[({{]?\s*"
    rf"[$£€]?({_signed}|{_open})\s*%?{_sep}[$£€]?({_signed}|{_open})(?![\d])(\s*%)?",
    _I,
)
INTERVAL_BEHIND = re.compile(rf"(?<=[\[(])\s*({_signed})\s*%?\s*(?:-|~|to)\s*({_signed})\s*%?\s*[,;]\s*(\d\d)\s*%\s*{_ci_words}(?=[\])])", _I)
LEVEL = re.compile(rf"(?<![\d.])\d\d(?:\.\d)?\s*%?\s*-?\s*{_ci_words}", _I)
BRACKETED_OPEN = re.compile(
    rf"(?<=[\[(])\s*({_num})\s*(%)?\s*(?:{_unit})?\s*(?:-|to|;|,)\s*{_open}(?=\s*[\])])", _I
)
BRACKETED = re.compile(
    rf"(?<=[\[(])\s*(?:(range|IQR|interquartile range|Q1-Q3|from|SD|±)\s*[,:;]?\s*)?({_signed})\s*(%)?\s*(?:-|to|;|,)\s*({_signed})\s*(%)?(?:\s*({_unit}))?(?=\s*[\])])",
    _I,
)
RANGE = re.compile(
    rf"\b(range[sd]?|ranging|IQR|interquartile range|inter-quartile range)\b(?:\s*\[IQR\]|\s*\(IQR\))?\s*(?:of|was|from|between|:|,|=)?\s*[\[(]?\s*({_any}|<\s?1)\s*(%|\+)?\s*(?:{_unit})?\s*"
    rf"(?:-|to|and|,|;)\s*(?:>|≥)?\s*({_any})(\s*%|\+)?(?:\s*({_unit}))?",
    _I,
)
_roman = r"(?:IV|III|II|I|V|[0-5])[a-d]?"
GRADE = re.compile(
    rf"\b(?:grades?|Gr\.?|stages?)[- ]?\s*(≥|>=|>|≤|<=|<|at least|of at least|up to)?\s*({_roman})\b(?![.%]\d|\s*%)"
    rf"(?:\s*(?:-|to|or|and|/|, ?or|,(?=\s*{_roman},?\s*(?:and|or)\b)|through)\s*(?:grades? )?({_roman})\b(?!\.\d|\s*%|\s*(?:patients|cases|of \d)))?"
    rf"(?:\s*(?:-|to|,? ?(?:or|and)|/)\s*({_roman})\b(?!\.\d|\s*%|\s*(?:patients|cases|of \d)))?"
    rf"(\s*(?:or|and)\s*(?:higher|worse|more|greater|above|over|beyond|severe)|\s*(?:or|and)\s*(?:lower|less|below|milder)|\s?\+|-plus| upwards?)?",
    _I,
)
GRADE_BARE = re.compile(rf"(?<![\w.])(≥|>=|>|≤|<=|<)\s*grade\s*({_roman})\b", _I)
GRADE_ROMAN = re.compile(r"(?<![\w-])(I{1,3})\s*(?:-|to)\s*(I{2,3}|IV|V)(?![\w-])")
GRADE_SHORT = re.compile(r"(?<![\w.])(?:(≥|>=|>|≤|<=|<)\s*)?G(?:r|rade)?([1-5])(?:\s*-\s*G?([1-5]))?(\+)?(?![\w-]|\.\d)")
_dose_unit = (
    r"(?:mg|µg|μg|mcg|ng|g|kg|cGy|Gy|IU|U|mL|ml|L|dL|mmol|µmol|nM|µM|pg|copies|cells?|CD34\+? cells|CAR[- ]?T cells|T cells|viable|vg|AUC|mCi)\b"
)
DOSE = re.compile(
    rf"{NUMBER}(?:\s*(?:-|to|and|or|/)\s*{_num})?\s*(?:(?:[x×*]\s*10\s*(?:\^|E)?\s*[-⁻]?\s*[\d⁰¹²³⁴-⁹]+)(?:\s*(?:-|to|and|or)\s*{_num}\s*(?:[x×*]\s*10\s*\^?\s*[-⁻]?\s*[\d⁰¹²³⁴-⁹]+))?(?:\s*{_dose_unit}(?:/\w+)?)?|{_dose_unit}(?:/\w+(?:/d(?:ay)?)?)?|(?:/|per )\s*[µμ]?(?:L|l|kg|m2|mL|mm3|uL)\b)"
)
POWER = re.compile(rf"(?<![\w.,])10\s?(?:\^\s?-?\d+|⁻?[⁰¹²³⁴-⁹]+|-[1-9])(?![\d%]|\.\d|\s*(?:%|-?\s*{_unit}))")
AGE = re.compile(
    rf"(?:\b(?:aged?|ages|older than|younger than)\s*(?:(?:(?<=median age)|(?<=mean age))[,:]\s*|of\s*|was\s*|between\s*|from\s*|at least\s*|under\s*|over\s*|up to\s*|[<>≥≤]=?\s*)*({_any})(?:\s*(?:-|to|and)\s*({_any}))?(?:\s*(?:years?|yrs?|months?))?(?:\s*(?:of age|old|or (?:older|younger|over|above|more)))?"
    rf"|({_any})(?:\s*(?:-|to)\s*({_any}))?[- ](?:years?|months?)[- ](?:of age|old|or (?:older|younger)))",
    _I,
)
_month = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
DATE = re.compile(rf"\b(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_month},?\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d|\d{{1,2}}\s+{_month}(?!\w)|{_month}\s+\d{{1,2}}(?!\.\d|\s*%))(?!\w)|(?<![\w.,])(?:19[5-9]\d|20[0-4]\d)(?:\s*-\s*(?:(?:19|20)?\d\d))?(?![\w%]|\.\d|,\d|/\d)")
DATE_IN_DIGITS = re.compile(
    r"(?<![\w/.-])(?:(?:19|20)\d\d([-/])(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])|(?:[0-3]?\d([-/.]))?(?:[0-2]?\d|3[01])\2(?:19|20)\d\d|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d)(?![\w/-]|\.\d)"
)
DAY_BEFORE = re.compile(r"\b(?:days?|d|D)\s-\s?\d{1,2}(?:\s*(?:-|to|and|through|,(?: and)?)\s*(?:days?\s*)?[-+]\s?\d{1,2})*(?![\w%]|\.\d)")
ALLOCATION = re.compile(r"(?<![\w.:])\d{1,2}:\d{1,2}(?::\d{1,2})*(?![\w:]|\.\d)")
LABEL = re.compile(
    r"\b(?:[Pp]hases?|[Dd]ose[- ][Ll]evels?|[Vv]ersion|v\.|[Tt]ables?|[Ff]ig(?:ure|\.)?|[Tt]ype|CTN|SWOG|ECOG|COG|CALGB|EORTC|HOVON|AIEOP|CIBMTR|IFM|GMMG|GIMEMA|MRC)\s\d+(?:\.\d+)*[a-c]?"
    r"(?:\s*(?:/|-|,|and|or|to)\s*\d[a-c]?)*(?![\w%]|\.\d|\s*%)"
)
TIME_SHORT = re.compile(r"(?<![\w-])(?:[Dd]\s?\+\s?|[Dd](?=\d\d)|(?:(?<=at )|(?<=on )|(?<=by )|(?<=from )|(?<=to ))D|\b[Dd]ay-?(?=\d))(\d{1,3})(?![\w%]|[.,]\d|\s*%)")
TIME_FIRST = re.compile(
    r"\b(?:(?<=the )|(?<=their )|(?<=its ))(?:first|1st) (year|month|week)\b(?!s|-| of (?:life|age|\d|the (?:study|trial)))"
    r"|(?:(?<=within )|(?<=at )|(?<=by )|(?<=after ))(?:a|the) (year|month|week)\b(?!s|-| (?:(?:19|20)\d\d|of (?:life|age|\d)))",
    _I,
)
TIME_DAY = re.compile(rf"\b(day|week|month|year|D)s?\s*[+]?\s*({_any}|\+\d+)(?:\s*(?:-|to|/)\s*(?:day\s*)?\+?({_num}))?(?![\d.]*\s*(?:%|patients))", _I)
TIME_ALSO = re.compile(rf"(?:,|\band\b|\bor\b)\s*(?:and\s+|or\s+)?({NUMBER}|\+\d+)(?!\w|\.?\d|-\w|\s*(?:%|/|\(|{_unit}|patients|children))")
_TIMES_BEFORE = re.compile(r"\b(days|weeks|months|years)\s+\+?\d+(?:(?:\s*,|\s+and|\s+or)(?:\s+and|\s+or)?\s+\+?\d+)*\s*$", _I)
TIME_ADJECTIVE = re.compile(rf"({_any})\s*-?\s*(?:and|or|to|,)?\s*-\s*({_unit})(?!\s*old)", _I)
TIME_LISTED = re.compile(rf"(?<![\w.])({_any})(?=-?\s*(?:,|and|or|to|/)\s*(?:(?:and|or)\s*)?(?:{_any}\s*-?\s*(?:,|and|or)\s*(?:(?:and|or)\s*)?)*(?:{_any})\s*-?\s*(?:{_unit}))", _I)
DURATION_SPREAD = re.compile(rf"({NUMBER})\s*(?:±|\+/-)\s*{_num}\s*-?\s*({_unit})", _I)
DURATION_LISTED = re.compile(
    rf"({NUMBER})(?=\s*(?:[\[(][^\[\]()]{{1,40}}[\])]\s*)?(?:vs?\.?|versus|compared (?:with|to)|against|and|,)\s+(?:{NUMBER},? (?:and |or )?)?{NUMBER}\s*(?:±\s*{_num}\s*)?({_unit}))", _I
)
DURATION_RANGED = re.compile(
    rf"({NUMBER})(?=\s*[\[(]\s*(?:(?:(?:range|IQR|interquartile range|\d\d\s*%\s*-?\s*CI)\s*[,:;]?\s*)?{_num}\s*(?:-|to|,|;)\s*(?:{_num}|{_open}))\s*[\])]\s*({_unit})(?! old))", _I
)
DURATION = re.compile(rf"({_any})\+?\s*({_unit})", _I)
_people = r"(?:the |these |those |all |our |its |their )?(?:evaluable |treated |enrolled |infused |assessable |eligible |remaining |such )?(?:(?:patients?|children|adults|recipients?|subjects?|cases?|participants?|men|women|infants|pairs|events?|deaths?|transplants?)\b)?"
FRACTION_OF = re.compile(rf"({_any})\s*(?:{_people}\s*)?(?:\(\s*({_num})\s*(?:%|percent|per cent)\s*\)\s*)?(?:out of|of|among|in) (?:a total of )?(?:the |these |those |all |our |its |their )?(?:\w+ )?({_any})(?!\d|\s*(?:%|-|{_unit}|percent|per cent|/\d)|\.\d)", _I)
FRACTION_SLASH = re.compile(rf"(?<![\w./])(\d{{1,5}})\s*/\s*(\d{{1,5}})(?![\w/.]*\d|\s*(?:mg|mm|L)\b)")
PERCENT = re.compile(rf"(?:({NUMBER})\s*(?:%(?!\s*-?\s*{_ci_words})|percentage[- ]points?\b)|({_any})\s*-?\s*(?:percent|per cent|per ?cent|pct)\b|({FRACTION}))", _I)
PERCENT_SPREAD = re.compile(rf"({NUMBER})\s*(?:±|\\+/-|\\+-)\s*{_num}\s*\)?\s*(?:%|percent\b|per cent\b)", _I)
PLUS_MINUS = re.compile(rf"(?:±|\+/-)\s*{_num}\s*%?|(?<=[\[(])\s*(?:SE|SD|SEM)\s*[=:,]?\s*[±]?\s*{_num}\s*%?", _I)
PERCENT_LISTED = re.compile(rf"({NUMBER})(?=\s*(?:±\s*{_num}\s*)?(?:\([^()%]{{1,30}}\)|\[[^\[\]%]{{1,30}}\])?\s*(?:,|and|or|to|vs?\.?|versus|-|/|compared with|against)\s*(?:(?:and|or|versus|vs\.?)\s*)?(?:{_num}\s*(?:±\s*{_num}\s*)?(?:\([^()%]{{1,30}}\))?\s*(?:,|and|or|vs?\.?|versus)\s*(?:and\s*)?){{0,4}}{_num}\s*(?:\([^()%]{{1,30}}\))?\s*(?:%|percent\b|per cent\b))", _I)
PERCENT_OF_CI = re.compile(rf"({NUMBER})(?=\s*[\[(][^\[\]()]{{1,30}}[\])]\s*%)")
_ratio = (
    r"(?:(?:adjusted |cause-specific |subdistribution |sub-distribution |unadjusted |crude |pooled |multivariable |multivariate |univariate )*"
    r"(?:hazards? ratios?|odds ratios?|risk ratios?|relative risks?|rate ratios?|relative hazards?|standardi[sz]ed (?:mortality|incidence) ratios?|incidence rate ratios?|hazards?)"
    r"|(?-i:\b(?:a|s|cs|c)?(?:HRs?|ORs?|RRs?|SMRs?|SIRs?|IRRs?|SHRs?|RHs?)\b))"
)
RATIO = re.compile(
    rf"({_ratio})(?:\s*[\[(](?:[a-z]?HRs?|[a-z]?ORs?|RRs?|SMR|SIR|IRR|SHR|(?:\d\d\s*%\s*-?\s*)?{_ci_words}[^()\[\]\d]{{0,15}}|(?:{_num}|at {_num})\s*-?\s*{_unit})[\])])*(?:\s*(?:for|of|in favou?r of)\s[\w /+-]{{2,60}}?)?\s*(?:[:=,;]|of|was|were|being|is|\()*\s*(?:was |of |estimated at |only |[:=~≈]\s*)?({NUMBER})(?![\d.]*\d|\s*%)",
    _I,
)
_RATIO_WORD = re.compile(r"(?:^|\b)(?:[acs]{0,2})(HR|OR|RR|SMR|SIR|IRR|SHR|RH)s?$|(hazard)|(odds)|(risk|rate|relative|mortality|incidence)", _I)
_effect = r"(?:risks?|hazards?|odds|likelihood|probability|chances?|likely|incidence|mortality|rates?)"
FOLD = re.compile(
    rf"(?:(?:{NUMBER}|{WORDS})\s*-?\s*fold|\b(?:two|three|four|five|six|seven|eight|nine|ten)fold|(?:{NUMBER}|{WORDS})\s+times(?=\s+(?:as|more|less|higher|lower|greater|the)\b))"
    rf"(?=(?:\s*\([^()]{{1,40}}\))?[\s-]+(?:[\w-]+\s+){{0,5}}?({_effect})\b)"
    rf"|(?<=\brisk was )(?:{NUMBER}|{WORDS})\s*-?\s*fold",
    _I,
)
SIZE = re.compile(rf"\b[nN]\s*=\s*({INTEGER})(?!\s*(?:/|of|out of)\s*\d)")
NOT_REACHED = re.compile(
    r"\b(?:not (?:yet |been |yet been |be |being |yet be )?(?:reached|attained|estimable|evaluable|determinable)|(?:has|had|was|were|is|are|have)(?: not|n't) (?:yet )?(?:been )?(?:reached|attained|estimable|met)|unreached|(?:been )?reached (?:in|by) (?:neither|none)|never reached(?!\s(?:a )?grade)|yet to be reached)\b|(?<![\w/-])(?:NR|NE)(?![\w/])"
)
_patients = r"(?:patients|children|recipients|subjects|cases|participants|adults)"
ALL_BUT = re.compile(
    rf"\ball (?:(?:of )?(?:the |these |our )?({WORDS}|\d+) (?:\w+ )?(?:{_patients} )?)?(?:the )?(?:{_patients} )?(?:but|except) (?:for )?({WORDS}|\d+)\b", _I
)
ALL = re.compile(
    rf"\b(?:all(?: of)?(?: the| these| our| its)? (?:{WORDS}|\d+)? ?(?:\w+ )?(?:patients|children|recipients|subjects|cases|participants|adults|responders|evaluable|treated)|all (?:{WORDS}|\d+)(?= (?:patients|children|had|achieved|responded|were|engrafted|reached|of|responders|recipients))|all (?:{WORDS}|\d+)(?=[.,;)]|$)|(?:in|for|from|by) all(?=[.,;)]|$)|(?:in |of |by )?(?:every|each) (?:\w+ )?(?:patient|child|recipient|subject|case|one)\b|(?:all|both|everyone|every patient|each patient|every one|each of the (?:{WORDS}|\d+))(?= (?:achieved|had|responded|engrafted|were|went|reached|attained|of them|survived|are|developed|showed|entered|patients)))\b",
    _I,
)
NONE_OF = re.compile(
    rf"\b(?:none|no one|not one) of (?:the |these |those |our |its )?({WORDS}|\d+)(?: (?:\w+ ){{0,2}}(?:patients|children|cases|subjects|recipients|participants|adults)\b|(?= (?:had|has|have|was|were|did|died|developed|relapsed|experienced|showed|needed|required|received|progressed|suffered|responded)\b))",
    _I,
)
NONE = re.compile(
    r"\b(?:not (?:one|a single|a solitary)\b(?: of (?:them|these|those)\b| (?:patient|case|child|recipient|subject|participant|death|event|episode|instance)\b)?"
    r"|(?:did not|didn't|never) (?=(?:go|went|gone|progress(?:ed)?|rise|rose|exceed(?:ed)?|reach(?:ed)?|surpass(?:ed)?)(?: (?:beyond|above|past|over))? (?:a )?grade)"
    r"|no(?:ne)? (?:of (?:the |these |them|those )?)?(?:patients?|one|child|children|recipients?|subjects?|cases?|participants?|deaths?|instances?|events?|episodes?)\b|none\b|nobody\b|neither\b|nor\b|never\b|zero\b|no\b|without\b|absent\b|(?:was|were|did|could|been|is|are)(?: not|n't) (?:seen|observed|recorded|noted|reported|encountered|occur|occurred|develop|met|documented|detected|see)\b|did not (?:occur|develop|arise|happen|experience)\b|free (?:of|from)\b)",
    _I,
)
ONE = re.compile(
    r"\b(?:(?:one )?(?:single|solitary|lone)(?= (?:[\w-]+ ){0,2}(?:patient|case|death|child|recipient|subject|participant|episode|event|instance|relapse|failure|toxicity|infection|rejection|responder|survivor)\b)|once(?=[,.;)]|$|\n| \()|(?:(?<=arose )|(?<=occurred )|(?<=seen )|(?<=observed )|(?<=recorded )|(?<=reported )|(?<=diagnosed ))once(?! (?:daily|weekly|a|per|every)\b))",
    _I,
)
BARE = re.compile(rf"({NUMBER}(?!\w|\.?\d|-\d?[A-Z]{{2}})|{WORDS}(?!-[a-z]))", _I)

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RELATIONS = {
    ":": "=",
    "<=": "≤", "less than or equal to": "≤", ">=": "≥", "less than": "<", "below": "<", "under": "<", "greater than": ">",
    "more than": ">", "above": ">", "over": ">",
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


_EXCEEDED = re.compile(
    r"\b(?:above|beyond|past|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|(?:higher|worse|greater|more|severer?) than|in excess of|over) (?:a )?$", _I
)
_UNREACHED = re.compile(r"\b(?:(?:never|not|n't|nor)(?: \w+)?|(?:no|none|nobody)\b[^.;,]{0,30}) reach(?:ed|es)? (?:a )?$", _I)


def _grade_value(token: str) -> int:
    bare = token.lower().rstrip("abcd") or token.lower()
    return _ROMAN[bare] if bare in _ROMAN else int(bare[0])


def _bound(token: str) -> float | None:
    return None if re.fullmatch(_open, token, _I) else (-1 if token[0] == "-" else 1) * parse(token.lstrip("+-"))


def _p(m: re.Match[str]) -> Quantity:
    printed = m[1] or m[2] or m[3] or "="
    return Quantity("p", m.start(), m.end(), _small(m[4]), form=_RELATIONS.get(printed, printed))


def _small(printed: str) -> float:
    """Return a p-value: `.03`, `0,05` or `3 x 10-5`."""
    mantissa, *power = re.split(r"\s*[x×]\s*10\s*\^?", printed.translate(_SUPERSCRIPTS).replace("0,", "0."))
    return float(f"{parse(mantissa)}e-{power[0].strip(' -')}") if power else parse(mantissa)


def _interval(m: re.Match[str]) -> Quantity:
    return Quantity("interval", m.start(), m.end(), low=_bound(m[3]), high=_bound(m[4]), level=float(m[1] or m[2] or 95), form="named")


def _interval_behind(m: re.Match[str]) -> Quantity:
    return Quantity("interval", m.start(), m.end(), low=_bound(m[1]), high=_bound(m[2]), level=float(m[3]), form="named")


def _bracketed(m: re.Match[str]) -> Quantity:
    word = (m[1] or "").lower()
    form = "range" if word else "bracket"
    return Quantity(
        "range" if word else "interval", m.start(), m.end(), low=_bound(m[2]), high=_bound(m[4]), level=None, form=form,
        unit="%" if m[3] or m[5] else _time_unit(m[6]) if m[6] else None,
    )  # fmt: skip


def _bracketed_open(m: re.Match[str]) -> Quantity:
    return Quantity("interval", m.start(), m.end(), low=parse(m[1]), form="bracket", unit="%" if m[2] else None)


def _range(m: re.Match[str]) -> Quantity:
    low = None if "<" in m[2] else parse(m[2])
    unit = "%" if m[3] == "%" or (m[5] or "").strip() == "%" else _time_unit(m[6]) if m[6] else None
    return Quantity("range", m.start(), m.end(), low=low, high=parse(m[4]), unit=unit, form=m[1].lower())


def _grade(m: re.Match[str]) -> Quantity | None:
    if m[0][:2].lower() == "st" and not m[1] and not m[3]:
        return None  # a disease stage, not a toxicity's grade
    grades = [_grade_value(g) for g in m.groups()[1:4] if g]
    low, high = float(min(grades)), float(max(grades))
    up = (m[5] or "").strip().lower()
    before = m.string[max(0, m.start() - 40) : m.start()]
    if not up and not m[1] and _EXCEEDED.search(before):
        return Quantity("grade", m.start(), m.end(), low=high + 1, form="up")
    if not up and not m[1] and _UNREACHED.search(before):
        return Quantity("grade", m.start(), m.end(), low=low, form="up")
    if (m[1] or "").lower() in ("≥", ">=", "at least", "of at least") or (up and not re.search("lower|less|below|mild", up)):
        return Quantity("grade", m.start(), m.end(), low=low, form="up")
    if m[1] == ">":
        return Quantity("grade", m.start(), m.end(), low=low + 1, form="up")
    if m[1] in ("≤", "<=", "up to") or up:
        return Quantity("grade", m.start(), m.end(), high=high, form="down")
    if m[1] == "<":
        return Quantity("grade", m.start(), m.end(), high=high - 1, form="down")
    return Quantity("grade", m.start(), m.end(), low=low, high=high, form="range" if high > low else "one")


def _grade_bare(m: re.Match[str]) -> Quantity:
    return _related(m, m[1], float(_grade_value(m[2])))


def _related(m: re.Match[str], relation: str, grade: float) -> Quantity:
    """Return the grades that a relation and a grade stand for; nothing is graded between 2 and 3."""
    if relation in ("≥", ">=", ">"):
        return Quantity("grade", m.start(), m.end(), low=grade + (relation == ">"), form="up")
    return Quantity("grade", m.start(), m.end(), high=grade - (relation == "<"), form="down")


def _grade_roman(m: re.Match[str]) -> Quantity | None:
    if not re.search(r"\b(?:a?GV?HD|host disease|grades?)\W{0,3}(?:\w+\W{1,2}){0,2}$", m.string[max(0, m.start() - 40) : m.start()], _I):
        return None
    return Quantity("grade", m.start(), m.end(), low=float(_grade_value(m[1])), high=float(_grade_value(m[2])), form="range")


def _grade_short(m: re.Match[str]) -> Quantity:
    low, high = float(m[2]), float(m[3] or m[2])
    if m[1]:
        return _related(m, m[1], low)
    if m[4]:
        return Quantity("grade", m.start(), m.end(), low=low, form="up")
    return Quantity("grade", m.start(), m.end(), low=low, high=high, form="range" if high > low else "one")


def _plain(kind: Kind) -> Callable[[re.Match[str]], Quantity]:
    return lambda m: Quantity(kind, m.start(), m.end())


_NO_RESPONSE = re.compile(r"\b(?:no[nt]?[- ]?respon\w*|not reported)\s*\(NR\)|\bNR\s*[=:]\s*(?:no|not reported)", _I)


def _not_reached(m: re.Match[str]) -> Quantity | None:
    if m[0] == "NR" and _NO_RESPONSE.search(m.string):
        return None  # the text says that it means something else
    return Quantity("not-reached", m.start(), m.end())


_ALL_OF = re.compile(rf"all (?:of )?(?:the |these |our |its )?({WORDS}|\d+)\b", _I)


def _all_but(m: re.Match[str]) -> Quantity:
    if m[1] and parse(m[1]) >= parse(m[2]):
        return Quantity("fraction", m.start(), m.end(), parse(m[1]) - parse(m[2]), total=parse(m[1]), form="of")
    return Quantity("label", m.start(), m.end())  # a share that can't be told


def _all(m: re.Match[str]) -> Quantity:
    counted = _ALL_OF.search(m[0])
    return Quantity("all", m.start(), m.end(), total=parse(counted[1]) if counted else None)


def _none_of(m: re.Match[str]) -> Quantity:
    return Quantity("none", m.start(), m.end(), total=parse(m[1]))


def _time_short(m: re.Match[str]) -> Quantity:
    return Quantity("time", m.start(), m.end(), parse(m[1]), "day", form="point")


def _time_first(m: re.Match[str]) -> Quantity:
    return Quantity("time", m.start(), m.end(), 1.0, _time_unit(m[1] or m[2]), form="point")


def _time_day(m: re.Match[str]) -> Quantity | None:
    if m[1] == "d":
        return None
    return Quantity("time", m.start(), m.end(), parse((m[3] or m[2]).lstrip("+")), _time_unit(m[1]), form="point")


def _time_adjective(m: re.Match[str]) -> Quantity:
    return Quantity("time", m.start(), m.end(), parse(m[1]), _time_unit(m[2]), form="adjective")


def _time_also(m: re.Match[str]) -> Quantity | None:
    before = _TIMES_BEFORE.search(m.string[max(0, m.start() - 50) : m.start()])
    if before is None:
        return None
    return Quantity("time", m.start(1), m.end(1), parse(m[1].lstrip("+")), _time_unit(before[1]), form="point")


def _time_listed(m: re.Match[str]) -> Quantity:
    rest = re.search(_unit, m.string[m.end() : m.end() + 60], _I)
    unit = _time_unit(rest[0]) if rest else "day"
    return Quantity("time", m.start(), m.end(), parse(m[1]), unit, form="listed")


def _duration(m: re.Match[str]) -> Quantity:
    return Quantity("duration", m.start(), m.end(), parse(m[1]), _time_unit(m[2]))


def _duration_ranged(m: re.Match[str]) -> Quantity:
    return Quantity("duration", m.start(), m.end(), parse(m[1]), _time_unit(m[2]), form="listed")


def _duration_listed(m: re.Match[str]) -> Quantity | None:
    """Return a duration whose unit stands behind the next one, where both read like results: decimals, or set against each other."""
    between = m.string[m.end(1) : m.end(1) + 30]
    if "." not in m[1] and not re.match(r"[^,]*?\b(?:vs?\b|versus|compared|against)", between, _I):
        return None
    return Quantity("duration", m.start(1), m.end(1), parse(m[1]), _time_unit(m[2]), form="listed")


def _fraction_of(m: re.Match[str]) -> Quantity | None:
    n, total = parse(m[1]), parse(m[3])
    if n > total or n != int(n) or total != int(total):
        return None
    if 1950 <= total < 2050 and re.search(r"\bin \d{4}$", m[0]):
        return None  # a year
    return Quantity("fraction", m.start(), m.end(), n, low=parse(m[2]) if m[2] else None, total=total, form="of")


def _fraction_slash(m: re.Match[str]) -> Quantity | None:
    n, total = float(m[1]), float(m[2])
    return Quantity("fraction", m.start(), m.end(), n, total=total, form="slash") if n <= total and total > 0 else None


def _percent(m: re.Match[str]) -> Quantity | None:
    if m[3]:
        if re.match(r"\s*-?\s*(?:life|dose|matched|match|hour|line|year|day|month)", m.string[m.end() :]):
            return None
        return Quantity("percent", m.start(), m.end(), round(100 * parse(m[3]), 1), "%", form="part")
    value = parse(m[1] or m[2])
    if value > 1000:
        return None
    minus = re.search(r"(?:^|[\s(\[,:])-$", m.string[: m.start()][-2:]) is not None
    return Quantity("percent", m.start(), m.end(), -value if minus else value, "%", form="digit" if m[1] else "word")


def _percent_listed(m: re.Match[str]) -> Quantity | None:
    value = parse(m[1])
    return Quantity("percent", m.start(), m.end(), value, "%", form="listed") if value <= 100 else None


def _ratio_value(m: re.Match[str]) -> Quantity:
    word = _RATIO_WORD.search(m[1].strip())
    groups = word.groups() if word else ()
    short = (groups[0] or "").upper() if groups else ""
    if short in ("HR", "SHR", "RH") or (groups and groups[1]):
        form = "hazard-ratio"
    else:
        form = "odds-ratio" if short == "OR" or (groups and groups[2]) else "risk-ratio"
    return Quantity("ratio", m.start(2), m.end(2), parse(m[2]), form=form)


def _fold(m: re.Match[str]) -> Quantity:
    effect = (m[1] or "risk").lower()
    form = "hazard-ratio" if effect.startswith("hazard") else "odds-ratio" if effect == "odds" else "risk-ratio"
    number = re.match(rf"{DIGITS}|.+?(?=\s*-?\s*(?:fold|times))", m[0], _I)
    return Quantity("ratio", m.start(), m.end(), parse(number[0]) if number else None, form=form)


def _size(m: re.Match[str]) -> Quantity:
    return Quantity("size", m.start(), m.end(), parse(m[1]))


_NOT_ONE = re.compile(r"\b(?:not|n't|never|nor|neither|without)\b[^.;,]{0,40}$|\b(?:at|than|given|m2|kg|mg|all) $", _I)


def _one(m: re.Match[str]) -> Quantity | None:
    if _NOT_ONE.search(m.string[max(0, m.start() - 50) : m.start()]):
        return None  # `not in a single patient`, `at once`, `140 mg/m2 once`
    return Quantity("number", m.start(), m.end(), 1.0, form="word")


def _bare(m: re.Match[str]) -> Quantity:
    return Quantity("number", m.start(), m.end(), parse(m[1]), form="digit" if any(c.isdigit() for c in m[1]) else "word")


_PASSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]], ...] = (
    (P_VALUE, _p),
    (INTERVAL_BEHIND, _interval_behind),
    (INTERVAL, _interval),
    (LEVEL, _plain("label")),
    (GRADE_BARE, _grade_bare),
    (GRADE_SHORT, _grade_short),
    (GRADE, _grade),
    (GRADE_ROMAN, _grade_roman),
    (RANGE, _range),
    (BRACKETED_OPEN, _bracketed_open),
    (BRACKETED, _bracketed),
    (PERCENT_SPREAD, _percent_listed),
    (DURATION_SPREAD, _duration),
    (PLUS_MINUS, _plain("range")),
    (RATIO, _ratio_value),
    (FOLD, _fold),
    (SIZE, _size),
    (DOSE, _plain("dose")),
    (POWER, _plain("dose")),
    (AGE, _plain("age")),
    (DATE_IN_DIGITS, _plain("date")),
    (DAY_BEFORE, _plain("date")),
    (ALLOCATION, _plain("label")),
    (LABEL, _plain("label")),
    (NONE_OF, _none_of),
    (FRACTION_OF, _fraction_of),
    (FRACTION_SLASH, _fraction_slash),
    (PERCENT_LISTED, _percent_listed),
    (PERCENT_OF_CI, _percent_listed),
    (PERCENT, _percent),
    (DURATION_RANGED, _duration_ranged),
    (DURATION_LISTED, _duration_listed),
    (TIME_LISTED, _time_listed),
    (TIME_ADJECTIVE, _time_adjective),
    (TIME_SHORT, _time_short),
    (TIME_FIRST, _time_first),
    (TIME_DAY, _time_day),
    (TIME_ALSO, _time_also),
    (DURATION, _duration),
    (DATE, _plain("date")),
    (NOT_REACHED, _not_reached),
    (ALL_BUT, _all_but),
    (ALL, _all),
    (NONE, _plain("none")),
    (ONE, _one),
    (BARE, _bare),
)


def quantities(text: str) -> list[Quantity]:
    """Return the typed quantities of `text` in the order of their offsets; no two overlap."""
    levelled = level(text)
    taken = bytearray(len(levelled))
    found: list[Quantity] = []
    for pattern, make in _PASSES:
        for quantity in _made(pattern, make, levelled, taken):
            taken[quantity.start : quantity.end] = b"\x01" * (quantity.end - quantity.start)
            found.append(quantity)
    return sorted(found, key=lambda q: q.start)


def _made(pattern: re.Pattern[str], make: Callable[[re.Match[str]], Quantity | None], text: str, taken: bytearray) -> Iterator[Quantity]:
    """Yield what a pass finds in the free text; a match that runs into a taken passage is tried again behind it."""
    at = 0
    while match := pattern.search(text, at):
        at = max(match.end(), match.start() + 1)
        quantity = make(match)
        if quantity is None:
            continue
        blocked = taken.rfind(1, quantity.start, quantity.end)
        if blocked < 0:
            yield _trimmed(quantity, text)
        else:
            at = blocked + 1 if blocked >= match.start() else at


def _trimmed(q: Quantity, text: str) -> Quantity:
    printed = text[q.start : q.end]
    start = q.start + len(printed) - len(printed.lstrip())
    return replace(q, start=start, end=q.start + len(printed.rstrip())) if printed != printed.strip() else q
