"""Sizes of the study population: every whole number with the features that tell the study's own sizes from other counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.annotation import Annotated
from extractors.document import Part
from extractors.document_features import Features
from extractors.numbers import WORDS, level, parse

_DIGITS = r"(?<![\w.,/])(?<![A-Za-z]-)(?<!\d-)(?P<digits>\d{1,3}(?:[ ,]\d{3})+|\d{1,6})(?![\d.,]*\d|\w|%|-year|-month|-day|-\d)"
_NUMBER = re.compile(rf"{_DIGITS}|{WORDS}", re.I)
_SLASHED = re.compile(r"(?:/|\bof (?:the )?)(\d[\d,]*)\b(?!%)")
_ARM_SIZE = re.compile(r"\b[nN]\s*=\s*(\d[\d,]*)")
_PEOPLE = r"(?:patients?|pts?|adults?|children|recipients?|individuals?|participants?|subjects?|people|persons|women|men|infants|survivors)"
_YEARS = range(1900, 2031)


def _gap(count: int) -> str:
    return rf"\W+(?:[\w-]+\W+){{0,{count}}}"


_BEFORE = {
    "of": r"\bof (?:the |all |these |those )?$",
    "n =": r"\bn\s*=\s*$",
    "all": r"\ball (?:of )?(?:the )?$",
    "total": r"total (?:of|,|:)?\s*$|in all,? $|altogether,? $",
    "in": r"\b(?:in|on|from|for|to|by|among|with|between) (?:the |a |about )?$",
    "bracket": r"[(\[]$",
    "enrolling verb": r"\b(?:enrol\w+|includ\w+|comprised|studied|treated|recruited|random\w+|analy[sz]ed|reviewed|identified|registered|covers?|infused|describes?"
    r"|reports? (?:on )?|evaluated|transplanted|data (?:on|from|of)|records of|outcomes? of|experience (?:with|of|in)|survey\w*|series of|cohort of|took|compar\w+"
    r"|gathered|assessed|followed|contributed|accrued|entered|drew on|gave|given to)" + _gap(3) + "$",
    "and": r"\band $",
    "number": r"\d\W+$",
    "or": r"\bor $",
    "versus": r"(?:vs\.?|versus|than|against)\s*$",
    "of whom": r"of (?:whom|which|them|these) $",
    "only": r"\bonly $",
    "other": r"(?:remaining|other|first|last|next) $",
    "age": r"(?:aged?|age of|older than|days?|grade|phase|stage|week|month|year)\W*$",
    "bound": r"(?:at least|≥|<|>|≤|more than|over|under|about|some|nearly|almost) ?$",
    "date": r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? $",
    "share of": r"\d+ (?:\(\d+(?:\.\d+)?%\) )?of (?:the )?$",
    "planned": r"(?:will|plan\w*|aims?|target|sample size|intended|expected)" + _gap(6) + "$",
    "group": r"(?:group|arm|cohort)s?" + _gap(2) + r"\(?(?:n ?= ?)?$",
    "aside": r"(?:while|whereas|with|including|mostly|mainly)\W+$",
    "median": r"(?:median|mean|average|range)" + _gap(3) + "$",
}  # fmt: skip
_BEHIND = {
    "share": r"^\s*(?:\([^)]{0,8}%|of \d+|/|\[\d+(?:\.\d+)?%)",
    "people": r"^\s+(?:[\w-]+\W+){0,6}?" + _PEOPLE + r"\b",
    "people at once": r"^\s+" + _PEOPLE + r"\b",
    "kind of people": r"^\s+(?:consecutive|adult|pa?ediatric|such|evaluable|eligible|elderly|older)",
    "transplants": r"^\s+(?:[\w-]+\W+){0,3}?(?:transplants?|transplantations|infusions|allografts|procedures|hcts?|hscts?|allo\S+|auto\S+)\b",
    "were enrolled": r"^\W+(?:[\w-]+\W+){0,9}?(?:enrol\w*|included|recruited|registered|accrued|entered|eligible|identified|qualif\w+|screened|random\w+|assigned)\b",
    "were treated": r"^\W+(?:[\w-]+\W+){0,9}?(?:infused|treated|transplanted|underwent|received|given|grafted|got)\b",
    "were evaluable": r"^\W+(?:[\w-]+\W+){0,9}?(?:evaluable|analy[sz]ed|assessed|assessable|evaluated|studied|available|reviewed)\b",
    "studies": r"^\s+(?:[\w-]+\W+){0,3}?(?:studies|trials|reports|articles|papers|records|publications|cohorts)\b",
    "sites": r"^\s+(?:[\w-]+\W+){0,3}?(?:cent(?:er|re)s|institutions|sites|hospitals|countries|units)\b",
    "time": r"^\s*-?(?:to \d+ )?(?:months?|years?|days?|weeks?|hours?|mo\b|yr)",
    "dose": r"^\s*(?:mg|g/|gy|cgy|µg|×|x 10|cells|u\b|iu|kg|ml|microg|cycles|courses|doses|lines|fractions)",
    "outcome": r"^\W+(?:[\w-]+\W+){0,3}?(?:responded|died|relapsed|achieved|developed|were alive|survived|experienced|progressed|reached|attained|remain\w+"
    r"|had (?:a |an )?(?:complete|partial|cr|grade)|with (?:a )?(?:complete|grade))",
    "closing bracket": r"^[)\]]",
    "of": r"^ of ",
    "comma": r"^[,;]",
    "in": r"^\s*(?:\)|,)?\s*(?:in|for|with) (?:the )?",
    "age": r"^\W+(?:[\w-]+\W+){0,4}aged|^\s+(?:[\w-]+\W+){0,4}\((?:median|mean|range|age)",
    "donors": r"^\s+(?:[\w-]+\W+){0,2}?(?:donors?|pairs|siblings)",
    "of whom": r"^\W+(?:[\w-]+\W+){0,3}(?:of whom|of them|of these)",
    "who": r"^\s+(?:[\w-]+\W+){0,2}(?:with|who)\b",
    "year": r"^\s*(?:,|and|to|through|until|-)? ?(?:19|20)\d\d",
    "each": r"^\W+(?:in|per) (?:each|either)",
    "end": r"^\W*$",
}  # fmt: skip
_BEFORE_CUES = {name: re.compile(pattern) for name, pattern in _BEFORE.items()}
_BEHIND_CUES = {name: re.compile(pattern) for name, pattern in _BEHIND.items()}
_CLAUSE_START = re.compile(r"^.*(?:[.;] |\n|: )", re.S)
_CLAUSE_END = re.compile(r"(?<!\d)[.;] |\n|\.$")
_WORD = re.compile(r"[a-z]+|[^\sa-z]")


@dataclass(frozen=True, slots=True)
class Size:
    """A whole number of title or text that may be a size of the study: `before` and `behind` are its clause's words."""

    value: int
    start: int
    end: int
    part: Part
    before: str
    behind: str
    spelled: bool

    @property
    def people(self) -> bool:
        """Whether the number counts patients."""
        return bool(_BEHIND_CUES["people"].match(self.behind))


