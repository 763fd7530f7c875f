"""Two study texts, and the study-level fields of any, for the tests of these."""

from __future__ import annotations

from extractors.annotation import Annotated, annotate
from extractors.document import Document
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


def annotated(text: str, title: str = "") -> Annotated:
    """Return a document with what is named in it."""
    return annotate(Document(id="t", title=title, text=text))


def fields_of(text: str, title: str = "") -> StudyFields:
    """Return the study-level fields of a document."""
    return study_fields(annotated(text, title))
