"""Marked-up passages as training material: `{68%|overall-survival|t=2 year|a=haplo}` says what the figure `68%` is.

Our own writing, in `training/passages/`; a file holds passages divided by `---`, each with a title (`# ...`), its arms
(`@arms haplo (65) | MUD (133)`) and a text. Figures that aren't marked aren't outcomes. A line `@study {...}` gives
relevance, design, population, interventions and sequence as a reference record does. A line `@names RT = irradiated ;
irradiation | watch = observed` says by which words the text names an arm whose label it doesn't have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_MARK = re.compile(r"\{([^{}|]+)\|([^{}]+)\}")
_ARM = re.compile(r"^(.*?)(?:\s*\((\d+)\))?$")


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the passages of a file as records: title, text without marks, arms, and outcomes with their offsets."""
    for number, passage in enumerate(re.split(r"^---\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)):
        lines = passage.strip().split("\n")
        if len(lines) < 2:
            continue
        title = next((x[2:] for x in lines if x.startswith("# ")), "")
        arms = next((x[6:].split("|") for x in lines if x.startswith("@arms")), [])
        study: dict[str, Any] = next((json.loads(x[7:]) for x in lines if x.startswith("@study")), {})
        names = next((x[7:].split("|") for x in lines if x.startswith("@names")), [])
        body = "\n".join(x for x in lines if not x.startswith(("# ", "@arms", "@study", "@names")))
        text, outcomes = _unmarked(body.strip())
        yield {
            "id": f"{path.stem}-{number}",
            "title": title,
            "text": text,
            "arms": [_arm(a) for a in arms] or [{"label": "all", "n": None}],
            "outcomes": outcomes,
            "names": dict(map(_named, names)),
            **study,
        }


def _arm(words: str) -> dict[str, Any]:
    found = _ARM.match(words.strip())
    return {"label": found[1].strip() if found else words.strip(), "n": int(found[2]) if found and found[2] else None}


def _named(words: str) -> tuple[str, list[str]]:
    label, _, names = words.partition("=")
    return label.strip(), [name.strip() for name in names.split(";")]


def _unmarked(body: str) -> tuple[str, list[dict[str, Any]]]:
    text, at, outcomes = "", 0, []
    for mark in _MARK.finditer(body):
        text += body[at : mark.start()]
        measure, *attributes = (x.strip() for x in mark[2].split("|"))
        given = dict(x.split("=", 1) for x in attributes if "=" in x)
        outcomes.append(
            {
                "measure": measure,
                "start": len(text),
                "end": len(text) + len(mark[1]),
                "time": _time(given.get("t")),
                "grade": given.get("g"),
                "arm": given.get("a", "all"),
            }
        )
        text, at = text + mark[1], mark.end()
    return text + body[at:], outcomes


def _time(words: str | None) -> dict[str, Any] | None:
    if words is None:
        return None
    value, unit = words.split()
    return {"value": float(value), "unit": unit.rstrip("s")}
