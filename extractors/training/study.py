"""Train the small models of the study's fields: `python -m extractors.training.study FILE... [--out FOLDER]`.

Learns from reference records, and from the passages that say what a study is. Writes `study_questions.json` (linear
models over the document's and the candidates' features), the trees that pick conditions, interventions and sizes, and
`study_thresholds.json`, each threshold being the one with the best F1 on records held out in five folds.
Deterministic: the same records give the same files.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from extractors.annotation import Annotated, annotate
from extractors.candidates import candidate_features, candidates
from extractors.document import Document
from extractors.document_features import Features, crossing, document_features
from extractors.evidence import AgeGroup, DiseaseStatus
from extractors.linking.wording import to_dict
from extractors.sizes import size_features, sizes
from extractors.training.corpus import records
from extractors.training.fitting import fit_linear, fit_linear_alone, fit_trees
from extractors.training.saving import MODELS, save, say

Record = dict[str, Any]
_TREES: dict[str, Any] = {
    "max_iter": 150,
    "learning_rate": 0.07,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 10,
    "max_features": 0.3,
    "random_state": 0,
}
_LEAST = 8
_SHARE = 2500
"""A feature that fewer rows have than one of so many is no column: more texts shall not make the table wider."""


@dataclass(frozen=True)
class Example:
    """A training record with its annotated document and the document's features."""

    record: Record
    annotated: Annotated
    features: Features

    @property
    def passage(self) -> bool:
        """Whether it's a passage, not a reference record: its outcomes are marked where they stand."""
        return any("start" in o for o in self.record["outcomes"])


def examples(records: Sequence[Record]) -> list[Example]:
    """Return the records as examples."""
    found = []
    for record in records:
        annotated = annotate(Document(id=record["id"], title=record["title"], text=record["text"]))
        found.append(Example(record, annotated, document_features(annotated)))
    return found


@dataclass(frozen=True)
class Question:
    """A question to a document: `groups` of features to ask, `answer` the record's; `strength` of the linear fit.

    `reference_only`: passages say little of it, or say it more often than abstracts do, so they aren't learned from.
    """

    name: str
    groups: tuple[str, ...]
    answer: Callable[[Record], str | bool]
    strength: float = 1.0
    reference_only: bool = False


def questions(given: Sequence[Example]) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the linear models as plain data and the thresholds of the binary ones."""
    models: dict[str, Any] = {}
    limits: dict[str, float] = {}
    reference = [e for e in given if not e.passage]
    for question in _CHOICES:
        shown = reference if question.reference_only else given
        labels = np.array([question.answer(e.record) for e in shown])
        models[question.name] = to_dict(fit_linear_alone(_asked(question, shown), labels, question.strength))
    for question in _BINARY:
        shown = reference if question.reference_only else given
        labels = np.array([question.answer(e.record) for e in shown])
        if labels.sum() < _LEAST:
            continue  # too few to learn from: the rule decides
        model, held = fit_linear(_asked(question, shown), labels, np.arange(len(shown)), question.strength)
        known = np.array([not e.passage for e in shown])
        models[question.name] = to_dict(model)
        limits[question.name] = _best_threshold(held[known, 0], labels[known])
    return models, limits


def _asked(question: Question, shown: Sequence[Example]) -> list[list[str]]:
    """Return for each example the features that the question asks for."""
    return [sorted(f for f in e.features if f.split(":", 1)[0] in question.groups) for e in shown]


def _listed(field: str, name: str) -> Callable[[Record], bool]:
    return lambda record: name in record["population"][field]


_CHOICES = (
    Question("design", ("design",), lambda r: r["design"]["type"]),
    Question("centers", ("centers",), lambda r: r["design"]["centers"] or "none", reference_only=True),
    Question("relevance", ("mention",), lambda r: r["relevance"], reference_only=True),
)
_BINARY = (
    *(
        Question(f"status {s}", ("status", "mention"), _listed("disease_status", s), strength=0.3)
        for s in get_args(DiseaseStatus)
    ),
    *(Question(f"age {g}", ("age",), _listed("age_group", g), reference_only=True) for g in get_args(AgeGroup)),
)


@dataclass(frozen=True)
class Rows:
    """Candidates of all documents: features, whether each is in the record, its document, its value there."""

    features: list[Features]
    labels: NDArray[np.bool_]
    documents: NDArray[np.int64]
    values: list[str]


def concept_rows(given: Sequence[Example], kind: str) -> Rows:
    """Return the candidates of a kind, labelled by the record's list."""
    features: list[Features] = []
    labels, documents, values = [], [], []
    for number, example in enumerate(given):
        wanted = {name.lower() for name in _names(example.record, kind)}
        found = candidates(example.annotated, kind)
        features += candidate_features(example.annotated, found, crossing(example.features))
        labels += [c.name.lower() in wanted for c in found]
        values += [c.name for c in found]
        documents += [number] * len(found)
    return Rows(features, np.array(labels), np.array(documents), values)


