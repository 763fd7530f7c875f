"""What the encoder should answer: `python -m extractors.training.encoder.labels LESSONS FILE...`.

Reference records and passages become lessons: targets over each document's candidates, in one file for `fit`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import torch
from tokenizers import Tokenizer
from torch import Tensor

import ontology.vocabulary
from extractors.arms import Key, short_forms
from extractors.encoder.page import Asked, asked, numbers, page
from extractors.encoder.reading import word_pieces
from extractors.evidence import AgeGroup, Centers, DesignType, DiseaseStatus, Relevance
from extractors.linking.arm_pairs import ALL
from extractors.training.arms import names_of_arms
from extractors.training.corpus import Example, examples
from extractors.training.encoder import pretrained
from extractors.training.encoder.lessons import Course, Lesson, Question, save
from extractors.training.labels import is_entered, same_grade, same_time

Record = dict[str, Any]
NOT_ENTERED = ("none", "other")


def measure_names() -> tuple[str, ...]:
    """Return the answers for a figure's measure: `none`, `other`, and every measure of the vocabulary."""
    return (*NOT_ENTERED, *sorted(c.name for c in ontology.vocabulary.load().of_kind("outcome")))


QUESTIONS = (
    Question("relevance", tuple(get_args(Relevance)), False),
    Question("design", tuple(get_args(DesignType)), False),
    Question("centers", ("none", *get_args(Centers)), False),
    Question("status", tuple(get_args(DiseaseStatus)), True),
    Question("age", tuple(get_args(AgeGroup)), True),
)
_ANSWERS = [a for q in QUESTIONS for a in q.answers]
_RIGHT: dict[str, Callable[[Record], Sequence[str]]] = {
    "relevance": lambda r: [r["relevance"]],
    "design": lambda r: [r["design"]["type"]],
    "centers": lambda r: [r["design"]["centers"] or "none"],
    "status": lambda r: r["population"]["disease_status"],
    "age": lambda r: r["population"]["age_group"],
}


def course(paths: Sequence[Path], tokenizer: Tokenizer) -> Course:
    """Return the reference records and passages of files as a course; documents without figures teach nothing."""
    made = (lesson(e, tokenizer) for e in examples(paths))
    return Course(measure_names(), QUESTIONS, tuple(x for x in made if len(x.measure)))


def lesson(example: Example, tokenizer: Tokenizer) -> Lesson:
    """Return a reference record or passage as a lesson; passages say nothing of the study."""
    question = asked(example.scene)
    names = measure_names()
    made = page(tokenizer, question, names)
    figures = range(len(example.scene.figures))
    given = [example.gold[i]["measure"] if i in example.gold else "none" for i in figures]
    outcomes = [example.gold.get(i) if is_entered(m) else None for i, m in enumerate(given)]
    record = example.record if "design" in example.record else None
    arm, group = _arms(example, outcomes, question)
    return Lesson(
        pieces=torch.from_numpy(made.pieces),
        parts=torch.from_numpy(made.parts),
        marks=torch.from_numpy(made.marks),
        names=torch.from_numpy(made.names),
        spans={kind: torch.from_numpy(x) for kind, x in made.spans.items()},
        measure=torch.tensor([names.index(m) if m in names else 1 for m in given], dtype=torch.long),
        named=torch.from_numpy(numbers(question.measures, names)),
        time=_table(outcomes, (None, *(c.name for c in question.times)), same_time),
        grade=_table(outcomes, (None, *(c.name for c in question.grades)), same_grade),
        arm=arm,
        group=group,
        concept=_unknown(question.owners()) if record is None else _concepts(record, question),
        size=_unknown(question.sizes) if record is None else _sizes(record, question),
        study=_unknown(_ANSWERS) if record is None else _study(record),
    )


def _table(outcomes: Sequence[Record | None], answers: Sequence[Any], right: Callable[[Record, Any], bool]) -> Tensor:
    """Return figures x answers, true where right; a figure that is no outcome has no right answer."""
    rows = [[o is not None and right(o, x) for x in answers] for o in outcomes]
    return torch.tensor(rows, dtype=torch.bool).reshape(len(outcomes), len(answers))


def _unknown(spans: Sequence[Any]) -> Tensor:
    return torch.full((len(spans),), -1)


def _arms(example: Example, outcomes: Sequence[Record | None], question: Asked) -> tuple[Tensor, Tensor]:
    """Return the right groups of the figures, and which spans name a group of the study."""
    shorts = short_forms(example.scene.annotated.abbreviations)
    meant = names_of_arms(example.record, [c.key for c in question.arms], shorts)
    names = question.arm_names()
    known = frozenset().union(*meant.values())

    def same(outcome: Record, key: Key | None) -> bool:
        return outcome["arm"] == ALL if key is None else key in meant.get(outcome["arm"], ())

    group = torch.tensor([key in known for key in names], dtype=torch.long)
    return _table(outcomes, (None, *names), same), group


def _concepts(record: Record, question: Asked) -> Tensor:
    wanted = {
        "condition": {n.lower() for n in record["population"]["conditions"]},
        "intervention": {i["name"].lower() for i in record["interventions"]},
    }
    right = [c.name.lower() in wanted[c.kind] for c in question.concepts]
    return torch.tensor([right[k] for k in question.owners()], dtype=torch.long)


def _sizes(record: Record, question: Asked) -> Tensor:
    wanted = {record["population"][role] for role in ("enrolled", "treated", "evaluable")} - {None}
    return torch.tensor([s.value in wanted for s in question.sizes], dtype=torch.long)


def _study(record: Record) -> Tensor:
    return torch.tensor([a in _RIGHT[q.name](record) for q in QUESTIONS for a in q.answers], dtype=torch.long)


def main() -> None:
    """Write the lessons of files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lessons", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    given = parser.parse_args()
    tokenizer = word_pieces("\n".join(pretrained.vocabulary()))
    save(course(given.files, tokenizer), given.lessons)


if __name__ == "__main__":
    main()
