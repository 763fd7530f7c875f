"""Where extracted items are marked in a text, and how interval plots are laid out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from web.intervals import WIDTH, axis_for, interval
from web.marks import Kind, Mark, paragraphs

TEXT = "RESULTS: Response was 67% (28 of 42).\n\nSurvival at 12 months was 59%."
KINDS: tuple[Kind, ...] = ("figure", "quote", "fact")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """Draw a text and marks anywhere in it, overlapping and empty ones too."""
    text = draw(st.text(alphabet=st.sampled_from("ab:% \nÄ日𝔊"), max_size=60))
    offset = st.integers(0, len(text))
    spans = st.tuples(offset, offset).map(sorted)
    made = st.builds(
        lambda item, kind, span: Mark(f"o-{item}", kind, span[0], span[1]),
        st.integers(0, 5),
        st.sampled_from(KINDS),
        spans,
    )
    return text, draw(st.lists(made, max_size=8))


@given(marked_texts())
def test_pieces_are_the_text(drawn: tuple[str, list[Mark]]) -> None:
    """The pieces of the paragraphs are the text's own characters at their offsets, each once, in order."""
    text, marks = drawn
    lines = paragraphs(text, marks)
    assert ["".join(piece.text for piece in line) for line in lines] == [x for x in text.split("\n") if x]
    assert all(text[piece.start : piece.end] == piece.text for line in lines for piece in line)


@given(marked_texts())
def test_each_piece_knows_exactly_its_marks(drawn: tuple[str, list[Mark]]) -> None:
    """A character belongs to an item in its page exactly if one of the item's marks covers it."""
    text, marks = drawn
    for piece in (piece for line in paragraphs(text, marks) for piece in line):
        for at in range(piece.start, piece.end):
            assert set(piece.items) == {m.item for m in marks if m.start <= at < m.end}


def test_a_figure_inside_overlapping_quotes() -> None:
    """Of overlapping quotes each piece tells which cite it; the figure's own words lead to its own row alone."""
    first, second = TEXT.index("Response"), TEXT.index("67%")
    marks = [
        Mark("o-0", "quote", first, second + 3),
        Mark("o-0", "figure", second, second + 3),
        Mark("o-1", "quote", second, TEXT.index(")")),
    ]
    by_text = {piece.text: piece for line in paragraphs(TEXT, marks) for piece in line}
    assert by_text["67%"].strong == ("o-0",)
    assert by_text["67%"].items == ("o-0", "o-1")
    assert by_text["67%"].begins == ("o-0", "o-1")
    assert by_text["Response was "].strong == ()
    assert by_text[" (28 of 42"].quotes == ("o-1",)


def test_a_quote_without_a_figure_leads_to_its_row() -> None:
    """Where a figure's own offsets aren't known, the whole passage is the link to its row."""
    (first, _second) = paragraphs(TEXT, [Mark("o-0", "quote", 9, 25, alone=True)])
    assert [piece.strong for piece in first if piece.quotes] == [("o-0",)]


def test_printed_section_labels_are_told() -> None:
    """The label that a paragraph begins with is a piece of its own."""
    (first, second) = paragraphs(TEXT, [])
    assert (first[0].text, first[0].label) == ("RESULTS:", True)
    assert not any(piece.label for piece in second)


@given(
    st.sampled_from(["proportion", "median", "hazard-ratio", "difference"]),
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5),
    st.tuples(st.none() | st.floats(-1e4, 1e4), st.none() | st.floats(-1e4, 1e4)),
)
def test_plots_stay_inside_their_frame(
    statistic: str, values: list[float], ci: tuple[float | None, float | None]
) -> None:
    """Whatever is plotted, dot and line lie within the plot, and the line's left end isn't right of its right end."""
    axis = axis_for([*values, *(end for end in ci if end is not None)], statistic=statistic)
    drawn = interval(axis, values[0], tuple(sorted(ci, key=lambda x: (x is not None, x or 0.0))) if None in ci else ci)
    assert drawn is not None
    assert drawn.dot is not None
    assert 0 <= drawn.dot <= WIDTH
    assert all(0 <= x <= WIDTH for x, _label in axis.ticks())


def test_an_open_end_runs_to_the_border() -> None:
    """An interval whose upper end could not be estimated is drawn to the border and said to be open."""
    axis = axis_for([10.0, 20.0], statistic="median")
    drawn = interval(axis, 10.0, (5.0, None))
    assert drawn is not None
    assert drawn.open_right
    assert not drawn.open_left
    assert drawn.right == axis.x(axis.high)
