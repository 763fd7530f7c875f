"""n, N and percentage of one figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from extractors.checks.case import Case, flag
from extractors.checks.reading import percent, printed, step
from extractors.evidence import Flag, Outcome

RESPONSES: Final = frozenset(
    {
        "overall-response", "complete-response", "complete-response-incomplete-recovery", "partial-response",
        "very-good-partial-response", "stringent-complete-response", "stable-disease", "mrd-negativity",
        "clinical-remission", "transfusion-independence",
    }
)  # fmt: skip
SURVIVAL: Final = frozenset(
    {
        "overall-survival", "progression-free-survival", "event-free-survival", "disease-free-survival",
        "relapse-free-survival", "gvhd-free-relapse-free-survival", "failure-free-survival", "duration-of-response",
    }
)  # fmt: skip
_ESTIMATE = re.compile(
    r"inciden|probab|estimat|kaplan|actuarial|project|adjusted|weighted|pooled|matched|rates? at", re.IGNORECASE
)


def fraction_not_percentage(case: Case) -> Iterator[Flag]:
    """Yield where n of N, all printed together, isn't the percentage: neither rounded nor cut off.

    Estimates (of Kaplan-Meier, cumulative incidences) aren't n of N and are passed over.
    """
    for k, o in enumerate(case.outcomes):
        if o.n is None or not o.N or o.value is None or not _counted(o):
            continue
        share, slack = 100 * o.n / o.N, max(step(o.value), 0.1)
        if abs(share - o.value) > slack + 1e-9 and Counter([o.n, o.N, o.value]) <= printed(o.quote):
            exact = percent(round(share, 1 if slack >= 0.1 else 2))
            yield flag("fraction-not-percentage", f"{o.n}/{o.N} is {exact}, the text says {percent(o.value)}", k)


def numerator_above_denominator(case: Case) -> Iterator[Flag]:
    """Yield where more patients had the event than there were."""
    for k, o in enumerate(case.outcomes):
        if o.n is not None and o.N is not None and o.n > o.N:
            yield flag("numerator-above-denominator", f"{o.n} of {o.N}: the part is larger than the whole", k)


def percentage_out_of_range(case: Case) -> Iterator[Flag]:
    """Yield shares below 0% or above 100%."""
    for k, o in enumerate(case.outcomes):
        if o.statistic == "proportion" and o.value is not None and not 0 <= o.value <= 100:
            yield flag("percentage-out-of-range", f"{percent(o.value)} is not a share of patients (0% to 100%)", k)


def _counted(o: Outcome) -> bool:
    """Return whether the share is counted, as far as can be told, and not estimated over time."""
    if o.statistic != "proportion" or o.measure in SURVIVAL or _ESTIMATE.search(o.quote):
        return False
    return o.time is None or o.measure in RESPONSES
