"""The denominator of a share that the text doesn't print beside it: the size of its group, where that is plain.

A wrong denominator is worse than none. One is taken only if a printed percentage agrees with it, or if the figure's
sentence says nothing that narrows the group: a share of responders, of a subgroup or of one side of a comparison stays
without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.linking.scene import Scene
from extractors.outcome_links import Found, beside
from extractors.sizes import sizes as population_sizes

_NARROWING = re.compile(
    r"\b(?:of|among|in) (?:these|them|those|whom|which|the \d|the \w+ (?:patients|responders|cases))\b"
    r"|\brespond(?:ers|ed|ing)\b|\bin (?:CR|PR|remission)\b|\bremission,|\bevaluable|\bassessable|\bwho\b"
    r"|\bsubgroup|\baged\b"
    r"|\b(?:high|low|standard|intermediate|good|poor)-risk\b|\bwith (?:a|an|high|low|prior|B-|T-)\b"
    r"|\bversus\b|\bvs\b|\bcompared\b|\bcohorts?\b|\bgroups?\b|\barms?\b",
    re.IGNORECASE,
)
_GROUP_BEHIND = re.compile(  # 68% [95% CI, 53-81%] in ALL (n = 116)
    r"[\s)\]%]*(?:of|in|for|with|among|after|on)\s+(?!(?:the\s|all\s)?(?:patients|cases|children|subjects)\b)"
    r"[^.;()\[\]\d]{2,50}?\s*[\[(]\s*n\s*=\s*(\d+)\s*[\])]",
    re.IGNORECASE,
)
_OWN_VERB = re.compile(r"^ (?:\w+ )?responded\b")  # all but two responded: that's told of everybody
_ROUNDING = 0.6
_SMALL = 0.25


@dataclass(frozen=True)
class Sizes:
    """The sizes that a text states: `arms` by label, `whole` all sizes of the whole study, without repetition.

    `grouped`: figures are reported for several arms; `others`: what else of the text counts patients.
    """

    arms: dict[str, int] = field(default_factory=dict)
    whole: tuple[int, ...] = ()
    grouped: bool = False
    others: frozenset[int] = frozenset()


def denominator(scene: Scene, found: Found, n: int | None, value: float | None, sizes: Sizes) -> int | None:
    """Return the N of a share, or None where it isn't plain; `n` and `value` (in percent) are what is printed."""
    if found.figure.head.form == "place":
        return None  # the fifth, of those just told of
    if found.figure.total is not None:
        return found.figure.total
    own = _behind(scene, found)
    if own is not None and (n is None or (n <= own and (value is None or _agrees(n, own, value)))):
        return own
    printed = n is not None and value is not None
    candidates = _candidates(found, sizes, printed)
    if n is not None and value is not None:
        return next((size for size in candidates if _agrees(n, size, value)), None)
    if n is not None and not _one_group(found, sizes):
        return None
    if len(candidates) != 1 or _NARROWING.search(_without_arm(scene, found)):
        return None
    return candidates[0] if n is None or n <= candidates[0] else None


def counted(scene: Scene, found: Sequence[Found], sizes: Sizes) -> Iterator[Found]:
    """Yield the linked figures; those of all but some (`all but two`) with value, n and N, where N is plain alone."""
    for f in found:
        left_out = f.figure.left_out
        if left_out is None:
            yield f
            continue
        total = _whole(scene, f, found, sizes)
        if total is not None and total > 2 * left_out:
            n = total - left_out
            yield replace(f, figure=replace(f.figure, value=round(100 * n / total, 1), n=n, total=total))


def _whole(scene: Scene, f: Found, found: Sequence[Found], sizes: Sizes) -> int | None:
    """Return the size of the whole that some are left out of, or None where it isn't plain: `all but one of these`."""
    start, end = scene.layout.sentences[scene.layout.sentence_index(f.figure.start)]
    before, behind = scene.levelled[start : f.figure.start], scene.levelled[f.figure.end : end]
    whole = _candidates(f, sizes, printed=False)
    told = any(x.measure == f.measure and x.figure.unit == "%" for x in beside(scene, f, found))
    counts_before = any(start <= x.start < f.figure.start for x in scene.figures)
    if len(whole) != 1 or told or counts_before:
        return None
    narrowed = _NARROWING.search(before + _OWN_VERB.sub("", behind, count=1))
    return whole[0] if not narrowed and _one_group(f, sizes) else None


def _behind(scene: Scene, found: Found) -> int | None:
    """Return the size of the group that the figure is said of, where it stands behind the group's name."""
    stated = _GROUP_BEHIND.match(scene.levelled, found.figure.end)
    return int(stated[1]) if stated else None


def _candidates(found: Found, sizes: Sizes, printed: bool) -> Sequence[int]:
    if found.arm != "all":
        return [sizes.arms[found.arm]] if found.arm in sizes.arms else []
    return () if sizes.grouped and not printed else sizes.whole


def others(scene: Scene, found: Sequence[Found]) -> frozenset[int]:
    """Return the numbers that count patients and aren't themselves results: groups that a share may be of."""
    results = [(f.figure.start, f.figure.end) for f in found]
    return frozenset(
        s.value
        for s in population_sizes(scene.annotated)
        if s.people and s.part == "text" and not any(start <= s.start < end for start, end in results)
    )


def _one_group(found: Found, sizes: Sizes) -> bool:
    """Whether the text counts one group of patients, and the figure is of all: a bare count is of these."""
    (whole,) = sizes.whole if len(sizes.whole) == 1 else (0,)
    return found.arm == "all" and not any(x != whole and x >= _SMALL * whole for x in sizes.others)


def _agrees(n: int, size: int, value: float) -> bool:
    return size > 0 and n <= size and abs(100 * n / size - value) <= _ROUNDING


def _without_arm(scene: Scene, found: Found) -> str:
    """Return the figure's sentence; nothing for an arm's figure, whose sentence sets arms side by side."""
    return "" if found.arm != "all" else scene.sentence(found.figure.start)
