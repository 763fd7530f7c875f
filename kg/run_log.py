"""The files that a run of ingest leaves beside the graph: records that failed, and one line for each run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.run_report import Failure, RunReport
from ontology.errors import StoreError


@dataclass(frozen=True, slots=True)
class RunLog:
    """`failures.jsonl` (of the last run) and `runs.jsonl` (of all runs) in a folder."""

    folder: Path

    @property
    def failures(self) -> Path:
        """The records that the last run couldn't take in."""
        return self.folder / "failures.jsonl"

    @property
    def runs(self) -> Path:
        """The log of runs."""
        return self.folder / "runs.jsonl"

    def start(self) -> None:
        """Begin a run: no failures yet. Raises StoreError where the files can't be written."""
        try:
            self.failures.write_text("", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{self.failures}: can't be written: {error.strerror}") from error

    def failed(self, failure: Failure) -> None:
        """Keep a failure."""
        _append(self.failures, failure.to_json())

    def ended(self, report: RunReport, started: datetime, sources: Sequence[str]) -> None:
        """Keep the counts of a run."""
        counts = {key: value for key, value in asdict(report).items() if key != "repeats"}
        times = {"started": _stamp(started), "ended": _stamp(datetime.now(UTC))}
        _append(self.runs, json.dumps(times | {"sources": list(sources)} | counts))

    def last_run(self) -> dict[str, Any] | None:
        """Return the line of the last run as plain data, or None."""
        if not self.runs.exists():
            return None
        lines = self.runs.read_text(encoding="utf-8").splitlines()
        found: dict[str, Any] | None = json.loads(lines[-1]) if lines else None
        return found


def _append(path: Path, line: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        raise StoreError(f"{path}: can't be written: {error.strerror}") from error


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
