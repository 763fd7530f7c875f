"""The parts of the linker on small texts: layout, runs, neighbours, arms' names, spans of times and grades."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.annotation import annotate
from extractors.arms import arm_key, same_arm, short_forms
from extractors.document import Document
from extractors.linking.features import PAIR_FEATURES, Candidate, PairFeatures
from extractors.linking.layout import SEPARATORS, layout
from extractors.linking.neighbours import NEIGHBOUR_COLUMNS, neighbour_rows
from extractors.linking.pairs import VIRTUAL, Pairs, best_by_figure
from extractors.linking.scene import Scene, scene
from extractors.linking.spans import grade_candidates, time_candidates


def scene_of(text: str) -> Scene:
    """Return the scene of a text without a title."""
    return scene(annotate(Document(id="part", title="", text=text)))


def pair_features(found: Scene) -> PairFeatures:
    """Return the features of a scene's figures against the measures that it names."""
    return PairFeatures(found.layout, found.figure_table, [Candidate(m.start, m.end, m.name) for m in found.measures])


def test_layout_tells_sentences_brackets_and_cues() -> None:
    """Offsets are looked up for their sentence, their innermost open bracket, and the cues and words between two."""
    text = "OS was 68% (95% CI [55, 79]) and EFS 50%. Relapse was rare."
    first = text.index(" Relapse")
    found = layout(text, [(0, first), (first + 1, len(text))])
    assert [found.sentence_index(text.index(w)) for w in ("68", "Relapse")] == [0, 1]
    assert found.bracket(text.index("68")) == -1
    assert found.bracket(text.index("95")) == text.index("(")
    assert found.bracket(text.index("55")) == text.index("[")
    assert found.bracket(text.index("EFS")) == -1
    between = found.between(np.array([0, 0]), np.array([first, text.index("68")]))
    columns = [name for name, _ in SEPARATORS]
    assert [between.cues[0, columns.index(name)] for name in ("and", "was", "comma", "open")] == [1, 1, 1, 2]
    assert between.words.tolist() == [10, 2]


@pytest.mark.parametrize(
    ("gap", "opening", "closing"), [(" (", True, True), (": ", True, True), (", ", True, False), ("%) ", False, True)]
)
def test_layout_tells_what_binds_directly(gap: str, opening: bool, closing: bool) -> None:
    """Spaces, brackets and the like between two offsets are told from words and other signs."""
    text = f"OS{gap}68"
    between = layout(text, [(0, len(text))]).between(np.array([2]), np.array([2 + len(gap)]))
    assert (between.opening.tolist(), between.closing.tolist()) == ([opening], [closing])


def test_a_bracket_that_never_closes_ends_with_its_line() -> None:
    """An open bracket doesn't swallow the lines behind it."""
    text = "OS (68%\nEFS 50%"
    found = layout(text, [(0, 7), (8, len(text))])
    assert (found.bracket(text.index("68")), found.bracket(text.index("50"))) == (3, -1)


@pytest.mark.parametrize(("text", "word", "expected"), [("- OS: 68%", "OS", True), ("The OS was 68%", "OS", False)])
def test_a_span_heads_its_line_behind_a_bullet(text: str, word: str, expected: bool) -> None:
    """A span opens its line if but a bullet stands before it."""
    start = text.index(word)
    assert layout(text, [(0, len(text))]).heads_line(start, start + len(word)) is expected


def test_coordinated_figures_form_a_run() -> None:
    """Figures set side by side form a run; one apart from them is alone."""
    found = scene_of("Overall survival was 68%, 55% and 41%. The complete response rate, as it happened, was 30%.")
    assert [pair_features(found).run(i) for i in range(4)] == [(0, 3), (1, 3), (2, 3), (0, 1)]


def test_lists_of_one_length_are_aligned() -> None:
    """A figure is aligned with the measure at its own place of the list, and with no other."""
    found = scene_of("Overall survival and progression-free survival were 68% and 55%, respectively.")
    features, column = pair_features(found), PAIR_FEATURES.index("aligned")
    assert features.rows([0, 0, 1, 1], [0, 1, 0, 1])[:, column].tolist() == [1, 0, 0, 1]


