"""The data of the messages that change what the service knows: only the fields it uses.

Fields we do not know are left out, as the rule of change of the messages says.
"""

from datetime import date
from uuid import UUID

import msgspec


class Data(msgspec.Struct, frozen=True):
    """What every message of interest says."""

    record_id: UUID
    occurred_on: date


class Opened(Data, frozen=True):
    village: str | None = None
    school: str | None = None
    class_unit: str | None = None


class Merged(Data, frozen=True):
    survivor: UUID


class Assigned(Data, frozen=True):
    role: str
    staff: str
    unit: str | None = None


class Unassigned(Data, frozen=True):
    role: str
    staff: str


class HandedOver(Data, frozen=True):
    role: str
    to_staff: str
    to_unit: str | None = None


class Annulled(Data, frozen=True):
    target: UUID


class Registered(Data, frozen=True):
    staff: str
    role: str
    unit: str
    starts_on: date


class Moved(Data, frozen=True):
    role: str
    unit: str
    starts_on: date


class Left(Data, frozen=True):
    last_day: date


class UnitRegistered(Data, frozen=True):
    code: str
    unit_name: str
    unit_kind: str
    parent: str | None = None


class UnitMoved(Data, frozen=True):
    parent: str | None = None


class UnitRenamed(Data, frozen=True):
    unit_name: str


class Declaration(Data, frozen=True):
    """Overdue, missed or fulfilled: of a child, of a unit, or of a member of staff."""

    policy: str
    policy_version: int
    rule: str
    window: str
    due_on: date
    obligor: str
    accountable: str | None = None
    unit: str | None = None
    role: str | None = None
    closed_on: date | None = None
