"""Refusals as RFC 9457 problem details; no value that was sent is repeated."""

from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.notifications.api.access import NotAllowed, NotSignedIn, ReaderNotNamed
from services.notifications.delivering.case_ledger import NoSuchPlace
from services.notifications.directory.people import StandsInForThemselves
from services.notifications.directory.tables import RowsNotUsable, TableNotReadable
from services.notifications.refusals import Absent, NotificationsError

log = structlog.get_logger("notifications.api")
STATUS: dict[type[NotificationsError], int] = {
    NotSignedIn: 401, NotAllowed: 403, Absent: 404, RowsNotUsable: 422, TableNotReadable: 422,
    StandsInForThemselves: 422, ReaderNotNamed: 422, NoSuchPlace: 422,
}  # fmt: skip


def problem(status: int, title: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status} | more
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    content = msgspec.json.encode(body)
    return Response(content, status, headers, media_type="application/problem+json")


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(NotificationsError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotificationsError)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 409)
    faults = {"faults": error.faults} if isinstance(error, RowsNotUsable) else {}
    return problem(status, error.title, code=error.code, remedy=error.remedy, **error.data | faults)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"field": ".".join(str(p) for p in fault["loc"]), "problem": fault["msg"]}
        for fault in error.errors()
    ]
    return problem(422, "The request cannot be read as it is.", code="invalid", faults=faults)


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), code=f"http-{error.status_code}")


def _failed(request: Request, error: Exception) -> Response:
    log.error("request_failed", route=request.url.path, error=type(error).__name__)
    return problem(500, "Something went wrong here.", code="failed")
