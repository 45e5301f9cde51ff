"""Answers of reads: JSON, made by msgspec, with an ETag where there is a version."""

from typing import Any

import msgspec
from fastapi import Request, Response

from services.casefile.api.exchange import exchange_of
from services.casefile.api.problems import Pairs
from services.casefile.api.tags import is_known


def answered(data: Any, headers: Pairs | None = None, status: int = 200) -> Response:
    response = Response(msgspec.json.encode(data), status, media_type="application/json")
    response.raw_headers += headers or []
    return response


def unless_known(request: Request, etag: str, data: Any) -> Response:
    """The answer with its ETag, or 304 for who has it already."""
    headers = [(b"etag", etag.encode())]
    sent = exchange_of(request.scope).header(b"if-none-match")
    if sent and is_known(sent, etag):
        response = Response(status_code=304)
        response.raw_headers = headers
        return response
    return answered(data, headers)
