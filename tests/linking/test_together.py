"""The groups of all figures are chosen at once: neighbours that are of one group, and those that aren't, decide too."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import outcomes
from extractors.annotation import annotate
from extractors.arms import ArmFound
from extractors.document import Document
from extractors.linking.contrasts import told
from extractors.linking.models import folder
from extractors.linking.scene import scene
from extractors.linking.together import TOGETHER_COLUMNS, neighbours, settled

Shares = list[list[float]]
NAMES = ("axi-cel", "tisa-cel", "all")
FLOOR, WEIGHTS, SUREST = 0.01, (0.5, 0.25), 0.999


def _likeliness(shares: Shares, alike: dict[tuple[int, int], float], chosen: tuple[int, ...]) -> float:
    """Return what `settled` makes as large as it can, said in the plainest way."""
    total = sum(math.log(own[k] + FLOOR) for own, k in zip(shares, chosen, strict=True))
    for (i, j), probability in alike.items():
        sure = min(max(probability, 1 - SUREST), SUREST)
        total += WEIGHTS[j - i - 1] * math.log(sure if chosen[i] == chosen[j] else (1 - sure) / math.sqrt(2))
    return total


@given(st.data())
def test_no_other_choice_of_groups_is_likelier(data: st.DataObject) -> None:
    """Of all ways to give up to five figures one of three groups each, the likeliest is found."""
    count = data.draw(st.integers(1, 5))
    probability = st.floats(0, 1)
    shares = data.draw(st.lists(st.lists(probability, min_size=3, max_size=3), min_size=count, max_size=count))
    pairs = [(i, j) for i in range(count) for j in (i + 1, i + 2) if j < count]
    alike = {pair: data.draw(probability) for pair in pairs}
    ranked = {i: [(share, name, 0) for share, name in zip(own, NAMES, strict=True)] for i, own in enumerate(shares)}
    chosen = settled(ranked, alike)
    found = tuple(NAMES.index(chosen[i]) for i in range(count))
    best = max(_likeliness(shares, alike, other) for other in product(range(3), repeat=count))
    assert _likeliness(shares, alike, found) == pytest.approx(best)


def test_figures_without_any_group_are_left_alone() -> None:
    """Where no group is possible for any figure there is nothing to choose."""
    assert settled({3: [], 5: []}, {}) == {}


@pytest.mark.parametrize(
    ("own", "alike", "arms"),
    [(0.7, 0.02, ["axi-cel", "tisa-cel"]), (0.99, 0.2, ["axi-cel", "axi-cel"]), (0.3, 0.98, ["axi-cel", "axi-cel"])],
)
def test_neighbours_decide_unless_a_figure_is_sure(own: float, alike: float, arms: list[str]) -> None:
    """The second of two figures follows or avoids the first one's arm, unless its own words speak strongly."""
    ranked = {
        0: [(0.9, "axi-cel", 0), (0.1, "tisa-cel", 1)],
        1: [(own, "axi-cel", 0), (1 - own, "tisa-cel", 1)],
    }
    assert list(settled(ranked, {(0, 1): alike}).values()) == arms


def _alike(text: str, measures: tuple[str, ...], times: tuple[str | None, ...]) -> list[float]:
    """Return how likely each percentage of a text and the next one are of one of two arms."""
    of = scene(annotate(Document("t", "", text)))
    figures = [i for i, f in enumerate(of.figures) if f.kind == "percent"]
    reports = {
        i: told(of.figures[i], m, float(len(m)), t, None) for i, m, t in zip(figures, measures, times, strict=True)
    }
    arms = [ArmFound(n, (), tuple(_places(text, n)), 0.9) for n in NAMES[:2]]
    rows = neighbours(of, reports, arms)
    assert {len(row) for row in rows.values()} == {len(TOGETHER_COLUMNS)}
    shares = outcomes._alike(of, reports, arms)
    assert shares.keys() == rows.keys()
    return [shares[pair] for pair in pairwise(figures)]


