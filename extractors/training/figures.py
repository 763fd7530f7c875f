"""Train the models that tell which figures are outcomes, and of what: `python -m extractors.training.figures FILE...`.

Takes most of an hour on one core. Every model that looks at another one's verdict is trained on verdicts given out of
fold, so that it sees in training what it'll see later. Writes one file a model into `extractors/models/`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ontology.vocabulary
from extractors.arms import (
    ARM_FEATURES,
    ARM_THRESHOLD,
    BESIDE_FEATURES,
    arm_candidates,
    beside_rows,
    compared_arms,
    named,
    short_forms,
)
from extractors.linking import wording
from extractors.linking.arm_pairs import ALL, ARM_COLUMNS, arm_pairs
from extractors.linking.contrasts import CIRCLES
from extractors.linking.figure_features import FIGURE_FEATURES, figure_rows
from extractors.linking.neighbours import NEIGHBOUR_COLUMNS, circle_columns, neighbour_rows
from extractors.linking.pairs import (
    ATTRIBUTE_CIRCLES,
    ATTRIBUTE_COLUMNS,
    MEASURE_COLUMNS,
    Pairs,
    Reported,
    attribute_pairs,
    best_by_figure,
    measure_pairs,
)
from extractors.linking.spans import grade_candidates, measure_group, measure_parents, time_candidates
from extractors.training.arms import labels_meant, names_of_arms
from extractors.training.corpus import Example, examples
from extractors.training.fitting import fit_linear, fit_trees
from extractors.training.labels import is_entered, same_grade, same_time
from extractors.training.saving import save, say

Rows = NDArray[np.float64]
_LEAST = 4
EVERY = 3
"""Of how many passages one is learned from: all take three times as long."""
RECORD_WEIGHT = 6.0
"""How much a reference record counts beside a passage: what's entered and how is defined by the records."""


