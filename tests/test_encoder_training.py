"""The encoder's lessons, its network and its losses, where PyTorch is installed."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extractors.linking.models import folder
from extractors.training.corpus import examples

torch = pytest.importorskip("torch", reason="PyTorch isn't installed (extra `train-encoder`)")
pytest.importorskip("safetensors", reason="safetensors isn't installed (extra `train-encoder`)")

ROOT = Path(__file__).parent.parent
PASSAGES = ROOT / "training/passages/c.txt"


@cache
def _tokenizer():  # type: ignore[no-untyped-def]
    from extractors.encoder.reading import word_pieces

    return word_pieces((folder() / "pieces.txt").read_text(encoding="utf-8"))


@cache
def _course(number: int = 3):  # type: ignore[no-untyped-def]
    from extractors.training.encoder.labels import course
    from extractors.training.encoder.lessons import Course

    whole = course([PASSAGES], _tokenizer())
    return Course(whole.measures, whole.questions, whole.lessons[:number])


def _network(layers: int, **built: Any) -> Any:
    from extractors.training.encoder.fit import for_course
    from extractors.training.encoder.network import Size

    torch.manual_seed(0)
    return for_course(_course(), _vocabulary(), Size(layers=layers, **built))


def _vocabulary() -> list[str]:
    return (folder() / "pieces.txt").read_text(encoding="utf-8").splitlines()


def _changes(kept: frozenset[int] = frozenset()) -> Any:
    from extractors.training.encoder.changing import Changes

    return Changes(_vocabulary(), kept)


def _losses(network, lessons) -> dict[str, float]:  # type: ignore[no-untyped-def]
    from extractors.training.encoder.batch import batch
    from extractors.training.encoder.fit import answers
    from extractors.training.encoder.loss import losses

    network.eval()
    given = batch(lessons)
    with torch.no_grad():
        found = losses(answers(network, given), given, _course().questions)
    network.train()
    return {kind: float(loss) for kind, loss in found.items()}


def test_records_and_passages_become_lessons() -> None:
    """Right answers are marked among the candidates; passages say nothing of the study."""
    from extractors.training.encoder.labels import QUESTIONS, lesson, measure_names

    names = measure_names()
    for path in (ROOT / "training/train.jsonl", PASSAGES):
        for example in list(examples([path]))[:8]:
            made = lesson(example, _tokenizer())
            for i, outcome in example.gold.items():
                assert names[made.measure[i]] == outcome["measure"]
            entered = [i for i, o in example.gold.items() if o["measure"] != "other"]
            assert not made.time[[i for i in range(len(made.measure)) if i not in entered]].any()
            assert bool((made.study < 0).all()) == (path.suffix == ".txt")
            if path.suffix == ".jsonl":
                assert made.study.sum() >= sum(not q.several for q in QUESTIONS)


def test_a_file_gives_its_lessons_back(tmp_path: Path) -> None:
    """What was written is read: the same tensors, names and questions."""
    from extractors.training.encoder.lessons import load, save

    save(_course(), tmp_path / "lessons.pt")
    again = load(tmp_path / "lessons.pt")
    assert (again.measures, again.questions) == (_course().measures, _course().questions)
    for one, other in zip(again.lessons, _course().lessons, strict=True):
        for field in fields(one):
            mine, its = getattr(one, field.name), getattr(other, field.name)
            same = mine.keys() == its.keys() if field.name == "spans" else mine.equal(its)
            assert same, field.name


def test_training_makes_the_answers_right() -> None:
    """A small network learns a few passages by heart: its losses fall, without a pretrained beginning."""
    from extractors.training.encoder.fit import Plan, fit

    network = _network(layers=1)
    before = sum(_losses(network, _course().lessons).values())
    fit(network, _course(), Plan(epochs=8), _changes())
    assert sum(_losses(network, _course().lessons).values()) < before / 2


def test_a_network_learns_to_answer_as_its_teacher_does() -> None:
    """Beside a teacher that knows passages by heart, a network comes nearer to the teacher's answers."""
    from extractors.training.encoder.batch import batch
    from extractors.training.encoder.fit import Plan, answers, fit
    from extractors.training.encoder.loss import unlike

    course, given = _course(), batch(_course().lessons)
    teacher = _network(layers=1, width=96, inner=96, apart=True)
    fit(teacher, course, Plan(epochs=24, pretrained=1e-3), _changes())
    network = _network(layers=1)
    teacher.eval().requires_grad_(False)

    def apart() -> float:
        with torch.no_grad():
            found = unlike(answers(network.eval(), given), answers(teacher, given), given, course.questions)
        return float(sum(found.values()))

    before = apart()
    fit(network, course, Plan(epochs=8), _changes(), teacher=teacher)
    assert apart() < before / 2


