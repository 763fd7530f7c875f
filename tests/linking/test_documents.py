"""Whole summaries: fields with their spans, quotes, the same bytes each time, and the rules without models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.document import Document
from extractors.evidence import EvidenceRecord, Outcome
from extractors.pipeline import load

TITLE = "CD5 CAR T cells and then haploidentical transplantation for T-cell leukemia"
TEXT = """\
We treated twelve patients with relapsed or refractory T-cell acute lymphoblastic leukemia. They received CD5 CAR T \
cells, followed by haploidentical stem-cell transplantation without GVHD prophylaxis.
All twelve patients achieved a complete response. One patient died of septic shock. Grade 3 or higher cytokine release \
syndrome occurred in 2 of 12 patients (17%). Grade 2 acute GVHD developed in 4 patients.
The 1-year overall survival and event-free survival were 71% (95% CI, 39 to 88) and 58%, respectively. The median \
follow-up was 15.2 months (range, 3.0 to 25.0).
"""
SCRIPT = """
import sys
from extractors.document import Document
from extractors.pipeline import load
title, text = sys.stdin.read().split("\\0")
sys.stdout.write(load().extract(Document(id="own", title=title, text=text)).to_json())
"""


@pytest.fixture(scope="module")
def record() -> EvidenceRecord:
    """Return the record of the summary."""
    return load().extract(Document(id="own", title=TITLE, text=TEXT))


def elsewhere(root: Path, **environment: str) -> str:
    """Return the summary's record as another process with that environment gives it."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        input=f"{TITLE}\0{TEXT}",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def of(record: EvidenceRecord, measure: str) -> Outcome:
    """Return the one outcome of a measure."""
    (found,) = [o for o in record.outcomes if o.measure == measure]
    return found


def test_a_summary_yields_its_figures(record: EvidenceRecord) -> None:
    """Response, survival, toxicity and GVHD come out with value, count, grade, time point and interval."""
    response, survival, events = (
        of(record, m) for m in ("complete-response", "overall-survival", "event-free-survival")
    )
    assert (response.value, response.n, response.N) == (100, 12, 12)
    assert (survival.value, survival.ci) == (71, (39, 88))
    assert events.value == 58
    assert [o.time and f"{o.time.value:g} {o.time.unit}" for o in (survival, events)] == ["1 year", "1 year"]
    release, gvhd = of(record, "cytokine-release-syndrome"), of(record, "acute-gvhd")
    assert (release.value, release.n, release.N, release.grade) == (17, 2, 12, ">=3")
    assert (gvhd.n, gvhd.grade) == (4, "2")


def test_quotes_are_verbatim(record: EvidenceRecord) -> None:
    """Each quote is the text at its offsets and bears the figure, whose own offsets lie within."""
    assert record.outcomes
    for o in record.outcomes:
        assert o.start is not None
        assert o.end is not None
        assert o.figure is not None
        assert o.quote == TEXT[o.start : o.end]
        assert o.start <= o.figure[0] < o.figure[1] <= o.end


def test_every_link_says_what_made_it(record: EvidenceRecord) -> None:
    """An outcome names what took it for one and what bound its measure, and its confidence is a probability."""
    for o in record.outcomes:
        assert {"figure", "measure"} <= o.links.keys()
        assert o.confidence is not None
        assert 0 <= o.confidence <= 1


def test_the_same_document_gives_the_same_bytes(record: EvidenceRecord, root: Path) -> None:
    """A second extraction, and one in a process with other hash values, agree byte for byte."""
    again = load().extract(Document(id="own", title=TITLE, text=TEXT)).to_json()
    assert again == record.to_json()
    assert elsewhere(root, PYTHONHASHSEED="12345") == again


def test_rules_take_the_place_of_absent_models(root: Path, tmp_path: Path) -> None:
    """With an empty folder of models figures are linked by nearness, half sure, and nothing fails."""
    found = EvidenceRecord.model_validate_json(elsewhere(root, CARTOGRAPH_MODELS=str(tmp_path)))
    assert {"cytokine-release-syndrome", "event-free-survival"} <= {o.measure for o in found.outcomes}
    assert {o.confidence for o in found.outcomes} == {0.5}
    assert {o.links["figure"] for o in found.outcomes} == {"rule: behind a measure"}
    assert all(o.quote == TEXT[o.start : o.end] for o in found.outcomes)


@pytest.mark.parametrize("text", ["", "\n", "No number at all.", "68%", "((((", "95% CI to , respectively"])
def test_little_text_is_no_error(text: str) -> None:
    """Empty, odd and figureless texts give a record, and their quotes are verbatim too."""
    found = load().extract(Document(id="odd", title="", text=text))
    assert all(o.quote == text[o.start : o.end] for o in found.outcomes)
