"""The commands: data on standard output, talk on standard error, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from extractors.evidence import from_json
from kg import cli
from kg.cli import main
from kg.questions import question
from tests.cli.conftest import run


def test_help_lists_every_command_in_one_line_each() -> None:
    """`--help` names all commands, with the words that each command has itself."""
    shown = run("--help")
    assert shown.exit_code == 0
    for name in cli._COMMANDS:
        command = main.get_command(main.make_context("cartograph", [], resilient_parsing=True), name)
        assert command is not None
        assert command.get_short_help_str(limit=100) == cli._COMMANDS[name]
        assert f"  {name} " in shown.stdout


def test_extract_prints_records(source: Path) -> None:
    """Extract prints one record a line, extracted from the text whatever annotations the input has."""
    result = run("extract", source)
    assert result.exit_code == 0
    records = [from_json(x) for x in result.stdout.splitlines()]
    assert [r.id for r in records] == ["pmid:1", "pmid:2", "pmid:3"]
    assert {o.measure for o in records[0].outcomes} >= {"complete-response", "overall-survival"}
    assert records[0].extraction is not None


def test_extract_has_forms_for_programs_and_people(source: Path) -> None:
    """JSON is one array; text shows each figure with its words."""
    assert len(json.loads(run("extract", source, "--format", "json").stdout)) == 3
    shown = run("extract", source, "--format", "text").stdout
    assert "68% (19/28)" in shown
    assert "complete-response" in shown


def test_ingest_again_changes_nothing(store: Path, source: Path) -> None:
    """The same file again is unchanged, and the exit code is 0."""
    result = run("ingest", source, "--store", store)
    assert result.exit_code == 0
    assert "0 written" in result.stderr
    assert "3 unchanged" in result.stderr


def test_compare_prints_csv_with_the_promised_columns(store: Path) -> None:
    """CSV goes to standard output, the count to standard error."""
    result = run("compare", "--outcome", "complete-response", "--format", "csv", "--store", store)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["value"], row["n"], row["N"]) for row in rows] == [("68", "19", "28")] * 3
    assert result.stderr == "3 figures from 3 reports\n"


def test_compare_prints_json_and_a_table(store: Path) -> None:
    """JSON has numbers as numbers; the table has a heading."""
    result = run("compare", "--outcome", "OS", "--time", "1y", "--format", "json", "--store", store)
    assert [row["value"] for row in json.loads(result.stdout)] == [75, 75, 75]
    assert run("compare", "--outcome", "OS", "--store", store).stdout.startswith("statistic ")


def test_query_takes_a_file_text_standard_input_or_a_name(store: Path, tmp_path: Path) -> None:
    """The four ways to ask give the same answers."""
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?r a cg:Report }"
    (tmp_path / "q.rq").write_text(text)
    answers = [
        run("query", "--text", text, "--format", "csv", "--store", store).stdout,
        run("query", tmp_path / "q.rq", "--format", "csv", "--store", store).stdout,
        run("query", "-", "--format", "csv", "--store", store, stdin=text).stdout,
    ]
    assert answers == ["n\n3\n"] * 3
    named = run("query", "--name", "measures-reported", "--format", "json", "--store", store)
    assert json.loads(named.stdout)["results"]["bindings"]


def test_a_named_question_takes_parameters(store: Path) -> None:
    """--param gives values; a wrong one is exit code 2 and one line."""
    asked = ("query", "--name", "small-arms", "--store", store, "--format", "csv")
    assert len(run(*asked, "--param", "patients=50").stdout.splitlines()) == 4
    wrong = run(*asked, "--param", "patients=many")
    assert (wrong.exit_code, wrong.stderr) == (2, "cartograph: patients: not a integer: 'many'\n")


@pytest.mark.parametrize("format", ["table", "csv", "tsv", "json", "xml"])
def test_a_named_question_is_written_as_its_sparql_would_be(store: Path, format: str) -> None:
    """A named answer has the bytes that the question's own text gives, in every format."""
    written = [
        run("query", *asked, "--format", format, "--store", store).stdout
        for asked in (("--name", "measures-reported"), ("--text", question("measures-reported").text))
    ]
    assert written[0] == written[1] != ""


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("--name", "small-arms", "--param", "patients=50"), 0),
        (("--name", "small-arms", "--param", "patients=1"), 1),
        (("--text", "ASK { ?r a cg:Report }"), 0),
        (("--text", "ASK { ?r a cg:Nothing }"), 1),
        (("--text", "SELECT ?r { ?r a cg:Nothing }"), 0),
        (("--text", "SELECT"), 2),
    ],
)
def test_the_exit_code_tells_the_outcome(store: Path, asked: tuple[str, ...], code: int) -> None:
    """0 for an answer, 1 for a named question that finds nothing and for a false ASK, 2 for an error."""
    assert run("query", *asked, "--store", store).exit_code == code


def test_questions_lists_them_all() -> None:
    """Each question is listed with its title and parameters; JSON has the query too."""
    assert "crs-by-product: " in run("questions").stdout
    found = json.loads(run("questions", "--format", "json").stdout)
    assert len(found) >= 30
    assert all(q["title"] and q["description"] and "WHERE" in q["text"] for q in found)


@pytest.mark.parametrize("format", ["nquads", "trig", "turtle", "jsonld", "csv"])
def test_export_writes_every_format(store: Path, tmp_path: Path, format: str) -> None:
    """To a file or to standard output, the export is the same."""
    printed = run("export", "--format", format, "--store", store)
    assert printed.exit_code == 0
    assert run("export", "--format", format, "--store", store, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out").read_bytes() == printed.stdout_bytes
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_export_that_fails_leaves_the_old_file(store: Path, tmp_path: Path) -> None:
    """A file is replaced whole or not at all."""
    (tmp_path / "out").write_text("before")
    result = run("export", "--report", "pmid:0", "--store", store, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert (tmp_path / "out").read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_check_finds_nothing_wrong(store: Path) -> None:
    """What ingest wrote conforms to the shapes."""
    result = run("check", "--store", store)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "3 reports checked, 0 problems\n"


def test_status_says_what_is_there(store: Path) -> None:
    """Status has counts, files and versions, for people and for programs."""
    assert "from three.jsonl: 3 reports" in run("status", "--store", store).stdout
    assert json.loads(run("status", "--format", "json", "--store", store).stdout)["reports"] == 3


def test_schema_is_json_schema() -> None:
    """Schema prints the JSON Schema of a record."""
    assert json.loads(run("schema").stdout)["title"] == "EvidenceRecord"
