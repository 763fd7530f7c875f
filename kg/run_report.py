"""What a run of ingest did: counts, failures, and reports that took another's place."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """A record, or a whole source where `record` is None, that couldn't be taken in, and why."""

    source: str | None
    record: int | None
    id: str | None
    reason: str

    def __str__(self) -> str:
        place = self.source or "?"
        if self.record is not None:
            place += f", record {self.record}"
        return f"{place}: {self.reason}" if self.id is None else f"{place} ({self.id}): {self.reason}"

    def to_json(self) -> str:
        """Return the failure as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(slots=True)
class RunReport:
    """Counts of one run.

    `read` records were read: `written` of them (of which `replaced` took the place of an earlier version), `unchanged`
    were there already, `superseded` ones had been replaced by others before, `withdrawn` ones were deleted at their
    source, `failed` ones could not be taken in. Notices of retraction among them took back `retracted` reports of the
    store. `figures` counts outcomes written. `repeats` says, for the first hundred replaced records, which record took
    the place of which.
    """

    read: int = 0
    written: int = 0
    replaced: int = 0
    unchanged: int = 0
    superseded: int = 0
    withdrawn: int = 0
    retracted: int = 0
    failed: int = 0
    figures: int = 0
    interrupted: bool = False
    repeats: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return the counts as one line for people."""
        parts = [f"{self.read} read", f"{self.written} written ({self.figures} figures)", f"{self.unchanged} unchanged"]
        for count, what in (
            (self.replaced, "of them new versions"),
            (self.superseded, "superseded"),
            (self.withdrawn, "withdrawn"),
            (self.retracted, "found retracted"),
        ):
            if count:
                parts.append(f"{count} {what}")
        parts.append(f"{self.failed} failed")
        return ", ".join(parts) + (" (interrupted)" if self.interrupted else "")
