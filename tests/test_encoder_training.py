"""The encoder's network and its losses, where PyTorch is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.linking.models import folder
from extractors.training.corpus import examples
from extractors.training.encoder.labels import QUESTIONS, Lesson, lesson, measure_names

torch = pytest.importorskip("torch", reason="PyTorch isn't installed (extra `train-encoder`)")
pytest.importorskip("safetensors", reason="safetensors isn't installed (extra `train-encoder`)")

PASSAGES = Path(__file__).parent.parent / "training/passages/c.txt"


def _lessons() -> list[Lesson]:
    from extractors.encoder.reading import word_pieces

    tokenizer = word_pieces((folder() / "pieces.txt").read_text(encoding="utf-8"))
    return [lesson(e, tokenizer) for e in list(examples([PASSAGES]))[:3]]


def test_training_makes_the_answers_right() -> None:
    """A small network learns a few passages by heart: its losses fall, without a pretrained beginning."""
    from extractors.training.encoder.fit import fit
    from extractors.training.encoder.network import Network

    torch.manual_seed(0)
    network = Network(30522, len(measure_names()), sum(len(q.answers) for q in QUESTIONS), layers=1)
    lessons = _lessons()
    before = _total(network, lessons)
    fit(network, lessons, epochs=8)
    assert _total(network, lessons) < before / 2


def _total(network, lessons: list[Lesson]) -> float:  # type: ignore[no-untyped-def]
    from extractors.training.encoder.fit import states_of, tensors
    from extractors.training.encoder.loss import losses

    network.eval()
    with torch.no_grad():
        found = [
            losses(network.answers(states, tensors(x.page)), x)
            for x in lessons
            for states in states_of(network, [x.page])
        ]
    network.train()
    return sum(float(loss) for each in found for loss, _ in each.values())


def test_padding_changes_no_answer() -> None:
    """A document gives the same states alone and beside a longer one."""
    from extractors.training.encoder.fit import states_of
    from extractors.training.encoder.network import Network

    torch.manual_seed(0)
    network = Network(30522, len(measure_names()), sum(len(q.answers) for q in QUESTIONS), layers=2).eval()
    pages = [x.page for x in _lessons()]
    with torch.no_grad():
        together = list(states_of(network, pages))
        alone = [next(states_of(network, [p])) for p in pages]
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(together, alone, strict=True))
