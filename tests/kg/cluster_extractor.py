"""An extractor that the worker processes of a cluster can import: slow enough to be killed at work."""

from __future__ import annotations

import os
import time

from extractors.document import Document
from extractors.evidence import EvidenceRecord
from tests.kg.conftest import ReferenceExtractor


class Slow(ReferenceExtractor):
    """Takes its time; ends its whole process where a text asks for it."""

    def extract(self, document: Document) -> EvidenceRecord:
        """Return an empty record after a while."""
        time.sleep(0.02)
        if "die here" in document.text:
            os._exit(1)
        return super().extract(document)


def load() -> Slow:
    """Return the extractor."""
    return Slow([])
