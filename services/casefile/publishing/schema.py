"""The JSON Schema of a message's data. Code lists are open: a new code breaks no reader."""

from typing import Any

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.schemas import DIALECT
from services.casefile.publishing.data import Withheld, data_type
from services.casefile.publishing.message import WITHHELD, type_of

CLOSED = ("additionalProperties", "default")


def message_schema(kind: Kind) -> dict[str, Any]:
    return _schema(type_of(kind), data_type(kind))


def withheld_schema() -> dict[str, Any]:
    return _schema(WITHHELD, Withheld)


def _schema(name: str, data: type[msgspec.Struct]) -> dict[str, Any]:
    (reference,), definitions = msgspec.json.schema_components(
        [data], ref_template="#/$defs/{name}"
    )
    own = definitions.pop(reference["$ref"].rpartition("/")[2])
    schema = {
        "$schema": DIALECT,
        "$id": name,
        "title": name,
        "description": (data.__doc__ or "").strip(),
        "type": "object",
        "properties": opened(own["properties"]),
        "required": own.get("required", []),
    }
    return schema | ({"$defs": opened(definitions)} if definitions else {})


def opened(part: Any) -> Any:
    """Readers take what they know and leave the rest, so nothing here is closed."""
    if isinstance(part, list):
        return [opened(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "enum" in part and all(isinstance(code, str) for code in part["enum"]):
        return {"type": "string", "x-known-codes": part["enum"]}
    return {name: opened(each) for name, each in part.items() if name not in CLOSED}
