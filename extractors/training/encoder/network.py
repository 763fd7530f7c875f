"""The encoder's network in PyTorch: a pre-trained BERT-like encoder, and heads over the spans of a page.

The transformer is MiniLM's (six layers, 384 wide; MIT licence), fine-tuned. Attention is written out here since that
takes half the time of the packaged one when training on a CPU.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from extractors.encoder.shape import POSITIONS

WIDTH, HEADS, INNER = 384, 12, 1536
DROPOUT = 0.1
_NOWHERE = -30000.0
_DISTANCES = 36


class Layer(nn.Module):
    """One transformer layer, normalised after each step as BERT does."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the next states (documents x pieces x width)."""
        documents, length, _ = states.shape
        each = WIDTH // HEADS
        split = self.attend(states).view(documents, length, 3, HEADS, each).permute(2, 0, 3, 1, 4)
        query, key, value = split.reshape(3, documents * HEADS, length, each).unbind(0)
        query, key = query * each**-0.5, key.transpose(1, 2)
        scores = torch.bmm(query, key) if mask is None else torch.baddbmm(mask, query, key)
        seen = torch.bmm(torch.softmax(scores, -1, dtype=scores.dtype), value)
        seen = seen.view(documents, HEADS, length, each).transpose(1, 2).reshape(documents, length, WIDTH)
        states = self.first_norm(states + self.drop(self.out(seen)))
        turned: Tensor = self.second_norm(states + self.drop(self.down(functional.gelu(self.up(states)))))
        return turned


