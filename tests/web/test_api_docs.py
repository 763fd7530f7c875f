"""The page about the API: its examples run against a real server, and it tells of every endpoint."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from web.api.registry import ENDPOINTS, PREFIX

SITE = "http://127.0.0.1:8765/"


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """Return the page about the API."""
    return (root / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_endpoint_is_told_of(page: str) -> None:
    """The table of addresses holds all endpoints and no others."""
    told = re.findall(rf"^\| `{PREFIX}(\S+)` \|", page, re.M)
    assert told == [endpoint.path for endpoint in ENDPOINTS]


def test_examples_run(page: str, site: str, tmp_path: Path) -> None:
    """All examples of the page, run one after the other as they stand, are answered; each one's answer is JSON."""
    if shutil.which("curl") is None:
        pytest.skip("curl isn't installed")
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S))
    assert SITE in script
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(SITE, site)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    *answers, not_modified, problem = run.stdout.splitlines()
    assert len(answers) == len(re.findall(r"^curl -sf (?!-o)", script, re.M))
    assert all(json.loads(answer) for answer in answers)
    assert not_modified == "304"
    shown = re.search(r"^```json\n(.*?)^```$", page, re.M | re.S)
    assert shown
    assert json.loads(problem) == json.loads(shown[1])
