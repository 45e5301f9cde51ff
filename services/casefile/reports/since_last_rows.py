"""What an inspector reads of the time since the last inspection: counts first, then the records."""

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

Change = Literal[
    "added", "back_filled", "corrected", "annulled", "opened", "closed", "reopened", "handed_over",
    "merged", "waived", "declared",
]  # fmt: skip
Movement = Literal["came", "went"]
CHANGES: tuple[Change, ...] = get_args(Change)


class ChangedRecord(msgspec.Struct, frozen=True):
    """The header of a record that came since, and what it did."""

    case_id: UUID
    version: int
    position: int
    record_id: UUID
    kind: str
    occurred_on: date
    recorded_at: datetime
    lag_days: int
    performed_by: str
    recorded_by: str
    state: str
    change: Change


class ChangeCount(msgspec.Struct, frozen=True):
    """How many records did it, in how many files."""

    change: Change
    records: int
    cases: int


class RuleChange(msgspec.Struct, frozen=True, kw_only=True):
    """A policy, a calendar of terms or the days off of a year, put on file since."""

    kind: str
    what: str
    version: int | None
    occurred_on: date
    recorded_at: datetime
    position: int


class CutThen(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two cuts, and how many files the scope had at it."""

    inspection_id: UUID
    as_of: date
    known_at: datetime
    position: int
    cases: int


class SinceLast(msgspec.Struct, frozen=True, kw_only=True):
    """What moved. `came` and `went` are files that belonged to the scope at one cut only."""

    unit: str
    earlier: CutThen
    later: CutThen
    counts: tuple[ChangeCount, ...]
    came: int
    went: int
    rules: tuple[RuleChange, ...]
