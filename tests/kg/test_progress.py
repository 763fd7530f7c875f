"""The progress bar of a run: how far it is, how quickly it goes, and how long it will take."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from tqdm import tqdm

from extractors.document import Document
from extractors.evidence import EvidenceRecord
from kg.cli import main
from kg.commands import counting, running
from tests.kg.conftest import ReferenceExtractor

DRAWN = re.compile(r"(\d+)/6 \[\d\d:\d\d<(\d\d:\d\d|\?), +(?:([\d.]+) documents/s|[\d.]+s/ documents|\? documents/s)\]")


@pytest.fixture(autouse=True)
def _drawn_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the bar after each document, however quickly they come."""
    monkeypatch.setattr(running, "tqdm", lambda **more: tqdm(**more, mininterval=0))


@pytest.fixture
def told_late(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the extractor wait until the records are counted; returns what happens then."""
    counted, count = threading.Event(), counting.counted

    @contextmanager
    def telling(sources: list[Path], found: object) -> Iterator[None]:
        def tell(number: int) -> None:
            found(number)  # type: ignore[operator]
            counted.set()

        with count(sources, tell):
            yield

    monkeypatch.setattr(running, "counted", telling)
    return counted


class Waiting(ReferenceExtractor):
    """Begins once it's let."""

    def __init__(self, let: threading.Event) -> None:
        super().__init__([])
        self._let = let

    def extract(self, document: Document) -> EvidenceRecord:
        """Return an empty record."""
        assert self._let.wait(60)
        return super().extract(document)


def ingest(documents: Path, store: Path, *words: str) -> str:
    """Return what the command says on standard error."""
    result = CliRunner().invoke(main, ["ingest", str(documents), "--store", str(store), "--workers", "1", *words])
    assert result.exit_code == 0, result.output
    return result.stderr


def test_the_bar_tells_rate_and_time_left(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_late: threading.Event
) -> None:
    """Once the records are counted, each drawing has how many of them are done, the rate and the time left."""
    monkeypatch.setattr(running, "load", lambda: Waiting(told_late))
    drawn = [found.groups() for found in DRAWN.finditer(ingest(documents, tmp_path / "s", "--progress"))]
    assert {int(done) for done, _, _ in drawn} >= {1, 2, 3, 4, 5, 6}
    assert drawn[-1][:2] == ("6", "00:00")
    assert float(drawn[-1][2]) > 0


def test_no_bar_where_nobody_looks(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error that isn't a terminal gets the last line alone, with or without being told so."""
    monkeypatch.setattr(running, "load", lambda: ReferenceExtractor([]))
    for words in ((), ("--no-progress",)):
        said = ingest(documents, tmp_path / "-".join(("s", *words)), *words)
        assert said.splitlines() == ["6 read, 6 written (0 figures), 0 unchanged, 0 failed"]
