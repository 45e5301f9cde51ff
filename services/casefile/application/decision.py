"""What a decision consists of, and what comes back when it is stored."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from services.casefile.application.stream import Stream
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import CasefileError
from services.casefile.log.commit import Reservation


class Step(msgspec.Struct, frozen=True):
    """One record decided on, for the end of one stream."""

    stream_id: UUID
    kind: Kind
    env: Envelope
    rec: Record


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """All steps of a command; the first is the one it is answered with."""

    steps: tuple[Step, ...] = ()
    reserve: tuple[Reservation, ...] = ()
    release: tuple[tuple[str, bytes], ...] = ()
    warnings: tuple[str, ...] = ()
    repeated: Entry | None = None


Decide = Callable[[Mapping[UUID, Stream]], Decision]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that a record is in the log, and where.

    `reached` is the position of the last event the command stored, which a reader may wait for.
    """

    case_id: UUID
    record_id: UUID
    kind: str
    version: int
    position: int
    reached: int
    recorded_at: datetime
    warnings: tuple[str, ...] = ()
    is_replay: bool = msgspec.field(default=False)


class VersionMoved(CasefileError):
    """The case has moved on since the version you named."""

    remedy = "Look at what happened since, then send the command with the new ETag."

    def __init__(self, stream: Stream, expected: int) -> None:
        super().__init__(expected=expected, current=stream.version)
        self.stream_id, self.current = stream.id, stream.version
        self.since = [e for e in stream.entries if e.version > expected]


class KeyReused(CasefileError):
    """This Idempotency-Key was used before, for another request."""

    remedy = "Use a new key for a new request."


class TooManyConflicts(CasefileError):
    """Others keep writing to this case at the same moment."""

    remedy = "Try again in a moment."
