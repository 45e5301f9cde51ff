"""The JSON Schema of a ladder, derived from its types; editors complete and check by it."""

from typing import Any

import msgspec

from services.notifications.policy.ladder import Ladder

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def ladder_schema() -> dict[str, Any]:
    schema = msgspec.json.schema(Ladder)
    parts = schema.pop("$defs")
    ladder = parts.pop("Ladder") | {"title": "ladder v1"}
    for part in (ladder, *parts.values()):
        if "description" in part:
            part["description"] = " ".join(part["description"].split())
    return {"$schema": DIALECT, **ladder, "$defs": parts}


def written() -> bytes:
    """The schema as it is shipped in `schemas/notifications`."""
    return msgspec.json.format(msgspec.json.encode(ladder_schema()), indent=2) + b"\n"
