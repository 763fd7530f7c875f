"""The encoder: what it is shown of a document, what it answers, and how its opinion and the link models' become one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from extractors.annotation import annotate
from extractors.document import Document
from extractors.encoder import blending
from extractors.encoder.page import QUANTITIES, asked, page
from extractors.encoder.reading import (
    Reading,
    concept_shares,
    read,
    session,
    session_options,
    size_shares,
    word_pieces,
)
from extractors.encoder.shape import KINDS
from extractors.evidence import from_json
from extractors.linking.features import Candidate
from extractors.linking.models import folder
from extractors.linking.scene import scene
from extractors.pipeline import load
from kg.cli import main as cli

ROOT = Path(__file__).parent.parent
TEXT = (
    "Forty adults with relapsed B-ALL received CD19 CAR T cells. The 1-year OS was 68% (95% CI, 51-84), grade ≥3 CRS "
    "occurred in 13% and no patient had ICANS."
)


def _document(text: str = TEXT, title: str = "CD19 CAR T cells for B-ALL") -> Document:
    return Document(id="t", title=title, text=text)


@cache
def _tokenizer():  # type: ignore[no-untyped-def]
    return word_pieces((folder() / "pieces.txt").read_text(encoding="utf-8"))


@cache
def _reading() -> Reading:
    found = read(asked(scene(annotate(_document()))))
    assert found is not None
    return found


def test_spans_are_found_among_the_pieces() -> None:
    """The pieces of each span are its own words: put together again they give its text, for reference documents."""
    for line in (ROOT / "tests/gold/dev.jsonl").read_text(encoding="utf-8").splitlines()[:25]:
        record = json.loads(line)
        question = asked(scene(annotate(Document(record["id"], record["title"], record["text"]))))
        encoding = _tokenizer().encode(record["title"], record["text"])
        made = page(_tokenizer(), question, _reading().measures)
        assert made.pieces.tolist() == encoding.ids
        for kind in KINDS:
            spans = question.spans(kind)
            assert made.spans[kind].shape == (len(spans), 2)
            for (_, start, end), (first, last) in zip(spans, made.spans[kind].tolist(), strict=True):
                assert encoding.offsets[first][0] <= start < encoding.offsets[first][1]
                assert encoding.offsets[last][0] < end <= encoding.offsets[last][1] or first == last


def test_pieces_tell_what_was_found_in_them() -> None:
    """A piece is marked with the kinds of spans that it's in, a figure's with its quantity, a measure's by name."""
    question = asked(scene(annotate(_document())))
    measures = _reading().measures
    made = page(_tokenizer(), question, measures)
    shares = next(k for k, f in enumerate(question.scene.figures) if f.value == 68)
    first, last = made.spans["figure"][shares].tolist()
    figure = 2 * KINDS.index("figure")
    assert made.marks[first, figure]
    assert made.marks[first : last + 1, figure + 1].all()
    assert made.marks[last, 2 * len(KINDS) + QUANTITIES.index("percent")]
    named = next(k for k, m in enumerate(question.measures) if m.name == "overall-survival")
    first, last = made.spans["measure"][named].tolist()
    assert (made.names[first : last + 1] == 1 + measures.index("overall-survival")).all()
    assert not made.marks[0].any()


@pytest.mark.parametrize("text", ["", " ", "No numbers here.", "68%", "�\u200b", "x " * 900 + "OS was 68%."])
def test_any_document_can_be_read(text: str) -> None:
    """Empty, odd and overlong documents are read; there's one answer for each figure."""
    question = asked(scene(annotate(_document(text, title=""))))
    found = read(question)
    assert found is not None
    assert found.measure.shape == (len(question.scene.figures), len(found.measures))


def test_a_text_beyond_all_bounds_is_left_to_the_link_models() -> None:
    """The encoder's memory grows with the square of the text: a book isn't read, and figures are found without it."""
    text = "OS was 68%. " + "No more to say. " * 2000
    assert read(asked(scene(annotate(_document(text, title=""))))) is None
    assert load().extract(_document(text)).outcomes[0].value == 68


def test_answers_are_probabilities() -> None:
    """Each figure's measures, times and grades sum to one; yes-or-no answers lie between 0 and 1."""
    found = _reading()
    for shares in (found.measure, found.time, found.grade):
        assert shares.sum(axis=1) == pytest.approx(np.ones(len(shares)), abs=0.01)
    assert all(0 <= x <= 1 for x in (*found.concept, *found.size, *found.group))
    assert {"relevance", "design", "centers", "status", "age"} <= set(found.study)
    assert found.measures[:2] == ("none", "other")


