"""What the models learn from must not hold what they're measured on: no training passage retells a reference study."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractors.training import passages

RUN = 8
"""How many words in a row are compared."""
SHARED_RUNS = 7
"""Stock phrases, such as the full names of common toxicities, share up to so many."""
SHARED_FIGURES = 3
"""Two unrelated studies may have one or two decimal figures of a measure in common, hardly three."""

Study = dict[str, Any]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9.%]+", text.lower())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def _marked(passage: Study) -> set[tuple[str, float]]:
    """Return the decimal figures of a passage with their measures."""
    spans = ((o["measure"], passage["text"][o["start"] : o["end"]].replace("·", ".")) for o in passage["outcomes"])
    return {(measure, float(m[0])) for measure, words in spans if (m := re.search(r"\d+\.\d+", words))}


@pytest.mark.slow
def test_no_training_passage_retells_a_reference_study(root: Path, gold: Path) -> None:
    """Each passage shares neither long runs of words nor three decimal figures with any record of the gold standard."""
    studies = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    owners = {run: study["id"] for study in studies for run in _runs(study["text"])}
    figures = {
        s["id"]: {(o["measure"], o["value"]) for o in s["outcomes"] if (o.get("value") or 0) % 1} for s in studies
    }
    retold = []
    for path in sorted((root / "training/passages").glob("*.txt")):
        for passage in passages.records(path):
            runs = Counter(owners[run] for run in _runs(passage["text"]) if run in owners)
            marked = _marked(passage)
            retold += [(passage["id"], study) for study, n in runs.items() if n > SHARED_RUNS]
            retold += [(passage["id"], s) for s, own in figures.items() if len(own & marked) >= SHARED_FIGURES]
    assert retold == []
