"""Reading a document with the encoder: its answers as probabilities over the candidates that the document offers.

    reading = read(asked(scene))
    reading.measure[i], reading.time[i], reading.study["design"]

The model is the packaged `encoder.onnx`, run by ONNX Runtime on one thread; without it `read` returns None.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, InvalidProtobuf
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NotImplemented_
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from extractors.arms import Key
from extractors.encoder.page import Asked, Page, numbers, page
from extractors.encoder.shape import INPUTS, KINDS, OUTPUTS, POSITIONS
from extractors.linking.models import folder
from extractors.odds import Shares, probability
from ontology.errors import ModelError

FILES = ("encoder.onnx", "encoder.json", "pieces.txt")
"""The files of the model: network, names of its answers, word pieces."""
_DIGITS = 4
"""Probabilities are rounded, so that the last bits of a processor's arithmetic decide nothing."""
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NotImplemented_,
)
"""What a damaged file of the model raises; ONNX Runtime's own errors have no common base."""
_SLOWER = ["SkipLayerNormFusion"]
"""What ONNX Runtime would rewrite: its one step for a sum and its norm takes longer than the two."""
_LONGEST = 2048
"""The most word pieces that are read: memory grows with their square, and no abstract has half as many."""


@dataclass(frozen=True)
class Reading:
    """The answers for one document.

    `measures` are the names of `measure`'s columns (the first two `none` and `other`); `measure`: figures x measures;
    `time`, `grade`, `arm`: figures x (1 + spans), the first column for none (with arms: for everybody); `concept`,
    `size`, `group`: spans (of `arm` for `group`: whether they name a group that figures are reported for); `study`: for
    each question its answers with their probabilities.
    """

    asked: Asked
    measures: tuple[str, ...]
    measure: Shares
    time: Shares
    grade: Shares
    arm: Shares
    concept: Shares
    size: Shares
    group: Shares
    study: Mapping[str, Mapping[str, float]]


def concept_shares(reading: Reading | None, kind: str) -> list[float] | None:
    """Return for each concept of a kind the probability that it's the study's own; without a reading None."""
    if reading is None:
        return None
    best = dict.fromkeys(range(len(reading.asked.concepts)), 0.0)
    for k, share in zip(reading.asked.owners(), reading.concept.tolist(), strict=True):
        best[k] = max(best[k], share)
    return [best[k] for k, c in enumerate(reading.asked.concepts) if c.kind == kind]


def arm_shares(reading: Reading) -> tuple[Shares, dict[Key, Shares]]:
    """Return for each figure the probability that it's of everybody, and for each name of a group that it's of that."""
    named: dict[Key, Shares] = {}
    for k, key in enumerate(reading.asked.arm_names(), 1):
        named[key] = named.get(key, 0.0) + reading.arm[:, k]
    return reading.arm[:, 0], named


def group_shares(reading: Reading) -> dict[Key, float]:
    """Return for each name the probability that it is a group's, by the likeliest of its places."""
    best: dict[Key, float] = {}
    for key, share in zip(reading.asked.arm_names(), reading.group.tolist(), strict=True):
        best[key] = max(best.get(key, 0.0), share)
    return best


def size_shares(reading: Reading | None) -> list[float] | None:
    """Return for each size, in order, the probability that it's the study's own; without a reading None."""
    return None if reading is None else [float(share) for share in reading.size]


@dataclass(frozen=True)
class _Model:
    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    measures: tuple[str, ...]
    questions: tuple[tuple[str, tuple[str, ...], bool], ...]


def word_pieces(pieces: str) -> Tokenizer:
    """Return the tokenizer of a list of word pieces, one a line in the order of their numbers."""
    numbers = {piece: k for k, piece in enumerate(pieces.splitlines())}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106 - a word piece, no secret
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"]))
    return tokenizer


def load_encoder() -> None:
    """Read the encoder where the package has one. Raises ModelError where one of its files is missing or damaged."""
    _model()


@cache
def _model() -> _Model | None:
    if not (folder() / FILES[0]).is_file():
        return None
    try:
        return _read_model()
    except _UNREADABLE as error:
        raise ModelError(FILES[0], f"or a file beside it can't be read: {error}") from error


def _read_model() -> _Model:
    network, answers, pieces = (folder() / name for name in FILES)
    names = json.loads(answers.read_text(encoding="utf-8"))
    return _Model(
        session=session(network.read_bytes(), session_options()),
        tokenizer=word_pieces(pieces.read_text(encoding="utf-8")),
        measures=tuple(names["measures"]),
        questions=tuple((q["name"], tuple(q["answers"]), q["several"]) for q in names["questions"]),
    )


def session_options() -> onnxruntime.SessionOptions:
    """Return how the network is run: on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def session(network: bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """Return the network of an ONNX file, ready to run."""
    return onnxruntime.InferenceSession(
        network, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )


def read(question: Asked) -> Reading | None:
    """Return the encoder's answers for a document; None where the package has no encoder, or the text is too long."""
    model = _model()
    if model is None:
        return None
    shown = page(model.tokenizer, question, model.measures)
    if len(shown.pieces) > _LONGEST:
        return None
    found = _run(model, shown)
    return Reading(
        asked=question,
        measures=model.measures,
        measure=_rounded(_softmax(_measure_scores(model, question, found))),
        time=_rounded(_softmax(found["time"])),
        grade=_rounded(_softmax(found["grade"])),
        arm=_rounded(_softmax(found["arm"])),
        concept=_rounded(probability(found["concept"])),
        size=_rounded(probability(found["size"])),
        group=_rounded(probability(found["group"])),
        study=_study(model, found["study"]),
    )


def _run(model: _Model, p: Page) -> dict[str, Shares]:
    places = np.minimum(np.arange(len(p.pieces)), POSITIONS - 1)
    spans = [p.spans[kind][None] for kind in KINDS]
    given = (p.pieces[None], p.parts[None], places[None], p.marks[None].astype(np.float32), p.names[None], *spans)
    answers = model.session.run(OUTPUTS, dict(zip(INPUTS, given, strict=True)))
    return {k: np.asarray(v[0], dtype=np.float64) for k, v in zip(OUTPUTS, answers, strict=True)}


def _measure_scores(model: _Model, question: Asked, found: Mapping[str, Shares]) -> Shares:
    """Return figures x measures: what the words around say, raised by the spans near by that name the measure."""
    sums = np.zeros_like(found["measure"])
    for k, number in enumerate(numbers(question.measures, model.measures).tolist()):
        if number >= 0:
            sums[:, number] += np.exp(np.minimum(found["named"][:, k], 30))
    return np.asarray(found["measure"] + np.log1p(sums))


def _softmax(scores: Shares) -> Shares:
    if not scores.size:
        return scores
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _rounded(shares: Shares) -> Shares:
    return np.asarray(np.round(shares, _DIGITS))


def _study(model: _Model, scores: Shares) -> dict[str, dict[str, float]]:
    answers: dict[str, dict[str, float]] = {}
    at = 0
    for name, names, several in model.questions:
        part = scores[at : at + len(names)]
        at += len(names)
        shares = probability(part) if several else _softmax(part[None])[0]
        answers[name] = dict(zip(names, _rounded(shares).tolist(), strict=True))
    return answers
