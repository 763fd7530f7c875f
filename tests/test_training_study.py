"""Training of the study's models: reproducible, and small enough to ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[1] / "training" / "train.jsonl"
MODELS = Path(__file__).parents[1] / "extractors" / "models"


def test_study_models_are_small() -> None:
    """All model files of the study's fields together stay below one megabyte."""
    files = list(MODELS.glob("study_*.json"))
    assert {f.stem for f in files} >= {"study_questions", "study_interventions", "study_conditions", "study_sizes"}
    assert sum(f.stat().st_size for f in files) < 1_000_000


@pytest.mark.slow
def test_training_twice_gives_the_same_models() -> None:
    """The same records give byte-identical files."""
    pytest.importorskip("sklearn", reason="training needs the extra `train`")
    from extractors.training.study import train

    records = [json.loads(line) for line in RECORDS.read_text(encoding="utf-8").splitlines()[::3]]
    assert json.dumps(train(records)) == json.dumps(train(records))
