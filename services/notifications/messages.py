"""What Casefile publishes, as it arrives: CloudEvents in binary mode, or as structured JSON."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

PREFIX = "ce_"
# Printable ASCII, so that every name can be stored and shown.
NAME = r"^[!-~]{1,200}$"
Name = Annotated[str, msgspec.Meta(pattern=NAME)]
# Casefile promises no message above this; a larger one is not its own.
LARGEST = 1 << 20


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """A message. Versions are dense within a stream; positions grow within a partition."""

    id: str
    type: str
    stream: str
    stream_id: UUID
    version: int
    position: int
    time: datetime
    data: dict[str, Any]

    @property
    def case_id(self) -> UUID | None:
        return self.stream_id if self.stream == "case" else None


class Traces(msgspec.Struct, frozen=True):
    """What can be said of a message that could not be read: enough to park it in its place."""

    stream_id: UUID | None = None
    version: int | None = None
    position: int | None = None
    type: str | None = None


class NotReadable(Exception):
    """The message does not have the form its type promises. The reason quotes no values."""

    def __init__(self, reason: str, traces: Traces = Traces()) -> None:  # noqa: B008
        super().__init__(reason)
        self.reason = reason
        self.traces = traces


class Attributes(msgspec.Struct, frozen=True, gc=False):
    """The attributes every message has; all of them text, as the standard says."""

    specversion: str
    id: Name
    type: Name
    partitionkey: str
    position: str
    streamversion: str
    time: datetime
    subject: str = ""


def parse(headers: Iterable[tuple[str, bytes]], value: bytes | None) -> Incoming:
    """A Kafka record in binary mode."""
    found = {
        name.removeprefix(PREFIX): _text(content)
        for name, content in headers
        if name.startswith(PREFIX)
    }
    return _incoming(found, value or b"")


def parse_json(event: bytes) -> Incoming:
    """One structured event; the feed's page is a list of them."""
    try:
        whole = msgspec.json.decode(event, type=dict[str, msgspec.Raw])
        data = bytes(whole.pop("data", b"null"))
        found = {name: msgspec.json.decode(raw) for name, raw in whole.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotReadable("not a JSON object") from None
    return _incoming(found, data)


def to_json(message: Incoming) -> bytes:
    """The same message as a structured event, to be kept and parsed again."""
    whole = {
        "specversion": "1.0",
        "id": message.id,
        "type": message.type,
        "partitionkey": str(message.stream_id),
        "position": str(message.position),
        "streamversion": str(message.version),
        "time": message.time.isoformat(),
        "data": message.data,
    }
    return msgspec.json.encode(whole)


def _incoming(found: Mapping[str, Any], value: bytes) -> Incoming:
    traces = _traces(found)
    if len(value) > LARGEST:
        raise NotReadable(f"larger than {LARGEST} bytes", traces)
    try:
        attributes = msgspec.convert(found, Attributes)
        data = msgspec.json.decode(value, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise NotReadable(_said(fault), traces) from None
    if traces.stream_id is None or traces.version is None or traces.position is None:
        raise NotReadable("no stream, version or position that can be read", traces)
    return Incoming(
        id=attributes.id,
        type=attributes.type,
        stream=str(data.get("stream", "")),
        stream_id=traces.stream_id,
        version=traces.version,
        position=traces.position,
        time=attributes.time,
        data=data,
    )


def _traces(found: Mapping[str, Any]) -> Traces:
    return Traces(
        stream_id=_uuid(found.get("partitionkey")),
        version=_number(found.get("streamversion"), least=1),
        position=_number(found.get("position"), least=0),
        type=_name(found.get("type")),
    )


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None


def _name(text: Any) -> str | None:
    return text if isinstance(text, str) and re.fullmatch(NAME, text) else None


def _number(text: Any, least: int) -> int | None:
    # 18 digits fit a bigint; int() alone would take spaces, signs and other scripts' digits.
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return int(text) if int(text) >= least else None


def _text(content: bytes | None) -> str:
    return (content or b"").decode(errors="replace")


def _said(fault: Exception) -> str:
    """msgspec names the place and the type that was wanted, and no value."""
    return str(fault) if isinstance(fault, msgspec.ValidationError) else "not JSON"
