"""Groups, arms and the study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extractors.checks.case import Case, flag
from extractors.checks.reading import name, printed
from extractors.evidence import Flag

_NOT_PATIENTS: Final = re.compile(
    r"infusi|infused|transplants\b|transplantations|graft|donor|pair|cases|episode|event|admission|lesion|eyes"
    r"|product|apheres|manufactur|collection|sample|specimen|biops|cycle|course|dose|procedure|stud(?:y|ies)|trials"
    r"|screen|enrol|all |entire|intention|random",
    re.IGNORECASE,
)
_NOT_HELD: Final = frozenset({"other", "manufacturing-success", "vein-to-vein-time"})


def group_above_whole(case: Case) -> Iterator[Flag]:
    """Yield where a subgroup is larger than its arm, or a figure's patients are more than its arm and the study have.

    Only of named arms whose size is stated, and where the figure counts patients: not infusions, samples or studies.
    The study as a whole is left out: its figures are also told of the registry or the screened that it stems from.
    """
    size = {a.label: a.n for a in case.arms}
    study = case.population
    for k, o in enumerate(case.outcomes):
        arm = None if o.arm == "all" else size.get(o.arm)
        if o.N is None or arm is None or o.measure in _NOT_HELD or _NOT_PATIENTS.search(f"{o.quote} {o.subgroup}"):
            continue
        whole = arm if o.subgroup else max(arm, study.treated or 0, study.evaluable or 0, study.enrolled or o.N)
        if whole < o.N and o.N in printed(o.quote):
            whose = f"the subgroup {o.subgroup} of {o.arm}, which" if o.subgroup else f"{o.arm}, which"
            yield flag("group-above-whole", f"{name(o)} is given for {o.N} patients in {whose} has only {arm}", k)


def arms_above_total(case: Case) -> Iterator[Flag]:
    """Yield where the two arms of a randomized study are together larger than the study, or one of them is.

    Fewer is no contradiction: patients drop out before they're treated.
    """
    enrolled = case.population.enrolled
    arms = [a for a in case.arms if a.label != "all" and a.n is not None]
    if (
        case.design.type != "randomized-controlled-trial"
        or enrolled is None
        or len(arms) != 2
        or {a.role for a in arms} != {"experimental", "comparator"}
    ):
        return
    total = sum(a.n or 0 for a in arms)
    if total > max(enrolled, case.population.treated or 0, case.population.evaluable or 0):
        parts = " + ".join(f"{a.n} ({a.label})" for a in arms)
        yield flag("arms-above-total", f"{parts} are {total} patients, but the study has {enrolled}")
