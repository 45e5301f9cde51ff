"""Opaque cursors: where a page ended, bound to the question it belongs to."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import msgspec
from pydantic import BaseModel

from services.casefile.api.problems import Pairs
from services.casefile.api.refusals import WrongCursor

Filters = Sequence[tuple[str, str]]


def cursor(after: Any, question: str) -> str:
    body = msgspec.json.encode([crc32(question.encode()), after])
    return urlsafe_b64encode(body).rstrip(b"=").decode()


def after(sent: str | None, question: str, form: Any) -> Any:
    """Where to go on, in the form it was given out in."""
    if sent is None:
        return None
    try:
        body = urlsafe_b64decode(sent.encode("ascii") + b"=" * (-len(sent) % 4))
        asked, place = msgspec.json.decode(body, type=tuple[int, form])
    except (ValueError, binascii.Error, msgspec.MsgspecError, RecursionError):
        raise WrongCursor from None
    if asked != crc32(question.encode()):
        raise WrongCursor
    return place


def next_link(path: str, filters: Filters, sent: str | None) -> Pairs:
    """The Link header to the next page, if there is one."""
    if sent is None:
        return []
    query = urlencode([*filters, ("cursor", sent)])
    return [(b"link", f'<{path}?{query}>; rel="next"'.encode())]


def pairs(asked: BaseModel, *but: str) -> list[tuple[str, str]]:
    """The question again, as it goes into the link to the next page."""
    shown = asked.model_dump(
        mode="json", exclude={"cursor", "min_position", *but}, exclude_none=True, by_alias=True
    )
    every = ((k, v) for k, vs in shown.items() for v in (vs if isinstance(vs, list) else [vs]))
    return [(name, str(value)) for name, value in every]
