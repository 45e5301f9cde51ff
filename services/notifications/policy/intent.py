"""What a message calls for: somebody is to be told something, or something need not be told."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Urgency = Literal["now", "digest"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """To tell these people one thing, once.

    `dedup` names the thing: whoever was told of it is never told again. `stops` names things that
    need not be told any more; `corrects` one that was told and has turned out otherwise: who
    heard it hears the correction, and nobody else. Without `staff` it only stops. `channels`: through
    those and no others, the best first; none: each person's own.
    """

    kind: str
    dedup: str
    case_id: UUID | None = None
    staff: tuple[str, ...] = ()
    urgency: Urgency = "digest"
    step: int = 0
    not_before: datetime | None = None
    stops: tuple[str, ...] = ()
    corrects: str | None = None
    channels: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
