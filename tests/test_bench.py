"""The benchmark's own parts: synthetic graphs, and shapes that mean the same in SPARQL and in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import ingest, synthetic
from bench.engines import Embedded
from bench.shapes import SHAPES, Shape
from kg.compare import Selection, compare, compare_in_graph


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Return the embedded engine with a synthetic graph of sixty studies."""
    folder = tmp_path_factory.mktemp("bench")
    engine = Embedded()
    engine.load(synthetic.write(folder / "nquads", 60), folder / "store")
    yield engine
    engine.close()


def test_every_study_has_its_own_names(embedded: Embedded) -> None:
    """As many studies are there as were asked for, each under its own number."""
    reports = embedded.reader.reports()
    assert len(reports) == 60
    assert all("/report/pmid-9000" in report for report in reports)


def test_copies_share_nothing_but_concepts() -> None:
    """A record's second copy has another report and other trials, and no trace of the first one's names."""
    template = next(t for t in synthetic.templates() if "/trial/" in t.text)
    first, second = template.named(1, 0), template.named(2, 1)
    assert template.report not in first + second
    assert "pmid-90000001" not in second
    assert {x.split(">")[0] for x in first.split("/trial/")[1:]}.isdisjoint(
        {x.split(">")[0] for x in second.split("/trial/")[1:]}
    )


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_shapes_are_the_same_in_both_languages(embedded: Embedded, shape: Shape) -> None:
    """Each shape has an answer, as many rows from the index as from the graph."""
    rows = embedded.ask(shape.sparql)
    figures = embedded.reader.figures
    assert rows > 0
    assert figures is not None
    assert shape.sql is None or shape.rows(figures) == rows


def test_a_synthetic_graph_compares_as_any(embedded: Embedded) -> None:
    """Index and graph agree on synthetic studies too, retracted and flagged ones among them."""
    found = compare(embedded.reader, Selection("overall-survival"))
    assert found == compare_in_graph(embedded.reader, Selection("overall-survival"))
    assert any(row.retracted for row in found)


@pytest.mark.slow
def test_ingest_is_measured(tmp_path: Path) -> None:
    """The section names what was measured, with numbers; every document made is another report of the store."""
    text = ingest.section(60, 2, "known", tmp_path)
    assert text.startswith("## Ingest of 60 documents (")
    names = ("first ingest", "work, all processes", "peak memory, 6 documents", "peak memory, 60 documents")
    for name in (*names, "the same file again", "store size"):
        value = text.partition(f"| {name} | ")[2].partition(" ")[0]
        assert float(value.replace(",", "")) > 0, name
