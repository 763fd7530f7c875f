"""Paths and data that tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def gold() -> Path:
    """Return the file of reference records."""
    return ROOT / "tests" / "gold" / "dev.jsonl"


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of real samples that CARTOGRAPH_SAMPLES names; skips the test where it names none."""
    folder = os.environ.get("CARTOGRAPH_SAMPLES")
    if not folder:
        pytest.skip("CARTOGRAPH_SAMPLES names no folder of real samples")
    return Path(folder)
