"""How a read route is declared: its address, its action, its answer, and the problems it may have."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, Response

from services.casefile.api.gate import Admission

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
ALWAYS = (401, 403, 422)


def problems(statuses: Sequence[int]) -> dict[str, Any]:
    return {str(status): described(status) for status in sorted(statuses)}


def described(status: int) -> dict[str, Any]:
    content = {"content": PROBLEM} if status >= HTTPStatus.BAD_REQUEST else {}
    return {"description": HTTPStatus(status).phrase, **content}


def answer(shape: type[Any], files: Sequence[str] = ()) -> dict[str, Any]:
    """`files`: the media types it can be had in as well."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    content |= {media: {"schema": {"type": "string", "format": "binary"}} for media in files}
    return {"description": (shape.__doc__ or "").strip(), "content": content}


def documented(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Response],
    admission: Admission,
    shape: type[Any],
    *,
    errors: Sequence[int] = (),
    methods: Sequence[str] = ("GET",),
    files: Sequence[str] = (),
) -> None:
    """Add a read. Its first docstring line is its summary."""
    is_public = admission.action in ("probe", "read_schema")
    statuses = (*errors, *(() if is_public else ALWAYS))
    answers: dict[int | str, Any] = {200: answer(shape, files)}
    answers.update(problems(statuses))
    router.add_api_route(
        path,
        endpoint,
        methods=list(methods),
        dependencies=[Depends(admission)],
        response_class=Response,
        responses=answers,
        summary=(endpoint.__doc__ or "").strip().split("\n")[0],
        operation_id=operation_id("get", path),
        openapi_extra={} if is_public else {"security": BEARER},
    )


def operation_id(method: str, path: str) -> str:
    """`GET /v1/cases/{case_id}/history` is `get_cases_history`."""
    parts = [p for p in path.split("/") if p and p != "v1" and not p.startswith("{")]
    named = "_by_id" if path.endswith("}") else ""
    return "_".join((method, *parts)).replace("-", "_") + named
