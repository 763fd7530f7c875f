"""The candidate arms of a document: names, their places in text and title, and their features."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.annotation import Annotated
from extractors.arms.context import Context
from extractors.arms.designations import Designation
from extractors.arms.names import Key, candidate_names, designated, name_words
from extractors.joining import Figure
from extractors.levelling import Word, words

NEGATIONS = frozenset({"no", "without", "non", "not"})
"""Words before a name that make it one of those who aren't in its group."""


@dataclass(frozen=True, slots=True)
class ArmCandidate:
    """A possible group name: its levelled `key`, the words as first printed, its places and its features.

    `partners` are the offsets of what it is set side by side with in the text.
    """

    key: Key
    label: str
    occurrences: tuple[tuple[int, int], ...]
    in_title: tuple[tuple[int, int], ...]
    features: tuple[float, ...]
    partners: tuple[int, ...] = ()


def arm_candidates(annotated: Annotated, figures: Sequence[Figure]) -> list[ArmCandidate]:
    """Return the candidate group names of a document with their features, in a fixed order."""
    return list(_kept(annotated, tuple(figures)))


@lru_cache(maxsize=2)
def _kept(annotated: Annotated, figures: tuple[Figure, ...]) -> tuple[ArmCandidate, ...]:
    names = candidate_names(annotated)
    text, title = annotated.document.text, annotated.document.title
    index = _Index(words(text))
    title_index = _Index(words(title))
    context = Context(annotated, figures)
    made: list[ArmCandidate] = []
    printed, titled = designated(text), designated(title)
    labels = {key: found[0].label for key, found in (*titled.items(), *printed.items()) if key} | names
    for key, label in sorted(labels.items()):
        places = _with_designations(index.find(key), printed.get(key, ()))
        titles = _with_designations(title_index.find(key), titled.get(key, ()))
        marked = key[0] == "no" or key[0][:2] in ("19", "20") or key in printed
        if places and (len(places) > 1 or titles or marked or context.framed(places[0])):
            contrast = (
                float(key[0] in ("no", "non")),
                float(("no", *key) in names or ("non", *key) in names),
                float(marked),
            )
            features = (*context.features(key, label, places, titles), *contrast)
            made.append(ArmCandidate(key, label, tuple(places), tuple(titles), features, context.partners(places)))
    return tuple(made)


def _with_designations(places: list[tuple[int, int]], more: Sequence[Designation]) -> list[tuple[int, int]]:
    """Return the places with those of the designations that stand elsewhere."""
    apart = [(d.start, d.end) for d in more if not any(a < d.end and d.start < b for a, b in places)]
    return sorted((*places, *apart))


class _Index:
    """Levelled words by first word, to find a key's occurrences."""

    def __init__(self, levelled: Sequence[Word]) -> None:
        self._words = name_words(levelled)
        self._lower = [w.lower for w in self._words]
        self._at: dict[str, list[int]] = defaultdict(list)
        for i, lower in enumerate(self._lower):
            self._at[lower].append(i)

    def find(self, key: Key) -> list[tuple[int, int]]:
        """Return start and end of each place where the key's words stand in sequence."""
        if key[0] == "no" and len(key) > 1:
            return [(self._words[i - 1].start, end) for i, end in self._runs(key[1:]) if self._negated(i)]
        return [(self._words[i].start, end) for i, end in self._runs(key) if not self._negated(i)]

    def _negated(self, i: int) -> bool:
        return i > 0 and self._lower[i - 1] in NEGATIONS

    def _in_code(self, i: int) -> bool:
        """Whether a letter is but a part of a code: the I of arm A+I."""
        beside = (*self._lower[max(0, i - 1) : i], *self._lower[i + 1 : i + 2])
        return "+" in beside

    def _runs(self, key: Key) -> Iterator[tuple[int, int]]:
        size, wanted = len(key), list(key)
        letter = size == 1 and len(key[0]) == 1
        for i in self._at.get(key[0], ()):
            if self._lower[i : i + size] == wanted if size > 1 else not (letter and self._in_code(i)):
                yield i, self._words[i + size - 1].end


BESIDE_FEATURES = (
    "own score", "place among scores", "best other", "second other", "likely others", "score share",
    "best counterpart", "best partner",
)  # fmt: skip
"""What a candidate's score means beside those of the others, for the second look."""
_LIKELY = 0.3


def beside_rows(candidates: Sequence[ArmCandidate], scores: Sequence[float]) -> list[tuple[float, ...]]:
    """Return what the candidates' scores mean beside each other, in the order of BESIDE_FEATURES.

    Names that share a word with a candidate, as its short and long forms do, aren't counted as others.
    """
    words = [set(c.key) for c in candidates]
    ranked = sorted(range(len(candidates)), key=lambda k: (-scores[k], k))
    counterparts, partners = _counterparts(candidates, scores), _partners(candidates, scores)
    rows: list[tuple[float, ...]] = []
    for k in range(len(candidates)):
        falling = [-scores[j] for j in ranked if words[k].isdisjoint(words[j])]
        best, second = (*(-score for score in falling[:2]), 0.0, 0.0)[:2]
        above, likely = bisect_left(falling, -scores[k]), bisect_right(falling, -_LIKELY)
        share = scores[k] / (scores[k] + best + 1e-6)
        rows.append((scores[k], above, best, second, likely, share, counterparts[k], partners[k]))
    return rows


def set_beside(one: ArmCandidate, other: ArmCandidate) -> bool:
    """Whether the text sets two names side by side."""
    starts = {start for start, _ in one.occurrences}, {start for start, _ in other.occurrences}
    return not (starts[1].isdisjoint(one.partners) and starts[0].isdisjoint(other.partners))


def _without_one_word(key: Key) -> Iterator[tuple[str, ...]]:
    """Yield a name's words with one of them, or its negation, left out, as long as a word of content is left."""
    whole = key if key[0] in NEGATIONS else ("", *key)
    for i in range(len(whole)):
        rest = (*whole[:i], "", *whole[i + 1 :])
        if any(word and word not in NEGATIONS for word in rest):
            yield rest


def _counterparts(candidates: Sequence[ArmCandidate], scores: Sequence[float]) -> list[float]:
    """Return for each name the best score of those that differ from it in one word: `arm B` from `arm A`, `no X`."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, c in enumerate(candidates):
        for rest in _without_one_word(c.key):
            alike[rest].append(k)
    best = [-1.0] * len(candidates)
    for members in alike.values():
        for k in members:
            best[k] = max([best[k], *(scores[j] for j in members if j != k)])
    return best


def _partners(candidates: Sequence[ArmCandidate], scores: Sequence[float]) -> list[float]:
    """Return for each name the best score of those that the text sets side by side with it."""
    starting: dict[int, list[int]] = defaultdict(list)
    for k, c in enumerate(candidates):
        for start, _ in c.occurrences:
            starting[start].append(k)
    best = [-1.0] * len(candidates)
    for k, c in enumerate(candidates):
        for j in (j for offset in c.partners for j in starting[offset] if j != k):
            best[k], best[j] = max(best[k], scores[j]), max(best[j], scores[k])
    return best
