"""The whole extraction: a document goes in, an evidence record comes out.

    extractor = extractors.pipeline.load()
    record = extractor.extract(document)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import ontology.vocabulary
from extractors import outcomes as outcome_figures
from extractors.annotation import Annotated, annotate
from extractors.assembling import outcomes
from extractors.checks import flagged
from extractors.document import Document
from extractors.evidence import Arm, Citation, EvidenceRecord, Extraction, Notice
from extractors.linking.scene import scene

VERSION = "0.1.0"
"""The extractor's version; a digest of the model files is added to it."""


@dataclass(frozen=True)
class Extractor:
    """Extracts evidence; `version` changes whenever the code's version or a model does."""

    version: str
    vocabulary_version: str

    def extract(self, document: Document) -> EvidenceRecord:
        """Return all that the document says; the same document always gives the same record."""
        return flagged(self._record(annotate(document)))

    def _record(self, annotated: Annotated) -> EvidenceRecord:
        document = annotated.document
        a_scene = scene(annotated)
        found = outcome_figures.find(a_scene)
        entries = outcomes(a_scene, found, {}, {}, {})
        citation = document.citation
        return EvidenceRecord(
            id=document.id,
            title=document.title,
            text=document.text,
            citation=Citation(pmid=citation.pmid, doi=citation.doi, journal=citation.journal, year=citation.year),
            notices=tuple(Notice(kind=n.kind, reference=n.reference) for n in document.notices),
            arms=(Arm(label="all"),),
            outcomes=entries,
            extraction=Extraction(extractor=self.version, vocabulary=self.vocabulary_version, digest=document.digest()),
        )


@cache
def load() -> Extractor:
    """Return the extractor with the packaged vocabulary and models; made once in a process."""
    return Extractor(version=f"{VERSION}+{_models_digest()}", vocabulary_version=ontology.vocabulary.load().version)


def _models_digest() -> str:
    folder = files("extractors") / "models"
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".json"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
