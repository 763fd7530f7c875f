"""Sizes of arms, where the text states them: `haplo (n = 48)`, `48 received haplo`, `48 haplo and 51 MUD grafts`.

The surest statements are read first. What merely stands beside an arm's name counts as its size only if the counts of
the sentence add up to a number that the text states, or if as many names as counts take turns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.annotation import Annotated
from extractors.arms.counted import Counted
from extractors.arms.counts import GLUED, LABELLED, Tie, strongest
from extractors.arms.grouping import ArmFound

Sized = Iterator[tuple[str, int]]
"""Labels with sizes, the surest first."""

_EACH = re.compile(
    r"(?:\s(?:patients|children|adults|recipients|were|transplants))*"
    r"\s(?:in|to) (?:each|either|both) (?:of the )?(?:two )?(?:groups?|arms?|cohorts?)\b",
    re.IGNORECASE,
)
_ROW = (3, 6)


def sized(arms: Sequence[ArmFound], annotated: Annotated) -> list[ArmFound]:
    """Return the arms with their sizes, where the text states them."""
    page = Counted(arms, annotated)
    found: dict[str, int] = {}
    for step in _STEPS:
        for label, value in list(step(page, found)):
            found.setdefault(label, value)
    return [replace(arm, size=found.get(arm.label)) for arm in arms]


def _each(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `101 in either group`, where there are two arms."""
    if len(page.labels) != 2:
        return
    for count in page.counts:
        if count.share is None and _EACH.match(page.text, count.end) and not page.is_result(count):
            matched = "match" in page.text[max(0, count.start - 90) : count.start].lower()
            if matched or 2 * count.value in page.stated or count.value * 3 > page.total > 0:
                yield from ((label, count.value) for label in page.labels)


def _labelled(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `name (n = 48)`."""
    for made in page.ties:
        yield from ((t.label, t.count.value) for t in made if t.strength == LABELLED)


def _partitions(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes from sentences whose counts, or the last of whose counts, add up."""
    runs = [run[first:] for made in page.ties for run in _turns(made) for first in range(len(run) - 1)]
    groups = [group for group in runs if page.adds_up(group)]
    groups.sort(key=lambda g: (-len(g), -sum(t.strength for t in g)))
    for group in groups:
        together = sum(t.count.value for t in group)
        glued = all(t.strength >= GLUED for t in group) and 2 * together >= page.total
        if together == page.total or glued or not any(page.is_result(t.count) for t in group):
            yield from ((t.label, t.count.value) for t in group)


def _beside(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `(haplo 48, MUD 51)`: names with a number right behind each, one after another."""
    for row in page.listed:
        if len({label for label, _ in row}) == len(row) and page.states(sum(value for _, value in row)):
            yield from row


def _populations(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `of 48 patients with haplo, 12 relapsed`, where all such statements agree."""
    yield from _agreed(
        (t.label, t.count.value) for t in _glued_ahead(page) if t.count.whole is None and page.is_population(t)
    )


def _rows(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes from three or more counts in sequence that add up, even where one has no name beside it."""
    for made, (start, end) in zip(page.ties, page.sentences, strict=True):
        glued = [t for t in strongest(made) if t.strength == GLUED and not page.is_small(t.count)]
        row = [c for c in page.row(start, end) if c.whole is None] if glued else []
        for first in range(len(row)):
            for size in range(_ROW[0], min(_ROW[1], len(row) - first) + 1):
                part = row[first : first + size]
                together = sum(c.value for c in part)
                if page.states(together):
                    yield from ((t.label, t.count.value) for t in glued if t.count in part)


def _glued(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `48 received haplo`, but for clauses about results; the whole study is no single arm."""
    for made in page.ties:
        own = [
            t
            for t in strongest(made)
            if t.strength == GLUED
            and t.count.whole is None
            and t.count.share is None
            and not page.is_small(t.count)
            and not page.is_result(t.count)
        ]
        alone = len({t.label for t in own}) == 1
        if not alone and page.is_little(own):
            continue
        yield from ((t.label, t.count.value) for t in own if not (alone and t.ahead and t.count.value == page.total))


def _taking_turns(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes from sentences in which as many names as counts of people take turns."""
    for made in page.ties:
        for group in _turns(strongest(made)):
            plain = not any(page.is_result(t.count) or page.is_small(t.count) or t.count.share for t in group)
            if plain and not page.is_little(group) and any(t.strength >= GLUED or t.count.people for t in group):
                yield from ((t.label, t.count.value) for t in group)


def _shares(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `present in 26 of 108` and `present in 26 (24%)`, where that's of the whole study."""
    for t in (t for made in page.ties for t in strongest(made)):
        others = sum(value for label, value in known.items() if label != t.label)
        firm = t.strength == GLUED or not t.ahead
        if firm and t.count.is_of(page.total) and t.count.value + others <= page.total and not page.is_result(t.count):
            yield t.label, t.count.value


def _denominators(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `20 of 32 with haplo`, where all such statements agree."""
    yield from _agreed((t.label, t.count.whole) for t in _glued_ahead(page) if t.count.whole is not None)


def _remaining(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the size of the only arm without one, if what the others leave of the study is stated."""
    rest = [label for label in page.labels if label not in known]
    left = page.total - sum(known.values())
    if len(rest) == 1 and known and any(c.value == left and not page.is_small(c) for c in page.counts):
        yield rest[0], left


def _loosely(page: Counted, known: dict[str, int]) -> Sized:
    """Yield the sizes in `name 200 mg once daily (n = 48)`."""
    for made in page.ties:
        yield from ((t.label, t.count.value) for t in made if t.count.labelled and not page.is_result(t.count))


_STEPS: tuple[Callable[[Counted, dict[str, int]], Sized], ...] = (
    _each,
    _labelled,
    _partitions,
    _beside,
    _rows,
    _glued,
    _taking_turns,
    _shares,
    _populations,
    _denominators,
    _remaining,
    _loosely,
)


def _glued_ahead(page: Counted) -> Iterator[Tie]:
    return (t for made in page.ties for t in strongest(made) if t.ahead and t.strength == GLUED)


def _agreed(found: Iterable[tuple[str, int]]) -> Sized:
    """Yield the labels for which all that is found is one number."""
    by_label: dict[str, set[int]] = {}
    for label, value in found:
        by_label.setdefault(label, set()).add(value)
    yield from ((label, min(values)) for label, values in by_label.items() if len(values) == 1)


def _turns(made: Sequence[Tie]) -> Iterator[list[Tie]]:
    """Yield the runs of two or more ties of different arms in which the count always stands on the same side."""
    for ahead in (True, False):
        group: list[Tie] = []
        for tie in (t for t in made if t.ahead == ahead and t.count.whole is None):
            if any(tie.label == t.label for t in group):
                if len(group) > 1:
                    yield group
                group = []
            group.append(tie)
        if len(group) > 1:
            yield group
