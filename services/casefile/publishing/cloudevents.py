"""CloudEvents 1.0: binary mode for Kafka, structured JSON for HTTP; the data is the same bytes."""

from datetime import UTC
from functools import cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.casefile.publishing.message import SOURCE, Message

JSON = "application/json"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
Headers = list[tuple[str, bytes]]


class KafkaRecord(NamedTuple):
    key: bytes
    value: bytes
    headers: Headers


def attributes(message: Message) -> dict[str, str]:
    """All attributes but the content type, as text. Extension names are lower case by the standard."""
    time = message.time.astimezone(UTC).isoformat()
    found = {
        "specversion": "1.0",
        "id": message.id,
        "source": SOURCE,
        "type": message.type,
        "subject": message.subject,
        "time": f"{time[:-6]}Z",
        "dataschema": schema_address(message.type),
        "partitionkey": str(message.key),
        "position": str(message.position),
        "streamversion": str(message.version),
    }
    if message.correlation is not None:
        found["correlationid"] = message.correlation
        found |= traced(message.correlation, message.position)
    if message.causation is not None:
        found["causationid"] = str(message.causation)
    return found


def traced(correlation: str, position: int) -> dict[str, str]:
    """The request that led to the event is its trace, and the event's place a span of it."""
    try:
        trace = UUID(correlation).hex
    except ValueError:
        return {}
    return {"traceparent": f"00-{trace}-{position:016x}-01"}


def schema_address(message_type: str) -> str:
    """Relative to the source: `schemas/messages` in the repository, `/v1/messages` of the API."""
    return f"/v1/messages/{message_type}/schema"


def to_kafka(message: Message) -> KafkaRecord:
    found = attributes(message)
    headers = [(header(name), value.encode()) for name, value in found.items()]
    headers.append(("content-type", JSON.encode()))
    return KafkaRecord(found["partitionkey"].encode(), message.data, headers)


@cache
def header(attribute: str) -> str:
    return f"ce_{attribute}"


def to_json(message: Message) -> bytes:
    """One structured event."""
    whole = attributes(message) | {"datacontenttype": JSON, "data": msgspec.Raw(message.data)}
    return msgspec.json.encode(whole)


def to_json_batch(messages: list[Message]) -> bytes:
    return b"[" + b",".join(map(to_json, messages)) + b"]"
