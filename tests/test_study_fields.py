"""Study-level fields of one document: design, population, treatments, order, follow-up, each with its place."""

from __future__ import annotations

import pytest

from extractors.ages import ages, median_age
from extractors.annotation import Annotated, annotate
from extractors.candidates import candidate_features, candidates
from extractors.context import contexts, not_given
from extractors.document import Document
from extractors.follow_up import follow_up
from extractors.lookback import Lookback
from extractors.prior_lines import median_prior_lines
from extractors.sizes import size_features, sizes
from extractors.study import StudyFields, study_fields

SEQUENTIAL = """Sequential CD7 CAR T-cell therapy and haploidentical HSCT

Study Design:
• Population: 10 patients with relapsed or refractory CD7-positive leukemia or lymphoma were treated.
• Intervention: CD7 CAR T cells followed by haploidentical HSCT, without myeloablation or GVHD prophylaxis.
• Follow-up ranged from 3.1 to 24.0 months.

Key Findings:
• All patients achieved complete remission after CD7 CAR T-cell therapy.
• After haploidentical HSCT, 8 patients had full donor chimerism."""
TRIAL = (
    "BACKGROUND: Relapse is frequent. METHODS: In this multicenter, open-label, single-arm phase 1/2 trial "
    "(NCT01234567), 24 adults with relapsed or refractory large B-cell lymphoma received axicabtagene ciloleucel after "
    "lymphodepletion with fludarabine and cyclophosphamide. RESULTS: Of 26 patients enrolled, 24 were treated "
    "(median age, 61 years "
    "[range, 23-76]; median of 3 prior lines). "
    "At a median follow-up of 15.1 months (range, 2-30), the objective response rate was 80%."
)


def _annotated(text: str, title: str = "") -> Annotated:
    return annotate(Document(id="t", title=title, text=text))


def _fields(text: str, title: str = "") -> StudyFields:
    return study_fields(_annotated(text, title))


def test_a_sequence_with_what_was_left_out() -> None:
    """CAR T then transplant is a sequence; conditioning and prophylaxis that weren't given say so."""
    fields = _fields(SEQUENTIAL)
    used = {i.name: i.used for i in fields.interventions}
    assert fields.relevance == "car-t+hsct"
    assert fields.sequence == ("CD7 CAR T-cell therapy", "haploidentical HSCT")
    assert used["GVHD prophylaxis"] is False
    assert used["myeloablative conditioning"] is False
    assert fields.population.treated == 10
    assert fields.population.antigens == ("CD7",)
    assert fields.population.disease_status == ("relapsed-refractory",)
    assert (fields.follow_up.min, fields.follow_up.max, fields.follow_up.unit) == (3.1, 24.0, "month")


def test_a_trial_tells_its_design_and_population() -> None:
    """Phase, masking, centres, registry number, sizes, age, lines and follow-up are read as stated."""
    fields = _fields(TRIAL, "Axicabtagene ciloleucel in large B-cell lymphoma: a phase 1/2 trial")
    assert fields.design.type == "single-arm-trial"
    assert (fields.design.phase, fields.design.masking, fields.design.centers) == ("1/2", "open-label", "multicenter")
    assert fields.design.registry_ids == ("NCT01234567",)
    assert (fields.population.enrolled, fields.population.treated) == (26, 24)
    assert fields.population.conditions == ("large B-cell lymphoma",)
    assert (fields.population.median_age, fields.population.median_prior_lines) == (61, 3)
    assert (fields.follow_up.median, fields.follow_up.min, fields.follow_up.max) == (15.1, 2, 30)


def test_every_anchor_points_at_words() -> None:
    """Anchors lie in the part that they name and aren't empty; each names what made it."""
    annotated = _annotated(TRIAL, "A trial of axicabtagene ciloleucel")
    fields = study_fields(annotated)
    anchors = [a for found in fields.anchors.values() for a in found] + [
        a for i in fields.interventions for a in i.anchors
    ]
    assert anchors
    for anchor in anchors:
        assert annotated.part(anchor.part)[anchor.start : anchor.end]
        assert anchor.by


