"""Every real sample is read or refused with a reason; needs the folder that CARTOGRAPH_SAMPLES names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extractors.document import Document
from extractors.sources import read
from ontology.errors import SourceError


@pytest.mark.slow
def test_every_real_file_is_read_or_refused(samples: Path) -> None:
    """No file ends in a traceback; spans hold, titles and texts aren't lost, errors are one line."""
    read_by: Counter[str] = Counter()
    for path in sorted((samples / "formats").rglob("*")):
        if not path.is_file():
            continue
        try:
            for item in read(path):
                if isinstance(item, Document):
                    check(item)
                    read_by[item.origin.format if item.origin else ""] += 1
                elif isinstance(item, SourceError):
                    assert "\n" not in item.reason
        except SourceError as error:
            assert error.reason
            assert "\n" not in str(error)
    assert {"pubmed-xml", "medline", "ris", "wos", "endnote-xml", "europepmc", "clinicaltrials", "table"} <= set(
        read_by
    )


def check(document: Document) -> None:
    """Assert what holds of every document."""
    assert document.title.lower() not in ("none", "nan", "null")
    for section in document.sections:
        body = document.slice(section.span)
        assert section.label
        assert body == body.strip()
        assert 0 < len(body) <= len(document.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count"), [("pubmed_rss_truncated.jsonl", 1482), ("ctgov_cart_hsct_registry_text.jsonl.gz", 1963)]
)
def test_large_real_files_are_read_whole(name: str, count: int, samples: Path) -> None:
    """The number of documents is the number of lines."""
    assert sum(isinstance(item, Document) and bool(item.text) for item in read(samples / "text" / name)) == count


@pytest.mark.slow
def test_the_first_real_input(samples: Path) -> None:
    """A news summary copied from a web page: a sensible title, the text to the letter."""
    (path,) = (samples / "seed").glob("*.txt")
    (summary,) = read(path)
    assert isinstance(summary, Document)
    assert summary.title == "Sequential CD7 CAR T-Cell Therapy and Allogeneic HSCT without GVHD Prophylaxis"
    assert summary.text == path.read_text(encoding="utf-8")
