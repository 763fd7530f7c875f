"""Train the model of neighbours that are of one group: `python -m extractors.training.together FILES`.

FILES are reference records and passages, of which those with several groups count. Writes `together.json` beside the
other models; the packaged models of arms must be trained before, since they find the groups' names. Deterministic;
takes some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from extractors import outcomes
from extractors.linking.together import TOGETHER_COLUMNS, neighbours
from extractors.training.corpus import Example, examples
from extractors.training.fitting import fit_trees
from extractors.training.saving import save, say

Pair = tuple[tuple[float, ...], bool]


def pairs(example: Example) -> Iterator[Pair]:
    """Yield the features of neighbouring outcomes of a document, and whether they are of one group."""
    entered = example.entered
    if len({o["arm"] for o in entered.values()}) < 2:
        return
    reports = example.reports(outcomes.parents())
    for (i, k), row in neighbours(example.scene, reports, outcomes.arms(example.scene)).items():
        yield row, entered[i]["arm"] == entered[k]["arm"]


def main(paths: Sequence[Path]) -> None:
    """Train the model on the records and passages in `paths`."""
    found = [(e.number, row, alike) for e in examples(paths) for row, alike in pairs(e)]
    rows = np.array([row for _, row, _ in found])
    alike = np.array([same for _, _, same in found])
    documents = np.array([number for number, _, _ in found])
    made, held = fit_trees(
        rows, alike, documents, TOGETHER_COLUMNS, max_iter=300, max_leaf_nodes=31, min_samples_leaf=40
    )
    right = np.mean((held > 0.5) == alike)
    say(f"together: {len(found)} pairs, {alike.sum()} of one group, accuracy out of fold {right:.4f}")
    save("together", made)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