def _places(text: str, name: str) -> list[tuple[int, int]]:
    return [(k, k + len(name)) for k in range(len(text)) if text.startswith(name, k)]


OS, PFS, NRM, RI = "overall-survival", "progression-free-survival", "non-relapse-mortality", "relapse"


@pytest.mark.parametrize(
    ("text", "measures", "times", "same"),
    [
        ("Overall survival was 52% with axi-cel versus 30% with tisa-cel.", (OS, OS), (None, None), [False]),
        (
            "After axi-cel, overall survival was 52%, progression-free survival 30% and non-relapse mortality 6%.",
            (OS, PFS, NRM), (None,) * 3, [True, True],
        ),
        (
            "Overall survival with axi-cel and tisa-cel was 65% and 50% at 1 year, and 60% and 41% at 2 years.",
            (OS,) * 4, ("1 year", "1 year", "2 year", "2 year"), [False, False, False],
        ),
        (
            "With axi-cel, 60% were alive at 1 year and 48% at 2 years.",
            (OS, OS), ("1 year", "2 year"), [True],
        ),
        ("Relapse hit 38% of those with axi-cel and 9% of those with tisa-cel.", (RI, RI), (None, None), [False]),
        (
            "Adults were treated. After 12 months 52% were alive, 30% free of progression and 6% dead without relapse.",
            (OS, PFS, NRM), (None,) * 3, [True, True],
        ),
        ("OS: 65% v 50% v 43%.", (OS,) * 3, (None,) * 3, [False, False]),
    ],
)  # fmt: skip
def test_the_model_tells_neighbours_of_one_group(
    text: str, measures: tuple[str, ...], times: tuple[str | None, ...], same: list[bool]
) -> None:
    """Contrasted figures are of two groups, what is told of one group one after another is of that group."""
    assert [share > 0.5 for share in _alike(text, measures, times)] == same


MARKED = """# Two products
@arms axi-cel (20) | tisa-cel (20)
Survival was {52%|overall-survival|a=axi-cel} with axi-cel v {30%|overall-survival|a=tisa-cel} with tisa-cel; after axi-cel {6%|non-relapse-mortality|a=axi-cel} died without relapse.
---
# One product
Survival was {52%|overall-survival}, and {6%|non-relapse-mortality} died without relapse.
"""  # noqa: E501


def test_marked_texts_of_several_groups_are_lessons(tmp_path: Path) -> None:
    """Of a text with two groups each pair of near outcomes is a lesson; a text with one group teaches nothing."""
    pytest.importorskip("sklearn", reason="training needs the extra `train`")
    from extractors.training.corpus import examples
    from extractors.training.together import pairs

    path = tmp_path / "own.txt"
    path.write_text(MARKED, encoding="utf-8")
    two, one = examples([path])
    assert [alike for _, alike in pairs(two)] == [False, True, False]
    assert list(pairs(one)) == []


@pytest.mark.slow
def test_the_model_can_be_trained_anew(root: Path, tmp_path: Path) -> None:
    """The documented command writes a model that knows the columns, into the folder that it's told."""
    pytest.importorskip("sklearn", reason="training needs the extra `train`")
    command = [
        sys.executable,
        "-m",
        "extractors.training.together",
        "training/passages/a.txt",
        "training/passages/dk.txt",
    ]
    for path in folder().iterdir():
        (tmp_path / path.name).symlink_to(str(path))
    (tmp_path / "together.json").unlink()
    made = subprocess.run(
        command, cwd=root, env=os.environ | {"CARTOGRAPH_MODELS": str(tmp_path)}, capture_output=True, text=True
    )
    assert "accuracy out of fold" in made.stderr
    assert tuple(json.loads((tmp_path / "together.json").read_text("utf-8"))["features"]) == TOGETHER_COLUMNS
