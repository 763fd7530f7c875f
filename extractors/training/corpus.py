"""The reference records as training material: each document's scene, and the figures that its outcomes speak of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.contrasts import Told, told
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import measure_group
from extractors.training import passages
from extractors.training.alignment import align
from extractors.training.labels import is_entered


@dataclass(frozen=True)
class Example:
    """A reference record or a passage: `number` its place, `gold` the outcomes by figure index."""

    number: int
    record: dict[str, Any]
    scene: Scene
    gold: dict[int, dict[str, Any]]
    reference: bool

    @property
    def entered(self) -> dict[int, dict[str, Any]]:
        """The outcomes, by figure index, whose measure has a name."""
        return {i: o for i, o in self.gold.items() if is_entered(o["measure"])}

    def reports(self, parents: Mapping[str, str]) -> dict[int, Told]:
        """Return what the figures in `entered` report; `parents` has each measure's group."""
        return {
            i: told(self.scene.figures[i], o["measure"], measure_group(parents, o["measure"]), o["time"], o["grade"])
            for i, o in self.entered.items()
        }


def examples(paths: Iterable[Path], every: int = 1) -> Iterator[Example]:
    """Yield the records of JSON Lines files, and of the passages of text files each `every`-th, as examples, in order.

    Each further text file begins with another of its first passages.
    """
    number = texts = 0
    for path in paths:
        reference = path.suffix != ".txt"
        for k, record in enumerate(records(path)):
            if not reference and (k + texts) % every:
                continue
            found = scene(annotate(Document(record["id"], record["title"], record["text"])))
            yield Example(number, record, found, _gold(record, found), reference)
            number += 1
        texts += not reference


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file, or the passages of a text file as records."""
    if path.suffix == ".txt":
        yield from passages.records(path)
        return
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _gold(record: dict[str, Any], found: Scene) -> dict[int, dict[str, Any]]:
    outcomes = record["outcomes"]
    if any("start" in o for o in outcomes):
        marked = [
            (next((i for i, f in enumerate(found.figures) if f.start < o["end"] and f.end > o["start"]), None), o)
            for o in outcomes
        ]
        return {i: o for i, o in marked if i is not None}
    return {i: outcomes[k] for k, i in align(found.text, outcomes, found.figures).items()}
