"""Every page over a real store: well formed, its links leading somewhere, its refusals clear."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from kg.questions import questions

KEY = "pmid-1"
Parse = Callable[[str], Any]
PAGES = [
    "/", "/studies", "/studies?q=lymphoma", "/studies?condition=lymphoma&design=single-arm-trial&page=2",
    "/studies?q=nothing+of+the+kind", f"/study/{KEY}", "/study/pmid-2", "/compare", "/compare?outcome=OS",
    "/compare?outcome=overall-response&group=intervention&sort=value", "/compare?outcome=CRS&grade=%3E%3D3&group=grade",
    "/compare?outcome=OS&condition=lymphoma&time=12mo&group=time", "/sparql", "/sparql?example=crs-by-product",
    "/sparql?query=ASK+%7B%7D", "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+50",
    "/sparql?query=CONSTRUCT+WHERE+%7B+%3Fs+a+%3Fo+%7D+LIMIT+5", "/questions", "/about", "/schema",
    *(f"/questions/{q.name}" for q in questions()),
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_and_well_formed(client: FlaskClient, parse: Parse, address: str) -> None:
    """Every page answers 200 with balanced HTML, unique ids, no inline code, and local links that lead somewhere."""
    answer = client.get(address)
    assert answer.status_code == 200
    page = parse(answer.text)
    for link in page.links:
        parts = urlsplit(link)
        assert parts.scheme in ("", "http", "https"), link
        if link.startswith("#"):
            assert parts.fragment in page.ids, f"{link} leads nowhere"


def test_local_links_lead_to_pages(client: FlaskClient, parse: Parse) -> None:
    """Every local link of the main pages answers."""
    starts = ["/", "/studies?q=lymphoma", f"/study/{KEY}", "/compare?outcome=overall-response"]
    links = {link for start in starts for link in parse(client.get(start).text).links if link.startswith("/")}
    assert len(links) > 40
    for link in sorted(links):
        with client.get(link, follow_redirects=True) as answer:
            assert answer.status_code == 200, link


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("/study/pmid-404", 404, "no study"),
        ("/nowhere", 404, "no page"),
        ("/at/trial/NCT1", 404, "Nothing in the store"),
        ("/questions/nope", 404, "no question"),
        ("/sparql?example=nope", 404, "no question"),
        ("/study/pmid-1?format=docx", 400, "json, turtle, csv"),
        ("/sparql?query=SELEKT", 400, "can’t be answered"),
        ("/sparql?query=INSERT+DATA+%7B%3Ca:b%3E+%3Ca:b%3E+1%7D", 403, "can’t be answered"),
        ("/sparql?query=ASK%7B%7D&format=docx", 400, "there are:"),
        ("/sparql?query=ASK" + "%7B" * 600 + "%7D" * 600, 403, "nested"),
        ("/compare?outcome=overall-survivall", 400, "Did you mean"),
        ("/compare?outcome=OS&time=soon", 400, "soon"),
        ("/questions/crs-by-product?grade=high", 400, "grade"),
    ],
)
def test_refusals_say_why(client: FlaskClient, parse: Parse, address: str, code: int, words: str) -> None:
    """What can't be answered gets a page with one clear message and the right status."""
    answer = client.get(address)
    assert answer.status_code == code
    assert words in html.unescape(answer.text)
    parse(answer.text)
