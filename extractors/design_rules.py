"""The design's type by rule: what a title or a telling phrase settles, and a likely type for the rest."""

from __future__ import annotations

from extractors.document_features import Features
from extractors.evidence import DesignType


class _Cues:
    """The design cues of a document, asked by name."""

    def __init__(self, features: Features) -> None:
        self._features = features

    def has(self, *names: str) -> str:
        """Return the first of the cues that stands in the text, or an empty string."""
        return next((f"design:{n}" for n in names if f"design:{n}" in self._features), "")

    def title(self, *names: str) -> str:
        """Return the first of the cues that stands in the title, or an empty string."""
        return next((f"design:{n}" for n in names if f"design:{n} (title)" in self._features), "")


def type_by_rule(features: Features) -> tuple[DesignType, str, bool]:
    """Return the type, the cue that speaks for it, and whether that settles it."""
    cues = _Cues(features)
    for kind, cue in (*_secondary(cues), *_reports(cues)):
        if cue:
            return kind, cue, True
    kind, cue = _likely(cues)
    return kind, cue, False


def _secondary(cues: _Cues) -> list[tuple[DesignType, str]]:
    """Types that aren't studies of one group of patients."""
    has, title = cues.has, cues.title
    will = has("will (often)") if not has("risk factors", "were treated") else ""
    mice = "" if has("enrolled", "were treated") or title("phase", "trial") else has("mice (often)")
    pooled = has("meta-analysis") if has("search") else ""
    no_patients = not has("were treated", "says retrospective", "enrolled")
    return [
        ("preclinical", title("mice", "preclinical") or mice),
        ("narrative-review", title("a review in the title") if title("economic") and no_patients else ""),
        ("economic-evaluation", title("cost-effective", "economic") or has("cost-effective (often)")),
        ("study-protocol", title("protocol") or will),
        ("meta-analysis", title("meta-analysis") or has("meta-analysis (often)") or pooled),
        ("systematic-review", title("systematic review")),
        ("guideline", title("guideline") or has("recommends (often)")),
        ("systematic-review", has("systematic review") if has("search") and not has("risk factors") else ""),
        ("narrative-review", "" if cues.title("retrospective") else title("a review in the title")),
        ("narrative-review", has("this review") if no_patients else ""),
    ]  # fmt: skip


def _reports(cues: _Cues) -> list[tuple[DesignType, str]]:
    """Case reports, series that call themselves so, and randomized trials."""
    has, title = cues.has, cues.title
    one_patient = has("case report") and has("the patient") and not has("large number")
    randomized = "" if has("says retrospective", "not randomized") else has("were randomized")
    return [
        ("case-report", title("case report") or (has("case report") if one_patient else "")),
        ("case-series", title("says case series")),
        ("randomized-controlled-trial", randomized),
        ("randomized-controlled-trial", "" if cues.title("not randomized") else title("randomized")),
    ]


def _likely(cues: _Cues) -> tuple[DesignType, str]:
    has, title = cues.has, cues.title
    if cue := has("says retrospective", "registry"):
        return "retrospective-cohort", cue
    if cue := title("phase", "trial") or has("phase", "single arm", "dose escalation"):
        return "single-arm-trial", cue
    if has("prospective") and has("trial", "endpoint"):
        return "single-arm-trial", has("prospective")
    if cue := title("case series"):
        return "case-series", cue
    if cue := has("prospective"):
        return "prospective-cohort", cue
    return "retrospective-cohort", has("retrospective", "years")
