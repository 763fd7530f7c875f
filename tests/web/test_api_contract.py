"""The JSON API against its own OpenAPI document: schemathesis makes requests, fit and unfit, and checks the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from kg.questions import questions
from web import create_app
from web.api.registry import ENDPOINTS

PATHS = [endpoint.path for endpoint in ENDPOINTS]
WITH_PARAMETERS = [endpoint.path for endpoint in ENDPOINTS if endpoint.query.model_fields]
KNOWN = {"study": ["pmid-1", "pmid:2"], "question": [q.name for q in questions()]}
FEW, MANY = 4, 150
# What is well formed may still name no concept: that is 422, and never 400.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}}}


@pytest.fixture(scope="module")
def contract(store: Path) -> Iterator[Any]:
    """Return what the document promises, asked of the application over a real store."""
    app = create_app(store)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=schemathesis.Config.from_dict(CONFIG))
    app.extensions["library"].close()


def check(operation: Any, examples: int, mode: GenerationMode) -> None:
    """Make requests to an operation and compare the answers with what it promises."""

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in case.path_parameters or {}:
            if mode is GenerationMode.POSITIVE and name in KNOWN and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(KNOWN[name]))
        case.call_and_validate()

    ask()


@pytest.mark.parametrize("path", PATHS)
def test_an_endpoint_keeps_its_promise(contract: Any, path: str) -> None:
    """A few fit requests to each endpoint: statuses, types and bodies are those of the document."""
    check(contract[path]["GET"], FEW, GenerationMode.POSITIVE)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_an_endpoint_keeps_its_promise_many_times(contract: Any, path: str) -> None:
    """Many fit requests find no server error and no answer that isn't documented."""
    check(contract[path]["GET"], MANY, GenerationMode.POSITIVE)


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_PARAMETERS)
def test_an_endpoint_refuses_what_does_not_fit(contract: Any, path: str) -> None:
    """Many requests that the document doesn't allow are refused, as it says."""
    check(contract[path]["GET"], MANY, GenerationMode.NEGATIVE)
