"""Two opinions made one: the link models (trees over named features) and the encoder, which reads the whole document.

They err in different places. Their probabilities are multiplied, each raised to a power that was chosen on
records that neither learned from; a reading of None leaves the link models' opinion as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from extractors.arms import Key
from extractors.encoder.reading import Reading, group_shares
from extractors.linking.arm_pairs import ALL
from extractors.linking.features import Candidate
from extractors.linking.pairs import VIRTUAL, Ranked
from extractors.odds import Shares, log_odds, probability

ENTERED = (0.5, 0.6)
"""Powers of the link models' and the encoder's odds that a figure is an outcome."""
MEASURE = (1.0, 0.8)
"""Powers of the link models' and the encoder's probabilities of a measure."""
ATTRIBUTE = (1.0, 0.5)
"""Powers of the link models' odds and the encoder's probabilities of a time point or grade."""
ARM = (0.6, 1.0)
"""Powers of the link models' and the encoder's probabilities of an arm."""
GROUP = (0.7, 0.7)
"""Powers of the models' and the encoder's odds that a name is one of a group."""
ALL_SHARE = 0.3
"""What the link models' score of everybody counts beside those of arms, which share theirs among several mentions."""
_FLOOR = 0.001
_TREES_FLOOR = 0.01
_ARM_FLOOR = 0.02
_OFFERED = 3


def entered(trees: Shares, reading: Reading | None) -> Shares:
    """Return for each figure the probability that it's an outcome of the study."""
    if reading is None:
        return trees
    own, other = ENTERED
    return probability(own * log_odds(trees) + other * log_odds(reading.measure[:, 2:].sum(axis=1)))


def measures(best: Ranked, reading: Reading | None, spans: Sequence[Candidate]) -> Ranked:
    """Return each figure's measures with their probability, best first; the encoder adds its likeliest ones."""
    if reading is None:
        return best
    return {i: _measures(best.get(i, []), reading, i, spans) for i in range(len(reading.measure))}


def _measures(
    ranked: Sequence[tuple[float, str, int]], reading: Reading, i: int, spans: Sequence[Candidate]
) -> list[tuple[float, str, int]]:
    own, other = MEASURE
    shares = reading.measure[i, 2:] / max(reading.measure[i, 2:].sum(), _FLOOR)
    offered = {reading.measures[2 + k]: float(shares[k]) for k in np.argsort(-shares, kind="stable")}
    trees = {name: (score, j) for score, name, j in ranked}
    names = [*trees, *(n for n in list(offered)[:_OFFERED] if n not in trees)]
    weights = [
        (trees.get(n, (0.0, VIRTUAL))[0] + _TREES_FLOOR) ** own * (offered.get(n, 0.0) + _FLOOR) ** other for n in names
    ]
    total = sum(weights) or 1.0
    made = [
        (w / total, n, trees[n][1] if n in trees else _nearest(spans, n, reading, i))
        for w, n in zip(weights, names, strict=True)
    ]
    return sorted(made, key=lambda x: (-x[0], x[1]))


def groups(trees: Shares, keys: Sequence[Key], reading: Reading | None) -> Shares:
    """Return for each name the probability that it's one of a group that figures are reported for."""
    if reading is None:
        return trees
    own, other = GROUP
    shares = group_shares(reading)
    return probability(own * log_odds(trees) + other * log_odds(np.array([shares.get(k, 0.0) for k in keys])))


def arms(ranked: Sequence[tuple[float, str, int]], shares: Mapping[str, float] | None) -> list[tuple[float, str, int]]:
    """Return a figure's arms, everybody among them, with their probabilities, likeliest first.

    `shares` are the encoder's probabilities by label; without them the link models decide.
    """
    trees = {name: score * (ALL_SHARE if name == ALL else 1.0) for score, name, _ in ranked}
    if shares is not None:
        own, other = ARM
        known = sum(shares.get(name, 0.0) for name in trees) + _FLOOR
        trees = {
            name: (score + _FLOOR) ** own * ((shares.get(name, 0.0) + _ARM_FLOOR) / known) ** other
            for name, score in trees.items()
        }
    total = sum(trees.values()) or 1.0
    return sorted(((score / total, name, VIRTUAL) for name, score in trees.items()), key=lambda x: (-x[0], x[1]))


def _nearest(spans: Sequence[Candidate], name: str, reading: Reading, i: int) -> int:
    """Return the span of the figure's sentence that names a measure, or VIRTUAL."""
    layout = reading.asked.scene.layout
    figure = reading.asked.scene.figures[i]
    sentence = layout.sentence_index(figure.start)
    here = [j for j, s in enumerate(spans) if s.name == name and layout.sentence_index(s.start) == sentence]
    return min(here, key=lambda j: abs(spans[j].start - figure.start), default=VIRTUAL)


def attribute(
    ranked: Sequence[tuple[float, str, int]], spans: Sequence[Candidate], shares: Shares | None, least: float
) -> int | None:
    """Return the span (index) that a figure's time point or grade is stated in, or None.

    `shares` are the encoder's probabilities of none and of each span; without them, the link models' best from `least`.
    """
    if shares is None:
        return ranked[0][2] if ranked and ranked[0][0] >= least else None
    own, other = ATTRIBUTE
    mass: dict[str, float] = {}
    first: dict[str, int] = {}
    for j in sorted(range(len(spans)), key=lambda j: (-shares[1 + j], j)):
        mass[spans[j].name] = mass.get(spans[j].name, 0.0) + float(shares[1 + j])
        first.setdefault(spans[j].name, j)
    trees = {name: (score, j) for score, name, j in ranked}
    none = other * np.log(float(shares[0]) + _FLOOR)
    margins = {
        name: own * float(log_odds(trees[name][0] if name in trees else _TREES_FLOOR)) + other * np.log(share + _FLOOR)
        for name, share in mass.items()
    }
    name = max(sorted(margins), key=lambda n: margins[n], default=None)
    if name is None or margins[name] <= none:
        return None
    return trees[name][1] if name in trees else first[name]
