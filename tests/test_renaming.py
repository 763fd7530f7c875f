"""Passages are told anew with their measures' names exchanged, the annotation with them."""

from __future__ import annotations

from pathlib import Path

from extractors.training import passages
from extractors.training.renaming import renamed

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "training/passages" / f"{name}.txt" for name in ("al", "dq")]


def _passage(text: str, **measures: str) -> dict[str, object]:
    outcomes = [
        {"measure": m.replace("_", "-"), "start": text.index(q), "end": text.index(q) + len(q), "arm": "all"}
        for m, q in measures.items()
    ]
    return {"id": "p", "title": "", "text": text, "arms": [{"label": "all", "n": None}], "outcomes": outcomes}


def test_every_figure_keeps_its_words() -> None:
    """In each renamed passage the annotated offsets still bear the figures that they bore, some of another measure."""
    records = [r for path in FILES for r in passages.records(path)]
    by_id = {f"{r['id']}-renamed": r for r in records}
    made = list(renamed(records))
    assert len(made) > len(records) / 2
    for record in made:
        old = by_id[record["id"]]
        figures = [[r["text"][o["start"] : o["end"]] for o in r["outcomes"]] for r in (old, record)]
        assert figures[0] == figures[1]
        assert [o["measure"] for o in old["outcomes"]] != [o["measure"] for o in record["outcomes"]]
        assert "design" not in record
        assert record["names"] == old["names"]
    assert any(record["names"] for record in made)


def test_names_and_annotation_change_alike() -> None:
    """The measure whose name takes the place of another takes its figure too, short forms for short forms."""
    text = "The rates of OS and NRM were 68% and 12%."
    passage = _passage(text, overall_survival="68%", non_relapse_mortality="12%")
    made = next(renamed([passage | {"id": f"p-{k}"} for k in range(9)]))  # what takes whose place is chance, by the id
    first, second = (o["measure"] for o in made["outcomes"])
    short = {"overall-survival": "OS", "non-relapse-mortality": "NRM", "progression-free-survival": "PFS",
             "event-free-survival": "EFS", "disease-free-survival": "DFS", "relapse-free-survival": "RFS",
             "gvhd-free-relapse-free-survival": "GRFS", "relapse": "CIR"}  # fmt: skip
    assert made["text"] == f"The rates of {short[first]} and {short[second]} were 68% and 12%."


def test_a_measure_told_in_other_words_stays() -> None:
    """Where a measure is told by a verb, its name can't be exchanged, and a passage without others is left out."""
    assert not list(renamed([_passage("Of the ten, 7 relapsed.", relapse="7")]))


def test_the_same_passage_is_renamed_alike() -> None:
    """What takes a name's place is chosen by the passage alone."""
    records = list(passages.records(FILES[0]))[:20]
    assert list(renamed(records)) == list(renamed(records))
