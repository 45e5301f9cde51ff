"""The OpenAPI document is complete and true."""

from typing import Any

import msgspec
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from starlette.routing import Route

from services.casefile.api.operations import OperationEndpoint
from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller

BUILT_IN = {"/openapi.json", "/livez", "/readyz"}


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi()))
    return made


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for methods in document["paths"].values() for found in methods.values()]


def test_every_route_is_documented(app: FastAPI, document: dict[str, Any]):
    for route in app.routes:
        assert isinstance(route, Route)
        if route.path == "/openapi.json" or route.methods == {"HEAD"}:
            continue
        wanted = [route.path]
        if isinstance(route.endpoint, OperationEndpoint):
            kinds = route.endpoint.operation.kinds
            wanted = [route.path.replace("{kind}", k.slug) for k in kinds] or wanted
        assert set(wanted) <= document["paths"].keys()


def test_every_recordable_kind_has_an_address_of_its_own(
    product: Parts, document: dict[str, Any], teacher: Caller
):
    for kind in product.catalogue:
        shown = teacher.get(f"/v1/kinds/{kind.slug}").json()
        if shown["path"] is None:
            assert not kind.declared.recordable
        else:
            assert "post" in document["paths"][shown["path"]]


def test_every_schema_is_a_schema(document: dict[str, Any], teacher: Caller, product: Parts):
    for form in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(form)
    for kind in product.catalogue:
        Draft202012Validator.check_schema(teacher.get(f"/v1/kinds/{kind.slug}").json()["schema"])


def test_every_operation_has_an_id_and_problems(document: dict[str, Any]):
    found = operations(document)

    assert len({operation["operationId"] for operation in found}) == len(found)
    for operation in found:
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]


def test_every_operation_but_the_public_needs_a_token(document: dict[str, Any]):
    for path, methods in document["paths"].items():
        is_public = path in BUILT_IN or path.startswith(
            ("/v1/kinds", "/v1/problems", "/v1/messages")
        )
        for operation in methods.values():
            assert is_public or operation["security"] == [{"bearer": []}]


def test_a_personal_field_says_so(document: dict[str, Any]):
    opening = document["components"]["schemas"]["CaseOpened"]["properties"]

    assert opening["name"]["x-personal"] == "identity"
    assert "x-personal" not in opening["grade"]


def test_a_kind_shows_its_words(teacher: Caller):
    talk = teacher.get("/v1/kinds/talk").json()

    assert talk["label"] == {"zh": "谈心", "en": "Talk"}
    assert talk["fields"]["mood"]["zh"] != "Mood"
    assert talk["codes"]["mood"]["calm"].keys() == {"zh", "en"}


def test_a_missing_kind_is_not_there(teacher: Caller):
    assert teacher.get("/v1/kinds/tolk").json()["code"] == "unknown-kind"