def test_the_same_document_gives_the_same_fields() -> None:
    """Extraction holds no state."""
    assert _fields(TRIAL) == _fields(TRIAL)


def test_an_empty_document_has_no_fields() -> None:
    """Unknown stays unknown."""
    fields = _fields("")
    assert fields.population.treated is None
    assert fields.interventions == ()
    assert fields.follow_up.median is None
    assert fields.design.phase is None


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
    assert _fields(text, title).design.type == kind


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
    assert _fields(text).design.phase == phase


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
    assert _fields(text).design.registry_ids == numbers


def test_acronyms_of_the_study_itself() -> None:
    """A trial's own name counts, a trial that a cohort is held against doesn't."""
    assert _fields("Patients were randomized in ZUMA-7.", "ZUMA-7: axi-cel or standard care").design.acronyms == (
        "ZUMA-7",
    )
    assert (
        _fields("We retrospectively reviewed 90 patients; results match ZUMA-1.", "Axi-cel in practice").design.acronyms
        == ()
    )


def test_a_dose_in_a_name_is_no_size() -> None:
    """The number behind a drug's name is its dose, unless patients follow."""
    annotated = annotate(Document("t", "Melphalan 100 conditioning in adults", "After axi-cel 30 patients died of 64."))
    assert [size.value for size in sizes(annotated)] == [30, 64]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("At a median follow-up of 21.1 months, survival was 78%.", (21.1, None, None, "month")),
        ("With 38.1 months of median follow-up (range, 0.5-62.8), OS was 71%.", (38.1, 0.5, 62.8, "month")),
        ("Median follow-up, 33 months; range, 4.3-42.1.", (33, 4.3, 42.1, "month")),
        ("Survivors were followed for a median of 45 months (range 9–160 months).", (45, 9, 160, "month")),
        ("Median follow-up: 55.0 months (IQR, 46.5-69.0).", (55, None, None, "month")),
        ("Followed for 2.3 to 13.4 years (median, 6.9 years), all are alive.", (6.9, 2.3, 13.4, "year")),
        ("They were followed for a median of 11.8, 8.1, and 4.2 years, respectively.", (None, None, None, None)),
        ("Survival at 12 months was 70%.", (None, None, None, None)),
    ],
)
def test_follow_up_in_its_wordings(text: str, stated: tuple[float | None, ...]) -> None:
    """Medians and ranges are read in any order; interquartile ranges and lists over arms aren't."""
    found, anchors = follow_up(_annotated(text))
    assert (found.median, found.min, found.max, found.unit) == stated
    assert set(anchors) == {
        f"follow_up.{k}" for k, v in zip(("median", "min", "max"), stated, strict=False) if v is not None
    }


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("The median age was 41 years (range, 18-65).", 41),
        ("They were aged 4 to 83 years (median 56).", 56),
        ("The patients were 32 years old in the median.", 32),
        ("Median age was 18 months.", 1.5),
        ("BuFlu: median age 37 years; BuCy: median age 35 years.", None),
        ("The median survival was 12 months.", None),
    ],
)
def test_median_age(text: str, age: float | None) -> None:
    """In years, of the whole study: two arms' ages are none."""
    found = median_age(text)
    assert (found and found[0]) == age


