"""Whatever is sent, no answer is a fault of ours and none is undocumented."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.casefile.following import Following
from tests.casefile.api.calling import token


def is_not_our_fault(_: Any, response: Any, __: Any) -> None:
    """An answer that asks for patience is an answer; a fault is not."""
    assert response.status_code not in (500, 501, 502, 504), response.text


CHECKS = [
    is_not_our_fault,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = {
    "/flags": "county", "/v1/backfill": "county", "/v1/entries": "county",
    "/v1/units": "operator", "/v1/staff/": "operator", "/merge": "county", "/waivers": "county",
    "/v1/policies": "county", "/v1/calendars": "county", "/metrics": "operator",
    "/v1/obligations": "county", "/v1/compliance": "county", "/v1/inspections": "county",
    "/v1/findings": "county", "/v1/reports": "inspector",
}  # fmt: skip
SOME = ("/talk", "/home_visit", "/care_plan", "/grant", "/contact_card", "/closure", "/risk")


def fuzz(app: FastAPI, case_id: UUID, examples: int, *, every_kind: bool) -> int:
    """Send so many examples to every operation; returns how many operations there were."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if every_kind or "/records/" not in operation.path or operation.path.endswith(SOME):
            count += 1
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                examine(operation, mode, case_id, examples)
    return count


def examine(operation: Any, mode: GenerationMode, case_id: UUID, examples: int) -> None:
    role = next((r for part, r in ROLES.items() if part in operation.path), "teacher")
    headers = {"authorization": f"Bearer {token(role)}"}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if "case_id" in (case.path_parameters or {}):
            case.path_parameters["case_id"] = str(case_id)
        if case.query:
            case.query.pop("min_position", None)
        case.call_and_validate(headers=headers, checks=CHECKS)

    with suppress(Unsatisfiable):
        check()


def test_a_slice_of_everything_that_can_be_sent_is_answered(
    app: FastAPI, case_id: UUID, followed: Following
):
    assert fuzz(app, case_id, examples=4, every_kind=False) > 30


@pytest.mark.slow
def test_everything_that_can_be_sent_is_answered(app: FastAPI, case_id: UUID, followed: Following):
    assert fuzz(app, case_id, examples=60, every_kind=True) > 120
