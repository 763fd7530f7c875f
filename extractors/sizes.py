"""Sizes of the study population: whole numbers with the features that tell the study's own sizes from other counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.document import Part
from extractors.document_features import Features
from extractors.levelling import lowered
from extractors.lookback import Lookback
from extractors.numbers import WORDS, level, parse

_DIGITS = (
    r"(?<![\w.,/])(?<![A-Za-z]-)(?<!\d-)(?P<digits>\d{1,3}(?:[ ,]\d{3})+|\d{1,6})(?![\d.,]*\d|\w|%|-year|-month"
    r"|-day|-\d)"
)
_NUMBER = re.compile(rf"{_DIGITS}|{WORDS}")
_SLASHED = re.compile(r"(?:/|\bof (?:the )?)(\d[\d,]*)\b(?!%)")
_ARM_SIZE = re.compile(r"\b[nN]\s*=\s*(\d[\d,]*)")
_PEOPLE = (
    r"(?:patients?|pts?|adults?|children|recipients?|individuals?|participants?|subjects?|people|persons|women"
    r"|men|infants|survivors)"
)
_YEARS = range(1900, 2031)
_BESIDE, _ALIKE = 120, 4
"""Numbers within so many characters stand beside each other; those within this factor are alike."""
_OF_DOCUMENT = {
    "meta-analysis": re.compile(r"meta-?analy|systematic"),
    "comparison": re.compile(r"\bversus\b|\bvs\b|\bcompar|\bor\b|matched"),
    "randomized": re.compile(r"randomi[sz]ed"),
}


def _gap(count: int) -> str:
    return rf"\W+(?:[\w-]+\W+){{0,{count}}}"


_BEFORE = Lookback({
    "of": (1, "of"),
    "all": (1, "all"),
    "total": (1, "total_of total in_all altogether"),
    "in": (1, "in on from for to by among with between"),
    "enrolling verb": (3, "enrol* includ* comprised studied treated recruit* random* analyz* analys* reviewed "
        "identified registered cover covers infused describe*"
                         " report reports evaluated transplanted data_on data_from data_of records_of outcome_of "
                             "outcomes_of experience survey* series_of cohort_of took"
                         " compar* gathered assessed followed contributed accrued entered drew_on gave given_to"),
    "and": (0, "and"),
    "or": (0, "or"),
    "versus": (0, "vs versus than against"),
    "of whom": (0, "of_whom of_which of_them of_these"),
    "only": (0, "only"),
    "other": (0, "remaining other first last next"),
    "age": (0, "age aged age_of older_than day days grade phase stage week month year"),
    "bound": (0, "least ≥ < > ≤ more_than over under about some nearly almost"),
    "date": (0, "january february march april may june july august september october november december jan feb mar "
        "apr jun jul aug sep sept oct nov dec"),
    "planned": (6, "will plan* aim aims target sample_size intended expected"),
    "group": (2, "group groups arm arms cohort cohorts"),
    "aside": (0, "while whereas with including mostly mainly"),
    "median": (3, "median mean average range"),
    "bracket": (0, "( ["),
})  # fmt: skip
_NEAR = {
    "n =": re.compile(r"\bn\s*=\s*$"),
    "number": re.compile(r"\d\W{1,3}$"),
    "studies": re.compile(r"\b(?:studies|trials|reports|articles|cohorts)\b[^.;]{0,40}$"),
    "days": re.compile(r"\b(?:days|weeks|months|years|grades?)\b[\d ,]+(?:and|or|to)? ?$"),
    "comparison": re.compile(r"\b(?:between|versus|vs\.?|against|than)\b[^.;]{0,24}$"),
    "share of": re.compile(r"\d+ (?:\(\d+(?:\.\d+)?%\) )?of (?:the )?$"),
}
_BEHIND = {
    "share": r"^\s*(?:\([^)]{0,8}%|of \d+|/|\[\d+(?:\.\d+)?%)",
    "people": r"^\s+(?:[\w-]+\W+){0,6}?" + _PEOPLE + r"\b",
    "people at once": r"^\s+" + _PEOPLE + r"\b",
    "kind of people": r"^\s+(?:consecutive|adult|pa?ediatric|such|evaluable|eligible|elderly|older)",
    "transplants": r"^\s+(?:[\w-]+\W+){0,3}?(?:transplants?|transplantations|infusions|allografts|procedures|hcts?"
        r"|hscts?|allo\S+|auto\S+)\b",
    "were enrolled": r"^\W+(?:[\w-]+\W+){0,9}?(?:enrol\w*|included|recruited|registered|accrued|entered|eligible"
        r"|identified|qualif\w+|screened|random\w+|assigned)\b",
    "were treated": r"^\W+(?:[\w-]+\W+){0,9}?(?:infused|treated|transplanted|underwent|received|given|grafted|got)\b",
    "were evaluable": r"^\W+(?:[\w-]+\W+){0,9}?(?:evaluable|analy[sz]ed|assessed|assessable|evaluated|studied"
        r"|available|reviewed)\b",
    "studies": r"^\s+(?:[\w-]+\W+){0,3}?(?:studies|trials|reports|articles|papers|records|publications|cohorts)\b",
    "sites": r"^\s+(?:[\w-]+\W+){0,3}?(?:cent(?:er|re)s|institutions|sites|hospitals|countries|units)\b",
    "time": r"^\s*-?(?:to \d+ )?(?:months?|years?|days?|weeks?|hours?|minutes?|mo\b|yr)",
    "dose": r"^\s*(?:mg|g/|gy|cgy|µg|×|x 10|cells|u\b|iu|kg|ml|microg|cycles|courses|doses|lines|fractions)",
    "outcome": r"^\W+(?:[\w-]+\W+){0,3}?(?:responded|died|relapsed|achieved|developed|were alive|survived|experienced"
        r"|progressed|reached|attained|remain\w+"
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
    "another group": r"^[^.;]{0,60}?(?:,| and| versus| vs\.?| against| or) (?:of |to |in |with )?(?:the )?\d+\b"
        r"(?!\s*%|[.,]\d| years)",
    "assigned": r"^\W+(?:[\w-]+\W+){0,4}?(?:allocated|assigned|randomi[sz]ed)(?: to)? (?!1:|between|in\b)",
    "had disease": r"^\s+(?:[\w-]+\W+){0,4}?(?:had|have|with|in whom|whose)\b",
    "opens a list": r"^[^.;]{0,60}?:",
    "each": r"^\W+(?:in|per) (?:each|either)",
    "end": r"^\W*$",
}  # fmt: skip
_BEHIND_CUES = {name: re.compile(pattern.removeprefix("^")) for name, pattern in _BEHIND.items()}
_NEVER = re.compile(_BEHIND["time"].removeprefix("^") + "|" + _BEHIND["dose"].removeprefix("^"))
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
    return list(_kept_sizes(annotated))


@lru_cache(maxsize=2)
def _kept_sizes(annotated: Annotated) -> tuple[Size, ...]:
    parts: tuple[Part, ...] = ("title", "text")
    doses = {(m.part, m.end + 1) for m in annotated.mentions if m.kind == "intervention"}  # melphalan 100 conditioning
    return tuple(
        size
        for part in parts
        for size in _sizes(lowered(level(annotated.part(part))), part)
        if (part, size.start) not in doses or _BEHIND_CUES["people at once"].match(size.behind)
    )


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
        if _NEVER.match(behind):
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
        self.parts = {k for k in range(len(found)) if _adds_up(found, k)}
        self.stated = set(self.often)
        self.document = tuple(
            name for name, cue in _OF_DOCUMENT.items() if cue.search(lowered(annotated.document.title))
        )
        self.people = [size.people for size in found]
        self.largest = max((s.value for s, people in zip(found, self.people, strict=True) if people), default=0)

    def features(self, k: int) -> Features:
        size = self.found[k]
        features: Features = dict.fromkeys(self._named(k, size), 1.0)
        features |= {f"before: {name}": 1.0 for name in _BEFORE.find(size.before)}
        features |= {f"before: {name}": 1.0 for name, cue in _NEAR.items() if cue.search(size.before[-24:])}
        features |= {f"behind: {name}": 1.0 for name, cue in _BEHIND_CUES.items() if cue.match(size.behind)}
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
        if k in self.parts:
            yield "the sum of those behind it"
        yield from self._beside(k, size)
        yield from (f"document {name}" for name in self.document)
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

    def _beside(self, k: int, size: Size) -> Iterator[str]:
        """Yield what the next and the last number in the text say of this one: a group beside another is no total."""
        for name, other in (("next", k + 1), ("last", k - 1)):
            if not 0 <= other < len(self.found) or self.found[other].part != size.part:
                continue
            value = self.found[other].value
            if abs(self.found[other].start - size.start) > _BESIDE:
                continue
            yield f"{name} is {'larger' if value > size.value else 'smaller' if value < size.value else 'the same'}"
            if size.value / _ALIKE < value < size.value * _ALIKE:
                yield f"{name} is alike"
            if size.value + value in self.stated:
                yield f"with the {name} makes a stated number"

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


def _adds_up(found: list[Size], k: int) -> bool:
    """Whether the next two to five numbers add up to this one, as a total's parts do."""
    total = 0
    for count, size in enumerate(found[k + 1 : k + 6], 1):
        total += size.value
        if total >= found[k].value:
            return total == found[k].value and count > 1
    return False


def _integers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for match in pattern.finditer(text):
        digits = match[1].replace(",", "")
        if digits:
            yield int(digits)
