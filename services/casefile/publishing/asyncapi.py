"""The AsyncAPI 3 document of the topic, made from the kinds."""

from typing import Any

from services.casefile.domain.catalogue import Catalogue
from services.casefile.publishing.cloudevents import JSON
from services.casefile.publishing.data import Withheld
from services.casefile.publishing.message import WITHHELD, is_published, type_of

TOPIC = "casefile.events.v1"
PARTITIONS = 12
HEADERS = {
    "ce_specversion": "Always 1.0.",
    "ce_id": "Stream and version; the same message never has another one.",
    "ce_source": "Always /casefile.",
    "ce_type": "The type, with its version.",
    "ce_subject": "The sort of stream and its id.",
    "ce_time": "When the log took the event.",
    "ce_dataschema": "Where the schema of the data is.",
    "ce_partitionkey": "The same as the key.",
    "ce_position": "The place in the log; grows within a partition.",
    "ce_streamversion": "The place in the stream; grows by one, so that a hole is a message that was lost.",
    "content-type": f"Always {JSON}.",
}
OPTIONAL_HEADERS = {
    "ce_correlationid": "The request that led to the event.",
    "ce_causationid": "The record that led to the event.",
    "ce_traceparent": "W3C trace context of that request; the span is the place in the log.",
}


def asyncapi(catalogue: Catalogue, version: str) -> dict[str, Any]:
    names = {type_of(kind): kind.type.__doc__ for kind in catalogue if is_published(kind)}
    names[WITHHELD] = Withheld.__doc__
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Casefile events",
            "version": version,
            "description": "What happened to a case, to those who look after it and to the rules. "
            "Codes, days and pseudonymous ids; nothing personal.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "channels": {
            "events": {
                "address": TOPIC,
                "description": "Keyed by stream id: the order of a stream is kept.",
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"} for name in sorted(names)
                },
                "bindings": {
                    "kafka": {"topic": TOPIC, "partitions": PARTITIONS, "bindingVersion": "0.5.0"}
                },
            }
        },
        "operations": {
            "publishEvents": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "Every published event, once, in the order of its stream.",
            }
        },
        "components": {
            "messages": {name: _message(name, names[name]) for name in sorted(names)},
            "schemas": {"headers": _headers()},
        },
    }


def _message(name: str, doc: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "summary": (doc or "").strip(),
        "contentType": JSON,
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"messages/{name}.schema.json"},
        },
        "bindings": {
            "kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}
        },
    }


def _headers() -> dict[str, Any]:
    described = HEADERS | OPTIONAL_HEADERS
    properties = {name: {"type": "string", "description": d} for name, d in described.items()}
    return {"type": "object", "required": sorted(HEADERS), "properties": properties}
