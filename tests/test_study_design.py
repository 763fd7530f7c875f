"""What a study is: design, phase, registry numbers, its own names, centres."""

from __future__ import annotations

from typing import get_args

import pytest

from extractors.annotation import annotate
from extractors.design import design
from extractors.document import Document
from extractors.document_features import document_features
from extractors.evidence import DesignType
from extractors.study_models import read_feature
from tests.studies import TRIAL, fields_of


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("CAR T cells in lymphoma: a systematic review and meta-analysis", "PubMed was searched.", "meta-analysis"),
        ("Cost-effectiveness of tisagenlecleucel", "A Markov model gave the cost per QALY.", "economic-evaluation"),
        ("Graft or drug: protocol of a randomized trial", "Patients will be randomized.", "study-protocol"),
        ("Transplantation in mice", "Mice were irradiated.", "preclinical"),
        ("Transplant for lymphoma: consensus guideline", "The panel recommends.", "guideline"),
        ("A drug or placebo", "Patients were randomized to a drug or placebo.", "randomized-controlled-trial"),
        ("CAR T in lymphoma", "We retrospectively reviewed the records of 120 patients.", "retrospective-cohort"),
    ],
)
def test_telling_words_settle_the_design(title: str, text: str, kind: str) -> None:
    """A title's or a phrase's plain statement decides, whatever else is likely."""
    assert fields_of(text, title).design.type == kind


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Transplantation: results from one city", "We reviewed 53 patients treated since 1989.", "narrative-review"),
        ("CAR T cells: CARPALL update at the congress", "17 children were treated.", "narrative-review"),
        ("Chemotherapy in Philadelphia-negative leukemia", "149 adults were enrolled.", "guideline"),
        (
            "Rituximab after transplantation",
            TRIAL + " A randomized trial should follow.",
            "randomized-controlled-trial",
        ),
        (
            "CAR T cells: an open trial",
            "In this non-randomised phase 2 trial, all got it.",
            "randomized-controlled-trial",
        ),
        ("Two-target CAR T cells: a phase I trial", f"Xenografted mice were cured. {TRIAL}", "preclinical"),
    ],
)
def test_words_that_only_look_telling(title: str, text: str, kind: str) -> None:
    """Reviewed records are no review, a city is no Delphi panel, a trial that should follow isn't this one."""
    assert fields_of(text, title).design.type != kind


@pytest.mark.parametrize(
    ("behind", "protocol"),
    [
        (" RESULTS: 40% responded.", False),
        (" RESULTS: to follow.", True),
        (" Recruitment began in 2021.", True),
    ],
)
def test_a_study_that_has_results_is_no_protocol(behind: str, protocol: bool) -> None:
    """However likely a protocol is, numbers in a section of results rule it out."""
    text = "METHODS: Patients will be assigned to a drug or none. The primary endpoint is survival." + behind
    annotated = annotate(Document("1", "A drug in leukemia", text))
    seen = {read_feature("design", other): float(other == "study-protocol") for other in get_args(DesignType)}
    found = design(annotated, document_features(annotated) | seen)[0]
    assert (found.type == "study-protocol") is protocol


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("This phase II trial enrolled adults.", "2"),
        ("A phase 1b study.", "1"),
        ("A phase I/II trial.", "1/2"),
        ("A phase 3 randomized trial.", "3"),
        ("An earlier phase 2 trial was promising.", None),
    ],
)
def test_phases_in_roman_and_arabic(text: str, phase: str | None) -> None:
    """The trial's own phase counts, not that of an earlier one."""
    assert fields_of(text).design.phase == phase


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("NCT01234567 and ISRCTN99927695", ("NCT01234567", "ISRCTN99927695")),
        ("EudraCT number 2008-000413-29", ("2008-000413-29",)),
        ("(ChiCTR1800017404; CRD42023455002)", ("ChiCTR1800017404", "CRD42023455002")),
        ("Grant 12345678 of 2019", ()),
    ],
)
def test_registry_numbers(text: str, numbers: tuple[str, ...]) -> None:
    """Numbers of the usual registries, each once."""
    assert fields_of(text).design.registry_ids == numbers


def test_acronyms_of_the_study_itself() -> None:
    """A trial's own name counts, a trial that a cohort is held against doesn't."""
    own = fields_of("Patients were randomized in ZUMA-7.", "ZUMA-7: axi-cel or standard care")
    assert own.design.acronyms == ("ZUMA-7",)
    other = fields_of("We retrospectively reviewed 90 patients; results match ZUMA-1.", "Axi-cel in practice")
    assert other.design.acronyms == ()


@pytest.mark.parametrize(
    ("text", "title", "names"),
    [
        ("CheckMate 744 is a phase 2 study of nivolumab in young patients.", "Nivolumab", ("CheckMate 744",)),
        ("The Late Effects Consortium (LEC-2) gave the records of 90 patients.", "Late effects", ()),
        ("The Adult Leukemia Working Consortium (ALWC) gave the records.", "Late effects", ("ALWC",)),
        ("They were shown this year.", "Results at AACR and ESMO 2022", ()),
        (
            "BEC-220 is a CAR T-cell product. Nine patients in this phase 1 trial were given BEC-220.",
            "BEC-220 trial",
            (),
        ),
        ("Adults were registered.", "Allografts for lymphoma: a CIBMTR analysis", ("CIBMTR",)),
        ("Methods: HARBOUR-TX randomised 90 adults. SLEDAI-2K: fell by 9.", "Early or late", ("HARBOUR-TX",)),
        ("QUAYSIDE, a phase 2 trial, had two arms.", "Early or late", ("QUAYSIDE",)),
        ("In the CLIFF SCD-121 trial 9 adults were treated.", "Edited cells: CLIFF SCD-121", ("CLIFF SCD-121",)),
        ("The BMT CTN 1999 trial enrolled 90 adults.", "Designing a trial: BMT CTN 1999", ("BMT CTN 1999",)),
        ("From the NORDCAR registry 44 patients were drawn.", "CAR T cells in the north", ("NORDCAR",)),
    ],
)
def test_names_of_studies_and_consortia(text: str, title: str, names: tuple[str, ...]) -> None:
    """A study's name, a consortium that the text defines and the registry of an analysis count; a congress, a product
    and a scale don't.
    """
    assert fields_of(text, title).design.acronyms == names


@pytest.mark.parametrize(
    ("title", "text", "centers"),
    [
        ("Letermovir: a multicentre trial", "It was given to 40 adults.", "multicenter"),
        ("CAR T cells: single-center experience", "They came from several hospitals.", "single-center"),
        ("Cord blood", "A single unit was given to 110 children.", None),
    ],
)
def test_centres(title: str, text: str, centers: str | None) -> None:
    """A title settles it; a unit of cord blood is no unit of a hospital."""
    assert fields_of(text, title).design.centers == centers
