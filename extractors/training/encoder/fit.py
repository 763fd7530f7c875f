"""Fit the encoder: `python -m extractors.training.encoder.fit OUT LESSONS... [--epochs 5] [--device cpu]`.

LESSONS are files that `extractors.training.encoder.labels` wrote; one that is named twice is learnt twice an epoch. OUT
is the folder for the result (`weights.pt`, kept after each epoch). Training begins with pretrained weights
(`extractors.training.encoder.pretrained`), or goes on from the weights `--begin`. `--large` trains a teacher, which is
too large to be packaged; with its weights as `--teacher` the small network learns to answer as the teacher does too. A
quarter of an hour an epoch on one core that has bfloat16 matrix units, over an hour on others, seconds on a GPU;
deterministic on one machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from extractors.training.encoder import pretrained
from extractors.training.encoder.batch import PIECES_AT_ONCE, Batch, batch, batches
from extractors.training.encoder.changing import Changes, ordinary
from extractors.training.encoder.lessons import Course, load
from extractors.training.encoder.loss import WEIGHTS, losses, unlike
from extractors.training.encoder.network import LARGE, SMALL, Network, Size

WORKERS = 6
RATES = {"small": 3e-4, "large": 5e-5, "heads": 1e-3}
"""The learning rates of pretrained weights, by the build of their network, and of the heads."""
RIGHT = 0.5
"""What the right answers count beside the teacher's."""
_WARM, _LEAST = 0.1, 0.02


@dataclass(frozen=True)
class Plan:
    """How to train: `epochs`, `rate` (what the learning rates are multiplied by), `pieces` (word pieces of a batch).

    `pretrained` is the learning rate of the pretrained weights.
    """

    epochs: int
    rate: float = 1.0
    pieces: int = PIECES_AT_ONCE
    pretrained: float = RATES["small"]


def for_course(course: Course, pieces: Sequence[str], size: Size = SMALL) -> Network:
    """Return a new network with as many answers as a course has."""
    marks = course.lessons[0].marks.shape[1]
    questions = sum(len(q.answers) for q in course.questions)
    return Network(len(pieces), marks, len(course.measures), questions, size)


def quick_in_half(device: torch.device) -> bool:
    """Return whether a device has units for bfloat16; a processor without them is ten times slower in it.

    There is no public way to ask a processor.
    """
    return device.type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def answers(network: Network, given: Batch, shown: Tensor | None = None) -> dict[str, Tensor]:
    """Return the answers for a batch; with `shown`, for these pieces in its own's place, in half precision if quick."""
    pieces = given.pieces if shown is None else shown
    seen = (pieces, given.parts, given.places, given.marks, given.names)
    # the heads stay in single precision: their small, odd shapes gain nothing from the units for bfloat16
    half = shown is not None and quick_in_half(pieces.device)
    with torch.autocast(pieces.device.type, dtype=torch.bfloat16, enabled=half):
        states = network.encoder(*seen, given.here).float()
    return network.answers(states, given.spans, given.here.float())


def _fixed_chance() -> random.Random:
    return random.Random(0)  # noqa: S311 - the same order each time, no secret


def fit(
    network: Network,
    course: Course,
    plan: Plan,
    changes: Changes,
    out: Path | None = None,
    teacher: Network | None = None,
) -> None:
    """Train the network in place; after each epoch its weights are written to the folder `out`."""
    chance = _fixed_chance()
    device = next(network.parameters()).device
    lengths = [len(x.pieces) for x in course.lessons]
    steps = len(batches(lengths, _fixed_chance(), plan.pieces)) * plan.epochs
    optimizer = _optimizer(network, plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _rate(steps))
    network.train()
    for epoch in range(plan.epochs):
        start = time.time()
        order = _Shown(course, batches(lengths, chance, plan.pieces), changes)
        loader = DataLoader(order, batch_size=None, num_workers=0 if device.type == "cpu" else WORKERS)
        seen: dict[str, Tensor] = {}
        for given, told, hidden in loader:
            shown = given.to(device), told.to(device), hidden.to(device)
            for kind, loss in _step(network, teacher, shown, course, optimizer).items():
                seen[kind] = seen.get(kind, torch.zeros((), device=device)) + loss
            schedule.step()
        said = " ".join(f"{kind} {float(total) / len(order):.3f}" for kind, total in seen.items())
        sys.stderr.write(f"epoch {epoch}: {said} ({time.time() - start:.0f} s)\n")
        if out is not None:
            torch.save(network.state_dict(), out / "weights.pt")


