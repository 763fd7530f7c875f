"""What a fetch keeps in its folder: it can be interrupted anywhere, gone on with, and isn't repeated."""

from __future__ import annotations

import errno
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.document import Document
from extractors.sources import read
from extractors.sources.remote import clinicaltrials, europepmc, pubmed
from extractors.sources.remote.manifest import write_whole
from ontology.errors import FetchError
from tests.fetching.fakes import PASSING, FakeClock, Fetcher, Reply, Services


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, services: Services) -> Services:
    """Return services with few records in small pages; PubMed has to split its search."""
    monkeypatch.setattr(pubmed, "REACH", 6)
    monkeypatch.setattr(pubmed, "BATCH", 4)
    monkeypatch.setattr(europepmc, "_PAGE", 4)
    monkeypatch.setattr(clinicaltrials, "_PAGE", 4)
    services.pubmed.reach = 6
    services.pubmed.fill(5, "2020/01/01")
    services.pubmed.fill(5, "2023/01/01")
    services.europepmc.total = services.trials.total = 10
    return services


def test_a_finished_fetch_is_not_repeated(fetcher: Fetcher, services: Services) -> None:
    """A folder that has all is left alone: no request is made."""
    fetcher("europepmc")
    asked, files = len(services.asked), fetcher.files()
    outcome = fetcher("europepmc")
    assert (outcome.already, outcome.whole, outcome.records) == (True, True, 10)
    assert outcome.summary().startswith("Complete already: 10 records")
    assert (len(services.asked), fetcher.files()) == (asked, files)


def test_what_the_manifest_says(fetcher: Fetcher, services: Services) -> None:
    """The manifest says what was asked for, when, the counts, and each file's records and checksum."""
    fetcher("europepmc", "CAR T", since=date(2024, 2, 1), limit=9)
    manifest = fetcher.manifest()
    assert manifest["asked"] == {
        "service": "europepmc", "base_url": services.url, "query": "CAR T", "since": "2024-02-01", "limit": 9,
    }  # fmt: skip
    assert (manifest["count"], manifest["records"], manifest["next"], manifest["whole"]) == (10, 9, None, True)
    assert [part["records"] for part in manifest["parts"]] == [3, 3, 3]
    assert all(len(part["sha256"]) == 64 for part in manifest["parts"])
    assert manifest["started"] <= manifest["finished"]


class Interrupted:
    """Raises KeyboardInterrupt at the n-th of all moments at which a fetch could be interrupted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for holder, name in ((FakeClock, "sleep"), (os, "fsync"), (Path, "replace")):
            monkeypatch.setattr(holder, name, self._around(getattr(holder, name)))

    def _around(self, done: Any) -> Any:
        def do(*arguments: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
            return done(*arguments)

        return do


@pytest.mark.parametrize("service", ["pubmed", "europepmc", "clinicaltrials"])
def test_interrupted_anywhere(fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    """Interrupted at any moment, the next run goes on; the files are those of an undisturbed fetch, byte for byte."""
    fetcher(service)
    undisturbed = fetcher.files()
    interrupted = Interrupted(monkeypatch)
    moment = happened = 0
    while happened == moment:
        moment += 1
        fetcher.folder = tmp_path / str(moment)
        interrupted.left = moment
        try:
            fetcher(service)
        except KeyboardInterrupt:
            happened += 1
            assert set(fetcher.files().items()) <= set(undisturbed.items())
        interrupted.left = -1
        assert fetcher(service).whole
        assert fetcher.files() == undisturbed
        assert not list(fetcher.folder.glob(".*.draft"))
    assert happened > 20


def test_resuming_asks_only_for_what_is_missing(fetcher: Fetcher, services: Services) -> None:
    """What came isn't asked for again."""
    services.faults = [None, None, *[Reply(status=500)] * 7]
    with pytest.raises(FetchError):
        fetcher("europepmc")
    asked = len(services.asked)
    assert fetcher("europepmc").records == 10
    assert [a.fields["cursorMark"] for a in services.asked[asked:]] == ["Ao8", "Ao10"]


@pytest.mark.parametrize("service", ["pubmed", "europepmc", "clinicaltrials"])
@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"x"), Path.unlink], ids=["changed", "deleted"])
def test_damaged_files_are_fetched_again(fetcher: Fetcher, service: str, damage: Any) -> None:
    """A file that isn't as it was written is fetched anew, even in a finished folder."""
    fetcher(service)
    files = fetcher.files()
    damage(fetcher.folder / sorted(files)[-1])
    assert not fetcher(service).already
    assert fetcher.files() == files
    assert any("isn't what was fetched" in line for line in fetcher.told)


