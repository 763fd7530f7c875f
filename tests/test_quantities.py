"""The grammar of quantities: notations in marked-up sentences, printed quantities read back, and text of any kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractors.quantities import Quantity, quantities

SENTENCES = Path(__file__).parent / "notations" / "quantities.txt"
MARK = re.compile(r"\{(?P<printed>[^{}]*?) => (?P<read>[^{}]*)\}")


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _grade(q: Quantity) -> str:
    low, high = (_number(x) if x is not None else "" for x in (q.low, q.high))
    return f"grade {low}" if low == high else f"grade {low}..{high}"


def _bounds(q: Quantity) -> str:
    level = f" at {q.level:g}%" if q.level else ""
    return f"{q.kind} {_number(q.low)}..{_number(q.high)}{level}" if q.low is not None or q.high is not None else q.kind


def written(q: Quantity) -> str:
    """Return a quantity as the file of marked-up sentences writes it."""
    value = _number(q.value)
    if q.kind in ("interval", "range"):
        return _bounds(q)
    if q.kind == "grade":
        return _grade(q)
    if q.kind == "fraction":
        return f"fraction {value}/{_number(q.total)}" + (f" {q.low:g}%" if q.low is not None else "")
    if q.form == "but":
        return f"all but {_number(q.low)}"
    if q.kind in ("all", "none"):
        return f"{q.kind} of {q.total:g}" if q.total else q.kind
    plain = {"percent": f"percent {value}", "ratio": f"{q.form} {value}", "p": f"p {q.form}{value}"}
    plain |= {k: f"{k} {value} {q.unit}" for k in ("time", "duration")} | {
        k: f"{k} {value}" for k in ("number", "size")
    }
    return plain.get(q.kind, q.kind)


def cases() -> list[str]:
    """Return the marked-up sentences."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("sentence", cases())
def test_notation(sentence: str) -> None:
    """Each notation is read as its sentence says, and nothing else in the sentence is."""
    text = MARK.sub(lambda m: m["printed"], sentence)
    expected = [(m["printed"], m["read"]) for m in MARK.finditer(sentence)]
    assert [(text[q.start : q.end], written(q)) for q in quantities(text)] == expected


def test_every_kind_has_a_sentence() -> None:
    """No kind of quantity is without a marked-up sentence."""
    kinds = {q.kind for s in cases() for q in quantities(MARK.sub(lambda m: m["printed"], s))}
    assert kinds == {
        "p", "interval", "range", "grade", "dose", "age", "date", "time", "fraction", "percent", "ratio", "size",
        "duration", "not-reached", "all", "none", "number", "label",
    }  # fmt: skip


DASHES = st.sampled_from(["-", "–", "‐", "—", "−"])
SPACES = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])
POINTS = st.sampled_from([".", "·", "∙", "⋅"])


@st.composite
def decimals(draw: st.DrawFn, low: int = 0, high: int = 100) -> tuple[float, str]:
    """Return a number with up to one decimal and a way to print it."""
    tenths = draw(st.integers(10 * low, 10 * high))
    whole, part = divmod(tenths, 10)
    return tenths / 10, f"{whole}{draw(POINTS)}{part}" if part else str(whole)


def only(text: str, kind: str) -> Quantity:
    """Return the one quantity of a kind in `text`."""
    found = [q for q in quantities(text) if q.kind == kind]
    assert len(found) == 1, (text, found)
    return found[0]


@settings(deadline=None)
@given(decimals(), st.sampled_from(["%", " %", "\u2009%", " percent", " per cent"]))
def test_percentages_read_back(number: tuple[float, str], sign: str) -> None:
    """A percentage is read with its value, whatever its decimal point, space and sign."""
    value, printed = number
    text = f"The rate was {printed}{sign} in all arms."
    found = only(text, "percent")
    assert (found.value, text[found.start : found.end]) == (value, printed + sign)


@settings(deadline=None)
@given(
    st.integers(1, 400),
    st.integers(0, 400),
    st.sampled_from(["{n}/{N}", "{n} of {N}", "{n} out of {N}", "{n} of the {N}"]),
)
def test_fractions_read_back(n: int, more: int, form: str) -> None:
    """Both numbers of `n of N` are read in each of its forms."""
    text = f"Response was seen in {form.format(n=n, N=n + more)} patients."
    found = only(text, "fraction")
    assert (found.value, found.total) == (n, n + more)


BOUNDS = ("{l} to {h}", "{l}{d}{h}", "{l}%{d}{h}%", "{l}, {h}", "{l}; {h}", "{l} {d} {h}")
FRAMES = (
    "(95%{s}CI, {b})", "(95%{s}CI: {b})", "[95%{s}CI {b}]", "(95% confidence interval {b})", "(95% CI = {b})",
    "(95%CI {b})", "(95% CI, {b}; P = .03)", "(CI95% {b})",
)  # fmt: skip


@settings(deadline=None)
@given(decimals(), decimals(), st.sampled_from(BOUNDS), DASHES, SPACES, st.sampled_from(FRAMES))
def test_intervals_read_back(
    one: tuple[float, str], two: tuple[float, str], form: str, dash: str, space: str, frame: str
) -> None:
    """A named interval is read with its bounds and level in many notations."""
    (low, l), (high, h) = sorted((one, two))  # noqa: E741 - as the forms name them
    text = f"Survival was 50% {frame.format(s=space, b=form.format(l=l, h=h, d=dash))}."
    found = only(text, "interval")
    assert (found.low, found.high, found.level, found.form) == (low, high, 95, "named")


