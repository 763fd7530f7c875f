"""Candidate figures: what belongs together by form is joined, in marked-up sentences that carry their answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.joining import Figure, figures
from extractors.quantities import quantities

SENTENCES = Path(__file__).parent / "notations" / "figures.txt"
MARK = re.compile(r"\{(?P<printed>[^{}]*?) => (?P<read>[^{}]*)\}")


def read(text: str) -> list[Figure]:
    """Return the candidate figures of a text."""
    return figures(text, quantities(text))


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def written(f: Figure) -> str:
    """Return a figure as the file of marked-up sentences writes it."""
    unit = "" if f.unit is None else "%" if f.unit == "%" else f" {f.unit}"
    said = [f"{_end(f.value)}{unit}"]
    if f.n is not None or f.total is not None:
        said.append(f"{_end(f.n)}/{_end(f.total)}")
    if f.ci is not None:
        said.append(f"ci {_end(f.ci[0])}..{_end(f.ci[1])}" + (f" at {f.ci_level:g}%" if f.ci_level != 95 else ""))
    return ", ".join(said + ([f"p {f.p}"] if f.p else []))


def cases() -> list[str]:
    """Return the marked-up sentences."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("sentence", cases())
def test_figures(sentence: str) -> None:
    """Each figure is joined from its parts as its sentence says, and the sentence has no other."""
    text = MARK.sub(lambda m: m["printed"], sentence)
    expected = [(m["printed"], m["read"]) for m in MARK.finditer(sentence)]
    assert [(text[f.start : f.end], written(f)) for f in read(text)] == expected


SHARES = (
    "{n} of {N} ({p}%)", "{n}/{N} ({p}%)", "{p}% ({n}/{N})", "{p}% [{n} of {N}]", "{n} ({p}%) of {N}",
    "{p}% ({n} of {N} patients)", "{n} of the {N} patients ({p}%; 95% CI, 0-100)",
    "{n} ({p}%; 95% CI, 0-100) of {N}", "{n} of {N} patients, {p}%",
)  # fmt: skip


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(0, 200), st.sampled_from(SHARES))
def test_n_of_n_with_percentage_reads_back(n: int, more: int, form: str) -> None:
    """n, N and percentage that are printed together are one figure, in whatever order."""
    total = n + more
    percentage = round(100 * n / total, 1)
    text = f"A response was seen in {form.format(n=n, N=total, p=f'{percentage:g}')}."
    first = read(text)[0]
    assert (first.n, first.total, first.value, first.unit) == (n, total, percentage, "%")


EFFECTS = (
    "HR, {v}; 95% CI, {l}-{h}; P = .03", "HR {v} (95% CI {l}–{h}; P = .03)", "HR {v}, {l}–{h}; p=0·03",
    "hazard ratio {v} [95% CI, {l} to {h}] (P = .03)", "HR, {v} [{l}-{h}], P = .03",
)  # fmt: skip


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500), st.sampled_from(EFFECTS))
def test_hazard_ratio_reads_back(one: int, two: int, three: int, form: str) -> None:
    """A hazard ratio is read with its interval and p-value in many notations."""
    low, value, high = sorted(x / 100 for x in (one, two, three))
    text = f"It differed ({form.format(v=f'{value:.2f}', l=f'{low:.2f}', h=f'{high:.2f}')})."
    (figure,) = read(text)
    assert (figure.kind, figure.value, figure.ci, figure.p) == ("ratio", value, (low, high), "0.03")


def test_parts_are_indices_of_quantities() -> None:
    """A figure names the quantities that it's made of; none belongs to two figures."""
    text = "Response in 19 of 28 (68%; 95% CI, 48-84) v 12 of 30 (40%; P = .03)."
    found = quantities(text)
    first, second = figures(text, found)
    assert [found[k].kind for k in first.parts] == ["fraction", "percent", "interval"]
    assert not set(first.parts) & set(second.parts)


PIECES = ("19", " of ", "28", "(", ")", "68%", "; ", ", ", "95% CI", "4-84", "n=", "P<.05", "NR", "all")


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=2)), max_size=20).map("".join))
def test_any_text(text: str) -> None:
    """No text makes joining fail; figures stand in order and cover their heads."""
    end = 0
    for f in read(text):
        assert end <= f.start <= f.head.start < f.head.end <= f.end
        end = f.head.end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Median PFS was not reached (NR) in either arm.", ["was not reached (NR"]),
        (
            "Median OS was not reached [NR; 95% CI, 14.2-NE] and 15.2 months.",
            ["was not reached [NR; 95% CI, 14.2-NE", "15.2 months"],
        ),
        ("Median DOR was NR v 12 months; median OS, NR v NR.", ["NR", "12 months", "NR", "NR"]),
    ],
)
def test_not_reached_and_its_short_form_are_one_figure(text: str, words: list[str]) -> None:
    """`not reached (NR)` is entered once; NR on its own and in comparisons is a figure each time."""
    assert [text[f.start : f.end] for f in figures(text, quantities(text))] == words
