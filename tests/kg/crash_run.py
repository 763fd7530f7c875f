"""A run of ingest as a process of its own, to be killed: `python -m tests.kg.crash_run SOURCE STORE VERSION [lose]`.

It extracts quickly, so that the time goes into the store, and publishes often. With `lose`, the run loses the right to
write in the store's folders on its way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from extractors.sources import read
from kg import ingest
from kg.run_report import RunReport
from kg.store import Writer
from ontology.errors import StoreError
from tests.kg.conftest import ReferenceExtractor, read_records

GOLD = Path(__file__).parents[1] / "gold" / "dev.jsonl"


def main(source: str, store: str, version: str, lose: str = "") -> int:
    """Take a file in; returns the exit code, 2 with one line on standard error where the store can't be written."""
    ingest._PUBLISH_SECONDS = 0.1
    extractor = ReferenceExtractor(read_records(GOLD), version)

    def progress(report: RunReport) -> None:
        if lose and report.written == 20:
            for folder in (Path(store), Path(store) / "data", Path(store) / "snapshots"):
                folder.chmod(0o500)

    try:
        with Writer(store) as writer:
            options = ingest.Options(refresh=True, workers=1)
            ingest.Run(writer, lambda: extractor, options, progress).ingest([Path(source)], read)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
