"""A policy as it was sent, in YAML or in JSON."""

from typing import Any

import msgspec

from services.casefile.api.incoming import is_yaml
from services.casefile.api.operations import Call
from services.casefile.application.context import Context
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.policies.reading import PolicyDocument, read_policy

SOURCE = "request"
# What JSON may hold and YAML reads otherwise, or not at all.
NOT_YAML = (b"\t", b"\\")


def document(call: Call) -> PolicyDocument:
    """The policy with the place of each of its parts."""
    if is_yaml(call.exchange):
        return read_policy(call.body, SOURCE)
    return read_policy(as_yaml(call.body, call.data), SOURCE)


def as_yaml(body: bytes, data: dict[str, Any]) -> bytes:
    """JSON is YAML but for tabs and escapes; with those, it is laid out anew."""
    if any(sign in body for sign in NOT_YAML):
        return msgspec.json.format(msgspec.json.encode(data))
    return body


def context_of(call: Call) -> Context:
    """What the command carries; of YAML the text itself is what makes a request the same."""
    if not is_yaml(call.exchange):
        return call.context(RULEBOOK)
    return call.context(RULEBOOK, data={"yaml": call.body.decode("utf-8", "replace")})