def test_rows_have_a_column_for_each_feature() -> None:
    """A pair's row, and the row of a figure alone, are as long as the list of features; the latter has no span's."""
    found = scene_of("Overall survival was 68%.")
    features = pair_features(found)
    rows = features.rows([0, 0], [0, -1])
    assert rows.shape == (2, len(PAIR_FEATURES))
    assert rows[:, PAIR_FEATURES.index("same sentence")].tolist() == [1, 0]
    assert rows[:, PAIR_FEATURES.index("value")].tolist() == [68, 68]


def pairs_of(*rows: tuple[int, int, str]) -> Pairs:
    """Return pairs of figure, candidate and name without features."""
    pairs = Pairs()
    for figure, candidate, name in rows:
        pairs.add(figure, candidate, name, [])
    return pairs


def test_neighbours_tell_of_rivals() -> None:
    """A pair is told its figure's best other name, and the best of the other figures that want its span."""
    pairs = pairs_of((0, 0, "os"), (0, 1, "pfs"), (1, 0, "os"), (1, 1, "pfs"))
    rows = neighbour_rows(pairs, np.array([0.9, 0.2, 0.4, 0.7]))
    assert rows.shape == (4, len(NEIGHBOUR_COLUMNS))
    third = dict(zip(NEIGHBOUR_COLUMNS, rows[2].tolist(), strict=True))
    assert third["best other of the figure's"] == 0.7
    assert third["best of the span's other figures"] == 0.9
    assert third["figure before's best is this span"] == 1
    last = dict(zip(NEIGHBOUR_COLUMNS, rows[3].tolist(), strict=True))
    assert last["figure before's best is the span before"] == 1


def test_no_pairs_have_no_neighbours() -> None:
    """Without pairs there is a table without rows."""
    assert neighbour_rows(Pairs(), np.zeros(0)).shape == (0, len(NEIGHBOUR_COLUMNS))


def test_the_best_pair_of_each_name_counts() -> None:
    """Of pairs of one figure with one name the best is kept; names come best first, equals by name."""
    pairs = pairs_of((0, 0, "os"), (0, 1, "os"), (0, VIRTUAL, "pfs"), (0, 2, "efs"))
    assert best_by_figure(pairs, np.array([0.3, 0.6, 0.5, 0.5])) == {
        0: [(0.6, "os", 1), (0.5, "efs", 2), (0.5, "pfs", VIRTUAL)]
    }


def test_time_points_are_read_in_order() -> None:
    """Time points are candidates by value and unit; a median follow-up isn't one."""
    found = scene_of("At a median follow-up of 30 months, 2-year OS was 68% and relapse by day +100 was 9%.")
    assert [c.name for c in time_candidates(found)] == ["2 year", "100 day"]


def test_grades_are_read_in_numbers_and_words() -> None:
    """Grades have the guide's notation whatever the text prints."""
    found = scene_of(
        "Grade II-IV GVHD in 20%, grade 3 or higher CRS in 5%, CRS of any grade in 70%, severe ICANS in 4%."
    )
    assert [c.name for c in grade_candidates(found)] == ["2-4", ">=3", "any", "severe"]


def test_grades_in_words_are_read_as_they_are_joined() -> None:
    """Words joined by a hyphen, a slash or `to` are one grade; any degree is any grade."""
    found = scene_of(
        "Moderate-severe GVHD, mod/sev GVHD, mild to moderate CRS, mild-moderate rash, ICANS of any degree."
    )
    names = ["moderate-severe", "moderate-severe", "mild-moderate", "mild-moderate", "any"]
    assert [c.name for c in grade_candidates(found)] == names


def test_names_of_one_arm_are_recognized() -> None:
    """Case, group words and short forms don't make two arms of one; a negation does."""
    assert arm_key("Haplo group") == arm_key("haplo") == ("haplo",)
    shorts = short_forms({"PTCy": "post-transplant cyclophosphamide"})
    assert same_arm(arm_key("PTCy"), arm_key("post-transplant cyclophosphamide"), shorts)
    assert not same_arm(arm_key("no ATG"), arm_key("ATG"), {})
    assert not same_arm(arm_key("haplo"), arm_key("MUD"), {})