@pytest.mark.parametrize("built", [{}, {"apart": True}])
def test_padding_changes_no_answer(built: dict[str, Any]) -> None:
    """A document gives the same answers alone and beside a longer one."""
    from extractors.training.encoder.batch import batch
    from extractors.training.encoder.fit import answers

    network = _network(layers=2, **built).eval()
    lessons = _course().lessons
    with torch.no_grad():
        together = answers(network, batch(lessons))
        for k, lesson in enumerate(lessons):
            alone = answers(network, batch([lesson]))
            for kind, scores in alone.items():
                beside = together[kind][k][tuple(slice(n) for n in scores.shape[1:])]
                assert torch.allclose(scores[0], beside, atol=1e-4), kind


def test_a_lesson_without_spans_has_finite_losses() -> None:
    """Where a document names no time point, grade or group, every loss is still a number."""
    from dataclasses import replace

    lesson = _course().lessons[0]
    bare = replace(
        lesson,
        spans=lesson.spans | {kind: torch.zeros(0, 2, dtype=torch.long) for kind in ("time", "grade", "arm")},
        group=torch.zeros(0, dtype=torch.long),
        **{kind: getattr(lesson, kind)[:, :1] for kind in ("time", "grade", "arm")},
    )
    assert all(0 <= loss < 100 for loss in _losses(_network(layers=1), [bare]).values())


def test_shifted_figures_keep_their_order() -> None:
    """The figures of a lesson move alike, within two digits; every other word stays."""
    from extractors.training.encoder.batch import batch

    torch.manual_seed(1)
    lessons = _course().lessons
    given = batch(lessons)
    shifted = _changes().shifted(given, share=1.0)
    words = _vocabulary()
    changed = shifted != given.pieces
    assert changed.any()
    assert given.marks[changed][:, 1].all()
    for k in range(len(lessons)):
        pairs = {
            (int(words[a]), int(words[b]))
            for a, b in zip(given.pieces[k].tolist(), shifted[k].tolist(), strict=True)
            if a != b and len(words[a]) == 2
        }
        assert all(10 <= b <= 99 and abs(b - a) <= 9 for a, b in pairs)
        assert [b for _, b in sorted(pairs)] == sorted(b for _, b in pairs)
    assert _changes().shifted(given, share=0.0).equal(given.pieces)


def test_names_of_groups_are_replaced_throughout() -> None:
    """A word of a group's name becomes the same other word wherever it stands; the commonest words and figures stay."""
    from extractors.training.encoder.batch import batch
    from extractors.training.encoder.changing import ordinary

    torch.manual_seed(1)
    lessons = _course().lessons
    given = batch(lessons)
    changed = _changes().renamed(given, given.pieces, share=1.0)
    assert not changed.equal(given.pieces)
    for k in range(len(lessons)):
        pairs = set(zip(given.pieces[k].tolist(), changed[k].tolist(), strict=True))
        assert len(pairs) == len({before for before, _ in pairs})
        told = (given.marks[k, :, 1] > 0) | (given.marks[k, :, 3] > 0)
        assert changed[k][told].equal(given.pieces[k][told])
    assert _changes(ordinary(lessons)).renamed(given, given.pieces, share=1.0).equal(given.pieces)
    assert _changes().renamed(given, given.pieces, share=0.0).equal(given.pieces)


def test_weights_are_averaged() -> None:
    """The average of two trainings has each weight half way between theirs."""
    from extractors.training.encoder.average import average

    one, other = {"w": torch.tensor([1.0, 2.0])}, {"w": torch.tensor([3.0, 6.0])}
    assert average([one, other])["w"].tolist() == [2.0, 4.0]


def test_lessons_of_several_files_are_one_course(tmp_path: Path) -> None:
    """A file that is named twice is learnt twice an epoch."""
    from extractors.training.encoder.fit import read
    from extractors.training.encoder.lessons import save

    save(_course(), tmp_path / "lessons.pt")
    assert len(read([tmp_path / "lessons.pt"] * 2).lessons) == 2 * len(_course().lessons)