def _names(record: Record, kind: str) -> list[str]:
    if kind == "condition":
        return list(record["population"]["conditions"])
    return [i["name"] for i in record["interventions"]]


def size_rows(given: Sequence[Example]) -> Rows:
    """Return the whole numbers, labelled by the record's population sizes."""
    features: list[Features] = []
    labels, documents, values = [], [], []
    for number, example in enumerate(given):
        wanted = {example.record["population"][role] for role in ("enrolled", "treated", "evaluable")} - {None}
        found = sizes(example.annotated)
        features += size_features(example.annotated, found)
        labels += [s.value in wanted for s in found]
        values += [str(s.value) for s in found]
        documents += [number] * len(found)
    return Rows(features, np.array(labels), np.array(documents), values)


def fitted(rows: Rows, wanted: int) -> tuple[dict[str, Any], float]:
    """Return trees as plain data and the threshold with the best F1 over distinct values, of `wanted` in all."""
    counts = Counter(name for row in rows.features for name in row)
    least = max(_LEAST, len(rows.features) // _SHARE)
    names = sorted(name for name, count in counts.items() if count >= least)
    column = {name: k for k, name in enumerate(names)}
    table = np.zeros((len(rows.features), len(names)))
    for r, row in enumerate(rows.features):
        for name, value in row.items():
            if name in column:
                table[r, column[name]] = value
    model, held = fit_trees(table, rows.labels, rows.documents, names, **_TREES)
    best: dict[tuple[int, str], tuple[float, bool]] = {}
    for k, key in enumerate(zip(rows.documents.tolist(), rows.values, strict=True)):
        best[key] = max(best.get(key, (0.0, False)), (float(held[k]), bool(rows.labels[k])))
    scored, labels = (np.array(x) for x in zip(*best.values(), strict=True))
    return _slim(model), _best_threshold(scored, labels.astype(bool), wanted)


def _slim(model: dict[str, Any]) -> dict[str, Any]:
    """Return the model without the columns that no tree asks for, thresholds rounded."""
    nodes = model["nodes"]
    used = sorted(set(nodes["feature"]))
    place = {old: new for new, old in enumerate(used)}
    nodes["feature"] = [place[f] for f in nodes["feature"]]
    nodes["threshold"] = [round(t, 6) for t in nodes["threshold"]]
    nodes["value"] = [round(v, 4) for v in nodes["value"]]
    return {**model, "features": [model["features"][k] for k in used]}


def _best_threshold(held: NDArray[np.float64], labels: NDArray[np.bool_], wanted: int | None = None) -> float:
    total = int(labels.sum()) if wanted is None else wanted
    steps = np.round(np.arange(0.2, 0.71, 0.05), 2)
    scores = [2 * (labels & (held >= t)).sum() / max(1, (held >= t).sum() + total) for t in steps]
    smooth = np.convolve(np.pad(scores, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    return float(steps[int(np.argmax(smooth))])


def intervention_questions(given: Sequence[Example], rows: Rows) -> dict[str, Any]:
    """Return the linear models of an intervention's role and category over its candidate's features."""
    models = {}
    for name in ("role", "category"):
        words, labels = [], []
        for k, features in enumerate(rows.features):
            listed = {i["name"].lower(): i for i in given[rows.documents[k]].record["interventions"]}
            found = listed.get(rows.values[k].lower())
            if found and found[name]:
                words.append(sorted(f for f, value in features.items() if value > 0))
                labels.append(found[name])
        models[name] = to_dict(fit_linear_alone(words, np.array(labels), 0.3, least=4))
    return models


def train(records: Sequence[Record]) -> dict[str, Any]:
    """Return every model file's content by its name."""
    given = examples(records)
    say(f"{len(given)} documents read")
    models, limits = questions(given)
    say("questions on the study answered")
    files: dict[str, Any] = {}
    for kind in ("condition", "intervention"):
        rows = concept_rows(given, kind)
        wanted = sum(len({n.lower() for n in _names(e.record, kind)}) for e in given)
        files[f"study_{kind}s"], limits[f"study_{kind}s"] = fitted(rows, wanted)
        say(f"{kind}s: {len(rows.features)} candidates")
        if kind == "intervention":
            models |= intervention_questions(given, rows)
    wanted = sum(len({e.record["population"][r] for r in ("enrolled", "treated", "evaluable")} - {None}) for e in given)
    files["study_sizes"], limits["study_sizes"] = fitted(size_rows(given), wanted)
    return {**files, "study_questions": models, "study_thresholds": limits}


def main() -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", help="reference records (.jsonl) and passages (.txt)")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder of the model files")
    given = parser.parse_args()
    known = [r for path in given.files for r in records(path) if "design" in r]
    for name, content in train(known).items():
        save(name, content, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