def sizes(annotated: Annotated) -> list[Size]:
    """Return the whole numbers of title and text that aren't shares, times, years or parts of names, in order."""
    parts: tuple[Part, ...] = ("title", "text")
    return [size for part in parts for size in _sizes(level(annotated.part(part)).lower(), part)]


def _sizes(text: str, part: Part) -> Iterator[Size]:
    for match in _NUMBER.finditer(text):
        value = parse(match.group().replace(" ", "") if match["digits"] else match.group())
        behind = _CLAUSE_END.split(text[match.end() : match.end() + 90], maxsplit=1)[0]
        if (
            value < 1
            or value != int(value)
            or (value in _YEARS and match["digits"] and not _BEHIND_CUES["people"].match(behind))
        ):
            continue
        before = _CLAUSE_START.sub("", text[max(0, match.start() - 70) : match.start()])
        yield Size(int(value), match.start(), match.end(), part, before, behind, not match["digits"])


def size_features(annotated: Annotated, found: list[Size]) -> list[Features]:
    """Return the features of each size in turn."""
    scene = _Scene(annotated, found)
    return [scene.features(k) for k in range(len(found))]


class _Scene:
    """What the sizes of one document are weighed against: each other and the arms' sizes."""

    def __init__(self, annotated: Annotated, found: list[Size]) -> None:
        self.annotated = annotated
        self.found = found
        text = level(annotated.document.text)
        self.length = max(1, len(text))
        self.often = Counter(size.value for size in found)
        self.denominators = Counter(_integers(_SLASHED, text))
        arms = list(_integers(_ARM_SIZE, text))
        self.sums = {a + b for k, a in enumerate(arms) for b in arms[k + 1 :]} | {sum(arms)}
        self.people = [size.people for size in found]
        self.largest = max((s.value for s, people in zip(found, self.people, strict=True) if people), default=0)

    def features(self, k: int) -> Features:
        size = self.found[k]
        features: Features = dict.fromkeys(self._named(k, size), 1.0)
        features |= {f"before: {name}": 1.0 for name, cue in _BEFORE_CUES.items() if cue.search(size.before)}
        features |= {f"behind: {name}": 1.0 for name, cue in _BEHIND_CUES.items() if cue.search(size.behind)}
        features |= self._numbers(size)
        return features

    def _named(self, k: int, size: Size) -> Iterator[str]:
        yield f"in {self.annotated.role(size.start) if size.part == 'text' else 'title'}"
        before = _WORD.findall(size.before)[-2:]
        yield from (f"word -{len(before) - n}: {word}" for n, word in enumerate(before))
        yield from (f"word +{n}: {word}" for n, word in enumerate(_WORD.findall(size.behind)[:3], 1))
        if size.spelled:
            yield "in words"
        if not size.before.strip():
            yield "opens the clause"
        if size.value in self.sums:
            yield "sum of arms"
        earlier = [
            s.value for s, people in zip(self.found[:k], self.people[:k], strict=True) if people and s.part == "text"
        ]
        if self.people[k]:
            yield "counts people"
            yield (
                "counts people, larger ones before"
                if max(earlier, default=0) > size.value
                else "counts people, the largest so far"
            )
            if not earlier:
                yield "the first that counts people"
        if size.value >= self.largest:
            yield "the largest"
            if self.people[k]:
                yield "the largest that counts people"
        if max(earlier, default=0) > size.value:
            yield "larger ones before"

    def _numbers(self, size: Size) -> Features:
        in_text = size.part == "text"
        sentence = self.annotated.sentence(size.start) if in_text else (0, 0)
        opened = size.before.count("(") + size.before.count("[") - size.before.count(")") - size.before.count("]")
        return {
            "value": float(min(size.value, 100_000)),
            "share of the largest": size.value / max(self.largest, size.value),
            "times printed": float(min(self.often[size.value], 4)),
            "times a denominator": float(min(self.denominators[size.value], 3)),
            "place": size.start / self.length if in_text else -0.2,
            "sentence": float(min(self.annotated.sentences.index(sentence), 12)) if in_text else -1.0,
            "brackets open": float(opened),
        }


def _integers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for match in pattern.finditer(text):
        digits = match[1].replace(",", "")
        if digits:
            yield int(digits)