def _optimizer(network: Network, plan: Plan) -> torch.optim.Optimizer:
    encoder = [p for n, p in network.named_parameters() if _pretrained(n) and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not _pretrained(n)]
    groups = [
        {"params": encoder, "lr": plan.rate * plan.pretrained},
        {"params": heads, "lr": plan.rate * RATES["heads"]},
    ]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def _rate(steps: int) -> Callable[[int], float]:
    """Return the share of the learning rate at each step: up over a tenth of all `steps`, then down."""

    def at(step: int) -> float:
        return min(1.0, step / (_WARM * steps)) * max(_LEAST, 1 - step / steps)

    return at


def _step(
    network: Network,
    teacher: Network | None,
    shown: tuple[Batch, Tensor, Tensor],
    course: Course,
    optimizer: torch.optim.Optimizer,
) -> dict[str, Tensor]:
    """Take one step of the training; return the losses before it. The teacher sees what is hidden from the network."""
    given, told, hidden = shown
    found = answers(network, given, hidden)
    lost = losses(found, given, course.questions)
    total = _weighed(lost)
    if teacher is not None:
        with torch.no_grad():
            better = answers(teacher, given, told)
        apart = _weighed(unlike(found, better, given, course.questions))
        total = RIGHT * total + apart
        lost["teacher"] = apart
    optimizer.zero_grad()
    total.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return {kind: loss.detach() for kind, loss in lost.items()}


def _weighed(lost: dict[str, Tensor]) -> Tensor:
    return torch.stack([WEIGHTS[kind] * loss for kind, loss in lost.items()]).sum()


class _Shown(Dataset[tuple[Batch, Tensor, Tensor]]):
    """The batches of an epoch, made when they're asked for: by processes beside the training where that's on a GPU.

    Each with its pieces changed, and the changed ones with some of them hidden.
    """

    def __init__(self, course: Course, order: Sequence[Sequence[int]], changes: Changes) -> None:
        self._course, self._order, self._changes = course, order, changes

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, number: int) -> tuple[Batch, Tensor, Tensor]:
        given = batch([self._course.lessons[k] for k in self._order[number]])
        told = self._changes.told(given)
        return given, told, self._changes.hidden(told)


def _pretrained(name: str) -> bool:
    """Tell whether a parameter has a pretrained beginning; what marks the spans among the pieces has none."""
    return name.startswith("encoder.") and not name.startswith(("encoder.mark.", "encoder.name."))


def read(paths: Sequence[Path]) -> Course:
    """Return the lessons of several files as one course."""
    courses = [load(path) for path in paths]
    return replace(courses[0], lessons=tuple(lesson for course in courses for lesson in course.lessons))


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("lessons", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1.0, help="what the learning rates are multiplied by")
    parser.add_argument("--pieces", type=int, default=PIECES_AT_ONCE, help="how many word pieces a batch holds")
    parser.add_argument("--device", default="cpu", help="`cpu` or `cuda`")
    parser.add_argument("--base", type=Path, help="folder of the small pretrained model and of the word pieces")
    parser.add_argument("--begin", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--large", action="store_true", help="train a teacher, begun with the large pretrained model")
    parser.add_argument("--teacher", type=Path, help="weights of a teacher to learn from as well")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    course = read(given.lessons)
    base = given.base or pretrained.folder()
    pieces = pretrained.vocabulary(base)
    network = for_course(course, pieces, LARGE if given.large else SMALL)
    if given.begin:
        network.load_state_dict(torch.load(given.begin, map_location="cpu"))
    elif given.large:
        pretrained.fill_large(network, pieces)
    else:
        pretrained.fill_small(network, base)
    teacher = _teacher(given.teacher, course, pieces).to(given.device) if given.teacher else None
    given.out.mkdir(parents=True, exist_ok=True)
    changes = Changes(pieces, ordinary(course.lessons))
    plan = Plan(given.epochs, given.rate, given.pieces, RATES["large" if given.large else "small"])
    fit(network.to(given.device), course, plan, changes, given.out, teacher)


def _teacher(weights: Path, course: Course, pieces: Sequence[str]) -> Network:
    """Return a trained teacher, which learns no more."""
    teacher = for_course(course, pieces, LARGE)
    teacher.load_state_dict(torch.load(weights, map_location="cpu"))
    return teacher.eval().requires_grad_(False)


if __name__ == "__main__":
    main()
