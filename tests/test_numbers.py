"""Numbers as printed: look-alike characters, digits, words and fractions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.numbers import DIGITS, FRACTION, INTEGER, NUMBER, WORDS, level, parse, starts


@settings(deadline=None)
@given(st.text())
def test_levelling_moves_nothing(text: str) -> None:
    """Levelling keeps the length of a text, and does nothing the second time."""
    assert len(level(text)) == len(text)
    assert level(level(text)) == level(text)


@pytest.mark.parametrize(
    ("printed", "levelled"),
    [
        ("0·31–0·51", "0.31-0.51"),
        ("−5", "-5"),
        ("220\u2009617", "220 617"),
        ("68％", "68%"),
        ("P＜.001", "P<.001"),
        ("⩾3", "≥3"),
    ],
)
def test_look_alikes(printed: str, levelled: str) -> None:
    """Middle dots, Unicode minus, thin spaces and wide signs read as their plain forms."""
    assert level(printed) == levelled


@pytest.mark.parametrize(
    ("printed", "value"),
    [("0.40", 0.4), (".40", 0.4), ("1,234", 1234), ("220 617", 220617), ("Three", 3), ("forty-one", 41),
     ("Forty one", 41), ("one hundred and five", 105), ("a hundred", 100), ("nine hundred ninety-nine", 999),
     ("half", 0.5), ("one half", 0.5), ("two-thirds", 2 / 3), ("a quarter", 0.25), ("three quarters", 0.75)],
)  # fmt: skip
def test_values(printed: str, value: float) -> None:
    """A number is parsed from digits with separators, from words, and from fractions in words."""
    assert parse(printed) == pytest.approx(value)


@pytest.mark.parametrize("words", ["many", "several patients", "", "hundredfold"])
def test_no_number(words: str) -> None:
    """Words that are no number are refused."""
    with pytest.raises(ValueError, match="not a number"):
        parse(words)


@settings(deadline=None)
@given(st.integers(0, 10**12), st.sampled_from([",", " "]))
def test_thousands_read_back(n: int, separator: str) -> None:
    """An integer with separated thousands matches as a whole and is parsed to its value."""
    printed = f"{n:,}".replace(",", separator)
    assert re.fullmatch(DIGITS, printed)
    assert parse(printed) == n


@pytest.mark.parametrize("name", ["CD19", "ZUMA-7", "IL-6", "KarMMa-3", "v1.2x"])
def test_names_hold_no_number(name: str) -> None:
    """Digits in a name aren't a number."""
    assert not [m for m in re.finditer(NUMBER, name) if m.start() == 0 or name[m.start() - 1] != "1"]


def test_numbers_begin_at_starts() -> None:
    """Wherever a number in digits or words matches, a start was found."""
    text = level("In 19 of twenty-one (90%; .95) and a hundred and five; 68% vs.55%, 1,234 or 12\u2009345 in Forty")
    found = starts(text.lower())
    assert found == sorted(found)
    for pattern in (NUMBER, WORDS):
        assert {m.start() for m in re.finditer(pattern, text, re.IGNORECASE)} <= set(found)


def test_integers_stand_alone() -> None:
    """An integer isn't cut out of a decimal number."""
    assert re.search(INTEGER, "n = 1,234")
    assert not re.match(INTEGER, "12.5")


def test_fractions_in_words() -> None:
    """Fractions in words are found whole."""
    assert [m[0] for m in re.finditer(FRACTION, "two thirds, one half, a quarter and half")] == [
        "two thirds", "one half", "a quarter", "half",
    ]  # fmt: skip
