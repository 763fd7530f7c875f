"""`cartograph fetch`, and that the files it leaves are all that reading needs."""

from __future__ import annotations

import ast
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractors.document import Document
from extractors.sources import read
from extractors.sources.remote import BASE_URLS, europepmc
from extractors.sources.remote.clock import SystemClock
from kg.cli import main
from tests.fetching.fakes import Reply, Services


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system's clock not wait."""
    monkeypatch.setattr(SystemClock, "sleep", lambda self, seconds: None)


def run(services: Services, folder: Path, *more: str, service: str = "europepmc") -> Result:
    """Run the command against the services on loopback."""
    return CliRunner().invoke(main, ["fetch", service, "CAR T", "--to", str(folder), "--base-url", services.url, *more])


def test_fetch_and_read(services: Services, tmp_path: Path) -> None:
    """The command fetches, says what came, and leaves files that are read like any others."""
    services.europepmc.total = 3
    result = run(services, tmp_path / "a" / "b")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Fetched 3 records, 1 files in {tmp_path / 'a' / 'b'}.\n"
    assert [type(item) for item in read(tmp_path)] == [Document] * 3
    assert run(services, tmp_path / "a" / "b").stderr.startswith("Complete already: 3 records")


def test_commands_of_the_documentation(
    services: Services, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page on fetching says to type works, and it names every service."""
    page = (root / "docs" / "fetching.md").read_text(encoding="utf-8")
    services.pubmed.fill(2)
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line)[1:] for line in page.splitlines() if line.startswith("cartograph fetch")]
    for command in commands:
        result = CliRunner().invoke(main, [*command, "--base-url", services.url])
        assert (result.exit_code, result.stderr.split(" records")[0]) == (0, "Fetched 2")
    assert len(commands) == 2
    assert len(list(read(tmp_path))) == 4
    assert all(f"`{service}`" in page for service in BASE_URLS)


def test_counts_that_do_not_agree(services: Services, tmp_path: Path) -> None:
    """Exit code 1 where not as many records came as the service counts."""
    services.europepmc.total, services.europepmc.counted = 3, 4
    result = run(services, tmp_path)
    assert result.exit_code == 1
    assert "Counts don't agree: 3 records came, the service counts 4" in result.stderr


def test_a_service_that_fails(services: Services, tmp_path: Path) -> None:
    """Exit code 2 and one line where the service fails."""
    services.faults = [Reply(status=500)] * 7
    result = run(services, tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith("cartograph: europepmc: HTTP 500")
    assert result.stderr.count("\n") == 1


def test_options_reach_the_service(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day, the limit and the address are given on; the address may stand in the environment."""
    services.europepmc.total = 3
    monkeypatch.setenv("CARTOGRAPH_EMAIL", "doe@example.org")
    run(services, tmp_path, "--since", "2024-02-01", "--limit", "2")
    fields = services.asked[0].fields
    assert "2024-02-01" in fields["query"]
    assert (fields["pageSize"], fields["email"]) == ("2", "doe@example.org")


def test_ncbi_wants_an_address(services: Services, tmp_path: Path) -> None:
    """Without an e-mail address PubMed is asked all the same, and the user told that NCBI wants one."""
    services.pubmed.fill(1)
    assert "NCBI asks for an e-mail address" in run(services, tmp_path / "a", service="pubmed").stderr
    with_one = run(services, tmp_path / "b", "--email", "doe@example.org", service="pubmed")
    assert "NCBI asks" not in with_one.stderr


@pytest.mark.parametrize("wrong", [["--since", "yesterday"], ["--limit", "0"]])
def test_wrong_use(services: Services, tmp_path: Path, wrong: list[str]) -> None:
    """Wrong options are refused before anything is asked or written."""
    assert run(services, tmp_path / "new", *wrong).exit_code == 2
    assert not services.asked
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("sent", "code", "last_words"),
    [
        (signal.SIGINT, 130, "Stopped. What came is in {}; the same command goes on from there.\n"),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_interrupted_run_goes_on(
    services: Services,
    tmp_path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    sent: signal.Signals,
    code: int,
    last_words: str,
) -> None:
    """Ctrl-C or a kill in the middle of a reply ends a real process; the same command goes on from there."""
    monkeypatch.setattr(europepmc, "_PAGE", 500)
    services.europepmc.total = 600
    command = ["fetch", "europepmc", "CAR T", "--to", str(tmp_path), "--base-url", services.url]
    started: list[subprocess.Popen[str]] = []

    def interrupt(good: Reply) -> Reply:
        os.kill(started[0].pid, sent)
        return Reply(good.body, stall=True)

    services.faults = [None, interrupt]
    with subprocess.Popen(
        [sys.executable, "-c", "from kg.cli import main; main()", *command], cwd=root, stderr=subprocess.PIPE, text=True
    ) as process:
        started.append(process)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said == last_words.format(tmp_path)
    assert len(list(read(tmp_path))) == 500
    asked = len(services.asked)
    assert run(services, tmp_path).exit_code == 0
    assert len(list(read(tmp_path))) == 600
    assert services.asked[asked].fields["cursorMark"] == "Ao500"


def test_only_the_fetcher_opens_connections(root: Path) -> None:
    """Only the fetcher's client and the modules for server stores import what could open a connection."""
    network = {"httpx", "requests", "urllib3", "socket", "http", "ftplib", "aiohttp"}
    openers = {
        path.relative_to(root).as_posix()
        for package in ("ontology", "extractors", "kg")
        for path in (root / package).rglob("*.py")
        if network & _imported(path)
    }
    assert openers == {"extractors/sources/remote/client.py", "kg/dialects.py", "kg/endpoint.py"}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module.split(".")[0], *(["urllib3"] if node.module == "urllib.request" else [])}
    return names
