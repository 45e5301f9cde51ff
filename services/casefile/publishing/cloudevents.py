"""CloudEvents 1.0: binary mode for Kafka, structured JSON for HTTP; the data is the same bytes."""

from datetime import UTC
from typing import NamedTuple

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
    found = {
        "specversion": "1.0",
        "id": message.id,
        "source": SOURCE,
        "type": message.type,
        "subject": message.subject,
        "time": message.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "dataschema": schema_address(message.type),
        "partitionkey": str(message.key),
        "position": str(message.position),
        "streamversion": str(message.version),
    }
    if message.correlation is not None:
        found["correlationid"] = message.correlation
    if message.causation is not None:
        found["causationid"] = str(message.causation)
    return found


def schema_address(message_type: str) -> str:
    """Relative to the source: `schemas/messages` in the repository, `/v1/messages` of the API."""
    return f"/v1/messages/{message_type}/schema"


def to_kafka(message: Message, traceparent: str | None = None) -> KafkaRecord:
    headers = [(f"ce_{name}", value.encode()) for name, value in attributes(message).items()]
    headers.append(("content-type", JSON.encode()))
    if traceparent is not None:
        headers.append(("ce_traceparent", traceparent.encode()))
    return KafkaRecord(str(message.key).encode(), message.data, headers)


def to_json(message: Message) -> bytes:
    """One structured event."""
    whole = attributes(message) | {"datacontenttype": JSON, "data": msgspec.Raw(message.data)}
    return msgspec.json.encode(whole)


def to_json_batch(messages: list[Message]) -> bytes:
    return b"[" + b",".join(map(to_json, messages)) + b"]"