def test_ages_are_bounds() -> None:
    """Ranges, lower and upper bounds and single ages are told apart."""
    kinds = {
        (a.kind, a.low, a.high)
        for a in ages("patients aged 18 to 65 years; those older than 60 years; a 22-year-old man")
    }
    assert {("between", 18.0, 65.0), ("from", 60.0, 120.0), ("at", 22.0, 22.0)} <= kinds


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a median of 3 prior lines of therapy", 3),
        ("They had had a median of two earlier lines.", 2),
        ("The median number of previous lines was four (range 1–11).", 4),
        ("a median of 3 cycles", None),
    ],
)
def test_prior_lines(text: str, lines: float | None) -> None:
    """Digits and words; cycles aren't lines."""
    found = median_prior_lines(text)
    assert (found and found[0]) == lines


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("They were transplanted without GVHD prophylaxis.", True),
        ("GVHD prophylaxis was not given.", True),
        ("without myeloablation or GVHD prophylaxis", True),
        ("Patients received GVHD prophylaxis.", False),
        ("with or without GVHD prophylaxis", False),
    ],
)
def test_what_was_not_given(text: str, absent: bool) -> None:
    """Negation reaches the treatment within its clause; `with or without` isn't one."""
    annotated = _annotated(text)
    mention = next(m for m in annotated.of_kind("intervention") if m.name == "GVHD prophylaxis")
    assert not_given(annotated, mention) is absent


def test_contexts_of_a_mention() -> None:
    """Cues before and behind a mention are named."""
    annotated = _annotated("Patients with prior autologous transplantation were excluded.")
    assert "earlier" in contexts(annotated, annotated.of_kind("intervention")[0])


def test_lookback_counts_words() -> None:
    """A cue holds within its own number of words; stems and phrases count as words do."""
    cues = Lookback({"given": (1, "receiv*"), "after": (0, "relapse_after")})
    assert cues.find("patients received oral") == {"given"}
    assert cues.find("received one two three") == frozenset()
    assert cues.find("at relapse after") == {"after"}


def test_a_document_that_says_nothing_is_of_no_kind() -> None:
    """Without a word on either therapy or on a study, relevance is `neither`, and the design isn't guessed."""
    fields = study_fields(annotate(Document(id="empty", title="Untitled", text="No abstract is available.")))
    assert fields.relevance == "neither"
    assert fields.design.type == "other"
    assert fields.population.treated is None


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
    assert _fields(text, title).design.type != kind


def test_a_title_settles_age_and_status() -> None:
    """What the title says plainly of the patients holds, whatever the models make of the rest."""
    people = _fields("The outcome was good.", "Transplantation in children with newly diagnosed lymphoma").population
    assert "pediatric" in people.age_group
    assert "newly-diagnosed" in people.disease_status


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
    ],
)
def test_names_of_studies_and_consortia(text: str, title: str, names: tuple[str, ...]) -> None:
    """A study's name, a consortium that the text defines and the registry of an analysis count; a congress doesn't, nor
    does a product.
    """
    assert _fields(text, title).design.acronyms == names


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
    assert _fields(text, title).design.centers == centers


def test_features_of_a_total_and_its_parts() -> None:
    """A number that the next ones add up to is told from one beside another group's."""
    annotated = _annotated("In total 62 patients, 22 with a sibling and 40 with an unrelated donor, were grafted.")
    found = sizes(annotated)
    rows = dict(zip((s.value for s in found), size_features(annotated, found), strict=True))
    assert "the sum of those behind it" in rows[62]
    assert "the sum of those behind it" not in rows[22]
    assert "behind: another group" in rows[22]


def test_an_antigen_is_no_disease() -> None:
    """`CLL-1` is an antigen and `HLH-2004` a protocol; a candidate's features name what it's a kind of."""
    annotated = _annotated("CLL-1 CAR T cells were given for acute myeloid leukemia after the HLH-2004 protocol.")
    found = candidates(annotated, "condition")
    assert [c.name for c in found] == ["acute myeloid leukemia"]
    assert any(name.startswith("under ") for name in candidate_features(annotated, found)[0])


@pytest.mark.parametrize(
    "title",
    [
        "Autologous transplantation in double-hit multiple myeloma",
        "One-unit versus two-unit cord blood transplantation",
    ],
)
def test_what_is_double_is_not_always_a_second_transplant(title: str) -> None:
    """Double-hit disease and two units of cord blood make no sequence of transplants."""
    text = "Patients underwent autologous transplantation or cord blood transplantation and were followed for a year."
    assert _fields(text, title).sequence == ()
