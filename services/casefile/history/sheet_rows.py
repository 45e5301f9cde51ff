"""The rows of an inspector's sheets: a sampled case, what to examine in it, whom to call back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.envelope import Author


class Worker(msgspec.Struct, frozen=True):
    """Somebody who answers for the child, in a role."""

    role: str
    staff: str


class RecordToExamine(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the time that is looked at, what can be asked for, and what was seen so far."""

    record_id: UUID
    kind: str
    occurred_on: date
    recorded_at: datetime
    lag_days: int
    by: Author
    corrected: bool
    annulled: bool
    ask_for: tuple[str, ...]
    result: str | None
    called_back: str | None


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A window of the time that is looked at, and what came of it by the cut."""

    policy: str
    policy_version: int
    rule: str
    title: str
    window: str
    due_on: date
    state: str
    in_window: bool | None
    entered_in_time: bool | None
    proofs: tuple[UUID, ...]


class CaseSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sampled case. A name that cannot be shown is `{"withheld": why}`."""

    case: UUID
    seed: str
    name: Any
    sex: str | None
    grade: int | None
    school: str | None
    class_unit: str | None
    village: str | None
    status: str
    workers: tuple[Worker, ...]
    records: tuple[RecordToExamine, ...]
    owed: tuple[Owed, ...]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact somebody outside can say something about."""

    record_id: UUID
    kind: str
    occurred_on: date
    by: Author
    result: str | None


class CallbackSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call about one case, and what to ask: `reached` as the file said at the cut."""

    case: UUID
    seed: str
    name: Any
    reached: dict[str, Any]
    contacts: tuple[Contact, ...]


class SheetPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the sampled cases, in the order they were drawn in; `next` is where to go on."""

    inspection_id: UUID
    unit: str
    since: date
    until: date
    as_of: date
    position: int
    known_at: datetime
    cases: int
    rows: tuple[CaseSheet, ...] | tuple[CallbackSheet, ...]
    next: int | None
