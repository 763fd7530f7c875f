"""Trees as plain numbers, and the linear model of words, against scikit-learn's own."""

from __future__ import annotations

import json

import numpy as np
import pytest

from extractors.linking import trees, wording
from extractors.linking.trees import Trees


def test_a_tree_is_followed_to_its_leaf() -> None:
    """Each row goes left at or below the threshold, else right; margins are the base and the leaf's value."""
    stump = Trees(
        names=("x",),
        base=0.5,
        feature=np.array([0, 0, 0], dtype=np.int32),
        threshold=np.array([1.0, 0.0, 0.0]),
        left=np.array([1, 1, 2], dtype=np.int32),
        right=np.array([2, 1, 2], dtype=np.int32),
        value=np.array([0.0, -1.0, 2.0]),
        roots=np.array([0], dtype=np.int32),
        depth=1,
    )
    assert stump.margins(np.array([[1.0], [1.1]])).tolist() == [-0.5, 2.5]
    assert stump.margins(np.zeros((0, 1))).tolist() == []


def test_trees_agree_with_scikit_learn() -> None:
    """The written ensemble, read back, gives scikit-learn's decision function on random rows."""
    ensemble = pytest.importorskip("sklearn.ensemble", reason="needs the extra cartograph-kg[train]")
    from extractors.training import fitting

    random = np.random.default_rng(7)
    rows = random.normal(size=(200, 5)).round(2)
    labels = rows[:, 0] * rows[:, 1] + rows[:, 2] > 0
    model = ensemble.HistGradientBoostingClassifier(max_iter=4, random_state=0, early_stopping=False).fit(rows, labels)
    written = json.dumps(fitting._ensemble(model, list("abcde"), 1.0, 0.0))
    fresh = random.normal(size=(200, 5))
    margins = trees.from_dict(json.loads(written)).margins(fresh)
    assert np.allclose(margins, model.decision_function(fresh), atol=1e-4)


@pytest.mark.slow
def test_fitted_trees_are_calibrated_and_the_same_each_time() -> None:
    """Two fits give the same file, and held-out probabilities are high for what is so."""
    pytest.importorskip("sklearn", reason="needs the extra cartograph-kg[train]")
    from extractors.training.fitting import fit_trees

    random = np.random.default_rng(3)
    rows = random.normal(size=(200, 3))
    labels, documents = rows[:, 0] > 0, np.arange(200) // 4
    first, held = fit_trees(rows, labels, documents, ["a", "b", "c"], max_iter=4, learning_rate=0.5)
    second, _ = fit_trees(rows, labels, documents, ["a", "b", "c"], max_iter=4, learning_rate=0.5)
    assert json.dumps(first) == json.dumps(second)
    assert held[labels].mean() > 0.8 > 0.2 > held[~labels].mean()


@pytest.mark.slow
def test_rows_that_count_more_decide() -> None:
    """Where rows contradict each other, the models learn what those of greater weight say."""
    pytest.importorskip("sklearn", reason="needs the extra cartograph-kg[train]")
    from extractors.training.fitting import fit_linear, fit_trees

    labels, documents = np.arange(200) % 4 == 0, np.arange(200)
    rows = np.random.default_rng(3).normal(size=(200, 1))
    weights = np.where(labels, 9.0, 1.0)
    for counts, least in ((None, False), (weights, True)):
        _, trees_held = fit_trees(rows, labels, documents, ["a"], counts, max_iter=2)
        _, linear_held = fit_linear([["x"]] * 200, labels, documents, 1.0, weights=counts)
        assert bool(trees_held.mean() > 0.5) is least
        assert bool(linear_held.mean() > 0.5) is least


def test_a_linear_model_is_read_back_as_it_was_written() -> None:
    """Names, classes and (half-precision) weights survive; a row's shares sum to 1, unknown words count nothing."""
    model = wording.Linear(("a", "b"), {"x": 0, "y": 1}, np.array([[1.0, -1.0], [0.5, 0.25]]), np.array([0.0, 0.5]))
    again = wording.from_dict(json.loads(json.dumps(wording.to_dict(model))))
    assert (again.classes, again.index) == (model.classes, model.index)
    assert np.array_equal(again.weights, model.weights)
    shares = again.probabilities([["x", "y"], ["unknown"]])
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert again.margins([["unknown"]]).tolist() == [[0.0, 0.5]]
