"""What the encoder should answer: reference records and passages as targets over each document's candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

import ontology.vocabulary
from extractors.arms import short_forms
from extractors.encoder.page import Asked, Page, asked, page
from extractors.evidence import AgeGroup, Centers, DesignType, DiseaseStatus, Relevance
from extractors.linking.arm_pairs import ALL
from extractors.training.arms import names_of_arms
from extractors.training.corpus import Example
from extractors.training.labels import is_entered, same_grade, same_time

Record = dict[str, Any]
Marks = NDArray[np.bool_]
NOT_ENTERED = ("none", "other")


def measure_names() -> tuple[str, ...]:
    """Return the answers for a figure's measure: `none`, `other`, and every measure of the vocabulary."""
    return (*NOT_ENTERED, *sorted(c.name for c in ontology.vocabulary.load().of_kind("outcome")))


@dataclass(frozen=True)
class Question:
    """A question on the whole study: one answer of `answers`, or (where `several`) each for itself."""

    name: str
    answers: tuple[str, ...]
    several: bool
    right: Callable[[Record], Sequence[str]]


QUESTIONS = (
    Question("relevance", tuple(get_args(Relevance)), False, lambda r: [r["relevance"]]),
    Question("design", tuple(get_args(DesignType)), False, lambda r: [r["design"]["type"]]),
    Question("centers", ("none", *get_args(Centers)), False, lambda r: [r["design"]["centers"] or "none"]),
    Question("status", tuple(get_args(DiseaseStatus)), True, lambda r: r["population"]["disease_status"]),
    Question("age", tuple(get_args(AgeGroup)), True, lambda r: r["population"]["age_group"]),
)


@dataclass(frozen=True)
class Lesson:
    """One document with its right answers.

    `measure`: figures, index into `measure_names`; `named`: the measure index of each measure span (-1 for none);
    `entered`: the figures that are outcomes; `time`, `grade`, `arm`: entered figures x (1 + spans), true where right
    (a row without any has no right answer among the candidates); `concept`, `size`: spans; `study`: answers, or None.
    """

    example: Example
    asked: Asked
    page: Page
    measure: NDArray[np.int64]
    named: NDArray[np.int64]
    entered: NDArray[np.int64]
    time: Marks
    grade: Marks
    arm: Marks
    concept: Marks | None
    size: Marks | None
    study: Marks | None


def lesson(example: Example, tokenizer: Tokenizer) -> Lesson:
    """Return a reference record or passage as a lesson; passages say nothing of the study."""
    question = asked(example.scene)
    names = {name: k for k, name in enumerate(measure_names())}
    given = [example.gold[i]["measure"] if i in example.gold else "none" for i in range(len(example.scene.figures))]
    entered = [i for i in sorted(example.gold) if is_entered(example.gold[i]["measure"])]
    outcomes = [example.gold[i] for i in entered]
    record = example.record if "design" in example.record else None
    return Lesson(
        example=example,
        asked=question,
        page=page(tokenizer, question),
        measure=np.array([names.get(m, 1) for m in given], dtype=np.int64),
        named=np.array([names.get(s.name, -1) for s in question.measures], dtype=np.int64),
        entered=np.array(entered, dtype=np.int64),
        time=_marks([[same_time(o, x) for x in (None, *(c.name for c in question.times))] for o in outcomes]),
        grade=_marks([[same_grade(o, x) for x in (None, *(c.name for c in question.grades))] for o in outcomes]),
        arm=_arms(example, outcomes, question),
        concept=None if record is None else _concepts(record, question),
        size=None if record is None else _sizes(record, question),
        study=None if record is None else _study(record),
    )


def _marks(rows: Sequence[Sequence[bool]]) -> Marks:
    return np.array(rows, dtype=bool).reshape(len(rows), -1 if rows else 1)


def _arms(example: Example, outcomes: Sequence[Record], question: Asked) -> Marks:
    labels = [a["label"] for a in example.record["arms"] if a["label"] != ALL]
    shorts = short_forms(example.scene.annotated.abbreviations)
    meant = names_of_arms(labels, [c.key for c in question.arms], shorts)
    names = question.arm_names()
    return _marks([[o["arm"] == ALL, *(key in meant.get(o["arm"], ()) for key in names)] for o in outcomes])


def _concepts(record: Record, question: Asked) -> Marks:
    wanted = {
        "condition": {n.lower() for n in record["population"]["conditions"]},
        "intervention": {i["name"].lower() for i in record["interventions"]},
    }
    right = [c.name.lower() in wanted[c.kind] for c in question.concepts]
    return np.array([right[k] for k in question.owners()], dtype=bool)


def _sizes(record: Record, question: Asked) -> Marks:
    wanted = {record["population"][role] for role in ("enrolled", "treated", "evaluable")} - {None}
    return np.array([s.value in wanted for s in question.sizes], dtype=bool)


def _study(record: Record) -> Marks:
    return np.array([a in q.right(record) for q in QUESTIONS for a in q.answers], dtype=bool)
