"""How many records there are, counted beside the work on them, since files don't say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from extractors.sources import read
from ontology.errors import RecordError, SourceError

_STANDARD_INPUT = Path("-")  # can be read only once


@contextmanager
def counted(sources: Sequence[Path], found: Callable[[int], None]) -> Iterator[None]:
    """Count the records of `sources` in a thread, and give their number to `found`; standard input can't be counted."""
    ended = threading.Event()
    thread = threading.Thread(target=_count, args=(sources, found, ended), daemon=True)
    if sources and _STANDARD_INPUT not in sources:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if thread.ident is not None:
            thread.join()


def _count(sources: Sequence[Path], found: Callable[[int], None], ended: threading.Event) -> None:
    count = 0
    for source in sources:
        try:
            for item in read(source):
                count += isinstance(item, RecordError) or not isinstance(item, SourceError)
                if ended.is_set():
                    return
        except SourceError:
            continue
    found(count)
