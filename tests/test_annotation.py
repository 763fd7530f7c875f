"""The annotated document: sentences, sections, abbreviations, levelled words and the concepts named."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.abbreviations import abbreviations
from extractors.annotation import annotate
from extractors.document import Document
from extractors.levelling import lowered, words
from extractors.sections import section_role
from extractors.sentences import sentence_starts


def _document(text: str, title: str = "") -> Document:
    return Document(id="t", title=title, text=text)


def _sentences(text: str) -> list[str]:
    starts = sentence_starts(text)
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "CR was 40% vs. 20% (P = .04) in both arms.",
        "Some drugs, i.e. ruxolitinib, helped.",
        "The dose was 0.5 mg per kg, e.g. Once daily.",
        "Survival at 12 months\nwas better with the graft.",
    ],
)
def test_points_within_a_sentence_do_not_end_it(text: str) -> None:
    """Abbreviations, decimals, p-values and wrapped lines leave a sentence whole."""
    assert len(_sentences(text)) == 1


def test_lines_bullets_and_stops_end_sentences() -> None:
    """Headings and bullets are sentences of their own."""
    text = "RESULTS\nTen patients were treated. All responded.\n- median age 60\n- CRS in 5"
    assert _sentences(text) == [
        "RESULTS", "Ten patients were treated.", "All responded.", "- median age 60", "- CRS in 5",
    ]  # fmt: skip


def test_an_endless_sentence_is_parted() -> None:
    """A list without stops, of a length that no author writes, is parted behind its marks; nothing is lost."""
    text = "; ".join(f"in cohort {k} survival was {k % 100}% at {k % 9} years" for k in range(400))
    parts = _sentences(text)
    assert max(map(len, parts)) <= 2500
    assert " ".join(parts) == text
    assert all(part.endswith(";") for part in parts[:-1])
    assert max(map(len, _sentences("x" * 6000))) <= 2500


@given(st.text(alphabet="abc ABC.!?\n•-()1", max_size=80))
def test_sentence_starts_lie_within_the_text_in_order(text: str) -> None:
    """Whatever the text, starts begin with 0, rise and stay inside."""
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(0 <= s < max(1, len(text)) for s in starts)


@given(st.text(max_size=60))
def test_levelled_words_point_at_their_place(text: str) -> None:
    """Every levelled word's offsets lie in the text, in order; lower case keeps every offset."""
    found = words(text)
    assert all(0 <= w.start < w.end <= len(text) for w in found)
    assert [w.start for w in found] == sorted(w.start for w in found)
    assert len(lowered(text)) == len(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("allo-HSCT", "allo HSCT"),
        ("allo–HSCT", "alloHSCT"),
        ("leukaemias", "leukemia"),
        ("tumours", "tumor"),
        ("Hodgkin’s", "Hodgkin"),
        ("therapies", "therapy"),
        ("TCRαβ", "TCR alpha beta"),
    ],
)
def test_spellings_of_one_term_level_alike(one: str, other: str) -> None:
    """Hyphens, plurals, possessives, British spelling and Greek letters don't matter."""
    assert [w.lower for w in words(one)] == [w.lower for w in words(other)]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("BACKGROUND", "background"),
        ("Patients and Methods", "methods"),
        ("Key Findings", "results"),
        ("What It Means", "conclusions"),
        ("Bottom line", "conclusions"),
        ("FUNDING", "other"),
    ],
)
def test_labels_tell_the_role_of_their_section(label: str, role: str) -> None:
    """Printed labels of many styles come down to four roles."""
    assert section_role(label) == role


def test_sections_are_found_in_line_and_inline() -> None:
    """Labels on lines of their own and within a paragraph open sections."""
    text = "BACKGROUND: Relapse is common. METHODS: We treated 10 adults. RESULTS: Six responded."
    annotated = annotate(_document(text))
    assert [s.label for s in annotated.sections] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert annotated.role(text.index("Six")) == "results"


def test_abbreviations_are_the_documents_own() -> None:
    """Short forms are read from brackets on either side, letters met in order."""
    found = abbreviations(
        "", "Complete response (CR) and NRM (non-relapse mortality) were seen; the rate (high) was not."
    )
    assert dict(found) == {"CR": "Complete response", "NRM": "non-relapse mortality"}


def test_no_term_begins_with_a_conjunction() -> None:
    """Of `acute and chronic GVHD (aGVHD and cGVHD)` no short form is read as `and chronic ...`."""
    found = abbreviations("", "Acute and chronic graft-versus-host disease (aGVHD and cGVHD) were rare.")
    assert "aGVHD" not in found


def test_a_redefined_abbreviation_overrides_the_vocabulary() -> None:
    """Where the document says what its letters mean, the vocabulary's own reading of them is dropped."""
    text = "Cytomegalovirus reactivation (CR) was frequent. CR occurred in 30%."
    names = {(m.text, m.name) for m in annotate(_document(text)).of_kind("outcome")}
    assert ("CR", "cmv-infection") in names
    assert ("CR", "complete-response") not in names


def test_letters_that_mean_another_kind_of_thing_lose_their_own() -> None:
    """Where the document's RT is a disease, it's no longer a treatment."""
    document = _document("Of 90 patients 30 had Richter transformation (RT). Patients with RT fared worse.")
    assert not [m for m in annotate(document).of_kind("intervention") if m.text == "RT"]
    kept = annotate(_document("Conditioning included RT."))
    assert [m.name for m in kept.of_kind("intervention") if m.text == "RT"]


def test_letters_mean_more_than_the_last_word_of_their_long_form() -> None:
    """`Busulfan plus cyclophosphamide (BuCy)` is the regimen that the vocabulary knows, not cyclophosphamide."""
    annotated = annotate(_document("They had busulfan plus cyclophosphamide (BuCy). BuCy was well tolerated."))
    assert {m.name for m in annotated.of_kind("intervention") if m.text == "BuCy"} == {"busulfan/cyclophosphamide"}


def test_mentions_of_one_kind_do_not_overlap() -> None:
    """The longest reading wins, each kind by itself."""
    annotated = annotate(
        _document(
            "Acute graft-versus-host disease followed haploidentical HSCT in B-cell acute lymphoblastic leukemia."
        )
    )
    for kind in ("outcome", "condition", "intervention"):
        found = annotated.of_kind(kind)
        assert all(a.end <= b.start for a, b in pairwise(found))
    assert [m.name for m in annotated.of_kind("condition")][-1] == "B-cell acute lymphoblastic leukemia"


def test_acronyms_keep_their_case() -> None:
    """`ALL` is a leukemia, `all` is not."""
    text = "We treated all patients with ALL."
    assert [m.start for m in annotate(_document(text)).of_kind("condition")] == [text.index("ALL")]
