"""Passages told anew with their measures' names exchanged: what binds a figure is where the names stand, not which.

`OS and NRM were 68% and 12%` becomes `NRM and OS were 68% and 12%`, or `EFS and NRM ...`, with the annotation changed
alike. A measure is exchanged only where each of its names in the passage is a plain noun or short form.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.annotation import Mention, annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.training import passages

Record = dict[str, Any]
_SURVIVAL = {
    "overall-survival": ("overall survival", "OS"),
    "progression-free-survival": ("progression-free survival", "PFS"),
    "event-free-survival": ("event-free survival", "EFS"),
    "disease-free-survival": ("disease-free survival", "DFS"),
    "relapse-free-survival": ("relapse-free survival", "RFS"),
    "gvhd-free-relapse-free-survival": ("GVHD-free, relapse-free survival", "GRFS"),
}
_LOSSES = {"non-relapse-mortality": ("non-relapse mortality", "NRM"), "relapse": ("relapse", "CIR")}
_RESPONSE = {
    "overall-response": ("overall response", "ORR"),
    "complete-response": ("complete response", "CR"),
    "partial-response": ("partial response", "PR"),
    "very-good-partial-response": ("very good partial response", "VGPR"),
    "stringent-complete-response": ("stringent complete response", "sCR"),
    "stable-disease": ("stable disease", "SD"),
    "progressive-disease": ("progressive disease", "PD"),
}
_EVENTS = {
    "cytokine-release-syndrome": ("cytokine release syndrome", "CRS"),
    "neurotoxicity": ("neurotoxicity", "ICANS"),
    "acute-gvhd": ("acute GVHD", "aGVHD"),
    "chronic-gvhd": ("chronic GVHD", "cGVHD"),
    "infection": ("infection", "infection"),
    "neutropenia": ("neutropenia", "neutropenia"),
    "anemia": ("anemia", "anemia"),
    "thrombocytopenia": ("thrombocytopenia", "thrombocytopenia"),
    "leukopenia": ("leukopenia", "leukopenia"),
    "lymphopenia": ("lymphopenia", "lymphopenia"),
    "febrile-neutropenia": ("febrile neutropenia", "FN"),
    "mucositis": ("mucositis", "mucositis"),
    "veno-occlusive-disease": ("veno-occlusive disease", "VOD"),
    "thrombotic-microangiopathy": ("thrombotic microangiopathy", "TMA"),
    "hemorrhagic-cystitis": ("hemorrhagic cystitis", "HC"),
    "graft-failure": ("graft failure", "graft failure"),
    "cmv-infection": ("CMV reactivation", "CMV reactivation"),
}
_NAMES = _SURVIVAL | _LOSSES | _RESPONSE | _EVENTS
_ALSO = {
    "non-relapse-mortality": (
        "nonrelapse mortality", "TRM", "transplant-related mortality", "treatment-related mortality",
        "transplantation-related mortality",
    ),
    "relapse": ("relapse incidence", "incidence of relapse", "cumulative incidence of relapse"),
    "disease-free-survival": ("leukemia-free survival", "LFS"),
    "overall-response": ("objective response", "responses"),
    "complete-response": ("complete remission",),
    "partial-response": ("partial remission",),
    "neurotoxicity": (
        "immune effector cell-associated neurotoxicity syndrome", "neurologic events", "neurotoxic events",
    ),
    "infection": ("infections",),
    "acute-gvhd": ("acute graft-versus-host disease",),
    "chronic-gvhd": ("chronic graft-versus-host disease",),
    "cmv-infection": ("CMV infection", "cytomegalovirus reactivation"),
}  # fmt: skip
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


def _families(record: Record) -> Iterator[Mapping[str, tuple[str, str]]]:
    """Yield the measures that change places with each other: shares of survivors with those of losses, no medians."""
    yield from (_RESPONSE, _EVENTS)
    timed = _SURVIVAL | _LOSSES
    figures = [record["text"][o["start"] : o["end"]] for o in record["outcomes"] if o["measure"] in timed]
    yield from (timed,) if all("%" in f for f in figures) else (_SURVIVAL, _LOSSES)


def _is_plain(surface: str, name: str) -> bool:
    words = surface.lower().removesuffix(_RATE + "s").removesuffix(_RATE)
    return words in {f.lower() for f in (*_NAMES[name], *_ALSO.get(name, ()))}


def _form(surface: str, name: str) -> str:
    """Return a measure's name in the form of what it takes the place of: short for short, a rate for a rate."""
    long, short = _NAMES[name]
    rate = next((r for r in (_RATE, _RATE + "s") if surface.lower().endswith(r)), "")
    bare = surface[: len(surface) - len(rate)]
    new = short if bare[1:2].isupper() and " " not in bare else long
    return (new[0].upper() + new[1:] if surface[:1].isupper() and new[0].islower() and new is long else new) + rate


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
