"""Passages told anew with their measures' names exchanged: what binds a figure is where the names stand, not which.

`OS and NRM were 68% and 12%` becomes `NRM and OS were 68% and 12%`, or `EFS and NRM ...`, with the annotation changed
alike. A measure is exchanged only where each of its names in the passage is a plain noun or short form.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import ontology.vocabulary
from extractors.annotation import Mention, annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.training import passages
from ontology.concepts import Label

Record = dict[str, Any]
_SURVIVAL = (
    "overall-survival", "progression-free-survival", "event-free-survival", "disease-free-survival",
    "relapse-free-survival", "gvhd-free-relapse-free-survival",
)  # fmt: skip
_LOSSES = ("non-relapse-mortality", "relapse")
_RESPONSE = (
    "overall-response", "complete-response", "partial-response", "very-good-partial-response",
    "stringent-complete-response", "stable-disease", "progressive-disease",
)  # fmt: skip
_EVENTS = (
    "cytokine-release-syndrome", "neurotoxicity", "acute-gvhd", "chronic-gvhd", "infection", "neutropenia", "anemia",
    "thrombocytopenia", "leukopenia", "lymphopenia", "febrile-neutropenia", "mucositis", "veno-occlusive-disease",
    "thrombotic-microangiopathy", "hemorrhagic-cystitis", "graft-failure", "cmv-infection",
)  # fmt: skip
_RATE = " rate"


def renamed(records: Sequence[Record]) -> Iterator[Record]:
    """Yield each passage in which measures can be exchanged once more, with other measures; the same ones each time."""
    for record in records:
        found = _renamed(record)
        if found is not None:
            yield found


def _renamed(record: Record) -> Record | None:
    mentions = scene(annotate(Document(record["id"], record["title"], record["text"]))).measures
    exchange = _exchange(record, mentions)
    if not exchange:
        return None
    outcomes = [dict(o) for o in record["outcomes"]]
    for o in outcomes:
        o["measure"] = exchange.get(o["measure"], o["measure"])
    text = record["text"]
    for m in sorted(mentions, key=lambda m: -m.start):
        if m.name in exchange:
            new = _form(text[m.start : m.end], exchange[m.name])
            text = text[: m.start] + new + text[m.end :]
            for o in outcomes:
                if o["start"] >= m.end:
                    o["start"], o["end"] = (o[k] + len(new) - (m.end - m.start) for k in ("start", "end"))
    return {
        "id": f"{record['id']}-renamed",
        "title": record["title"],
        "text": text,
        "arms": record["arms"],
        "names": record.get("names", {}),
        "outcomes": outcomes,
    }


def _exchange(record: Record, mentions: Sequence[Mention]) -> dict[str, str]:
    """Return the measures that change, each with the one whose name and figures it takes."""
    chance = random.Random(record["id"])  # noqa: S311 - the same order each time, no secret
    text = record["text"]
    made: dict[str, str] = {}
    for family in _families(record):
        here = {m.name for m in mentions if m.name in family}
        fixed = {m.name for m in mentions if m.name in here and not _is_plain(text[m.start : m.end], m.name)}
        free = sorted(here - fixed)
        if not free or not any(o["measure"] in free for o in record["outcomes"]):
            continue
        unused = sorted(set(family) - here - {o["measure"] for o in record["outcomes"]})
        pool = [*free, *chance.sample(unused, min(len(unused), 1 + len(free) // 2))]
        made |= dict(zip(free, chance.sample(pool, len(free)), strict=True))
    return {a: b for a, b in made.items() if a != b}


def _families(record: Record) -> Iterator[tuple[str, ...]]:
    """Yield the measures that change places with each other: shares of survivors with those of losses, no medians."""
    yield from (_RESPONSE, _EVENTS)
    timed = _SURVIVAL + _LOSSES
    figures = [record["text"][o["start"] : o["end"]] for o in record["outcomes"] if o["measure"] in timed]
    yield from (timed,) if all("%" in f for f in figures) else (_SURVIVAL, _LOSSES)


@cache
def _labels(name: str) -> tuple[Label, ...]:
    """Return a measure's labels in the vocabulary, the preferred one first; hidden ones, verbs among them, left out."""
    concept = next(c for c in ontology.vocabulary.load().of_kind("outcome") if c.name == name)
    return tuple(label for label in concept.labels if not label.hidden)


def _is_plain(surface: str, name: str) -> bool:
    words = surface.lower().removesuffix(_RATE + "s").removesuffix(_RATE)
    return not {words, words.removesuffix("s")}.isdisjoint(label.text.lower() for label in _labels(name))


def _form(surface: str, name: str) -> str:
    """Return a measure's name in the form of what it takes the place of: short for short, a rate for a rate."""
    rate = next((r for r in (_RATE, _RATE + "s") if surface.lower().endswith(r)), "")
    bare = surface[: len(surface) - len(rate)]
    long = _labels(name)[0].text
    if bare[1:2].isupper() and " " not in bare:
        return next((label.text for label in _labels(name) if label.exact_case), long) + rate
    return (long[0].upper() + long[1:] if surface[:1].isupper() else long) + rate


def main() -> None:
    """Write the renamed passages of files as records, one JSON object a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8") as out:
        for path in given.files:
            for record in renamed(list(passages.records(path))):
                out.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
