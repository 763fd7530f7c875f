"""A link model: a linear model of the words of a pair, and trees over the pair's named features and its neighbours'."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.linking import trees, wording
from extractors.linking.neighbours import neighbour_rows
from extractors.linking.pairs import Pairs
from ontology.errors import ModelError

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class LinkModel:
    """Scores pairs of figures and spans."""

    lexical: wording.Linear
    first: trees.Trees
    second: trees.Trees

    def scores(self, pairs: Pairs) -> Scores:
        """Return the probability of each pair (shape: pairs): first looked at alone, then beside its neighbours."""
        if not pairs.figure:
            return np.zeros(0)
        rows = np.column_stack([pairs.rows, self.lexical.yes(pairs.words)])
        first = self.first.probabilities(rows)
        return self.second.probabilities(np.column_stack([rows, neighbour_rows(pairs, first)]))


def folder() -> Traversable:
    """Return the folder of the model files: the packaged one, or the one that CARTOGRAPH_MODELS names."""
    chosen = os.environ.get("CARTOGRAPH_MODELS")
    return Path(chosen) if chosen else files("extractors") / "models"


@cache
def data(name: str) -> dict[str, Any] | None:
    """Return the content of the packaged model file `name`, or None where the package has none.

    Raises ModelError where the file is damaged.
    """
    path = folder() / f"{name}.json"
    try:
        loaded: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}.json", f"can't be read: {error}") from error
    return loaded


@cache
def link_model(name: str) -> LinkModel | None:
    """Return the packaged link model `name`, or None where there is none (then rules decide)."""
    found = data(name)
    if found is None:
        return None
    return LinkModel(
        wording.from_dict(found["lexical"]), trees.from_dict(found["first"]), trees.from_dict(found["second"])
    )
