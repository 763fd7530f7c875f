"""The JSON API: what it lists, finds and refuses, and that clients can keep what they have."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from extractors.evidence import EvidenceRecord, from_json
from kg.questions import questions
from web.api.parameters import AnswerQuery

API = "/api/v1"
Open = Callable[..., Flask]


def get(client: FlaskClient, address: str) -> dict[str, Any]:
    """Return the answer at an address of the API."""
    answer = client.get(API + address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return dict(answer.json or {})


def problem(client: FlaskClient, address: str, status: int) -> dict[str, Any]:
    """Return the problem that an address answers with, which says its own status."""
    answer = client.get(API + address)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = dict(json.loads(answer.text))
    assert told["status"] == status
    return told


def test_the_document_is_openapi(client: FlaskClient) -> None:
    """The document at /api/v1/openapi.json is valid OpenAPI 3.1 and tells of every endpoint that the index names."""
    document = get(client, "/openapi.json")
    validate(document)
    assert document["openapi"].startswith("3.1")
    links = get(client, "/")["links"]
    named = {address.removeprefix(API) for name, address in links.items() if name not in ("openapi", "sparql")}
    assert named <= set(document["paths"])
    assert all(client.get(address).status_code == 200 for name, address in links.items() if name in ("openapi",))


def test_pages_of_studies_hold_each_once(client: FlaskClient, records: list[EvidenceRecord]) -> None:
    """Going on from page to page by the links gives every study once; the last page has no next one."""
    address, keys = f"{API}/studies?page_size=7&sort=title", []
    while address:
        found = client.get(address).json or {}
        keys += [study["key"] for study in found["studies"]]
        address = found["paging"]["links"]["next"]
    assert len(keys) == len(set(keys)) == len(records) == found["paging"]["total"]
    assert client.get(found["paging"]["links"]["last"]).json == found


def test_a_page_beyond_the_last_is_empty(client: FlaskClient) -> None:
    """Beyond the last page there are no studies, and the way back leads to the last."""
    found = get(client, "/studies?page=1000&page_size=10")
    assert found["studies"] == []
    assert found["paging"]["links"]["prev"] == found["paging"]["links"]["last"]


def test_facets_count_what_filters_find(client: FlaskClient) -> None:
    """The count beside a facet's value is the number of studies found when it is asked for."""
    facets = get(client, "/studies")["facets"]
    for facet in ("condition", "design", "notable"):
        value = facets[facet][0]
        found = client.get(f"{API}/studies", query_string={facet: value["value"]}).json or {}
        assert found["paging"]["total"] == value["count"] > 0
        assert found["facets"][facet][0]["chosen"]


def test_a_study_is_found_by_each_of_its_names(client: FlaskClient, crafted: EvidenceRecord) -> None:
    """A study is given whole under its key, its identifiers and its IRI, with the other reports of its trial."""
    names = ("pmid-1", "pmid:1", "doi:10.1%2Fa%3Cb", "https:%2F%2Fw3id.org%2Fcartograph%2Freport%2Fpmid-1")
    found = [get(client, f"/studies/{name}") for name in names]
    assert all(f == found[0] for f in found)
    assert from_json(json.dumps(found[0]["record"])) == crafted
    assert [other["id"] for other in found[0]["related"]] == ["pmid:2"]


def test_figures_stand_on_their_words(client: FlaskClient) -> None:
    """Each figure carries its quote, and the words that it links to are on a page; what isn't stated is null."""
    found = get(client, "/outcomes?outcome=ORR&condition=large%20B-cell%20lymphoma&page_size=100")
    figure = next(f for f in found["figures"] if f["study"] == "pmid-1")
    assert (figure["value"], figure["n"], figure["N"]) == (67.0, 28, 42)
    assert (figure["ci_low"], figure["ci_high"], figure["time_months"]) == (51.0, 81.0, None)
    assert figure["quote"] == "28 (67%; 95% CI, 51-81) responded"
    assert client.get(figure["links"]["words"]).location.startswith("/study/pmid-1#o-")
    assert get(client, figure["links"]["study"].removeprefix(API))["study"]["key"] == "pmid-1"


def test_outcomes_and_comparison_agree(client: FlaskClient) -> None:
    """The list and the comparison of one outcome hold the same figures, however they are grouped."""
    listed = get(client, "/outcomes?outcome=overall-response&page_size=100")["figures"]
    for group in ("none", "condition", "time"):
        compared = get(client, f"/compare?outcome=ORR&group={group}")
        figures = [f for s in compared["sections"] for g in s["groups"] for f in g["figures"]]
        assert sorted(f["iri"] for f in figures) == sorted(f["iri"] for f in listed)
        assert compared["outcome"] == "overall-response"
        for section in compared["sections"]:
            kinds = {(f["statistic"], f["unit"]) for g in section["groups"] for f in g["figures"]}
            assert kinds == {(section["statistic"], section["unit"])}