def test_a_folder_keeps_one_fetch(fetcher: Fetcher) -> None:
    """Another query, or the same with other conditions, needs another folder."""
    fetcher("europepmc", "CAR T")
    with pytest.raises(FetchError, match=r"holds another fetch \(query CAR T\); choose another folder"):
        fetcher("europepmc", "GVHD")
    with pytest.raises(FetchError, match=r"holds another fetch \(since None\)"):
        fetcher("europepmc", "CAR T", since=date(2024, 1, 1))


def test_files_of_others_are_not_overwritten(fetcher: Fetcher) -> None:
    """A folder that holds files of the same names but no manifest is refused."""
    fetcher.folder.mkdir()
    (fetcher.folder / "notes.txt").write_text("mine")
    (fetcher.folder / "europepmc-00001.json").write_text("mine")
    with pytest.raises(FetchError, match=r"holds europepmc-00001\.json"):
        fetcher("europepmc")
    assert (fetcher.folder / "europepmc-00001.json").read_text() == "mine"


def test_fewer_files_than_before_leave_no_old_ones(fetcher: Fetcher, services: Services) -> None:
    """Where a fetch that is done anew needs fewer files, those left of the earlier one go."""
    services.europepmc.counted = 11
    assert not fetcher("europepmc").whole
    services.europepmc.total, services.europepmc.counted = 3, None
    assert fetcher("europepmc").whole
    assert list(fetcher.files()) == ["europepmc-00001.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"layout": 1}', '{"layout": 1, "asked": {}, "next": null, "x": 1}'])
def test_damaged_manifest(fetcher: Fetcher, text: str) -> None:
    """A manifest that can't be understood is told, and nothing is touched."""
    fetcher.folder.mkdir()
    (fetcher.folder / ".cartograph-fetch.json").write_text(text)
    with pytest.raises(FetchError, match=r"\.cartograph-fetch\.json: damaged"):
        fetcher("europepmc")


def test_manifest_of_another_version(fetcher: Fetcher) -> None:
    """A manifest of another layout is told as such."""
    fetcher.folder.mkdir()
    (fetcher.folder / ".cartograph-fetch.json").write_text('{"layout": 99}')
    with pytest.raises(FetchError, match="another version"):
        fetcher("europepmc")


def test_one_fetch_at_a_time(fetcher: Fetcher, services: Services) -> None:
    """While one fetch writes to a folder, another one is refused."""
    refused: list[str] = []

    def second(good: Reply) -> Reply:
        try:
            fetcher("europepmc")
        except FetchError as error:
            refused.append(str(error))
        return good

    services.faults = [second]
    assert fetcher("europepmc").whole
    assert len(refused) == 1
    assert "another fetch is writing there" in refused[0]


def test_a_full_disk(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up ends the fetch with a clear error; with room again it goes on."""
    with monkeypatch.context() as full:
        synced = os.fsync
        left = 6

        def fsync(file: int) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            synced(file)

        full.setattr(os, "fsync", fsync)
        with pytest.raises(FetchError, match=r"can't be written \(No space left on device\)"):
            fetcher("europepmc")
    assert fetcher("europepmc").records == 10


def test_a_folder_that_is_none(fetcher: Fetcher) -> None:
    """A folder that can't be made is told."""
    fetcher.folder.write_text("a file")
    with pytest.raises(FetchError, match="can't be written"):
        fetcher("europepmc")


def test_what_was_there_stays_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole or stays as it was, and no draft is left."""
    path = tmp_path / "file"
    write_whole(path, b"before")

    def fail(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FetchError, match="Permission denied"):
        write_whole(path, b"after")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"before")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from([None, *PASSING]), max_size=30),
    service=st.sampled_from(["pubmed", "europepmc", "clinicaltrials"]),
)
def test_any_sequence_of_faults(
    services: Services, tmp_path_factory: pytest.TempPathFactory, names: list[str | None], service: str
) -> None:
    """Whatever faults pass in whatever order, runs until one succeeds give the records of an undisturbed fetch."""
    fetcher = Fetcher(services, FakeClock(), tmp_path_factory.mktemp("fetch") / "folder")
    services.faults = [PASSING[name] if name else None for name in names]
    while True:
        try:
            outcome = fetcher(service)
            break
        except FetchError:
            assert services.faults or len(names) >= 7
    assert outcome.whole
    found = [item.id for item in read(fetcher.folder) if isinstance(item, Document)]
    assert len(found) == len(set(found)) == 10
    manifest = json.loads((fetcher.folder / ".cartograph-fetch.json").read_text())
    assert sum(part["records"] for part in manifest["parts"]) == 10
