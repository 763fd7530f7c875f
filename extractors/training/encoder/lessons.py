"""Lessons: documents with their right answers as tensors, in one file that training reads without the extractors."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor


@dataclass(frozen=True)
class Question:
    """A question on the whole study: one answer of `answers`, or (where `several`) each for itself."""

    name: str
    answers: tuple[str, ...]
    several: bool


@dataclass(frozen=True)
class Lesson:
    """One document with its right answers.

    `pieces`, `parts`, `names` (pieces), `marks` (pieces x marks) and `spans` are a page's. `measure`: figures, the
    number of the measure (0 none, 1 another result); `named`: measure spans, the measure that each names or -1;
    `time`, `grade`, `arm`: figures x (1 + spans), true where right (no answer is right for a figure that is none);
    `concept`, `size`, `group`: spans, `study`: the questions' answers, each 1 or 0, or -1 where nothing is said.
    """

    pieces: Tensor
    parts: Tensor
    marks: Tensor
    names: Tensor
    spans: dict[str, Tensor]
    measure: Tensor
    named: Tensor
    time: Tensor
    grade: Tensor
    arm: Tensor
    concept: Tensor
    size: Tensor
    group: Tensor
    study: Tensor


@dataclass(frozen=True)
class Course:
    """Lessons, and what the numbers of their answers stand for."""

    measures: tuple[str, ...]
    questions: tuple[Question, ...]
    lessons: tuple[Lesson, ...]


def save(course: Course, path: Path) -> None:
    """Write a course as a file of plain tensors."""
    torch.save(asdict(course), path)


def load(path: Path) -> Course:
    """Return the course of a file."""
    found = torch.load(path, weights_only=True)
    return Course(
        tuple(found["measures"]),
        tuple(Question(**q) for q in found["questions"]),
        tuple(Lesson(**x) for x in found["lessons"]),
    )
