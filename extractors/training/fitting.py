"""Fitting with scikit-learn, and the fitted models as plain data for `extractors.linking`.

All fits are deterministic: fixed folds by document, no sampling, one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.linking.wording import Linear

Rows = NDArray[np.float64]
FOLDS = 5


def _same(words: Sequence[str]) -> Sequence[str]:
    return words


def fit_linear(
    words: Sequence[Sequence[str]],
    labels: NDArray[Any],
    documents: NDArray[np.int64],
    strength: float,
    least: int = 3,
    weights: Rows | None = None,
) -> tuple[Linear, Rows]:
    """Return a linear model and its out-of-fold probabilities (rows x classes; of two classes, the second's alone).

    `weights` say how much each row counts, all as much where they're None.
    """
    counts = np.ones(len(labels)) if weights is None else weights
    vectorizer, table = _counted(words, least)
    classes = sorted(set(labels.tolist()))
    binary = len(classes) == 2
    held = np.zeros((len(labels), 1 if binary else len(classes)))
    for fold in range(FOLDS):
        train = documents % FOLDS != fold
        model = _logistic(strength).fit(table[train], labels[train], sample_weight=counts[train])
        found = model.predict_proba(table[~train])
        if binary:
            held[~train, 0] = found[:, 1]
        else:
            for k, name in enumerate(model.classes_):
                held[~train, classes.index(name)] = found[:, k]
    return _linear(_logistic(strength).fit(table, labels, sample_weight=counts), vectorizer), held


def fit_linear_alone(words: Sequence[Sequence[str]], labels: NDArray[Any], strength: float, least: int = 3) -> Linear:
    """Return a linear model where nobody asks for out-of-fold probabilities, in a sixth of the time."""
    vectorizer, table = _counted(words, least)
    return _linear(_logistic(strength).fit(table, labels), vectorizer)


def _counted(words: Sequence[Sequence[str]], least: int) -> tuple[CountVectorizer, Any]:
    vectorizer = CountVectorizer(analyzer=_same, min_df=least, dtype=np.float64)
    return vectorizer, vectorizer.fit_transform(words)


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=80, tol=1e-3)


def _linear(model: LogisticRegression, vectorizer: CountVectorizer) -> Linear:
    weights = model.coef_.T
    keep = np.abs(weights).max(axis=1) > 0.01
    names = vectorizer.get_feature_names_out()
    return Linear(
        classes=("yes",) if len(model.classes_) == 2 else tuple(str(c) for c in model.classes_),
        index={str(names[k]): i for i, k in enumerate(np.flatnonzero(keep))},
        weights=weights[keep],
        bias=model.intercept_,
    )


def fit_trees(
    rows: Rows,
    labels: NDArray[np.bool_],
    documents: NDArray[np.int64],
    names: Sequence[str],
    weights: Rows | None = None,
    **options: Any,
) -> tuple[dict[str, Any], Rows]:
    """Return an ensemble as plain data, calibrated on its own out-of-fold scores, and these (shape: rows).

    `weights` say how much each row counts, all as much where they're None.
    """
    counts = np.ones(len(labels)) if weights is None else weights
    settings: dict[str, Any] = {
        "max_iter": 160,
        "learning_rate": 0.08,
        "max_leaf_nodes": 24,
        "max_depth": 7,
        "min_samples_leaf": 20,
        "l2_regularization": 2.0,
        "max_features": 0.3,
        "random_state": 0,
    } | options
    held = np.zeros(len(labels))
    for fold in range(FOLDS):
        train = documents % FOLDS != fold
        model = HistGradientBoostingClassifier(early_stopping=False, **settings)
        model.fit(rows[train], labels[train], sample_weight=counts[train])
        held[~train] = model.decision_function(rows[~train])
    model = HistGradientBoostingClassifier(early_stopping=False, **settings).fit(rows, labels, sample_weight=counts)
    platt = LogisticRegression(C=1e6).fit(held[:, None], labels, sample_weight=counts)
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return _ensemble(model, names, scale, shift), 1 / (1 + np.exp(-(held * scale + shift)))


def _ensemble(
    model: HistGradientBoostingClassifier, names: Sequence[str], scale: float, shift: float
) -> dict[str, Any]:
    nodes: dict[str, list[float]] = {k: [] for k in ("feature", "threshold", "left", "right", "value")}
    roots: list[int] = []
    depth = 0
    for (tree,) in model._predictors:
        offset = len(nodes["feature"])
        roots.append(offset)
        depth = max(depth, int(tree.nodes["depth"].max()))
        for k, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            nodes["feature"].append(0 if leaf else int(node["feature_idx"]))
            nodes["threshold"].append(0.0 if leaf else float(node["num_threshold"]))
            nodes["left"].append(offset + (k if leaf else int(node["left"])))
            nodes["right"].append(offset + (k if leaf else int(node["right"])))
            nodes["value"].append(round(float(node["value"]), 6) if leaf else 0.0)
    return {
        "features": list(names),
        "base": float(np.ravel(model._baseline_prediction)[0]),
        "scale": round(scale, 6),
        "shift": round(shift, 6),
        "depth": depth,
        "roots": roots,
        "nodes": nodes,
    }
