"""The feed's answers as the document of the API describes them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from services.casefile.publishing.cloudevents import BATCH, JSON

TEXT = {"type": "string"}
NAMES = ("specversion", "id", "source", "type", "subject", "time", "dataschema", "partitionkey")
MORE = ("position", "streamversion", "datacontenttype")
SOMETIMES = ("correlationid", "causationid", "traceparent")
CLOUD_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "A CloudEvent 1.0; `dataschema` is the address of the schema of its data.",
    "properties": dict.fromkeys((*NAMES, *MORE, *SOMETIMES), TEXT) | {"data": {"type": "object"}},
    "required": [*NAMES, *MORE, "data"],
}
FEED_ANSWER: dict[str, Any] = {
    "description": "The messages in the order of the log.",
    "headers": {
        "Casefile-Position": {
            "schema": TEXT,
            "description": "How far the log was read, also past what was left out: where to go on.",
        },
        "Link": {"schema": TEXT, "description": "The address of what follows."},
    },
    "content": {
        BATCH: {"schema": {"type": "array", "items": CLOUD_EVENT}},
        "text/event-stream": {"schema": TEXT},
    },
}
SCHEMA_ANSWER: dict[str, Any] = {
    "description": "A JSON Schema.",
    "content": {JSON: {"schema": {"type": "object"}}},
}


def link(path: str, filters: Sequence[tuple[str, str]]) -> tuple[bytes, bytes]:
    return (b"link", f'<{path}?{urlencode(filters)}>; rel="next"'.encode())
