"""Typed quantities: everything in a text that looks like a number gets a kind, a normalised value and its offsets.

`quantities(text)` works in passes, one compiled pattern each, from the most to the least specific form; what a pass
has claimed, later ones leave alone. What isn't an outcome (doses, ages, dates, ranges) is typed too: only what is typed
can be told apart. Attributes that belong together by form (`19 of 28 [68%; 95% CI, 48-84]`) are joined in
`extractors.joining`.
"""

from extractors.quantities.grammar import quantities
from extractors.quantities.kinds import Kind, Quantity

__all__ = ["Kind", "Quantity", "quantities"]
