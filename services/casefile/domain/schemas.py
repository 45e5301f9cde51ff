"""The JSON Schema of a record as a client sends it, derived from the same type that stores it."""

from typing import Any

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Submission

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_schema(kind: Kind) -> dict[str, Any]:
    """One flat object: the submission fields and the kind's own."""
    (envelope, own), definitions = msgspec.json.schema_components(
        [Submission, kind.type], ref_template="#/$defs/{name}"
    )
    base = _resolved(envelope, definitions)
    mine = _resolved(own, definitions)
    for schema in (base, mine):
        definitions.pop(schema["title"], None)
    body: dict[str, Any] = {
        "$schema": DIALECT,
        "title": f"{kind.slug} v{kind.version}",
        "description": (kind.type.__doc__ or "").strip(),
        "type": "object",
        "properties": base["properties"] | mine["properties"],
        "required": [*base.get("required", []), *mine.get("required", [])],
        "additionalProperties": False,
    }
    return body | ({"$defs": definitions} if definitions else {})


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else schema
