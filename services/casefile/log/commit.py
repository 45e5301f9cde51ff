"""What a command hands to the log, and what the log hands back."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from eventsourcing.persistence import StoredEvent

Row: TypeAlias = tuple[int, str, bytes, int, datetime]
"""(version, topic, state, position, recorded_at) of one stream."""

LogRow: TypeAlias = tuple[int, UUID, int, str, bytes, datetime]
"""(position, stream_id, version, topic, state, recorded_at) in position order."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The idempotency record of a command; `answer` carries no personal data."""

    key: bytes
    fingerprint: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Reservation:
    """What only one case may hold at a time, as a keyed digest."""

    kind: str
    digest: bytes
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Commit:
    """All that one command wants stored, all or nothing; may span several streams."""

    events: tuple[StoredEvent, ...]
    claim: Claim | None = None
    reserve: tuple[Reservation, ...] = ()
    release: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the events of a commit are, in the order given, and when the database took them."""

    positions: tuple[int, ...]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The claim an earlier command left, joined with the events it wrote."""

    fingerprint: bytes
    answer: bytes
    events: tuple[tuple[UUID, int], ...]
    positions: tuple[int, ...]
    recorded_at: datetime
