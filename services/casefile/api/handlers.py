"""Turns whatever was raised into a problem; FastAPI's own errors become ours first."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.casefile.api.errors import status_of
from services.casefile.api.exchange import exchange_of
from services.casefile.api.problems import answer_problem
from services.casefile.api.refusals import (
    Broken,
    MalformedJson,
    MethodNotAllowed,
    PathNotFound,
    WrongParameter,
)
from services.casefile.domain.refusals import CasefileError

KNOWN = {404: PathNotFound, 405: MethodNotAllowed}


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(CasefileError, refused)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)


async def refused(request: Request, error: Exception) -> Response:
    """The answer to any error. A fault of our own goes on to the edge, which logs it."""
    refusal = refusal_of(error)
    if status_of(refusal) == 500:
        raise error
    answer = answer_problem(refusal, exchange_of(request.scope))
    response = Response(answer.body, answer.status)
    response.raw_headers += [*answer.headers, *allowed(error)]
    return response


def refusal_of(error: Exception) -> CasefileError:
    if isinstance(error, CasefileError):
        return error
    if isinstance(error, RequestValidationError):
        return of_parameter(error.errors()[0])
    status = error.status_code if isinstance(error, HTTPException) else 500
    return KNOWN.get(status, Broken if status >= 500 else MalformedJson)()


def of_parameter(error: Any) -> CasefileError:
    """A name is told only where it is one of ours; the message never holds the value."""
    place = error["loc"]
    if place[0] == "path":
        return PathNotFound()
    if error["type"] == "extra_forbidden":
        return WrongParameter(None, "there is no such parameter here")
    why = error["msg"] if error["type"] in ("day", "instant") else ""
    return WrongParameter(str(place[1]) if len(place) > 1 else None, why)


def allowed(error: Exception) -> list[tuple[bytes, bytes]]:
    headers = (error.headers or {}) if isinstance(error, HTTPException) else {}
    return [(b"allow", headers["Allow"].encode())] if "Allow" in headers else []
