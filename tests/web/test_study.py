"""A study's page: words and rows tied together, and everything that matters shown."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from extractors.evidence import EvidenceRecord, from_json
from kg.iris import Names

KEY = "pmid-1"
Parse = Callable[[str], Any]


def test_marked_words_are_the_records_words(client: FlaskClient, parse: Parse, records: list[EvidenceRecord]) -> None:
    """On every study's page each marked piece is what the record's text holds at the offsets that the piece states."""
    names, checked = Names(), 0
    for record in records:
        key = names.report(record).removeprefix(names.base + "report/")
        page = parse(client.get(f"/study/{key}").text)
        for start, end, words in page.marked:
            assert words in (record.text[start:end], record.title[start:end])
            checked += 1
        assert {f"o-{k}" for k in range(len(record.outcomes))} <= page.ids
        assert {f"w-o-{k}" for k in range(len(record.outcomes))} <= page.ids
    assert checked > 200


def test_a_figure_is_marked_at_its_own_offsets(client: FlaskClient) -> None:
    """The number itself is the strong mark, tied to its row; the rest of its passage is the soft one."""
    body = client.get(f"/study/{KEY}").text
    assert re.search(r'class="fig flagged" data-items="o-0 o-1" data-own="o-0"[^>]*><a href="#o-0">67%</a>', body)
    assert re.search(r'class="fig" data-items="o-1"[^>]*><a href="#o-1">59%</a>', body)
    assert re.search(r'class="fact quo" data-items="a-population-treated o-1"[^>]*>'
                     r'<a href="#a-population-treated">42</a>', body)  # fmt: skip


def test_a_study_shows_what_matters(client: FlaskClient) -> None:
    """Retraction, contradictions, what was not given, sequence, related reports and links are there."""
    body = html.unescape(client.get(f"/study/{KEY}").text)
    for words in (
        "This publication has been retracted", "J Ex 2025;1:1", "28 of 42 is 66.7%, not 67.9%", "Not given",
        "95% CI 51–81", "93%", "same clause", "A later report", "https://pubmed.ncbi.nlm.nih.gov/1/",
        "https://doi.org/10.1/a%3Cb", "https://clinicaltrials.gov/study/NCT00000001", "15 months",
    ):  # fmt: skip
        assert words in body, words
    assert body.index("axicabtagene ciloleucel") < body.index("allogeneic HSCT")


@pytest.mark.parametrize(("format_name", "media_type"), [("json", "application/json"), ("turtle", "text/turtle")])
def test_a_record_can_be_had(client: FlaskClient, crafted: EvidenceRecord, format_name: str, media_type: str) -> None:
    """A study's record comes as JSON, as it was written, and as Turtle."""
    answer = client.get(f"/study/{KEY}?format={format_name}")
    assert answer.mimetype == media_type
    assert "attachment" in answer.headers["Content-Disposition"]
    if format_name == "json":
        assert from_json(answer.text) == crafted
    else:
        assert "cg:Report" in answer.text


def test_csv_has_a_row_for_each_figure(client: FlaskClient) -> None:
    """A study's CSV holds its figures; text that a spreadsheet would take for a formula is made harmless."""
    rows = list(csv.DictReader(io.StringIO(client.get(f"/study/{KEY}?format=csv").text)))
    assert [(r["measure"], r["value"], r["n"], r["ci_low"]) for r in rows] == [
        ("overall-response", "67.0", "28", "51.0"),
        ("overall-survival", "59.0", "", ""),
    ]


def test_an_identifier_leads_to_its_study(client: FlaskClient) -> None:
    """A study is found by its identifier as well; a figure's IRI leads to its row."""
    assert client.get("/study/pmid:1").location == f"/study/{KEY}"
    table = client.get("/compare?outcome=overall-survival&condition=large+B-cell+lymphoma").text
    links = re.findall(rf"/at/report/{KEY}/outcome/\w+", table)
    assert [client.get(link).location for link in links] == [f"/study/{KEY}#o-1"]
    assert client.get(f"/at/report/{KEY}/flag/1").location == f"/study/{KEY}"


def test_a_comparison_shows_figures_and_intervals(client: FlaskClient) -> None:
    """The comparison shows n/N, the figure, its interval drawn and written, and the CSV has the same figures."""
    address = "/compare?outcome=overall-response&condition=large+B-cell+lymphoma"
    body = client.get(address).text
    assert "28 / 42" in body
    assert "95% CI 51–81" in body
    assert 'class="ci-line"' in body
    rows = list(csv.DictReader(io.StringIO(client.get(address + "&format=csv").text)))
    assert f"{len(rows)} figure" in body
    assert [(r["value"], r["n"], r["N"]) for r in rows if r["report"].endswith(KEY)] == [("67", "28", "42")]
