"""A run of ingest at the terminal: progress, Ctrl-C, and what went wrong."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from extractors.pipeline import load, load_fast
from extractors.sources import read
from kg.commands.counting import counted
from kg.commands.options import talk
from kg.ingest import Options, Run
from kg.opening import open_writer
from kg.place import Place
from kg.run_log import RunLog
from kg.run_report import RunReport

_MOST_TOLD = 10


def run_ingest(
    store: Place,
    sources: Sequence[Path],
    options: Options | None = None,
    *,
    wait: float = 0.0,
    bar: bool = True,
    total: int | None = None,
    fast: bool = False,
) -> RunReport:
    """Ingest `sources`, telling of progress and failures on standard error; returns the run's report.

    Raises StoreError where the store can't be opened or written.
    """
    with (
        _interrupts() as stop,
        open_writer(store, wait) as writer,
        tqdm(total=total, unit=" documents", disable=not bar, dynamic_ncols=True) as drawn,
        counted(sources if bar and total is None else [], lambda count: _know(drawn, count)),
    ):
        run = Run(
            writer, load_fast if fast else load, options, progress=lambda report: _advance(drawn, report), stop=stop
        )
        report = run.ingest(sources, read)
    _tell(report, run.log)
    return report


def _know(drawn: tqdm[NoReturn], total: int) -> None:
    """Tell the bar how many records there are, so that it can say how much time is left."""
    drawn.total = total
    drawn.refresh()


def _advance(drawn: tqdm[NoReturn], report: RunReport) -> None:
    drawn.update(report.read - drawn.n)


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Give a function that tells whether Ctrl-C was pressed; pressed again, it interrupts as usual."""
    pressed = threading.Event()

    def note(number: int, frame: object) -> None:
        talk("Finishing the document in hand; press Ctrl-C again to stop at once.")
        pressed.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(report: RunReport, log: RunLog) -> None:
    for line in report.repeats[:_MOST_TOLD]:
        talk(line)
    if len(report.repeats) > _MOST_TOLD:
        talk(f"... and {report.replaced - _MOST_TOLD} more new versions")
    if not report.failed:
        return
    with log.failures.open(encoding="utf-8") as file:
        for _, line in zip(range(_MOST_TOLD), file, strict=False):
            failure = json.loads(line)
            place = failure["source"] or failure["id"]
            number = f", record {failure['record']}" if failure["record"] is not None else ""
            talk(f"cartograph: {place}{number}: {failure['reason']}")
    if report.failed > _MOST_TOLD:
        talk(f"... and {report.failed - _MOST_TOLD} more, all in {log.failures}")