@settings(deadline=None)
@given(
    st.integers(1, 999),
    st.sampled_from(["P", "p", "P-value", "p value"]),
    st.sampled_from(["=", "<", "≤", ">"]),
    SPACES,
    st.booleans(),
)
def test_p_values_read_back(thousandths: int, name: str, sign: str, space: str, zero: bool) -> None:
    """A p-value is read with relation and value, with or without its leading zero."""
    printed = f"{'0' if zero else ''}.{thousandths:03d}"
    found = only(f"It differed ({name}{space}{sign}{space}{printed}).", "p")
    assert (found.form, found.value) == (sign, thousandths / 1000)


RATIOS = {"hazard ratio": "hazard-ratio", "HR": "hazard-ratio", "aHR": "hazard-ratio", "odds ratio": "odds-ratio",
          "OR": "odds-ratio", "relative risk": "risk-ratio", "RR": "risk-ratio"}  # fmt: skip


@settings(deadline=None)
@given(
    st.sampled_from(sorted(RATIOS)),
    st.integers(1, 999),
    st.sampled_from([", ", " ", "=", " = ", ": ", " of ", " was "]),
    POINTS,
)
def test_ratios_read_back(name: str, hundredths: int, link: str, point: str) -> None:
    """A ratio is read with its statistic and value."""
    printed = f"{hundredths // 100}{point}{hundredths % 100:02d}"
    text = f"The risk differed ({name}{link}{printed}; 95% CI, 0.01 to 9.99)."
    found = only(text, "ratio")
    assert (found.form, found.value, text[found.start : found.end]) == (RATIOS[name], hundredths / 100, printed)


@settings(deadline=None)
@given(decimals(1, 90), decimals(0, 90), decimals(0, 90), st.sampled_from(["day", "week", "month", "year"]), DASHES,
       st.sampled_from(["range", "range,", "IQR", "interquartile range,"]))  # fmt: skip
def test_medians_with_ranges_read_back(
    median: tuple[float, str], one: tuple[float, str], two: tuple[float, str], unit: str, dash: str, name: str
) -> None:
    """A median duration is read apart from its range."""
    low, high = sorted((one, two))
    text = f"The median was {median[1]} {unit}s ({name} {low[1]}{dash}{high[1]})."
    duration, ranged = quantities(text)
    assert (duration.kind, duration.value, duration.unit) == ("duration", median[0], unit)
    assert (ranged.kind, ranged.low, ranged.high) == ("range", low[0], high[0])


@settings(deadline=None)
@given(st.integers(10, 400), st.sampled_from(["day {}", "day +{}", "Day {}", "D+{}", "D{}", "day-{}"]))
def test_days_read_back(day: int, form: str) -> None:
    """A day after infusion is read as a time point in each of its forms."""
    found = only(f"Response at {form.format(day)} was assessed.", "time")
    assert (found.value, found.unit) == (day, "day")


@settings(deadline=None)
@given(st.integers(1, 60), st.sampled_from(["year", "month", "week", "day"]), DASHES)
def test_adjectives_of_time_read_back(value: int, unit: str, dash: str) -> None:
    """`2-year survival` is read as a time point, with any hyphen."""
    found = only(f"The {value}{dash}{unit} survival was good.", "time")
    assert (found.value, found.unit, found.form) == (value, unit, "adjective")


ROMAN = ("I", "II", "III", "IV")


@settings(deadline=None)
@given(
    st.integers(1, 4),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["-", "–", "/", " to ", " or ", " and "]),
    st.sampled_from(["grade", "Grades"]),
)
def test_grades_read_back(low: int, more: int, roman: bool, link: str, name: str) -> None:
    """Grades are read in Arabic and in Roman numerals, single and in ranges."""
    high = min(4, low + more)
    first, last = (ROMAN[x - 1] if roman else str(x) for x in (low, high))
    found = only(f"Patients with {name} {first if high == low else first + link + last} GVHD.", "grade")
    assert (found.low, found.high) == (low, high)


UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelt(n: int) -> str:
    """Return a number below 1000 in words."""
    if n >= 100:
        return f"{UNITS[n // 100]} hundred" + (f" and {spelt(n % 100)}" if n % 100 else "")
    if n < 20:
        return UNITS[n]
    return TENS[n // 10] + (f"-{UNITS[n % 10]}" if n % 10 else "")


@settings(deadline=None)
@given(st.integers(1, 999), st.booleans())
def test_words_read_back(n: int, capital: bool) -> None:
    """Numbers in words up to 999 are read with their value, at the beginning of a sentence too."""
    words = spelt(n).capitalize() if capital else spelt(n)
    text = f"{words} patients were treated."
    found = only(text, "number")
    assert (found.value, found.form, text[found.start : found.end]) == (n, "word", words)


_PRINTED = (
    "95% CI|HR|OR|grade|≥|III|-|–|(|)|[|]|/|of|in|one hundred|twenty|two|thirds|half|a|%|percent|±|NR|day|months|year"
    "|n=|p<|P =|x10|^|⁻⁵|10|0|.5|1,234|12 345|06/2018|1:1|all|none|not one of|but|once|single|times|fold|risk|range"
    "|IQR|,|;|.|−|·|never reached|fıve|ſeven|²|٣|aged|to|and"
)
PIECES = [*_PRINTED.split("|"), "9" * 30, "\n"]


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map(" ".join))
@example("\u212aſıİ" + "9" * 500 + "% of " + "1 2 3, " * 40)
@example("5, 6, 7, 8, 9, " * 60 + "10%")
def test_any_text(text: str) -> None:
    """No text makes the grammar fail; quantities stand in order and apart, without spaces at their ends."""
    end = 0
    for q in quantities(text):
        assert end <= q.start < q.end <= len(text)
        assert text[q.start : q.end] == text[q.start : q.end].strip()
        end = q.end
