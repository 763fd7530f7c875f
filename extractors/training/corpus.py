"""The reference records as training material: each document's scene, and the figures that its outcomes speak of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import Scene, scene
from extractors.training.alignment import align


@dataclass(frozen=True)
class Example:
    """One reference record: `number` its place in the file, `gold` the outcomes by figure index."""

    number: int
    record: dict[str, Any]
    scene: Scene
    gold: dict[int, dict[str, Any]]


def examples(path: Path) -> Iterator[Example]:
    """Yield the records of a JSON Lines file as examples, in order."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            found = scene(annotate(Document(record["id"], record["title"], record["text"])))
            outcomes = record["outcomes"]
            gold = {i: outcomes[k] for k, i in align(found.text, outcomes, found.figures).items()}
            yield Example(number, record, found, gold)
