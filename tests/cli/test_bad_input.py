"""Wrong use and bad input: one clear line, an exit code, and the rest goes on."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from kg.store import Reader, Writer
from tests.cli.conftest import line, run

WRONG = (
    "compare", "query", "query --text ASK{} --name x", "query --text ASK{} --param a=1", "extract", "nonsense",
    "query --name small-arms --param patients", "export --format docx",
)  # fmt: skip


@pytest.mark.parametrize("words", WRONG)
def test_wrong_use_is_exit_code_2(words: str) -> None:
    """What is used wrongly says how to use it, on standard error."""
    result = run(*words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("command", ["query", "compare", "export", "status", "check"])
def test_a_missing_store_is_one_line(tmp_path: Path, command: str) -> None:
    """Commands that read say that there's no store."""
    more = {"query": ["--text", "ASK {}"], "compare": ["--outcome", "OS"]}.get(command, [])
    result = run(command, *more, "--store", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (2, f"cartograph: {tmp_path / 'none'}: there is no store here\n")


def bad_sources(folder: Path) -> dict[str, Path]:
    """Return files that can't be read, by what is wrong with them."""
    (folder / "empty.xml").touch()
    (folder / "binary.xml").write_bytes(bytes(range(256)) * 40)
    whole = gzip.compress("".join(line(n) for n in range(100)).encode())
    (folder / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    (folder / "bomb.xml").write_text(f'<?xml version="1.0"?>{entities}<PubmedArticleSet>&b;</PubmedArticleSet>')
    (folder / "nothing").mkdir()
    return {name: folder / name for name in ("empty.xml", "binary.xml", "bomb.xml", "nothing", "missing.xml")}


def test_unreadable_sources_are_one_line_each(tmp_path: Path) -> None:
    """Empty, binary, malicious, missing sources and empty folders give a line each that names them, and exit code 2."""
    for name, path in bad_sources(tmp_path).items():
        result = run("ingest", path, "--store", tmp_path / "store", "--no-progress")
        assert result.exit_code == 2, name
        told = [x for x in result.stderr.splitlines() if x.startswith("cartograph: ")]
        assert len(told) == 1, result.stderr
        assert name in told[0]
        assert "Traceback" not in result.output


def test_one_bad_source_does_not_cost_the_others(tmp_path: Path, source: Path) -> None:
    """With some readable sources the exit code is 1, the rest goes in, and failures.jsonl tells the reason."""
    bad = bad_sources(tmp_path)["binary.xml"]
    result = run("ingest", bad, source, "--store", tmp_path / "store")
    assert result.exit_code == 1
    kept = [json.loads(x) for x in (tmp_path / "store" / "failures.jsonl").read_text().splitlines()]
    assert [Path(f["source"]).name for f in kept] == ["binary.xml"]
    with Reader(tmp_path / "store") as reader:
        assert len(reader.reports()) == 3


def test_a_file_cut_short_gives_what_is_whole(tmp_path: Path) -> None:
    """Of a truncated archive the whole records are extracted and the cut is told."""
    folder = tmp_path / "bad"
    folder.mkdir()
    bad_sources(folder)
    result = run("ingest", folder / "cut.jsonl.gz", "--store", tmp_path / "store", "--workers", "1")
    assert result.exit_code == 1
    assert "cut.jsonl.gz" in result.stderr


def test_two_records_with_one_number_are_told(tmp_path: Path) -> None:
    """The second record of one report takes the first one's place, and the run says so."""
    twice = tmp_path / "twice.jsonl"
    twice.write_text(line(1, "Survival was 50%.") + line(1, "Survival was 55%."))
    result = run("ingest", twice, "--store", tmp_path / "store")
    assert result.exit_code == 0
    assert "pmid:1: twice.jsonl, record 2 takes the place of twice.jsonl, record 1" in result.stderr
    assert "2 written (" in result.stderr


def test_a_record_without_abstract_is_a_report_without_figures(tmp_path: Path) -> None:
    """A title alone goes in: it can be found, and nothing is made up for it."""
    (tmp_path / "title.jsonl").write_text(line(5, ""))
    assert run("ingest", tmp_path / "title.jsonl", "--store", tmp_path / "store").exit_code == 0
    with Reader(tmp_path / "store") as reader:
        assert len(reader.reports()) == 1
        assert not list(reader.select("SELECT ?o WHERE { ?o a cg:Outcome }"))


def test_a_locked_store_names_the_holder(tmp_path: Path, source: Path) -> None:
    """Ingest into a store that is being written to says who writes, and changes nothing."""
    with Writer(tmp_path / "store"):
        result = run("ingest", source, "--store", tmp_path / "store")
    assert result.exit_code == 2
    assert f"locked for writing by process {os.getpid()}" in result.stderr
    assert len(result.stderr.splitlines()) == 1
