"""The form of the answers to reads, for the OpenAPI document; a contract test holds us to it."""

from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.casefile.api.policy_faults import FaultOfPolicy
from services.casefile.application.context import Role
from services.casefile.domain.envelope import Author, Evidence, Source
from services.casefile.domain.record import Party, StreamType

Shown = Any
"""A value, or `{"withheld": "erased" | "key_unavailable" | "tampered"}` in its place."""


class Shape(msgspec.Struct):
    """The base of what is only ever described here."""


class At(Shape, kw_only=True):
    """A point on both clocks; null is without limit."""

    as_of: date | None
    known_at: datetime | None


class SourceOfFact(Shape, kw_only=True):
    """The record that says so."""

    record_id: UUID
    kind: str
    version: int
    recorded_at: datetime
    recorded_by: Author
    lag_days: int
    corrected_by: list[UUID] = msgspec.field(default_factory=list)


class CurrentFact(Shape, kw_only=True):
    value: Shown
    since: date
    source: SourceOfFact


class Status(Shape, kw_only=True):
    """The facts of a file at a moment, each with the record that says so."""

    case_id: UUID
    version: int
    moment: At
    facts: dict[str, CurrentFact]
    last_contact: dict[str, date]
    records: int


class FieldChange(Shape, kw_only=True):
    field: str
    from_: Shown = msgspec.field(name="from", default=None)
    to: Shown = None


class Amendment(Shape, kw_only=True):
    """A correction, or an annulment: what, by whom, when and why."""

    kind: Literal["correction", "annulment"]
    record_id: UUID
    version: int
    by: Author
    recorded_at: datetime
    reason: Shown
    changes: list[FieldChange] = msgspec.field(default_factory=list)
    ground: str | None = None


class Heading(Shape, kw_only=True):
    """What names a record and places it on both clocks."""

    record_id: UUID
    kind: str
    version: int
    position: int
    occurred_on: date
    recorded_at: datetime
    lag_days: int
    recorded_by: Author
    source: Source
    annulled: bool
    corrected: bool
    occurred_at: time | None = None
    performed_by: Author | None = None
    group: UUID | None = None


class Row(Heading, kw_only=True):
    """A record, whole."""

    fields: dict[str, Shown]
    late_reason: Shown = None
    evidence: list[Evidence] = msgspec.field(default_factory=list)
    amendments: list[Amendment] = msgspec.field(default_factory=list)


class RecordRow(Row, kw_only=True):
    """One record with what was done to it later."""

    case_id: UUID


class Timeline(Shape, kw_only=True):
    """A page of a file's history."""

    case_id: UUID
    version: int
    moment: At
    total: int
    rows: list[Row]
    next: str | None


class PathChange(Shape, kw_only=True):
    path: str
    from_: Shown = msgspec.field(name="from")
    to: Shown
    by: SourceOfFact | None


class Diff(Shape, kw_only=True):
    """What reads differently at two moments, and the records that made it so."""

    case_id: UUID
    from_: At = msgspec.field(name="from")
    to: At
    changes: list[PathChange]
    records: list[Heading]


class Words(Shape, kw_only=True):
    """The same in Chinese and in English."""

    zh: str
    en: str


class KindRow(Shape, kw_only=True):
    """A kind of record."""

    kind: str
    label: Words
    family: str
    stream: StreamType
    contact: Party | None
    needs_if_match: bool
    allowed_after_close: bool
    path: str | None


class Kinds(Shape, kw_only=True):
    """Every kind there is."""

    kinds: list[KindRow]


class KindForm(KindRow, kw_only=True):
    """A kind with the form of its body and the words for its fields and codes."""

    schema: dict[str, Any]
    fields: dict[str, Words]
    codes: dict[str, dict[str, Words]]


class Me(Shape, kw_only=True):
    """Who is calling, and which actions that role may take."""

    role: Role
    staff: str
    post: str
    unit: str
    actions: list[str]


class ProblemType(Shape, kw_only=True):
    """A kind of problem, with its status and its remedy."""

    type: str
    code: str
    status: int
    title: Words
    remedy: Words


class ProblemTypes(Shape, kw_only=True):
    """Every problem a caller may meet."""

    problems: list[ProblemType]


class Alive(Shape, kw_only=True):
    """The process runs."""

    status: Literal["alive"]


class Ready(Shape, kw_only=True):
    """Every check passes."""

    status: Literal["ready"]
    checks: dict[str, str]


class Since(Shape, kw_only=True):
    """A record that came after the version the caller had seen."""

    version: int
    kind: str
    record_id: UUID
    position: int
    recorded_at: datetime


class Problem(msgspec.Struct, kw_only=True):
    """Problem details, RFC 9457. It never repeats what was sent."""

    type: str
    title: str
    status: int
    code: str
    request_id: UUID | None = None
    detail: str | None = None
    field: str | None = None
    remedy: str | None = None
    case_id: UUID | None = None
    by: str | None = None
    days_late: int | None = None
    deadline_days: int | None = None
    limit: int | None = None
    current_etag: str | None = None
    since: list[Since] | None = None
    checks: dict[str, str] | None = None
    faults: list[FaultOfPolicy] | None = None
