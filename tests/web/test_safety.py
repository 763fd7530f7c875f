"""What the pages promise: nothing acts that shouldn't, nothing changes, and the newest state of the store is shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from extractors.evidence import EvidenceRecord

KEY = "pmid-1"
Open = Callable[..., Flask]
Write = Callable[..., None]


def test_what_a_record_says_is_never_markup(client: FlaskClient, attack: str) -> None:
    """Mark-up in a title, a journal, a text, a subgroup, a search or a query is shown as the words that it is."""
    addresses = [f"/study/{KEY}", "/studies", "/compare?outcome=OS", "/questions/retracted-sources"]
    addresses += [f"/{page}={attack}" for page in ("studies?q", "sparql?query", "compare?outcome", "studies?condition")]
    for address in addresses:
        body = client.get(address).text
        assert "<script>alert" not in body
        assert "&lt;script&gt;" in body
    assert "&lt;b&gt;CAR T&lt;/b&gt;" in client.get(f"/study/{KEY}").text


@pytest.mark.parametrize("address", ["/", "/studies", f"/study/{KEY}", "/nowhere", "/static/cartograph.css"])
def test_headers_keep_browsers_safe(client: FlaskClient, address: str) -> None:
    """Every answer forbids inline and foreign code, framing and guessing of types."""
    with client.get(address) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_can_only_be_read(client: FlaskClient, method: str) -> None:
    """Nothing but GET, HEAD and OPTIONS is let in."""
    for address in ("/", "/studies", f"/study/{KEY}", "/compare", "/questions"):
        answer = client.open(address, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_a_foreign_name_gets_nothing(store: Path, open_app: Open) -> None:
    """A foreign host name is refused, so that a page elsewhere can't read the store by pointing its name here."""
    client = open_app(store, trusted_hosts=["localhost", "127.0.0.1", "[::1]"]).test_client()
    assert client.get("/about", headers={"Host": "evil.example:8765"}).status_code == 421
    for name in ("localhost:8765", "127.0.0.1:8765", "[::1]:8765"):
        assert client.get("/about", headers={"Host": name}).status_code == 200


def test_a_missing_store_is_told(tmp_path: Path, open_app: Open, write: Write, crafted: EvidenceRecord) -> None:
    """Without a store the pages say so and how to fill it; once one is there, they show it."""
    folder = tmp_path / "store"
    client = open_app(folder).test_client()
    answer = client.get("/studies")
    assert answer.status_code == 503
    assert "cartograph ingest" in answer.text
    write(folder, crafted)
    assert "1 study" in client.get("/studies").text


def test_an_ingest_shows_up_without_restart(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_app: Open,
    write: Write,
    crafted: EvidenceRecord,
    sibling: EvidenceRecord,
) -> None:
    """When a newer state of the store is published, the pages go on to it, and give the one before until it is read."""
    monkeypatch.setattr("web.snapshots._LOOK_AGAIN_SECONDS", 0.0)
    write(tmp_path / "store", sibling)
    app = open_app(tmp_path / "store")
    client = app.test_client()
    assert client.get(f"/study/{KEY}").status_code == 404
    write(tmp_path / "store", crafted)
    assert client.get("/studies").status_code == 200
    app.extensions["library"].wait()
    assert client.get(f"/study/{KEY}").status_code == 200
    assert "2 studies" in client.get("/studies").text


def test_a_vanished_store_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_app: Open, write: Write, sibling: EvidenceRecord
) -> None:
    """A store that is removed under the running server gives the error page, not a crash."""
    monkeypatch.setattr("web.snapshots._LOOK_AGAIN_SECONDS", 0.0)
    write(tmp_path / "store", sibling)
    client = open_app(tmp_path / "store").test_client()
    assert client.get("/studies").status_code == 200
    shutil.rmtree(tmp_path / "store")
    assert client.get("/studies").status_code == 503


def test_a_damaged_store_is_told(tmp_path: Path, open_app: Open) -> None:
    """A folder that isn't a store, or is a damaged one, gives the error page."""
    (tmp_path / "store.json").write_text("{", encoding="utf-8")
    answer = open_app(tmp_path).test_client().get("/")
    assert answer.status_code == 503
    assert "damaged" in answer.text


def colours(css: str) -> Iterator[dict[str, str]]:
    """Yield the named colours of the light theme, then those of the dark one."""
    for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]:
        yield dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


TEXT_ON = [
    ("ink", "paper"), ("ink", "card"), ("ink", "sunk"), ("ink", "quo"), ("ink", "on-quo"), ("soft", "paper"),
    ("soft", "card"), ("soft", "sunk"), ("accent", "paper"), ("accent", "card"), ("accent", "sunk"), ("accent", "quo"),
    ("accent", "accent-soft"), ("accent", "on-quo"), ("accent-ink", "accent"), ("fig-ink", "fig"), ("fig-ink", "on"),
    ("flag", "paper"), ("flag", "flag-soft"), ("grave", "grave-soft"), ("ink", "accent-soft"),
    ("code-name", "card"), ("code-string", "card"), ("code-number", "card"), ("flag", "card"), ("soft", "accent-soft"),
    ("code-name", "flag-soft"), ("code-string", "flag-soft"), ("code-number", "flag-soft"), ("accent", "flag-soft"),
]  # fmt: skip


def test_colours_can_be_told_apart(root: Path) -> None:
    """Every pair of text and background, light and dark, has the contrast of WCAG AA (4.5 to 1)."""
    themes = list(colours((root / "web" / "static" / "cartograph.css").read_text(encoding="utf-8")))
    assert len(themes) == 2
    for theme in themes:
        for text, ground in TEXT_ON:
            high, low = sorted((luminance(theme[text]), luminance(theme[ground])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
