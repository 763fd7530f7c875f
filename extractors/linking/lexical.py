"""The words between a figure and a span, and beside both, as features of a linear model of their link."""

from __future__ import annotations

from itertools import pairwise

from extractors.joining import Figure
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene

_BETWEEN = 9


class PairWords:
    """The words of one document, to be asked for the features of its pairs."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._beside: dict[tuple[int, int], tuple[str, str]] = {}

    def of(self, figure: Figure, span: Candidate | None, name: str, group: float) -> list[str]:
        """Return the feature names of a pair, each once, in a fixed order; `name` and `group` are the span's."""
        fb, fa = self._tokens_beside(figure.start, figure.end)
        kind = figure.kind
        found = [f"n:{name}", f"g:{group:g}:{kind}", f"n:{name}:{kind}", f"fb:{fb}", f"fa:{fa}", f"fb:{fb}:{kind}"]
        if span is None:
            return ["virtual", *found, f"virtual:{name}"]
        before = span.start < figure.start
        side = "B" if before else "A"
        sb, sa = self._tokens_beside(span.start, span.end)
        found += [
            f"{side}:n:{name}",
            f"{side}:sb:{sb}",
            f"{side}:sa:{sa}",
            f"sb:{sb}:{name}",
            f"{side}:{fb}|{sa}",
            f"{side}:g{group:g}:sb:{sb}",
        ]
        a, b = (span.end, figure.start) if before else (figure.end, span.start)
        return list(dict.fromkeys([*found, *_between(self._scene.tokens_in(a, max(a, b)), side, group)]))

    def _tokens_beside(self, start: int, end: int) -> tuple[str, str]:
        """Return the tokens before and after a range, each span's and figure's but once looked for."""
        if (start, end) not in self._beside:
            self._beside[start, end] = self._scene.token_before(start), self._scene.token_after(end)
        return self._beside[start, end]


def _between(words: list[str], side: str, group: float) -> list[str]:
    if len(words) > _BETWEEN:
        return [f"{side}:far", *(f"{side}:bf:{w}" for w in words[:3]), *(f"{side}:bl:{w}" for w in words[-3:])]
    of_group = f"{side}:g{group:g}:b:"
    found = [f"{side}:b:{w}" for w in words]
    found += [f"{side}:bb:{x} {y}" for x, y in pairwise(words)]
    found += [of_group + w for w in words]
    if len(words) <= 4:
        found.append(f"{side}={' '.join(words)}")
    return found
