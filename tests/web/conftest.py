"""A store of reference and crafted records, the application over it, and pages taken apart."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from extractors.evidence import EvidenceRecord, from_json
from kg.iris import Names
from kg.mapping import to_quads
from kg.store import Change, Writer
from web import create_app
from web.serve import address, listen, make_server

ATTACK = "<script>alert('x')</script>\"&'"
TEXT = (
    "BACKGROUND: Outcomes after <b>CAR T</b> are open.\n"
    "RESULTS: Of 42 patients 28 (67%; 95% CI, 51-81) responded, and 12-month survival was 59%. "
    "Prophylaxis was not given."
)


def crafted_record() -> EvidenceRecord:
    """Return a record with overlapping quotes, a contradiction, a treatment left out, a retraction, and mark-up."""

    def span(words: str) -> dict[str, int]:
        return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}

    def outcome(measure: str, quote: str, figure: str, **facts: object) -> dict[str, object]:
        at = TEXT.index(figure)
        base = {"measure": measure, "statistic": "proportion", "unit": "%", "quote": quote}
        return base | span(quote) | {"figure": [at, at + len(figure)]} | facts

    response = outcome("overall-response", "28 (67%; 95% CI, 51-81) responded", "67%", value=67.0, n=28, N=42)
    response |= {"ci": [51.0, 81.0], "ci_level": 95.0, "links": {"measure": "same clause"}, "confidence": 0.93}
    passage = "42 patients 28 (67%; 95% CI, 51-81) responded, and 12-month survival was 59%"
    survival = outcome("overall-survival", passage, "59%", value=59.0, subgroup=ATTACK)
    survival |= {"time": {"value": 12.0, "unit": "month"}}
    treated = span("42") | {"by": "population"}
    data: dict[str, Any] = {
        "id": "pmid:1",
        "title": f"A study {ATTACK}",
        "text": TEXT,
        "citation": {"pmid": "1", "doi": "10.1/a<b", "journal": ATTACK, "year": 2024},
        "notices": [{"kind": "retracted", "reference": "J Ex 2025;1:1"}],
        "relevance": "car-t+hsct",
        "design": {"type": "single-arm-trial", "phase": "2", "registry_ids": ["NCT00000001"]},
        "population": {"treated": 42, "conditions": ["large B-cell lymphoma"]},
        "interventions": [
            {"name": "axicabtagene ciloleucel", "category": "car-t"},
            {"name": "GVHD prophylaxis", "category": "gvhd-prophylaxis", "used": False},
        ],
        "sequence": ["axicabtagene ciloleucel", "allogeneic HSCT"],
        "arms": [{"label": "all", "n": 42, "role": "cohort"}],
        "follow_up": {"median": 15.0, "unit": "month"},
        "outcomes": [response, survival],
        "anchors": {"population.treated": [treated]},
        "flags": [{"kind": "percentage", "outcomes": [0], "message": "28 of 42 is 66.7%, not 67.9%"}],
    }
    return from_json(json.dumps(data))


def sibling_record() -> EvidenceRecord:
    """Return another report of the same trial, without an abstract or any figure."""
    facts = {"id": "pmid:2", "title": "A later report", "text": "", "citation": {"pmid": "2"}}
    return from_json(json.dumps(facts | {"design": {"registry_ids": ["NCT00000001"]}}))


def reference_records(path: Path, limit: int) -> list[EvidenceRecord]:
    """Return the first reference records, without the fields that only annotators use."""
    known = set(EvidenceRecord.model_fields)
    lines = path.read_text(encoding="utf-8").splitlines()[:limit]
    return [from_json(json.dumps({k: v for k, v in json.loads(x).items() if k in known})) for x in lines]


def fill(store: Path, *records: EvidenceRecord) -> None:
    """Put records into a store and publish them."""
    names = Names()
    changes = {names.report(r): Change.of(names.report(r), to_quads(r)) for r in records}
    with Writer(store) as writer:
        writer.write(list(changes.values()))
        writer.publish()


def close(app: Flask) -> None:
    """Let the store of an application go, and end its workers."""
    app.extensions["library"].close()
    app.extensions["workers"].close()


BROWSER_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1280,900",
)  # fmt: skip
VOID = {"meta", "link", "input", "br", "line", "path", "circle", "rect"}


class Page(HTMLParser):
    """A page taken apart: refuses unbalanced tags and ids used twice; collects links, ids and marked words."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.marked: list[tuple[int, int, str]] = []
        self._span: list[tuple[int, int, int, list[str]]] = []
        self.feed(body)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag and its attributes."""
        facts = {k: v or "" for k, v in attrs}
        assert len(facts) == len(attrs), f"an attribute twice in {tag}"
        assert "style" not in facts
        assert not any(name.startswith("on") for name in facts)
        if "id" in facts:
            assert facts["id"] not in self.ids, f"id twice: {facts['id']}"
            self.ids.add(facts["id"])
        self.links += [facts[k] for k in ("href", "src", "action") if k in facts]
        if tag in VOID:
            return
        self.open.append(tag)
        if "data-start" in facts:
            self._span.append((len(self.open), int(facts["data-start"]), int(facts["data-end"]), []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that a tag closes the one that was opened last."""
        assert self.open.pop() == tag, f"unbalanced {tag}"
        if self._span and len(self.open) < self._span[-1][0]:
            _depth, start, end, words = self._span.pop()
            self.marked.append((start, end, "".join(words)))

    def handle_data(self, data: str) -> None:
        """Collect marked words."""
        for *_rest, words in self._span:
            words.append(data)


