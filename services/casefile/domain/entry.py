"""One event as it is read back: where it stands in its stream and in the log, and what it says."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from services.casefile.domain.envelope import Envelope
from services.casefile.domain.record import Record

if TYPE_CHECKING:
    from services.casefile.domain.catalogue import Kind


class Amendments(msgspec.Struct, frozen=True, gc=False):
    """What later entries did to an entry: corrections in order, and its annulment."""

    original: "Entry"
    corrections: tuple["Entry", ...] = ()
    annulled_by: "Entry | None" = None


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An event in its stream. Of an amended entry, `env` and `rec` are as corrected."""

    stream_id: UUID
    version: int
    position: int
    recorded_at: datetime
    kind: "Kind"
    env: Envelope
    rec: Record
    amended: Amendments | None = None

    @property
    def occurred_on(self) -> date:
        return self.env.occurred_on

    @property
    def record_id(self) -> UUID:
        return self.env.record_id

    @property
    def is_annulled(self) -> bool:
        return self.amended is not None and self.amended.annulled_by is not None