class Encoder(nn.Module):
    """The transformer: piece numbers to states. The pieces' own vectors stay as they were trained.

    What the grammar and the vocabulary found is shown too: each piece's vector is added to by the kinds of spans that
    it is in, and by the measure that a span names.
    """

    def __init__(self, pieces: int, marks: int, measures: int, layers: int) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, WIDTH)
        self.word.weight.requires_grad_(False)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.part = nn.Embedding(2, WIDTH)
        self.mark = nn.Linear(marks, WIDTH, bias=False)
        self.name = nn.Embedding(1 + measures, WIDTH)
        nn.init.zeros_(self.mark.weight)
        nn.init.zeros_(self.name.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(
        self, pieces: Tensor, parts: Tensor, places: Tensor, marks: Tensor, names: Tensor, mask: Tensor | None
    ) -> Tensor:
        """Return the states (documents x pieces x width); `mask` is 0 where a piece is, strongly negative elsewhere."""
        words = self.word(pieces) + self.position(places) + self.part(parts)
        states = self.drop(self.norm(words + self.mark(marks) + self.name(names)))
        if torch.is_autocast_enabled(states.device.type):
            states = states.bfloat16()
            mask = None if mask is None else mask.bfloat16()
        for layer in self.layers:
            states = layer(states, mask)
        return states


class Pointer(nn.Module):
    """Scores spans for figures: how well they fit each other, and how far apart they stand; optionally `none`."""

    def __init__(self, wide: int = 128, none: bool = True) -> None:
        super().__init__()
        self.query = nn.Linear(2 * WIDTH, wide)
        self.key = nn.Linear(2 * WIDTH, wide)
        self.span = nn.Linear(2 * WIDTH, 1)
        self.none = nn.Linear(2 * WIDTH, 1) if none else None
        self.distance = nn.Embedding(_DISTANCES, 1)
        nn.init.zeros_(self.distance.weight)
        self.drop = nn.Dropout(DROPOUT)
        self.scale = 1 / math.sqrt(wide)

    def forward(self, figures: Tensor, spans: Tensor, apart: Tensor) -> Tensor:
        """Return scores (documents x figures x spans, a first column for none); `apart` are distances in pieces."""
        figures, spans = self.drop(figures), self.drop(spans)
        scores = self.query(figures) @ self.key(spans).transpose(1, 2) * self.scale
        scores = scores + self.distance(_bucket(apart)).squeeze(-1) + self.span(spans).transpose(1, 2)
        return scores if self.none is None else torch.cat([self.none(figures), scores], 2)


def _bucket(apart: Tensor) -> Tensor:
    """Return the number of a distance: finer when near, and of which side."""
    size = torch.clamp((torch.log2(apart.abs().float() + 1) * 2).long(), max=_DISTANCES // 2 - 1)
    return size * 2 + (apart > 0).long()


def _judge(wide: int, answers: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(DROPOUT), nn.Linear(wide, 256), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(256, answers)
    )


class Network(nn.Module):
    """The encoder with its heads: for documents' states and spans the answers to all that it is asked."""

    def __init__(self, pieces: int, marks: int, measures: int, questions: int, layers: int = 6) -> None:
        super().__init__()
        self.encoder = Encoder(pieces, marks, measures, layers)
        self.measure = _judge(2 * WIDTH, measures)
        self.named = Pointer(none=False)
        self.time, self.grade, self.arm = Pointer(), Pointer(), Pointer()
        self.concept, self.group = _judge(3 * WIDTH, 1), _judge(3 * WIDTH, 1)
        self.size = _judge(2 * WIDTH, 1)
        self.study = _judge(2 * WIDTH, questions)

    def answers(self, states: Tensor, spans: Mapping[str, Tensor], here: Tensor) -> dict[str, Tensor]:
        """Return the scores for documents side by side.

        `states`: documents x pieces x width; `spans`: kind to documents x spans x 2; `here`: documents x pieces, 1
        where a piece is. Answers, each with the documents first: measure: figures x measures; named: figures x measure
        spans; time, grade, arm: figures x (1 + spans); concept, size, group: spans; study: questions.
        """
        seen = {kind: _ends(states, x) for kind, x in spans.items()}
        figures, at = seen["figure"], spans["figure"][:, :, :1]
        found = {"measure": self.measure(figures)}
        for name, kind in (("named", "measure"), ("time", "time"), ("grade", "grade"), ("arm", "arm")):
            found[name] = getattr(self, name)(figures, seen[kind], at - spans[kind][:, None, :, 0])
        for name, kind in (("concept", "concept"), ("group", "arm")):
            first = states[:, :1].expand(-1, seen[kind].shape[1], -1)
            found[name] = getattr(self, name)(torch.cat([seen[kind], first], 2)).squeeze(-1)
        found["size"] = self.size(seen["size"]).squeeze(-1)
        mean = (states * here[:, :, None]).sum(1) / here.sum(1)[:, None]
        found["study"] = self.study(torch.cat([states[:, 0], mean], 1))
        return found


def _ends(states: Tensor, spans: Tensor) -> Tensor:
    """Return the states of the spans' first and last pieces, side by side (documents x spans x 2 width)."""
    documents, longest, _ = states.shape
    rows = states.flatten(0, 1)  # one index into all rows: documents without any span keep their shape when exported
    at = spans + longest * torch.arange(documents, device=states.device)[:, None, None]
    return torch.cat([rows[at[:, :, 0]], rows[at[:, :, 1]]], 2)


def load_base(network: Network, folder: Path) -> None:
    """Fill the encoder with the pre-trained weights of `folder/model.safetensors` (BERT's names)."""
    weights = load_file(folder / "model.safetensors")
    encoder = network.encoder
    with torch.no_grad():
        for table, name in (
            (encoder.word, "word_embeddings"),
            (encoder.position, "position_embeddings"),
            (encoder.part, "token_type_embeddings"),
        ):
            table.weight.copy_(weights[f"embeddings.{name}.weight"])
        for end in ("weight", "bias"):
            getattr(encoder.norm, end).copy_(weights[f"embeddings.LayerNorm.{end}"])
            for number, layer in enumerate(encoder.layers):
                _load_layer(layer, weights, f"encoder.layer.{number}.", end)


def _load_layer(layer: nn.Module, weights: Mapping[str, Tensor], prefix: str, end: str) -> None:
    attention = [weights[f"{prefix}attention.self.{x}.{end}"] for x in ("query", "key", "value")]
    getattr(layer.attend, end).copy_(torch.cat(attention))
    for part, name in (
        ("out", "attention.output.dense"),
        ("first_norm", "attention.output.LayerNorm"),
        ("up", "intermediate.dense"),
        ("down", "output.dense"),
        ("second_norm", "output.LayerNorm"),
    ):
        getattr(getattr(layer, part), end).copy_(weights[f"{prefix}{name}.{end}"])


def padding_mask(here: Tensor) -> Tensor | None:
    """Return the attention mask of documents by where they have pieces, or None for a single one."""
    documents, longest = here.shape
    if documents == 1:
        return None
    mask = (~here).float() * _NOWHERE
    return mask[:, None, None, :].expand(-1, HEADS, longest, -1).reshape(-1, longest, longest)
