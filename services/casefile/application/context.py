"""Who commands, through what, and under which conditions."""

from typing import Literal
from uuid import UUID

import msgspec

from services.casefile.domain.envelope import Author, Source

Role = Literal[
    "teacher",
    "child_director",
    "supervisor",
    "county",
    "inspector",
    "operator",
    "service",
    "system",
]


class Actor(msgspec.Struct, frozen=True):
    """The one who is calling: a role that decides what may be done, and who it is."""

    role: Role
    author: Author


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a command carries beside its content."""

    actor: Actor
    source: Source
    claim_key: bytes | None = None
    fingerprint: bytes = b""
    expected: int | None = None
    correlation: str | None = None
    causation: UUID | None = None


SYSTEM = Actor("system", Author("casefile", "system", "casefile"))
