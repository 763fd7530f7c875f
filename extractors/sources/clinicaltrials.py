"""ClinicalTrials.gov's JSON (API version 2): a study, a list of them, pages of search results.

What the registry keeps in fields is written out as a text with labelled sections, so that it's read like any other
report. Posted results (tables) aren't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from extractors.document import Citation, Document
from extractors.sources.assemble import Passage, clean_nct, clean_year, compose, document, phase_of
from extractors.sources.json_objects import Json, objects
from extractors.sources.markup import plain_text
from extractors.sources.records import BadRecordError, Read, attempt

_ESCAPE = re.compile(r"\\([<>\[\]*_~#+=&-])")
_REGISTRIES = ("EUDRACT_NUMBER", "CTIS", "REGISTRY")
_MASKING = {
    "NONE": "open label", "SINGLE": "single-blind", "DOUBLE": "double-blind", "TRIPLE": "triple-blind",
    "QUADRUPLE": "quadruple-blind",
}  # fmt: skip


def read_clinicaltrials(file: BinaryIO) -> Iterator[Read]:
    """Yield the document of each study."""
    return (attempt(_document, study) for study in objects(file))


def _document(study: Json) -> Document:
    protocol = _Fields(study.get("protocolSection"))
    nct = clean_nct(protocol.text("identificationModule", "nctId"))
    if nct is None:
        raise BadRecordError("a study without its NCT number")
    title = protocol.text("identificationModule", "officialTitle") or protocol.text(
        "identificationModule", "briefTitle"
    )
    phases = [str(phase) for phase in protocol.items("designModule", "phases")]
    text, sections = compose(_passages(protocol))
    return document(
        title=title,
        text=text,
        sections=sections,
        citation=Citation(
            journal="ClinicalTrials.gov",
            year=clean_year(protocol.text("statusModule", "studyFirstPostDateStruct", "date")),
        ),
        own_id=f"nct:{nct}",
        publication_types=[_word(protocol.text("designModule", "studyType")).capitalize()],
        registry_ids=[nct, *_other_registries(protocol)],
        phase=phase_of(phases),
        language="eng",
    )


class _Fields:
    """Looks values up in nested JSON; what isn't there, or is of another kind, is empty."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def _get(self, *path: str) -> Any:
        value = self._value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def text(self, *path: str) -> str:
        """Return a string or number as clean text."""
        value = self._get(*path)
        return _ESCAPE.sub(r"\1", plain_text(str(value))).strip() if isinstance(value, str | int) else ""

    def items(self, *path: str) -> list[Any]:
        """Return a list."""
        value = self._get(*path)
        return value if isinstance(value, list) else []

    def groups(self, *path: str) -> Iterator[_Fields]:
        """Yield the elements of a list."""
        return map(_Fields, self.items(*path))


def _passages(protocol: _Fields) -> Iterator[Passage]:
    yield Passage(protocol.text("descriptionModule", "briefSummary"), "Brief summary")
    yield Passage(protocol.text("descriptionModule", "detailedDescription"), "Detailed description")
    yield Passage(_design(protocol), "Study design", "METHODS")
    yield Passage("; ".join(map(str, protocol.items("conditionsModule", "conditions"))), "Conditions")
    yield Passage(_lines(map(_arm, protocol.groups("armsInterventionsModule", "armGroups"))), "Arms", "METHODS")
    interventions = protocol.groups("armsInterventionsModule", "interventions")
    yield Passage(_lines(map(_intervention, interventions)), "Interventions", "METHODS")
    for key, label in (("primaryOutcomes", "Primary outcomes"), ("secondaryOutcomes", "Secondary outcomes")):
        yield Passage(_lines(map(_outcome, protocol.groups("outcomesModule", key))), label, "METHODS")
    yield Passage(_eligibility(protocol), "Eligibility", "METHODS")


def _lines(items: Iterator[str]) -> str:
    return "\n".join(f"• {item}" for item in items if item)


def _word(code: str) -> str:
    return code.replace("_", " ").lower()


def _design(protocol: _Fields) -> str:
    info = ("designModule", "designInfo")
    count = protocol.text("designModule", "enrollmentInfo", "count")
    kind = _word(protocol.text("designModule", "enrollmentInfo", "type"))
    masking = protocol.text(*info, "maskingInfo", "masking")
    stated = {
        "Type": _word(protocol.text("designModule", "studyType")),
        "Phase": " and ".join(_phase(str(phase)) for phase in protocol.items("designModule", "phases")),
        "Allocation": _word(protocol.text(*info, "allocation")).replace("na", "not applicable", 1),
        "Model": _word(protocol.text(*info, "interventionModel") or protocol.text(*info, "observationalModel")),
        "Masking": _MASKING.get(masking, _word(masking)),
        "Purpose": _word(protocol.text(*info, "primaryPurpose")),
        "Enrollment": f"{count} participants ({kind or 'unstated'})" if count else "",
        "Status": _word(protocol.text("statusModule", "overallStatus")),
    }
    return " ".join(f"{name}: {value}." for name, value in stated.items() if value)


def _phase(code: str) -> str:
    return re.sub(r"(\d)", r" \1", _word(code)).replace("na", "not applicable")


def _arm(arm: _Fields) -> str:
    kind, description = _word(arm.text("type")), arm.text("description")
    given = "; ".join(name.partition(": ")[2] or name for name in map(str, arm.items("interventionNames")))
    head = arm.text("label") + (f" ({kind})" if kind else "")
    return ": ".join(filter(None, (head, description or given)))


def _intervention(intervention: _Fields) -> str:
    kind, names = _word(intervention.text("type")), map(str, intervention.items("otherNames"))
    head = intervention.text("name") + (f" ({kind})" if kind else "")
    return "; also ".join(filter(None, (": ".join(filter(None, (head, intervention.text("description")))), *names)))


def _outcome(outcome: _Fields) -> str:
    frame = outcome.text("timeFrame")
    head = outcome.text("measure") + (f" [{frame}]" if frame else "")
    return ": ".join(filter(None, (head, outcome.text("description"))))


def _eligibility(protocol: _Fields) -> str:
    module = "eligibilityModule"
    ages = {"Minimum age": protocol.text(module, "minimumAge"), "Maximum age": protocol.text(module, "maximumAge")}
    stated = [f"{name}: {age}" for name, age in ages.items() if age]
    return "\n".join(filter(None, (protocol.text(module, "eligibilityCriteria"), *stated)))


def _other_registries(protocol: _Fields) -> list[str]:
    others = protocol.groups("identificationModule", "secondaryIdInfos")
    return [other.text("id") for other in others if other.text("type") in _REGISTRIES]
