"""Average the weights of several trainings: `python -m extractors.training.encoder.average OUT WEIGHTS...`.

Trainings that began alike and saw the same texts in another weight or order err in different places; their mean errs
less than either, and is one network, as quick as each.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor


def average(runs: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of each weight over the runs."""
    return {name: torch.stack([run[name] for run in runs]).mean(0) for name in runs[0]}


def main() -> None:
    """Average from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    given = parser.parse_args()
    torch.save(average([torch.load(path, map_location="cpu") for path in given.weights]), given.out)


if __name__ == "__main__":
    main()
