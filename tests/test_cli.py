"""The command line: data on standard output, talk on standard error, exit codes, and bad input in one line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractors.evidence import from_json
from kg import cli
from kg.cli import main
from kg.questions import question
from kg.store import Reader, Writer

TEXT = "A complete response was seen in 19 of 28 patients (68%). Overall survival at 12 months was 75%."


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def line(number: int, text: str = TEXT) -> str:
    """Return one JSON Lines record."""
    return json.dumps({"id": f"pmid:{number}", "title": f"Trial {number}", "text": text, "outcomes": "ignored"}) + "\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of three documents."""
    path = tmp_path_factory.mktemp("source") / "three.jsonl"
    path.write_text("".join(line(number) for number in (1, 2, 3)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def store(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that the command filled."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    result = run("ingest", source, "--store", folder)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("3 read, 3 written")
    return folder


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


def cartograph(*arguments: str | Path, root: Path) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_closed_pipe_ends_quietly(store: Path, root: Path) -> None:
    """A reader that has seen enough (`| head -1`) causes no message."""
    with cartograph("export", "--store", store, root=root) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


def test_output_that_cannot_be_written_is_one_line(store: Path, root: Path) -> None:
    """Standard output on a full disk gives one clear line and exit code 2."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = [sys.executable, "-c", "from kg.cli import main; main()", "export", "--store", str(store)]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(command, cwd=root, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr) == (2, "cartograph: output: No space left on device\n")


def test_ctrl_c_finishes_the_document_in_hand(tmp_path: Path, root: Path) -> None:
    """Interrupted, ingest publishes what it has, reports, and the next run does the rest."""
    many = tmp_path / "many.jsonl"
    many.write_text("".join(line(number, TEXT * 5) for number in range(300)))
    folder = tmp_path / "store"
    with cartograph("ingest", many, "--store", folder, "--workers", "1", "--no-progress", root=root) as process:
        deadline = time.monotonic() + 60
        while not (folder / "failures.jsonl").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert "(interrupted)" in said
    assert "Traceback" not in said
    with Reader(folder) as reader:
        done = len(reader.reports())
    assert 0 < done < 300


@pytest.mark.slow
def test_the_demo_shows_a_table_and_serves(tmp_path: Path, root: Path) -> None:
    """Demo ingests the bundled studies, prints a comparison with sources, says the address, and serves."""
    folder = tmp_path / "demo"
    shown = run("demo", "--no-serve", "--store", folder)
    assert shown.exit_code == 0
    assert "Complete response by CAR T product" in shown.stdout
    with cartograph("demo", "--store", folder, "--port", "0", root=root) as process:
        assert process.stderr is not None
        address = _address(process)
        connection = HTTPConnection(address, timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _address(process: subprocess.Popen[str]) -> str:
    """Read what the demo says until it names its address."""
    assert process.stdout is not None
    assert process.stderr is not None
    threading.Thread(target=process.stdout.read, daemon=True).start()
    for said in process.stderr:
        if "http://" in said:
            return said.partition("http://")[2].split()[0].rstrip("/")
    raise AssertionError("no address was told")
