"""The project's own files: versions that agree, licence, lock file, data, and nothing of one machine."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors.evaluation.references import read_references


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """Return the project table of pyproject.toml."""
    return dict(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def tracked(root: Path) -> list[Path]:
    """Return the files under version control; skips where there is none."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in names.split("\0") if name and (root / name).is_file()]


def test_versions_agree(root: Path, project: dict[str, Any]) -> None:
    """The package, the citation file and the newest entry of the changelog tell one version."""
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^version: (\S+)$", citation, re.M) == [project["version"]]
    assert re.findall(r"^## (\S+)", changelog, re.M)[0] == project["version"]


def test_licence_is_told_everywhere(root: Path, project: dict[str, Any]) -> None:
    """Apache-2.0 stands in the licence file, the package and the citation."""
    assert "Apache License" in (root / "LICENSE").read_text(encoding="utf-8")[:200]
    assert project["license"] == "Apache-2.0"
    assert "license: Apache-2.0" in (root / "CITATION.cff").read_text(encoding="utf-8")


def test_lock_file_pins_every_dependency(root: Path, project: dict[str, Any]) -> None:
    """Every dependency of the package and of its extras is pinned, and by name only: no index, no path.

    But for the encoder's training: PyTorch comes in builds for machines, and nothing that runs or is tested needs it.
    """
    lock = (root / "requirements" / "lock.txt").read_text(encoding="utf-8")
    pinned = {re.split(r"==", line)[0].replace("_", "-").lower() for line in lock.splitlines()}
    extras = {name: x for name, x in project["optional-dependencies"].items() if name != "train-encoder"}
    wanted = [*project["dependencies"], *(d for extra in extras.values() for d in extra)]
    names = {re.split(r"[>=\[; ]", d)[0].lower() for d in wanted}
    assert names - pinned == set()
    assert all(re.match(r"^[a-z0-9.-]+==\S+( ; .+)?$", line) for line in lock.splitlines())


def test_corpus_is_documents_only(root: Path, gold: Path) -> None:
    """The demo corpus holds checked summaries, one a report, and no annotation that could stand in for extraction."""
    corpus = [json.loads(line) for line in (root / "kg/corpus/corpus.jsonl").read_text("utf-8").splitlines()]
    checked = [r for r in map(json.loads, gold.read_text("utf-8").splitlines()) if r.get("verified")]
    texts = {r["id"]: r["text"] for r in checked}
    assert {frozenset(r) for r in corpus} == {frozenset({"id", "title", "text", "citation"})}
    assert [texts[r["id"]] for r in corpus] == [r["text"] for r in corpus]
    for name in ("pmid", "doi"):
        known = [r["citation"][name] for r in corpus if r["citation"][name]]
        assert len(set(known)) == len(known)


def test_reference_and_training_records_share_no_document(root: Path, gold: Path) -> None:
    """No reference document is trained on: neither its id, nor its title, nor its text."""
    reference, training = read_references(gold), read_references(root / "training" / "train.jsonl")
    assert (len(reference), len(training)) == (237, 423)
    assert not set(reference) & set(training)
    for part in ("title", "text"):
        assert not {getattr(r.record, part) for r in reference.values()} & {
            getattr(r.record, part) for r in training.values()
        }


def test_nothing_of_one_machine_is_kept(root: Path) -> None:
    """No tracked text file names a folder of the machine it was written on."""
    paths = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|opt)/")
    text = [
        p
        for p in tracked(root)
        if p.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".cff", ".ttl", ".rq", ".html", ""}
    ]
    found = [str(p.relative_to(root)) for p in text if paths.search(p.read_text(encoding="utf-8", errors="replace"))]
    assert [name for name in found if name != "tests/test_project.py"] == []


def test_pages_load_nothing_from_elsewhere(root: Path) -> None:
    """Templates and style sheets refer to no other host: the pages work offline."""
    remote = re.compile(r"""(?:src=|<link[^>]+href=|url\(|@import\s+)["']?(?:https?:)?//""")
    files = [p for p in (root / "web").rglob("*") if p.suffix in {".html", ".css", ".js"}]
    assert [str(p) for p in files if remote.search(p.read_text(encoding="utf-8"))] == []


def test_scripts_stop_at_the_first_failure(root: Path) -> None:
    """The shell scripts set -e and never wave a failure through."""
    scripts = [root / ".ci" / "run", *(root / "scripts").glob("*.sh")]
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert re.search(r"^set -eu", text, re.M), script
        assert not re.search(r"\|\|\s*(true|:)", text), script


@pytest.mark.parametrize(
    ("target", "wanted"), [("demo", "'.'"), ("test", "'.[test]'"), ("lint", "'.[test,dev,train]'")]
)
def test_make_installs_what_a_target_needs(root: Path, target: str, wanted: str) -> None:
    """Each target installs the project, pinned, with the extras that it needs, into the environment of its own."""
    result = subprocess.run(
        ["make", "--dry-run", "--always-make", target], cwd=root, capture_output=True, text=True, check=True
    )
    assert f"pip install --quiet --constraint requirements/lock.txt --editable {wanted}\n" in result.stdout
