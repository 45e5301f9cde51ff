"""The OpenAPI document: reads as FastAPI describes them, commands with one address for each kind."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.casefile.api import inspection_lists, inspection_reads, shapes
from services.casefile.api.backfill import PanelAnswer
from services.casefile.api.compliance import ComplianceAnswer
from services.casefile.api.documents import BEARER, answer, operation_id, problems
from services.casefile.api.flags import FlagDetail
from services.casefile.api.narratives import NarrativeAnswer
from services.casefile.api.obligations import ObligationPage
from services.casefile.api.operations import Operation
from services.casefile.api.outgoing import Recorded
from services.casefile.api.policies import PolicyPage
from services.casefile.api.reports import ReportList, ReportShown
from services.casefile.api.schemas import components, marked, submission
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import PUBLIC_CODE
from services.casefile.history.obligations import Accountability
from services.casefile.history.rulebook_rows import Calendars, PolicyDetail

Document = dict[str, Any]
COMMAND_STATUSES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)
PARAMETERS = {
    "case_id": {"type": "string", "format": "uuid"},
    "inspection_id": {"type": "string", "format": "uuid"},
    "unit": {"type": "string", "pattern": PUBLIC_CODE},
    "staff": {"type": "string", "pattern": PUBLIC_CODE},
    "flag": {"type": "string", "format": "uuid"},
    "policy": {"type": "string", "pattern": r"^[a-z][a-z0-9-]{1,39}$"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
    "description": "The same key and body get the first answer again, byte for byte.",
}
SHAPES = (
    shapes.Status, shapes.Timeline, shapes.Diff, shapes.RecordRow, shapes.Kinds, shapes.KindForm,
    shapes.Me, shapes.ProblemType, shapes.ProblemTypes, shapes.Alive, shapes.Ready, shapes.Problem,
    Recorded, ObligationPage, Accountability, PolicyPage, PolicyDetail, Calendars,
    ComplianceAnswer,
    PanelAnswer, FlagDetail, NarrativeAnswer, ReportList, ReportShown,
    ComplianceAnswer, *inspection_lists.SHAPES, *inspection_reads.SHAPES,
)  # fmt: skip


def document(app: FastAPI, operations: Sequence[Operation], more: Sequence[Any] = ()) -> Document:
    """The whole document."""
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    without_builtin(made)
    for operation in operations:
        for path, described in variants(operation):
            made["paths"].setdefault(path, {})["post"] = described
    made["components"] = {
        "schemas": all_schemas(operations, more),
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }
    return made


def without_builtin(made: Document) -> None:
    """FastAPI adds an answer of its own form to every read with a parameter; we never give it."""
    for operation in (each for methods in made["paths"].values() for each in methods.values()):
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            del operation["responses"]["422"]


def all_schemas(operations: Sequence[Operation], more: Sequence[Any]) -> Document:
    kinds = {kind.slug: kind for operation in operations for kind in operation.kinds}
    bodies = [submission(kind) for kind in kinds.values()]
    others = [b for o in operations for b in (o.body, o.result) if b is not None]
    found = components([*bodies, *others, *SHAPES, *more])
    for kind in kinds.values():
        marked(found[kind.name], kind)
    return found


def variants(operation: Operation) -> Iterator[tuple[str, Document]]:
    """One address for each kind; the schema is that of its type."""
    if not operation.kinds:
        yield operation.path, described(operation, operation.path, operation.body.__name__)
    for kind in operation.kinds:
        path = operation.path.replace("{kind}", kind.slug)
        yield path, described(operation, path, kind.name, kind)


def described(operation: Operation, path: str, body: str, kind: Kind | None = None) -> Document:
    has_own_address = kind is None or "{kind}" not in operation.path
    success = "200" if operation.result is not None else "201"
    return {
        "tags": [operation.tag],
        "summary": operation.summary if has_own_address else kind.label,  # type: ignore[union-attr]
        "operationId": operation_id("post", path),
        "parameters": parameters(operation, kind),
        "requestBody": {"required": True, "content": content(body, operation.media)},
        "responses": {
            success: answer(operation.result or Recorded),
            **problems(operation.statuses or COMMAND_STATUSES),
        },
        "security": BEARER,
    }


def content(body: str, media: Sequence[str] = ()) -> Document:
    form = {"schema": {"$ref": f"#/components/schemas/{body}"}}
    return dict.fromkeys(("application/json", *media), form)


def parameters(operation: Operation, kind: Kind | None) -> list[Document]:
    found: list[Document] = [
        {"name": name, "in": "path", "required": True, "schema": form}
        for name, form in PARAMETERS.items()
        if f"{{{name}}}" in operation.path
    ]
    if kind is None:
        return found if operation.result is not None else [*found, KEY]
    return [*found, KEY, *([if_match(kind)] if "{" in operation.path else [])]


def if_match(kind: Kind) -> Document:
    return {
        "name": "If-Match",
        "in": "header",
        "required": kind.declared.exclusive,
        "schema": {"type": "string", "pattern": r'^(\*|"[a-z]+:[0-9a-f-]{36}:\d{1,18}")$'},
        "description": "The ETag of the version you have seen, or * for whatever is current.",
    }
