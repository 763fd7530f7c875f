"""What a document counts, seen beside its arms: which counts are results, which too small, which add up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.annotation import Annotated
from extractors.arms.counts import Count, Named, Tie, counts, ties
from extractors.arms.grouping import ArmFound
from extractors.numbers import level
from extractors.sizes import sizes

_RESULT = re.compile(
    r"\b(?:died|deaths?|relapsed(?![/,-]| or | and | [A-Z]| acute| disease| lymph| myel| multiple| leuk)|responded"
    r"|developed|occurr\w+|achieved|attained|hospitali[sz]ed|admitted|experienced|alive|survived|rejected|failed"
    r"|stop\w*|discontinu\w+|crossed|cases|scores?|mean|later|never"
    r"|failures?|progressed|worsen\w*|improv\w+|toxicit\w+|infections?|events?|incidence)\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"\b(?:of|among) (?:the |these |all )?$", re.IGNORECASE)
_NUMBER = re.compile(r" (\d{1,3}(?:,\d{3})+|\d{1,6})(?=[,;:.)\]]|\s(?:and|or)\b|\s*$)(?!,\d|\.\d)")
_NEXT = re.compile(r"(?:[,;]| and| or|, and)? ?")
_CLAUSE_START = re.compile(r"[.;]\s|\n")
_CLAUSE_END = re.compile(r"[.;,]\s|\n|$")
_CLAUSE = 300
_ROUNDING = 1.0
_LEAST = 2
_SMALL = 20
"""A count below this part of the study is rather a result than a group, unless it's printed as `(n = 3)`."""
_YEARS = range(1950, 2040)


class Counted:
    """A document's counts and their ties to its arms: `ties` by sentence, `stated` all whole numbers of the text."""

    def __init__(self, arms: Sequence[ArmFound], annotated: Annotated) -> None:
        self.text = level(annotated.document.text)
        self.labels = [arm.label for arm in arms]
        self.counts = counts(annotated)
        self.sentences = annotated.sentences
        everything = sizes(annotated)
        self.stated = {s.value for s in everything}
        self.total = max((s.value for s in everything if s.people and s.value not in _YEARS), default=0)
        named: list[Named] = sorted((start, end, arm.label) for arm in arms for start, end in arm.mentions)
        self.outcomes = [
            m.start for m in annotated.of_kind("outcome", "text") if not any(a <= m.start < b for a, b, _ in named)
        ]
        self.ties = [self._ties(named, start, end) for start, end in self.sentences]
        self.listed = list(_listed(named, self.text))

    def _ties(self, named: Sequence[Named], start: int, end: int) -> list[Tie]:
        here = [n for n in named if start <= n[0] < end]
        return list(ties(here, [c for c in self.row(start, end) if c.value >= _LEAST], self.text)) if here else []

    def row(self, start: int, end: int) -> list[Count]:
        """Return the counts between two places of the text."""
        return [c for c in self.counts if start <= c.start < end]

    def is_result(self, count: Count) -> bool:
        """Whether the clause in which a count stands speaks of an outcome, other than in an arm's name."""
        first = max(0, count.start - _CLAUSE)
        start = max((m.end() for m in _CLAUSE_START.finditer(self.text, first, count.start)), default=first)
        end = _CLAUSE_END.search(self.text, count.end)
        stop = end.start() if end else len(self.text)
        return any(start <= o < stop for o in self.outcomes) or bool(_RESULT.search(self.text, start, stop))

    def is_small(self, count: Count) -> bool:
        """Whether a count is too small a part of the study for a group."""
        return count.value * _SMALL <= self.total

    def is_little(self, group: Sequence[Tie]) -> bool:
        """Whether counts together are too small a part of the study for the groups that it compares."""
        return sum(t.count.value for t in group) * 3 < self.total

    def states(self, together: int, parts: int = 2) -> bool:
        """Whether the text states a number, and that's at least one of so many equal parts of the study."""
        return together in self.stated and together * parts >= self.total

    def is_population(self, tie: Tie) -> bool:
        """Whether a count opens what is told of all who an arm's name is for: `of 48 patients with haplo`."""
        before = self.text[max(0, tie.count.start - 16) : tie.count.start]
        return _OF_ALL.search(before) is not None and not self.is_small(tie.count)

    def adds_up(self, group: Sequence[Tie]) -> bool:
        """Whether counts make up all patients by their shares, or a good part of the study that the text states."""
        shares = [t.count.share for t in group if t.count.share is not None]
        if len(shares) == len(group) and abs(sum(shares) - 100) <= _ROUNDING:
            return True
        return self.states(sum(t.count.value for t in group), parts=3)


def _listed(named: Sequence[Named], text: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the rows of names with a number right behind each: `haplo 48, MUD 51`."""
    row: list[tuple[str, int]] = []
    until = -1
    for start, end, label in named:
        number = _NUMBER.match(text, end)
        if row and not (number and _NEXT.fullmatch(text, until, start)):
            if len(row) > 1:
                yield row
            row = []
        if number:
            row.append((label, int(number[1].replace(",", ""))))
            until = number.end()
    if len(row) > 1:
        yield row
