"""What the encoder's network takes and answers, in a fixed order; of no other module, since training needs it alone."""

from __future__ import annotations

KINDS = ("figure", "measure", "time", "grade", "arm", "concept", "size")
"""The kinds of spans, in the order in which the network takes them."""
POSITIONS = 512
"""How many positions the encoder knows; the pieces of a longer document share the last one."""
INPUTS = ("pieces", "parts", "places", "marks", "names", *(f"{kind} spans" for kind in KINDS))
"""The network's inputs, in order."""
OUTPUTS = ("measure", "named", "time", "grade", "arm", "concept", "size", "group", "study")
"""The network's answers, in order."""
