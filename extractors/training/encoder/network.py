"""The encoder's network in PyTorch: a pre-trained BERT-like encoder, and heads over the spans of a page.

The packaged one is MiniLM's transformer (six layers, 384 wide; MIT licence), fine-tuned; its teacher is MPNet's (twelve
layers, 768 wide; Apache-2.0), which also knows how far apart two pieces are. Attention is written out here since that
takes half the time of the packaged one when training on a CPU.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.encoder.shape import POSITIONS

DROPOUT = 0.1
_NOWHERE = -30000.0
_DISTANCES = 36
_APART, _FARTHEST = 32, 128
"""How many classes of distances between two pieces MPNet knows, and from which distance on all are of the last."""


@dataclass(frozen=True)
class Size:
    """The build of a transformer; `apart`: whether attention depends on how far apart two pieces are."""

    width: int = 384
    inner: int = 1536
    heads: int = 12
    layers: int = 6
    least: float = 1e-12
    apart: bool = False


SMALL = Size()
"""MiniLM's build, that of the packaged encoder."""
LARGE = Size(width=768, inner=3072, layers=12, least=1e-5, apart=True)
"""MPNet's build, that of the teacher."""


class Layer(nn.Module):
    """One transformer layer, normalised after each step as BERT does."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.attend = nn.Linear(size.width, 3 * size.width)
        self.out = nn.Linear(size.width, size.width)
        self.first_norm = nn.LayerNorm(size.width, eps=size.least)
        self.up = nn.Linear(size.width, size.inner)
        self.down = nn.Linear(size.inner, size.width)
        self.second_norm = nn.LayerNorm(size.width, eps=size.least)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the next states (documents x pieces x width)."""
        documents, length, width = states.shape
        each = width // self.heads
        split = self.attend(states).view(documents, length, 3, self.heads, each).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        seen = _attended(query, key, value, mask)
        seen = seen.transpose(1, 2).reshape(documents, length, width)
        states = self.first_norm(states + self.drop(self.out(seen)))
        turned: Tensor = self.second_norm(states + self.drop(self.down(_gelu(self.up(states)))))
        return turned


def _attended(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Return what each piece sees (documents x heads x pieces x width): the values' mean, weighed by their scores.

    ONNX Runtime adds up a softmax in an order that depends on the processor; what is written here for it doesn't.
    """
    if not torch.onnx.is_in_onnx_export():
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    documents, heads, length, each = query.shape
    query, key, value = (x.reshape(documents * heads, length, each) for x in (query, key, value))
    query, key = query * each**-0.5, key.transpose(1, 2)
    scores = torch.bmm(query, key) if mask is None else torch.baddbmm(mask.reshape(-1, length, length), query, key)
    weights = torch.exp(scores - scores.amax(-1, keepdim=True))
    seen = torch.bmm(weights, value) / weights.sum(-1, keepdim=True)
    return seen.view(documents, heads, length, each)


def _gelu(states: Tensor) -> Tensor:
    """Return the activation; by its parts for ONNX Runtime, whose own differs by processor in its last bits."""
    if not torch.onnx.is_in_onnx_export():
        return functional.gelu(states)
    return states * (torch.erf(states * math.sqrt(0.5)) + 1.0) * 0.5


class _Gelu(nn.Module):
    def forward(self, states: Tensor) -> Tensor:
        return _gelu(states)


class Encoder(nn.Module):
    """The transformer: piece numbers to states. The pieces' own vectors stay as they were trained.

    What the grammar and the vocabulary found is shown too: each piece's vector is added to by the kinds of spans that
    it is in, and by the measure that a span names.
    """

    def __init__(self, pieces: int, marks: int, measures: int, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.word = nn.Embedding(pieces, size.width)
        self.word.weight.requires_grad_(False)
        self.position = nn.Embedding(POSITIONS, size.width)
        self.part = nn.Embedding(2, size.width)
        self.mark = nn.Linear(marks, size.width, bias=False)
        self.name = nn.Embedding(1 + measures, size.width)
        nn.init.zeros_(self.mark.weight)
        nn.init.zeros_(self.name.weight)
        self.norm = nn.LayerNorm(size.width, eps=size.least)
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.apart = nn.Embedding(_APART, size.heads) if size.apart else None

    def forward(
        self, pieces: Tensor, parts: Tensor, places: Tensor, marks: Tensor, names: Tensor, here: Tensor | None
    ) -> Tensor:
        """Return the states (documents x pieces x width); `here` tells where pieces are, None says everywhere."""
        words = self.word(pieces) + self.position(places) + self.part(parts)
        states = self.drop(self.norm(words + self.mark(marks) + self.name(names)))
        mask = self._mask(states, here)
        if torch.is_autocast_enabled(states.device.type):
            states = states.bfloat16()
            mask = None if mask is None else mask.bfloat16()
        for layer in self.layers:
            states = layer(states, mask)
        return states

    def _mask(self, states: Tensor, here: Tensor | None) -> Tensor | None:
        """Return what is added to the scores (documents x heads x pieces x pieces), strongly negative for padding."""
        documents, longest, _ = states.shape
        mask = None if here is None or documents == 1 else ((~here).float() * _NOWHERE)[:, None, None, :]
        if self.apart is not None:
            near = self.apart(_apart(longest, states.device)).permute(2, 0, 1)[None]
            mask = near if mask is None else near + mask
        if mask is None:
            return None
        return mask.expand(documents, self.heads, longest, longest)


def _apart(longest: int, device: torch.device) -> Tensor:
    """Return the class of the distance of each two pieces: of which side, and finer when near (pieces x pieces)."""
    at = torch.arange(longest, device=device)
    behind = at[:, None] - at[None, :]
    half, exact = _APART // 2, _APART // 4
    size = behind.abs()
    far = torch.log(size.float().clamp(min=1) / exact) / math.log(_FARTHEST / exact) * (half - exact)
    return torch.where(size < exact, size, (exact + far.long()).clamp(max=half - 1)) + half * (behind < 0)


class Pointer(nn.Module):
    """Scores spans for figures: how well they fit each other, and how far apart they stand; optionally `none`."""

    def __init__(self, width: int, wide: int = 128, none: bool = True) -> None:
        super().__init__()
        self.query = nn.Linear(2 * width, wide)
        self.key = nn.Linear(2 * width, wide)
        self.span = nn.Linear(2 * width, 1)
        self.none = nn.Linear(2 * width, 1) if none else None
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
        nn.Dropout(DROPOUT), nn.Linear(wide, 256), _Gelu(), nn.Dropout(DROPOUT), nn.Linear(256, answers)
    )


class Network(nn.Module):
    """The encoder with its heads: for documents' states and spans the answers to all that it is asked."""

    def __init__(self, pieces: int, marks: int, measures: int, questions: int, built: Size = SMALL) -> None:
        super().__init__()
        width = built.width
        self.encoder = Encoder(pieces, marks, measures, built)
        self.measure = _judge(2 * width, measures)
        self.named = Pointer(width, none=False)
        self.time, self.grade, self.arm = Pointer(width), Pointer(width), Pointer(width)
        self.concept, self.group = _judge(3 * width, 1), _judge(3 * width, 1)
        self.size = _judge(2 * width, 1)
        self.study = _judge(2 * width, questions)

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
