"""The words between a figure and a span, and beside both, as features of a linear model of their link."""

from __future__ import annotations

from itertools import pairwise

from extractors.joining import Figure
from extractors.linking.features import Candidate
from extractors.linking.scene import Scene

_BETWEEN = 9


def pair_words(scene: Scene, figure: Figure, span: Candidate | None, name: str, group: float) -> list[str]:
    """Return the feature names of a pair, each once, in a fixed order; `name` and `group` are the span's."""
    fb, fa = scene.token_before(figure.start), scene.token_after(figure.end)
    kind = figure.kind
    found = [f"n:{name}", f"g:{group:g}:{kind}", f"n:{name}:{kind}", f"fb:{fb}", f"fa:{fa}", f"fb:{fb}:{kind}"]
    if span is None:
        return sorted({"virtual", *found, f"virtual:{name}"})
    before = span.start < figure.start
    side = "B" if before else "A"
    a, b = (span.end, figure.start) if before else (figure.end, span.start)
    between = scene.tokens_in(a, max(a, b))
    sb, sa = scene.token_before(span.start), scene.token_after(span.end)
    found += [
        f"{side}:n:{name}",
        f"{side}:sb:{sb}",
        f"{side}:sa:{sa}",
        f"sb:{sb}:{name}",
        f"{side}:{fb}|{sa}",
        f"{side}:g{group:g}:sb:{sb}",
    ]
    if len(between) <= 4:
        found.append(f"{side}={' '.join(between)}")
    if len(between) <= _BETWEEN:
        found += [f"{side}:b:{w}" for w in between]
        found += [f"{side}:bb:{x} {y}" for x, y in pairwise(between)]
        found += [f"{side}:g{group:g}:b:{w}" for w in between]
    else:
        found += [f"{side}:far", *(f"{side}:bf:{w}" for w in between[:3]), *(f"{side}:bl:{w}" for w in between[-3:])]
    return sorted(set(found))