@pytest.fixture(scope="session")
def attack() -> str:
    """Return mark-up that must never act."""
    return ATTACK


@pytest.fixture(scope="session")
def crafted() -> EvidenceRecord:
    """Return a record with overlapping quotes, a contradiction, a treatment left out, a retraction, and mark-up."""
    return crafted_record()


@pytest.fixture(scope="session")
def sibling() -> EvidenceRecord:
    """Return another report of the crafted record's trial."""
    return sibling_record()


@pytest.fixture(scope="session")
def records(gold: Path) -> list[EvidenceRecord]:
    """Return thirty reference records and the two crafted ones."""
    return [*reference_records(gold, 30), crafted_record(), sibling_record()]


@pytest.fixture(scope="session")
def write() -> Callable[..., None]:
    """Return a function that puts records into a store and publishes them: `write(store, *records)`."""
    return fill


@pytest.fixture(scope="session")
def store(records: list[EvidenceRecord], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that holds the records."""
    folder = tmp_path_factory.mktemp("web") / "store"
    fill(folder, *records)
    return folder


@pytest.fixture
def open_app() -> Iterator[Callable[..., Flask]]:
    """Return `create_app`, whose stores are let go after the test."""
    made: list[Flask] = []

    def make(store: Path, **options: Any) -> Flask:
        made.append(create_app(store, **options))
        return made[-1]

    yield make
    for app in made:
        close(app)


@pytest.fixture(scope="session")
def client(store: Path) -> Iterator[FlaskClient]:
    """Return a client of the application over the store that asks for pages, as browsers do."""
    app = create_app(store)
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    yield browser
    close(app)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.headers["Content-Type"].partition(";")[0]


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of loopback by the production server; gives the address."""
    with listen("127.0.0.1", 0) as listening:
        server = make_server(app, listening, threads=16)

        def answer() -> None:
            with contextlib.suppress(OSError, ValueError):  # the loop trips over its sockets when they are closed
                server.run()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield address(listening)
        server.close()
        thread.join(timeout=10)
    close(app)


@pytest.fixture(scope="session")
def serve_app() -> Callable[[Flask], contextlib.AbstractContextManager[str]]:
    """Return `served`."""
    return served


@pytest.fixture(scope="session")
def site(store: Path) -> Iterator[str]:
    """Serve the store on a free port of loopback by the production server; returns the address."""
    with served(create_app(store)) as running:
        yield running


def request(
    site: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Reply:
    """Send a request as it is, without any header of the client's own making; returns the reply."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=60)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    reply = Reply(answer.status, dict(answer.getheaders()), answer.read())
    connection.close()
    return reply


@pytest.fixture(scope="session")
def send() -> Callable[..., Reply]:
    """Return what sends a request: `send(site, method, path, body, headers)`."""
    return request


@pytest.fixture(scope="session")
def graph_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with three graphs `http://example.org/graph/1` to `3`, each of which calls itself a document."""
    folder = tmp_path_factory.mktemp("graphs") / "store"
    graphs = [f"http://example.org/graph/{k}" for k in (1, 2, 3)]
    says = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Document>"
    with Writer(folder) as writer:
        writer.write([Change("http://example.org/r", {g: f"<{g}> {says} .\n".encode() for g in graphs})])
        writer.publish()
    return folder


@pytest.fixture(scope="session")
def ask(graph_store: Path) -> Iterator[Callable[..., Reply]]:
    """Return what sends a request to a server over the store of three graphs: `ask(method, path, body, headers)`."""
    with served(create_app(graph_store)) as running:
        yield partial(request, running)


@pytest.fixture(scope="session")
def parse() -> Callable[[str], Page]:
    """Return what takes a page apart, and refuses one that isn't well formed."""
    return Page


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a headless Chromium that notes its requests and what it complains about."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium isn't installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium and its driver aren't installed (on Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*BROWSER_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()
