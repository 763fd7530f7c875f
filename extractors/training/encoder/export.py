"""Write the trained encoder for use without PyTorch: `python -m extractors.training.encoder.export WEIGHTS OUT`.

OUT receives `encoder.onnx` (weights in 8 bits, about 24 MB), `pieces.txt` (the word pieces, in order) and
`encoder.json` (what the columns of the answers stand for).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from extractors.encoder.page import MARKS
from extractors.encoder.reading import word_pieces
from extractors.encoder.shape import INPUTS, KINDS, OUTPUTS
from extractors.training.encoder import pretrained
from extractors.training.encoder.labels import QUESTIONS, measure_names
from extractors.training.encoder.network import Network

_OPSET = 20


class _Whole(nn.Module):
    """The network from piece numbers to all answers, for one document."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, pieces: Tensor, parts: Tensor, places: Tensor, marks: Tensor, names: Tensor, *spans: Tensor
    ) -> tuple[Tensor, ...]:
        states = self.network.encoder(pieces, parts, places, marks, names, None)
        here = torch.ones_like(states[:, :, 0])
        found = self.network.answers(states, dict(zip(KINDS, spans, strict=True)), here)
        return tuple(found[name] for name in OUTPUTS)


def export(network: Network, path: Path) -> None:
    """Write the network as an ONNX file with 8-bit weights.

    All processors give the same answers: weights use 7 of the 8 bits so that sums can't overflow on those without VNNI,
    and what ONNX Runtime computes in another order on some (softmax, gelu) is written by its parts (`network.py`).
    """
    network.eval()
    length = 7
    pieces = torch.ones(1, length, dtype=torch.long)
    shown = (pieces, torch.zeros_like(pieces), torch.arange(length)[None], torch.zeros(1, length, MARKS), pieces)
    spans = tuple(torch.tensor([[1, 2], [3, 4], [5, 6]][: 2 + k % 2])[None] for k in range(len(KINDS)))
    axes = {name: {1: name if name.endswith("spans") else "pieces"} for name in INPUTS}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            _Whole(network),
            (*shown, *spans),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    onnx.checker.check_model(str(path))


def write_pieces(tokenizer: Tokenizer, path: Path) -> None:
    """Write the word pieces, one a line, in the order of their numbers."""
    numbers = tokenizer.get_vocab()
    path.write_text("\n".join(sorted(numbers, key=numbers.__getitem__)) + "\n", encoding="utf-8")


def write_names(path: Path) -> None:
    """Write what the columns of the answers stand for."""
    questions = [{"name": q.name, "answers": q.answers, "several": q.several} for q in QUESTIONS]
    path.write_text(
        json.dumps({"measures": measure_names(), "questions": questions}, indent=1) + "\n", encoding="utf-8"
    )


def main() -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for name in ("weights", "out"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    pieces = pretrained.vocabulary()
    tokenizer = word_pieces("\n".join(pieces))
    network = Network(len(pieces), MARKS, len(measure_names()), sum(len(q.answers) for q in QUESTIONS))
    network.load_state_dict(torch.load(given.weights, map_location="cpu"))
    given.out.mkdir(parents=True, exist_ok=True)
    export(network, given.out / "encoder.onnx")
    write_pieces(tokenizer, given.out / "pieces.txt")
    write_names(given.out / "encoder.json")


if __name__ == "__main__":
    main()
