"""The directory of a store: who may write, which snapshot readers see.

    store.json            format of the directory
    lock                  held (flock) by the one writer; says who it is
    data/                 the writer's live database
    snapshots/000042/     a finished, immutable copy (hard links), published whole
    snapshots/000042.lock held (shared flock) by each reader of that snapshot
    CURRENT               the name of the snapshot that readers open
    parts/                reports that wait to be loaded into data/
    unpublished           stands here while data/ holds more than the newest snapshot
    untidied              stands here while the shared graph may hold what no report speaks of any more
    failures.jsonl        records that couldn't be taken in, of the last run
    runs.jsonl            one line for each run of ingest

Readers never open `data/`, and writers never touch a published snapshot; `docs/decisions/0002-store.md` says why.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ontology.errors import StoreError, StoreLockedError

FORMAT = 1
_KEPT = 2
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one store directory."""

    root: Path

    @property
    def marker(self) -> Path:
        """The file that makes a directory a store."""
        return self.root / "store.json"

    @property
    def lock(self) -> Path:
        """The file that the writer holds."""
        return self.root / "lock"

    @property
    def data(self) -> Path:
        """The live database."""
        return self.root / "data"

    @property
    def snapshots(self) -> Path:
        """The folder of published snapshots."""
        return self.root / "snapshots"

    @property
    def current(self) -> Path:
        """The file that names the snapshot to read."""
        return self.root / "CURRENT"

    @property
    def unpublished(self) -> Path:
        """The file that stands here while the live database holds more than the newest snapshot."""
        return self.root / "unpublished"

    @property
    def untidied(self) -> Path:
        """The file that stands here while the shared graph may hold what no report speaks of any more."""
        return self.root / "untidied"

    def mark_changed(self) -> None:
        """Take down, before the live database is changed, that it is to be tidied and published."""
        self.unpublished.touch()
        self.untidied.touch()

    @property
    def parts(self) -> Path:
        """The folder of reports that wait to be loaded into the live database."""
        return self.root / "parts"

    def is_unfinished(self) -> bool:
        """Return whether a run that goes on or was killed has written more than readers see."""
        return self.unpublished.exists() or any(self.parts.glob("*.nq"))

    def check(self) -> None:
        """Raise StoreError unless this is a store directory of the format that this version reads."""
        try:
            found = json.loads(self.marker.read_text(encoding="utf-8"))["format"]
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError(f"{self.root}: there is no store here") from None
        except OSError as error:
            raise StoreError(f"{self.root}: can't be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self.root}: store.json is damaged") from error
        if found != FORMAT:
            raise StoreError(f"{self.root}: a store of format {found}; this version reads format {FORMAT}")

    def create(self) -> None:
        """Make the directory a store, unless it is one; refuse a directory that holds other things."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if self.marker.exists():
                return
            foreign = sorted(p.name for p in self.root.iterdir() if p.name not in ("lock", ".tmp-store.json"))
            if foreign:
                raise StoreError(f"{self.root}: not a store, and not empty (holds {foreign[0]})")
            write_whole(self.marker, json.dumps({"format": FORMAT}) + "\n")
        except OSError as error:
            raise StoreError(f"{self.root}: can't be written: {error.strerror}") from error


def write_whole(path: Path, content: str | bytes) -> None:
    """Write text (as UTF-8) or bytes to `path` so that a reader sees the old content or the new, never a part."""
    draft = path.with_name(f".tmp-{path.name}")
    with draft.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WriteLock:
    """The right to write, held by one process at a time and released when it ends, however it ends."""

    def __init__(self, layout: Layout, wait: float = 0.0) -> None:
        """Take the lock, waiting up to `wait` seconds; raises StoreLockedError naming the holder."""
        try:
            self._file: IO[str] = layout.lock.open("a+", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{layout.root}: can't be written: {error.strerror}") from error
        deadline = time.monotonic() + wait
        while not _try_lock(self._file, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                holder = _holder(self._file)
                self._file.close()
                raise StoreLockedError(f"{layout.root}: locked for writing by {holder}")
            time.sleep(_POLL_SECONDS)
        self._sign(layout)

    def _sign(self, layout: Layout) -> None:
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        note = {"pid": os.getpid(), "command": Path(sys.argv[0]).name, "since": since}
        try:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(json.dumps(note))
            self._file.flush()
        except OSError as error:
            self._file.close()
            raise StoreError(f"{layout.root}: can't be written: {error.strerror}") from error

    def release(self) -> None:
        """Give the lock back."""
        self._file.close()


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        note = json.loads(file.read())
        return f"process {note['pid']} ({note['command']}) since {note['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published snapshot held open for reading: it isn't removed before `release`."""

    name: str
    folder: Path
    _hold: IO[str]

    def release(self) -> None:
        """Let the snapshot go."""
        self._hold.close()


def hold_current(layout: Layout) -> Snapshot:
    """Return the snapshot that CURRENT names, held; raises StoreError where there is none."""
    for _ in range(100):
        try:
            name = layout.current.read_text(encoding="utf-8").strip()
            hold = (layout.snapshots / f"{name}.lock").open(encoding="utf-8")
        except FileNotFoundError:
            if not layout.current.exists():
                break
            continue
        except OSError as error:
            raise StoreError(f"{layout.root}: can't be read: {error.strerror}") from error
        fcntl.flock(hold, fcntl.LOCK_SH)
        folder = layout.snapshots / name
        if folder.is_dir():
            return Snapshot(name, folder, hold)
        hold.close()
    raise StoreError(f"{layout.root}: nothing has been published in this store yet")


@contextlib.contextmanager
def new_snapshot(layout: Layout) -> Iterator[Path]:
    """Give an empty folder to fill; publish it as the current snapshot once the block ends without an error."""
    layout.snapshots.mkdir(exist_ok=True)
    _sweep_drafts(layout)
    taken = [int(p.name) for p in layout.snapshots.iterdir() if p.name.isdigit()]
    name = f"{max(taken, default=0) + 1:06d}"
    draft = layout.snapshots / f".tmp-{name}"
    draft.mkdir()
    yield draft
    (layout.snapshots / f"{name}.lock").touch()
    draft.rename(layout.snapshots / name)
    _sync_folder(layout.snapshots)
    write_whole(layout.current, name + "\n")
    _remove_old(layout)


def _sweep_drafts(layout: Layout) -> None:
    for draft in layout.snapshots.glob(".tmp-*"):
        shutil.rmtree(draft, ignore_errors=True)


def _remove_old(layout: Layout) -> None:
    """Remove all snapshots but the newest ones and those that somebody reads."""
    names = sorted(p.name for p in layout.snapshots.iterdir() if p.name.isdigit())
    for name in names[:-_KEPT]:
        lock = layout.snapshots / f"{name}.lock"
        with lock.open("a+", encoding="utf-8") as file:
            if _try_lock(file, fcntl.LOCK_EX):
                shutil.rmtree(layout.snapshots / name, ignore_errors=True)
                lock.unlink(missing_ok=True)