def test_it_reads_a_plain_sentence() -> None:
    """Overall survival, CRS and ICANS are told apart, the year and the grade are found, and so is the size."""
    found = _reading()
    told = {
        found.asked.scene.text[f.head.start : f.head.end]: found.measures[int(found.measure[i].argmax())]
        for i, f in enumerate(found.asked.scene.figures)
    }
    assert told["68%"] == "overall-survival"
    assert told["13%"] == "cytokine-release-syndrome"
    assert told["no patient"] == "neurotoxicity"
    sizes = dict(zip((s.value for s in found.asked.sizes), size_shares(found) or [], strict=True))
    assert sizes[40] > 0.5
    assert max(concept_shares(found, "condition") or [0.0]) > 0.5


def test_reading_twice_gives_the_same() -> None:
    """The same document gives the same numbers, to the last digit."""
    again = read(asked(scene(annotate(_document()))))
    assert again is not None
    assert np.array_equal(again.measure, _reading().measure)
    assert again.study == _reading().study


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_without_a_reading_the_link_models_decide(trees: list[float]) -> None:
    """A reading of None changes nothing."""
    scores = np.array(trees)
    assert np.array_equal(blending.entered(scores, None), scores)
    best = {0: [(0.7, "overall-survival", 0)]}
    assert blending.measures(best, None, []) == best
    assert concept_shares(None, "condition") is None
    assert size_shares(None) is None


def test_two_opinions_that_agree_are_surer_than_two_that_differ() -> None:
    """Where the encoder holds a figure for an outcome too, its probability is higher than where it doubts."""
    figures = _reading().asked.scene.figures
    at = next(i for i, f in enumerate(figures) if f.value == 68)
    other = next(i for i, f in enumerate(figures) if f.value == 1 and f.unit == "year")
    blended = blending.entered(np.full(len(figures), 0.5), _reading())
    assert blended[at] > 0.5 > blended[other]


def test_the_encoder_offers_measures_that_no_span_names() -> None:
    """Its likeliest measures are added to those of the link models, each with the span that names it where there is."""
    found = _reading()
    at = next(i for i, f in enumerate(found.asked.scene.figures) if f.value == 68)
    ranked = blending.measures({}, found, found.asked.measures)[at]
    assert ranked[0][1] == "overall-survival"
    assert found.asked.measures[ranked[0][2]].name == "overall-survival"
    assert sum(score for score, _, _ in ranked) == pytest.approx(1)


def test_a_time_point_is_chosen_by_both() -> None:
    """The span that both hold for likely is taken; where both hold that there is none, none is."""
    spans = [Candidate(0, 6, "1 year"), Candidate(9, 16, "3 month")]
    likely, none = np.array([0.1, 0.8, 0.1]), np.array([0.98, 0.01, 0.01])
    assert blending.attribute([(0.8, "1 year", 0)], spans, likely, 0.5) == 0
    assert blending.attribute([(0.1, "1 year", 0)], spans, none, 0.5) is None
    assert blending.attribute([(0.8, "1 year", 0)], spans, None, 0.5) == 0
    assert blending.attribute([(0.4, "1 year", 0)], spans, None, 0.5) is None


def test_fast_leaves_the_encoder_out(tmp_path: Path) -> None:
    """`--fast` extracts without the encoder; the record tells by its version and by its links which it was."""
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"id": "t", "title": "CD19 CAR T cells for B-ALL", "text": TEXT}), encoding="utf-8")
    made = [from_json(CliRunner().invoke(cli, ["extract", str(file), *more]).stdout) for more in ([], ["--fast"])]
    versions = [record.extraction.extractor for record in made if record.extraction]
    links = [next(o for o in record.outcomes if o.measure == "overall-survival").links for record in made]
    assert versions[0] != versions[1]
    assert links[0]["figure"] == "figure-model, encoder"
    assert links[1]["figure"] == "figure-model"


def test_no_step_is_computed_in_an_order_of_the_processors_own(tmp_path: Path) -> None:
    """As ONNX Runtime runs it, the network has no softmax and no gelu, whose sums it adds up by the processor."""
    options = session_options()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    session((Path(str(folder())) / "encoder.onnx").read_bytes(), options)
    run = (tmp_path / "optimized.onnx").read_bytes()
    assert b"LayerNormalization" in run
    assert not [step for step in (b"Softmax", b"Gelu") if step in run]


@pytest.mark.parametrize("name", ["wording.json", "grade.json", "together.json", "encoder.onnx", "encoder.json"])
def test_a_damaged_model_ends_the_run(name: str, tmp_path: Path) -> None:
    """A model file that can't be read is told once, by its name, before any document is read."""
    for path in Path(str(folder())).iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    (tmp_path / name).write_text("{cut", encoding="utf-8")
    command = [sys.executable, "-c", "from kg.cli import main; main()", "extract", "-"]
    ended = subprocess.run(
        command,
        input="OS was 68%.",
        env=os.environ | {"CARTOGRAPH_MODELS": str(tmp_path)},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert ended.returncode == 2
    assert "reinstall the package" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