def test_a_question_is_answered_with_values(client: FlaskClient) -> None:
    """A question takes its parameters by their names and says which values it was asked with; rows come in pages."""
    address = "/questions/crs-by-product/answer?grade=%3E%3D1&page_size=2"
    answer = get(client, address)
    assert answer["values"]["grade"] == ">=1"
    assert answer["values"]["measure"] == "cytokine-release-syndrome"
    assert len(answer["rows"]) == 2 < answer["paging"]["total"]
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])
    assert all(isinstance(row[answer["columns"].index("value")], float) for row in answer["rows"])
    assert "grade=%3E%3D1" in answer["paging"]["links"]["next"]


@pytest.mark.parametrize("name", [q.name for q in questions()])
def test_every_question_is_there(client: FlaskClient, name: str) -> None:
    """Every named question is described and answered, and none has a parameter that pages are asked for by."""
    found = get(client, f"/questions/{name}")
    assert not {p["name"] for p in found["parameters"]} & set(AnswerQuery.model_fields)
    answer = get(client, found["links"]["answer"].removeprefix(API))
    assert answer["columns"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "nothing at this address"),
        ("/studies/pmid-404", 404, "pmid-404"),
        ("/questions/nope", 404, "nope"),
        ("/studies?pagesize=5", 400, "pagesize"),
        ("/studies?page_size=101", 400, "page_size"),
        ("/studies?page=0", 400, "page"),
        ("/studies?page=1&page=2", 400, "page"),
        ("/studies?from=MMXX", 400, "from"),
        ("/compare", 400, "outcome"),
        ("/compare?outcome=ORR&group=colour", 400, "group"),
        ("/vocabulary?kind=nope", 400, "kind"),
        ("/outcomes", 422, "at least one"),
        ("/outcomes?outcome=OS&time=soon", 422, "soon"),
        ("/questions/crs-by-product/answer?dose=3", 422, "dose"),
        ("/questions/crs-by-product/answer?grade=high", 422, "grade"),
    ],
)
def test_problems_say_why(client: FlaskClient, address: str, status: int, words: str) -> None:
    """What can't be answered is told as a problem (RFC 9457) that names what is wrong."""
    assert words in problem(client, address, status)["detail"]


def test_an_unknown_concept_gets_near_names(client: FlaskClient) -> None:
    """A misspelt concept is answered with the names that are near to it."""
    assert "overall survival" in problem(client, "/compare?outcome=overall-survivall", 422)["near"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_only_reads(client: FlaskClient, method: str) -> None:
    """Other methods are refused as a problem, with the methods that there are."""
    answer = client.open(f"{API}/studies", method=method)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_a_client_keeps_what_it_has(
    tmp_path: Path, open_app: Open, write: Callable[..., None], crafted: EvidenceRecord, sibling: EvidenceRecord
) -> None:
    """An answer's ETag gives 304 as long as the store is the same, and the whole answer once it isn't."""
    stores = (tmp_path / "one", crafted), (tmp_path / "other", sibling)
    for folder, record in stores:
        write(folder, record)
    clients = [open_app(folder).test_client() for folder, _record in stores]
    tag = clients[0].get(f"{API}/studies").headers["ETag"]
    again = clients[0].get(f"{API}/studies", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert clients[1].get(f"{API}/studies", headers={"If-None-Match": tag}).status_code == 200


def test_pages_elsewhere_read_it_only_if_allowed(store: Path, open_app: Open) -> None:
    """By default no page of another origin can read the API; those that the operator names can."""
    origin = {"Origin": "https://journal.example"}
    allow = "Access-Control-Allow-Origin"
    assert allow not in open_app(store).test_client().get(f"{API}/studies", headers=origin).headers
    client = open_app(store, cors_origins=["https://journal.example"]).test_client()
    for address in ("/studies", "/openapi.json", "/studies/none"):
        assert client.get(API + address, headers=origin).headers[allow] == "https://journal.example"
    asked = client.options(f"{API}/studies", headers=origin)
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


def test_a_missing_store_is_a_problem(tmp_path: Path, open_app: Open) -> None:
    """Without a store the API answers 503 and says when to try again."""
    client = open_app(tmp_path / "store").test_client()
    problem(client, "/studies", 503)
    assert client.get(f"{API}/studies").headers["Retry-After"]