class Trainer:
    """Holds what the models have in common while they are trained one after another."""

    def __init__(self, found: Sequence[Example]) -> None:
        self.examples = found
        self.whole = [("design" in e.record) for e in found]
        self.weights = np.array([RECORD_WEIGHT if e.reference else 1.0 for e in found])
        self.parents = measure_parents(ontology.vocabulary.load())
        self.documents = np.array([e.number for e in found for _ in e.scene.figures])
        self.measures = [
            (e.gold[i]["measure"] if i in e.gold else "none") for e in found for i in range(len(e.scene.figures))
        ]
        self.starts = np.cumsum([0, *(len(e.scene.figures) for e in found)])

    def wording(self) -> None:
        """Train the word models: is it an outcome, and which measure."""
        words = [e.scene.wording.features(f) for e in self.examples for f in e.scene.figures]
        entered = np.array([is_entered(m) for m in self.measures])
        weights = self.weights[self.documents]
        outcome, self.outcome = fit_linear(words, entered, self.documents, 0.1, weights=weights)
        counts = Counter(self.measures)
        use = np.array([is_entered(m) and counts[m] >= _LEAST for m in self.measures])
        chosen = [w for w, u in zip(words, use, strict=True) if u]
        labels = np.array([m for m, u in zip(self.measures, use, strict=True) if u])
        measure, held = fit_linear(chosen, labels, self.documents[use], 0.5, weights=weights[use])
        self.classes = measure.classes
        self.shares = np.zeros((len(words), len(self.classes)))
        self.shares[use] = held
        rest = np.flatnonzero(~use)
        self.shares[rest] = measure.probabilities([words[k] for k in rest])
        save("wording", {"outcome": wording.to_dict(outcome), "measure": wording.to_dict(measure)})

    def measure(self) -> None:
        """Train the links between figures and measures."""
        made = []
        for e, start, end in zip(self.examples, self.starts, self.starts[1:], strict=False):
            shares, outcome = self.shares[start:end], self.outcome[start:end, 0]
            pairs, _ = measure_pairs(e.scene, self.parents, self.classes, shares, outcome)
            made.append(pairs)
        labels = [
            self.measures[start + i] == n
            for start, p in zip(self.starts, made, strict=False)
            for i, n in zip(p.figure, p.name, strict=True)
        ]
        scores = self._link("measure", made, labels, MEASURE_COLUMNS)
        self.best = [best_by_figure(p, s) for p, s in zip(made, _split(scores, made), strict=True)]
        right = [
            bool(b.get(i)) and b[i][0][1] == e.gold[i]["measure"]
            for e, b, whole in zip(self.examples, self.best, self.whole, strict=True)
            for i in e.gold
            if whole and is_entered(e.gold[i]["measure"])
        ]
        say(f"measure links right, out of fold: {np.mean(right):.3f} of {len(right)}")

    def _link(
        self, name: str, made: Sequence[Pairs], labels: Sequence[bool], columns: Sequence[str], more: Sequence[str] = ()
    ) -> Rows:
        words = [w for p in made for w in p.words]
        rows = np.array([r for p in made for r in p.rows], dtype=np.float64)
        documents = np.array([e.number for e, p in zip(self.examples, made, strict=True) for _ in p.figure])
        wanted = np.array(labels, dtype=bool)
        weights = self.weights[documents]
        lexical, verdict = fit_linear(words, wanted, documents, 0.1, weights=weights)
        alone = np.column_stack([rows, verdict[:, 0]])
        first, held = fit_trees(alone, wanted, documents, columns, weights)
        say(f"{name}: first look, accuracy out of fold {np.mean((held > 0.5) == wanted):.4f}")
        beside = np.concatenate(
            [neighbour_rows(p, s) for p, s in zip(made, _split(held, made), strict=True) if p.figure]
        )
        second, held = fit_trees(
            np.column_stack([alone, beside]), wanted, documents, [*columns, *NEIGHBOUR_COLUMNS, *more], weights
        )
        save(name, {"lexical": wording.to_dict(lexical), "first": first, "second": second})
        right = np.mean((held > 0.5) == wanted)
        say(f"{name}: {len(labels)} pairs, {int(wanted.sum())} linked, accuracy out of fold {right:.4f}")
        return held

    def figure(self) -> None:
        """Train the decision whether a figure is an outcome of the study."""
        rows = []
        for e, best, start in zip(self.examples, self.best, self.starts, strict=False):
            rows += figure_rows(e.scene, best, self.outcome[start:, 0], self.shares[start:])
        wanted = np.array([is_entered(m) for m in self.measures])
        weights = self.weights[self.documents]
        ensemble, held = fit_trees(np.array(rows), wanted, self.documents, FIGURE_FEATURES, weights, max_leaf_nodes=16)
        save("figure", ensemble)
        say(f"figure: accuracy out of fold {np.mean((held > 0.5) == wanted):.4f}")
        self._report(held)

    def _report(self, held: Rows) -> None:
        total = sum(
            is_entered(o["measure"])
            for e, w in zip(self.examples, self.whole, strict=True)
            if w
            for o in e.record["outcomes"]
        )
        whole = [w for e, w in zip(self.examples, self.whole, strict=True) for _ in e.scene.figures]
        best = [
            b.get(i, [(0.0, "", 0)])[0][1]
            for e, b in zip(self.examples, self.best, strict=True)
            for i in range(len(e.scene.figures))
        ]
        for threshold in (0.3, 0.4, 0.5, 0.6):
            kept = [
                (n == m) for n, m, h, w in zip(best, self.measures, held, whole, strict=True) if w and h >= threshold
            ]
            precision, recall = sum(kept) / len(kept), sum(kept) / total
            f1 = 2 * precision * recall / (precision + recall)
            say(f"  at {threshold}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")

    def arms(self) -> None:
        """Train the discovery of arms, then the links between figures and arms."""
        candidates = [arm_candidates(e.scene.annotated, e.scene.figures) for e in self.examples]
        shorts = [short_forms(e.scene.annotated.abbreviations) for e in self.examples]
        meant = [
            names_of_arms(e.record, [c.key for c in found], short)
            for e, found, short in zip(self.examples, candidates, shorts, strict=True)
        ]
        outcomes = [e.entered for e in self.examples]
        reports = [e.reports(self.parents) for e in self.examples]
        rows = [c.features for found in candidates for c in found]
        labels = [
            sum(c.key in names for names in m.values()) == 1
            for found, m in zip(candidates, meant, strict=True)
            for c in found
        ]
        documents = np.array([e.number for e, found in zip(self.examples, candidates, strict=True) for _ in found])
        weights = self.weights[documents]
        first, held = fit_trees(np.array(rows), np.array(labels), documents, ARM_FEATURES, weights, max_leaf_nodes=16)
        ends = np.cumsum([len(found) for found in candidates])
        parts = np.split(held, ends[:-1])
        beside = [r for found, s in zip(candidates, parts, strict=True) for r in beside_rows(found, s.tolist())]
        columns = [*ARM_FEATURES, *BESIDE_FEATURES]
        second, held = fit_trees(
            np.column_stack([rows, beside]), np.array(labels), documents, columns, weights, max_leaf_nodes=16
        )
        save("arms", {"first": first, "second": second})
        made, linked, at = [], [], 0
        for e, found, short, names, entered, told_of in zip(
            self.examples, candidates, shorts, meant, outcomes, reports, strict=True
        ):
            arms = named(
                compared_arms(found, held[at : at + len(found)].tolist(), short, ARM_THRESHOLD), e.scene.annotated
            )
            at += len(found)
            pairs = arm_pairs(e.scene, arms, told_of)
            of = {a.label: labels_meant(a, names) for a in arms} | {ALL: [ALL]}
            made.append(pairs)
            linked += [entered[i]["arm"] in of[n] for i, n in zip(pairs.figure, pairs.name, strict=True)]
        scores = self._link("arm", made, linked, ARM_COLUMNS, circle_columns(CIRCLES))
        self._report_arms(made, scores, linked)

    def _reported(self, measure: str) -> Reported:
        return Reported(measure, measure_group(self.parents, measure))

    def _report_arms(self, made: Sequence[Pairs], scores: Rows, linked: Sequence[bool]) -> None:
        """Say how many figures of studies with several arms got the right one, by the likeliest link."""
        marks = np.array(linked, dtype=bool)
        for whole in (True, False):
            right = []
            for e, p, s, m, w in zip(
                self.examples, made, _split(scores, made), _split(marks, made), self.whole, strict=True
            ):
                best: dict[int, tuple[float, bool]] = {}
                for i, score, mark in zip(p.figure, s.tolist(), m.tolist(), strict=True):
                    best[i] = max(best.get(i, (0.0, False)), (score, mark))
                if len(e.record["arms"]) > 1 and w == whole:
                    right += [mark for _, mark in best.values()]
            told_of = "records" if whole else "passages"
            say(f"  arms right in {told_of}, out of fold: {np.mean(right or 0):.3f} of {len(right)}")

    def attribute(self, name: str) -> None:
        """Train the links to time points or grades, on the figures that are outcomes."""
        make, same = (time_candidates, same_time) if name == "time" else (grade_candidates, same_grade)
        made, labels = [], []
        for e in self.examples:
            gold = e.entered
            spans = make(e.scene)
            pairs = attribute_pairs(e.scene, spans, {i: self._reported(o["measure"]) for i, o in gold.items()})
            made.append(pairs)
            labels += [same(gold[i], n) for i, n in zip(pairs.figure, pairs.name, strict=True)]
        scores = self._link(name, made, labels, [*ATTRIBUTE_COLUMNS, "lexical"], circle_columns(ATTRIBUTE_CIRCLES))
        right = []
        for e, p, s, whole in zip(self.examples, made, _split(scores, made), self.whole, strict=True):
            best = best_by_figure(p, s)
            for i, o in e.gold.items() if whole else ():
                top = best.get(i, [(0.0, "", 0)])[0]
                right.append(same(o, top[1] if top[0] >= 0.5 else None))
        say(f"{name} right on outcomes, out of fold: {np.mean(right):.3f}")


def _split(scores: NDArray[Any], made: Sequence[Pairs]) -> list[NDArray[Any]]:
    return np.split(scores, np.cumsum([len(p.figure) for p in made])[:-1])


def main(paths: Sequence[Path]) -> None:
    """Train all models on the records in `paths` and a share of their passages."""
    trainer = Trainer(list(examples(paths, EVERY)))
    trainer.wording()
    trainer.measure()
    trainer.figure()
    trainer.attribute("time")
    trainer.attribute("grade")
    trainer.arms()


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
