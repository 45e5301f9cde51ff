"""The JSON Schema of a policy document, derived from its types; editors complete and check by it."""

from typing import Any

import msgspec

from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.schemas import DIALECT


def policy_schema() -> dict[str, Any]:
    schema = msgspec.json.schema(Policy)
    parts = schema.pop("$defs")
    policy = parts.pop("Policy") | {"title": "policy v1"}
    for part in (policy, *parts.values()):
        if "description" in part:
            part["description"] = " ".join(part["description"].split())
    return {"$schema": DIALECT, **policy, "$defs": parts}
