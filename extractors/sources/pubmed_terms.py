"""What PubMed's codes mean: notices, trial registries; as its XML and its MEDLINE text write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.document import Notice, NoticeKind

CORRECTIONS: dict[str, NoticeKind] = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "RetractionOf": "retraction",
    "PartialRetractionIn": "concern",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "erratum",
    "CorrectedandRepublishedIn": "update",
    "UpdateIn": "update",
}
"""RefType of a comment or correction -> notice. What concerns another report (`ErratumFor`, `UpdateOf`) is none."""

MEDLINE_CORRECTIONS: dict[str, NoticeKind] = {
    "RIN": "retracted",
    "RRI": "retracted",
    "ROF": "retraction",
    "PRIN": "concern",
    "ECI": "concern",
    "EIN": "erratum",
    "CRI": "update",
    "UIN": "update",
}

_TYPES: dict[str, NoticeKind] = {
    "retracted publication": "retracted",
    "retraction of publication": "retraction",
    "retraction notice": "retraction",
    "published erratum": "erratum",
    "expression of concern": "concern",
}
_OTHER_BANKS = (
    "bioproject", "dbgap", "dbsnp", "dbvar", "dryad", "figshare", "genbank", "geo", "gdb", "mgdb", "omim", "pdb", "pir",
    "pubchem", "protein", "refseq", "sra", "swissprot", "uniprot", "unimes", "uniref", "uniparc", "bmrb", "biosample",
)  # fmt: skip


def type_notices(publication_types: Iterable[str]) -> Iterator[Notice]:
    """Yield the notices that publication types say of the report itself."""
    for name in publication_types:
        if kind := _TYPES.get(name.lower()):
            yield Notice(kind)


def is_registry(bank: str | None) -> bool:
    """Return whether the data bank of that name registers trials (`ClinicalTrials.gov`, `ISRCTN`, `ChiCTR`)."""
    return bool(bank) and not str(bank).lower().startswith(_OTHER_BANKS)
