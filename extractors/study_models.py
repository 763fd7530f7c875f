"""The small models behind the study's fields: questions answered from features, candidates scored by trees.

Each file of `extractors/models` whose name begins with `study` is read once; where one is missing, rules decide alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from extractors.document_features import Features
from extractors.linking import trees
from extractors.linking.models import data
from extractors.linking.trees import Trees
from extractors.linking.wording import Linear, from_dict
from extractors.odds import log_odds, probability

READ = 0.3
"""The power of the encoder's probabilities beside the small models' where one of several answers is chosen."""
READ_YES = 0.4
"""The encoder's share in the log-odds of a yes."""
_FLOOR = 0.002


@cache
def _questions() -> Mapping[str, Linear]:
    return {name: from_dict(model) for name, model in (data("study_questions") or {}).items()}


@cache
def _trees(name: str) -> Trees | None:
    found = data(name)
    return trees.from_dict(found) if found else None


def thresholds() -> Mapping[str, float]:
    """Return the probability from which each model's yes counts; empty where nothing was trained."""
    return data("study_thresholds") or {}


def answer(question: str, features: Features, among: Sequence[str] | None = None) -> tuple[str, str] | None:
    """Return the likeliest answer to a question with the feature that speaks most for it, or None without a model.

    `among` limits the answers. The feature is an empty string where none speaks for the answer.
    """
    model = _questions().get(question)
    if model is None:
        return None
    logs = np.log(model.probabilities([list(features)])[0] + _FLOOR)
    for k, name in enumerate(model.classes):
        logs[k] += READ * np.log(features.get(read_feature(question, name), 1.0) + _FLOOR)
    allowed = [k for k, name in enumerate(model.classes) if among is None or name in among]
    best = max(allowed, key=lambda k: (logs[k], -k))
    return model.classes[best], _strongest(model, features, best)


def says_yes(question: str, features: Features) -> str | None:
    """Return the feature that speaks most for a yes, or None where the answer is no (or there's no model)."""
    model = _questions().get(question)
    if model is None:
        return None
    told, _, name = question.partition(" ")
    probability = blended(float(model.yes([list(features)])[0]), features.get(read_feature(told, name)))
    return _strongest(model, features, 0) if probability >= thresholds().get(question, 0.5) else None


def read_feature(question: str, answer: str) -> str:
    """Return the name of the feature that holds the encoder's probability of an answer."""
    return f"read:{question}={answer}"


def blended(own: float, read: float | None) -> float:
    """Return a probability between a small model's and the encoder's (None: there's no encoder), in log-odds."""
    if read is None:
        return own
    return float(probability((1 - READ_YES) * log_odds(own) + READ_YES * log_odds(read)))


def trained(question: str) -> bool:
    """Whether there's a model for the question."""
    return question in _questions()


def _strongest(model: Linear, features: Features, answer_index: int) -> str:
    known = [(float(model.weights[model.index[f], answer_index]), f) for f in features if f in model.index]
    weight, name = max(known, default=(0.0, ""))
    return name if weight > 0 else ""


def score(name: str, rows: Sequence[Features], read: Sequence[float] | None = None) -> list[float] | None:
    """Return the probability of each row of features by the trees called `name`, or None without them.

    `read` are the encoder's probabilities of the same rows.
    """
    model = _trees(name)
    if model is None:
        return None
    own = [float(p) for p in model.probabilities(dense(model, rows))]
    return own if read is None else [blended(p, r) for p, r in zip(own, read, strict=True)]


def dense(model: Trees, rows: Sequence[Features]) -> trees.Rows:
    """Return the rows as a table with the model's columns; what a row doesn't name is 0."""
    column = {feature: k for k, feature in enumerate(model.names)}
    table = np.zeros((len(rows), len(column)))
    for r, row in enumerate(rows):
        for feature, value in row.items():
            if feature in column:
                table[r, column[feature]] = value
    return table
