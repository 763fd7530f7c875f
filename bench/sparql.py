"""Times questions to synthetic evidence graphs: the embedded store beside rdflib and Virtuoso, in one run.

usage: python -m bench.sparql [--studies 10000]... [--folder FOLDER] [--append docs/performance.md]
           [--rdflib-seconds 300]

Takes minutes and gigabytes: a study is some 290 statements, 70 KB of N-Quads. Virtuoso 7 is measured where it is
installed; rdflib up to 10,000 studies, and no longer than the seconds given for loading and for each question.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from bench import synthetic
from bench.engines import Embedded, Engine, RdflibMemory, Virtuoso
from bench.shapes import SHAPES
from kg.compare import ORDERS, Selection, page
from kg.query import ask
from kg.questions import questions
from kg.store import Reader

_TIMES = 5
_ONCE = 20_000
_RDFLIB_MOST = 10_000
_PAGE = 1001
_COMPARED = (
    Selection("overall-survival"),
    Selection("overall-survival", "lymphoma"),
    Selection("complete-response", None, "CAR T-cell therapy"),
    Selection("overall-survival", "leukemia", "HSCT", "12mo"),
)


@dataclass(slots=True)
class Column:
    """One engine's results: milliseconds and number of rows for each shape, seconds to load."""

    name: str
    load: str
    cells: dict[str, tuple[str, int | None]] = field(default_factory=dict)


def median_of(work: Callable[[], int], times: int = _TIMES) -> tuple[float, int]:
    """Return the median of the milliseconds that `work` takes, and its result.

    The first go doesn't count, unless it takes so long that it's the only one.
    """
    start = time.perf_counter()
    result = work()
    first = (time.perf_counter() - start) * 1000
    if first > _ONCE:
        return first, result
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), result


def measured(engine: Engine, files: list[Path], folder: Path) -> Column:
    """Return an engine's results; what takes too long says so."""
    start = time.perf_counter()
    try:
        engine.load(files, folder)
    except TimeoutError:
        return Column(engine.name, "too long", {shape.name: ("-", None) for shape in SHAPES})
    column = Column(engine.name, f"{time.perf_counter() - start:.0f} s")
    for shape in SHAPES:
        try:
            taken, rows = median_of(lambda text=shape.sparql: engine.ask(text))  # type: ignore[misc]
            column.cells[shape.name] = (f"{taken:.1f}", rows)
        except TimeoutError:
            column.cells[shape.name] = ("too long", None)
    return column


def indexed(reader: Reader) -> Column:
    """Return the results of the index of figures, for the shapes that it answers."""
    column = Column("embedded (index)", "with the store")
    figures = reader.figures
    if figures is None:
        raise click.ClickException("the store has no index of figures")
    for shape in SHAPES:
        if shape.sql is not None:
            taken, rows = median_of(lambda shape=shape: shape.rows(figures))  # type: ignore[misc]
            column.cells[shape.name] = (f"{taken:.1f}", rows)
    return column


def table(columns: list[Column]) -> Iterator[str]:
    """Yield the lines of the table of shapes; raises ClickException where engines disagree on the number of rows."""
    yield "| shape, median ms | rows | " + " | ".join(c.name for c in columns) + " |"
    yield "| --- | ---: |" + " ---: |" * len(columns)
    yield "| load | | " + " | ".join(c.load for c in columns) + " |"
    for shape in SHAPES:
        cells = [c.cells.get(shape.name, ("", None)) for c in columns]
        found = {rows for _, rows in cells if rows is not None}
        if len(found) > 1:
            raise click.ClickException(f"{shape.name}: engines disagree on the number of rows: {sorted(found)}")
        yield f"| {shape.name} | {found.pop()} | " + " | ".join(text for text, _ in cells) + " |"


def asked(reader: Reader) -> Iterator[str]:
    """Yield the lines of the table of named questions and comparisons."""
    yield "| asked, first page | median ms |"
    yield "| --- | ---: |"
    for question in questions():
        taken, _ = median_of(lambda name=question.name: len(ask(reader, name, most=_PAGE).rows))  # type: ignore[misc]
        yield f"| {question.name} | {taken:.1f} |"
    for selection in _COMPARED:
        said = ", ".join(
            x for x in (selection.outcome, selection.condition, selection.intervention, selection.time) if x
        )
        for order in ORDERS:
            taken, _ = median_of(lambda s=selection, o=order: len(page(reader, s, o).rows))  # type: ignore[misc]
            yield f"| compare {said}; {order} | {taken:.1f} |"


def machine() -> str:
    """Return the machine and the versions, in one line."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x.partition(": ")[2] for x in info.read_text().splitlines() if x.startswith("model name")]
        processor = names[0] if names else processor
    load = f", load {os.getloadavg()[0]:.1f} while measuring" if hasattr(os, "getloadavg") else ""
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib"))
    return f"{os.cpu_count()} cores of {processor}{load}; Python {platform.python_version()}, {packages}"


def section(studies: int, folder: Path, rdflib_seconds: float) -> str:
    """Return the results for one size as a section in Markdown."""
    files = synthetic.write(folder / "nquads", studies)
    embedded = Embedded()
    columns = [measured(embedded, files, folder / "store"), indexed(embedded.reader)]
    pages = list(asked(embedded.reader))
    statements = len(embedded.reader)
    embedded.close()
    others: list[Engine] = [RdflibMemory(rdflib_seconds)] if studies <= _RDFLIB_MOST and rdflib_seconds else []
    others += [Virtuoso()] if Virtuoso.is_here() else []
    for engine in others:
        columns.append(measured(engine, files, folder / "virtuoso"))
        engine.close()
    head = f"## {studies:,} studies, {statements:,} statements ({datetime.now(UTC):%Y-%m-%d})"
    return "\n".join([head, "", f"On {machine()}.", "", *table(columns), "", *pages, ""])


@click.command()
@click.option("--studies", multiple=True, type=int, default=(10_000,), help="Size of a graph; may be repeated.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; a temporary folder by default.")
@click.option("--append", type=click.Path(path_type=Path), help="A page to add the results to.")
@click.option("--rdflib-seconds", default=300.0, help="The longest that rdflib may take; 0 leaves it out.")
def main(studies: tuple[int, ...], folder: Path | None, append: Path | None, rdflib_seconds: float) -> None:
    """Time questions to synthetic evidence graphs."""
    for size in studies:
        with tempfile.TemporaryDirectory(dir=folder) as work:
            text = section(size, Path(work), rdflib_seconds)
        sys.stdout.write(text + "\n")
        if append:
            with append.open("a", encoding="utf-8") as page_file:
                page_file.write("\n" + text)


if __name__ == "__main__":
    main()
