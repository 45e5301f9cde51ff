"""Takes a request's body and headers apart; what does not have its form goes no further."""

import re
from hashlib import sha256
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from services.casefile.api.exchange import Exchange
from services.casefile.api.refusals import BodyTooLarge, MalformedHeader, MalformedJson, NotJson
from services.casefile.application.context import Actor

KIB = 1024
USUAL = 256 * KIB
BATCH = 4096 * KIB
DRAINED = 16 * 1024 * KIB
VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
YAML = re.compile(r"application/yaml\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)
JSON = re.compile(r"application/json\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)

_decode = msgspec.json.Decoder().decode
_canonical = msgspec.json.Encoder(order="deterministic").encode


async def read(receive: Receive, limit: int) -> bytes:
    """The whole body. Of one that is too large the rest is taken in, so that our answer is read."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        size += len(chunk := message.get("body", b""))
        if size <= limit:
            chunks.append(chunk)
        more = message.get("more_body", False)
    if size > limit:
        raise BodyTooLarge(limit)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def decoded(exchange: Exchange, body: bytes) -> dict[str, Any]:
    """The JSON object that was sent, or a refusal that does not repeat it."""
    sent_type = exchange.headers.get(b"content-type", b"")
    if sent_type != b"application/json" and JSON.fullmatch(sent_type.decode("latin-1")) is None:
        raise NotJson
    if exchange.headers.get(b"content-encoding", b"identity") != b"identity":
        raise NotJson
    try:
        data = _decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise MalformedJson from None
    # PostgreSQL takes no NUL in a text, so none comes in.
    if not isinstance(data, dict) or b"\\u0000" in body:
        raise MalformedJson
    return data


def is_yaml(exchange: Exchange) -> bool:
    sent_type = exchange.header(b"content-type")
    plain = exchange.headers.get(b"content-encoding", b"identity") == b"identity"
    return plain and YAML.fullmatch(sent_type) is not None


def claim_key(exchange: Exchange, actor: Actor, method: str, path: str) -> bytes | None:
    """One key means one command of one caller at one address."""
    sent = exchange.header(b"idempotency-key")
    if b"idempotency-key" not in exchange.headers:
        return None
    if VISIBLE.fullmatch(sent) is None:
        raise MalformedHeader("Idempotency-Key")
    scope = (actor.role, actor.author.staff, method, path, sent.strip('"'))
    return sha256("\0".join(scope).encode()).digest()


def fingerprint(exchange: Exchange, data: dict[str, Any]) -> bytes:
    """The same for the same request, however its JSON was laid out."""
    condition = exchange.header(b"if-match").encode()
    return sha256(_canonical(data) + b"\0" + condition).digest()
