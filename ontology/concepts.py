"""What a concept is: its IRI, its canonical name, and all the words that name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A wording of a concept; `exact_case` ones (acronyms) match in exactly this case, `hidden` ones aren't shown."""

    text: str
    exact_case: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: `name` is the canonical name, `labels` all wordings (preferred first), `broader` direct parents.

    `category`, `targets` (names of antigens) and `components` (names of the drugs of a combination: `BEAM`) are an
    intervention's, from knowledge of the field.
    """

    iri: str
    name: str
    kind: str
    labels: tuple[Label, ...]
    broader: tuple[str, ...] = ()
    category: str | None = None
    targets: tuple[str, ...] = ()
    definition: str | None = None
    components: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The label to show."""
        return self.labels[0].text
