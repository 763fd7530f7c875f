"""A sentence about everybody says each of its verbs of them."""

from __future__ import annotations

from extractors.annotation import annotate
from extractors.document import Document
from extractors.linking.scene import scene
from extractors.outcome_links import Found
from extractors.predicates import of_everybody


def _told(text: str, measure: str) -> list[tuple[str, str | None]]:
    found = scene(annotate(Document(id="all", title="CAR T cells", text=text)))
    at = next(i for i, f in enumerate(found.figures) if f.kind == "all")
    mention = next(m for m in found.measures if m.name == measure)
    first = Found(at, found.figures[at], measure, (mention.start, mention.end), 0.9)
    return [(f.measure, f.grade.name if f.grade else None) for f in of_everybody(found, [first])]


def test_a_second_verb_is_said_of_everybody_too() -> None:
    """What everybody also had is an outcome of its own, with the grade before it."""
    text = (
        "All patients achieved complete remission after the infusion but exhibited incomplete hematologic recovery and "
        "grade 4 pancytopenia."
    )
    assert _told(text, "complete-response") == [("complete-response", None), ("pancytopenia", "4")]


def test_what_others_had_is_not_said_of_everybody() -> None:
    """A negation, another subject or another clause ends it."""
    for more in (
        "but had no relapse",
        "but showed incomplete engraftment",
        "and two developed infection",
        ", whereas infection was rare",
    ):
        text = f"All patients achieved complete remission {more}."
        assert _told(text, "complete-response") == [("complete-response", None)]
