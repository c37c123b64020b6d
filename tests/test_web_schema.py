"""The OpenAPI document tells the truth: requests drawn from it meet no 5xx and no undocumented answer.

A short seeded run; more with SCHEMA_EXAMPLES=500, for example. Each answer is validated
against the document by schemathesis.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from index.records import Answer, Citation, Claim, Copy, Related
from tests.web_serving import ROOT, aside, build, served
from web.schema import AnswerBody, CitationBody, ClaimBody, CopyBody, RelatedBody

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "25"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("schema") / "data"
    build(folder, ROOT / "seeds")
    with served(folder) as (address, _):
        yield address


def operations(base: str) -> list[schemathesis.APIOperation]:
    document = schemathesis.openapi.from_url(f"{base}/api/openapi.json")
    return [result.ok() for result in document.get_all_operations()]


def test_the_document_names_every_door(base: str) -> None:
    paths = httpx.get(f"{base}/api/openapi.json").json()["paths"]
    assert set(paths) == {
        "/healthz",
        "/api/status",
        "/api/ask",
        "/api/articles/{article_id}",
        "/api/feedback",
        "/articles/{article_id}",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/chat/completions",
    }


def test_answers_are_as_documented(base: str) -> None:
    def all_of_them() -> None:
        found = operations(base)
        assert len(found) == 9
        for operation in found:
            _run(operation, base)

    aside(all_of_them)


def _run(operation: schemathesis.APIOperation, base: str) -> None:
    strategy = st.one_of(
        operation.as_strategy(), operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )

    @seed(20160817)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def each(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=base, checks=CHECKS)

    each()


@pytest.mark.parametrize(
    ("record", "body"),
    [
        (Answer, AnswerBody),
        (Citation, CitationBody),
        (Claim, ClaimBody),
        (Copy, CopyBody),
        (Related, RelatedBody),
    ],
)
def test_the_document_has_the_fields_of_the_records(record: type, body: type[AnswerBody]) -> None:
    assert [f.name for f in dataclasses.fields(record)] == list(body.model_fields)
